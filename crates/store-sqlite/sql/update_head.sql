UPDATE event_head SET format = ?1, epoch = ?2, seq = ?3, hash = ?4, beat_at = ?5, seal = ?6 WHERE only_row = 1
