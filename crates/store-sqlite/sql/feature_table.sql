CREATE TABLE {table} (
    fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    geom GEOMETRY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    recorded_at DATETIME NOT NULL,
    recorded_by TEXT NOT NULL,
    area_m2 DOUBLE,
    length_m DOUBLE,
    review TEXT NOT NULL,
    attributes TEXT,
    as_entered TEXT,
    findings TEXT{fields}
)
