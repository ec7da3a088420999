INSERT INTO event (seq, recorded_at, author, reason, collection, record_id, action, identity, content, properties,
                   geometry, salt, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
