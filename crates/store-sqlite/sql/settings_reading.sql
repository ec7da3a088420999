-- A reader sees one state of the file, from its first look on.
PRAGMA query_only = ON;
BEGIN;
