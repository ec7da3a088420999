INSERT INTO event_head (only_row, format, epoch, seq, hash, beat_at, seal) VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)
