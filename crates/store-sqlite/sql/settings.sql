-- Against hostile and broken files (sqlite.org/security.html); DEFENSIVE is set beside these.
PRAGMA trusted_schema = OFF;
PRAGMA cell_size_check = ON;
PRAGMA mmap_size = 0;
PRAGMA foreign_keys = ON;
PRAGMA busy_timeout = 5000;
