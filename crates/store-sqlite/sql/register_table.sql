-- ?1 table, ?2 label, ?3 description, ?4 time of creation
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change, srs_id)
VALUES (?1, 'features', ?2, ?3, ?4, 4326)
