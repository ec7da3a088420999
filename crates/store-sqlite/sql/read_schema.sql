-- What each table is made of; indexes that SQLite makes itself have no text.
SELECT tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name
