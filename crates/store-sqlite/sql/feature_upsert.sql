-- The present version of a record: {columns} are the table's, but for fid.
INSERT INTO {table} ({columns}) VALUES ({places})
ON CONFLICT (id) DO UPDATE SET {updates}
