SELECT format, epoch, seq, hash, beat_at, seal FROM event_head WHERE only_row = 1
