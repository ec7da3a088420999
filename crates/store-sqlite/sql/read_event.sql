SELECT seq, recorded_at, author, reason, collection, record_id, action, identity, content, properties, geometry, salt, hash
FROM event WHERE seq = ?1
