-- The extent only grows: a box that is too large draws everything, one that is too small hides a hazard.
UPDATE gpkg_contents SET
    last_change = ?2,
    min_x = min(coalesce(min_x, ?3), coalesce(?3, min_x)),
    min_y = min(coalesce(min_y, ?4), coalesce(?4, min_y)),
    max_x = max(coalesce(max_x, ?5), coalesce(?5, max_x)),
    max_y = max(coalesce(max_y, ?6), coalesce(?6, max_y))
WHERE table_name = ?1
