"""What tiles lose: hazards that are not in a tile they lie in, and hazardous ground on which nothing is drawn.

The decoder is GDAL's, the geometry GEOS's; neither shares code with minemap or PostGIS.
"""

import random
import sqlite3
from collections import defaultdict
from dataclasses import dataclass, field

import numpy
import shapely
from osgeo import gdal
from questions import tile_at

gdal.UseExceptions()
RADIUS_M = 6_378_137.0
HALF_WORLD_M = numpy.pi * RADIUS_M
ZOOMS = range(5, 11)
TILES_A_ZOOM = 12
EXTENT = 4096
# A merged shape that stands for a point lies in the same cell as it: cells are 32 units wide, coarser ones wider.
CELL_UNITS = 64
# Of coordinates that were rounded to doubles on two ways; a square metre is a thousandth of a unit of z10.
AREA_M2_MAX = 1.0


@dataclass
class Drawn:
    """One tile as decoded: who is in it by identifier, what stands for several, and all shapes."""

    ids: set = field(default_factory=set)
    merged: dict = field(default_factory=lambda: defaultdict(list))
    shapes: list = field(default_factory=list)
    records: int = 0


@dataclass
class Tables:
    lines: list
    ours_lost: bool


def project(places):
    """Degrees to metres of Web Mercator."""
    return numpy.column_stack(
        (RADIUS_M * numpy.radians(places[:, 0]), RADIUS_M * numpy.arcsinh(numpy.tan(numpy.radians(places[:, 1]))))
    )


def box_of(tile):
    z, x, y = tile
    side = 2 * HALF_WORLD_M / 2**z
    west, north = x * side - HALF_WORLD_M, HALF_WORLD_M - y * side
    return shapely.box(west, north - side, west + side, north)


def decode(body, tile):
    """Reads a tile; polygons in metres of Web Mercator, not cut at the tile's edge."""
    drawn = Drawn()
    if not body:
        return drawn
    gdal.FileFromMemBuffer("/vsimem/tile.mvt", body)
    z, x, y = tile
    options = [f"Z={z}", f"X={x}", f"Y={y}", "CLIP=NO"]
    data = gdal.OpenEx("/vsimem/tile.mvt", gdal.OF_VECTOR, open_options=options)
    for number in range(data.GetLayerCount()):
        layer = data.GetLayer(number)
        for feature in layer:
            take(drawn, layer.GetName(), feature.items(), shapely.from_wkb(bytes(feature.GetGeometryRef().ExportToWkb())))
    return drawn


def take(drawn, layer, said, shape):
    drawn.shapes.append(shape)
    count = said.get("count")
    drawn.records += int(count or 1)
    if count is None:
        drawn.ids.add(said["id"])
    else:
        drawn.merged[layer, said.get("classification"), said.get("status")].append(shape)


def identifiers(store):
    """Of each external identifier the register's own, which stands in its tiles."""
    with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as database:
        tables = ("hazardous_areas", "minefield_records", "hazard_reports", "explosive_items")
        return {name: id for table in tables for id, name in database.execute(f"select id, external_id from {table}")}


class Ground:
    """All open hazards on the map's plane."""

    def __init__(self, hazards):
        self.hazards = [hazards[name] for name in sorted(hazards)]
        self.shapes = shapely.transform(numpy.array([hazard.shape for hazard in self.hazards], dtype=object), project)
        self.is_area = shapely.is_valid(self.shapes) & (shapely.area(self.shapes) > 0)
        self.tree = shapely.STRtree(self.shapes)

    def in_tile(self, tile):
        """Which hazards meet the tile; those that only its border touches may be in either of two."""
        box = box_of(tile)
        found = self.tree.query(box, predicate="intersects")
        return found[~shapely.touches(self.shapes[found], box)]

    def tiles(self, zoom):
        """Half the fullest, half by chance."""
        places = shapely.get_coordinates(shapely.centroid(shapely.from_wkb(shapely.to_wkb([h.shape for h in self.hazards]))))
        held = defaultdict(int)
        for lon, lat in places[numpy.isfinite(places).all(axis=1)]:
            held[tile_at(zoom, lon, lat)] += 1
        fullest = sorted(held, key=lambda tile: (-held[tile], tile))
        some = fullest[: TILES_A_ZOOM // 2]
        rest = fullest[TILES_A_ZOOM // 2 :]
        return some + random.Random(zoom).sample(rest, min(len(rest), TILES_A_ZOOM - len(some)))


def lost_in(ground, found, drawn, id_of, unit_m):
    """Of the hazards of a tile those that are neither in it by name nor where a shape merged from their kind is."""
    trees = {codes: shapely.STRtree(shapes) for codes, shapes in drawn.merged.items()}
    lost = []
    for number in found:
        hazard = ground.hazards[number]
        if id_of(hazard.name) in drawn.ids:
            continue
        tree = trees.get((hazard.collection, *hazard.codes))
        near = tree is not None and tree.query(ground.shapes[number], predicate="dwithin", distance=CELL_UNITS * unit_m)
        if tree is None or len(near) == 0:
            lost.append(hazard.name)
    return lost


def not_drawn(ground, found, drawn, tile):
    """Square metres on the map's plane of hazardous ground in a tile, and of those on which nothing is drawn."""
    box = box_of(tile)
    tree = shapely.STRtree([shape for shape in drawn.shapes if shapely.area(shape) > 0])
    bare, all_m2 = [], 0.0
    for number in found[ground.is_area[found]]:
        part = shapely.intersection(ground.shapes[number], box)
        all_m2 += part.area
        over = tree.geometries[tree.query(part, predicate="intersects")]
        left = shapely.difference(part, shapely.union_all(shapely.make_valid(over))) if len(over) else part
        if left.area > 0:
            bare.append(left)
    return all_m2, shapely.union_all(bare).area if bare else 0.0


def measure(drawers, register, hazards):
    """One line a zoom and peer."""
    ids, ground = identifiers(register.store), Ground(hazards)
    lines = [
        "",
        "| tiles | zoom | tiles | pairs | lost | lost % | ground not drawn % | largest kB |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    ours_lost = False
    for drawer in drawers:
        id_of = ids.get if drawer is register else str
        for zoom in ZOOMS:
            line, lost = of_zoom(drawer, zoom, ground, id_of)
            lines.append(line)
            ours_lost = ours_lost or (drawer is register and lost)
    return Tables(lines, ours_lost)


def of_zoom(drawer, zoom, ground, id_of):
    ask, tiles = drawer.tile_asker(), ground.tiles(zoom)
    pairs, lost, all_m2, bare_m2, uncounted, largest = 0, 0, 0.0, 0.0, 0, 0
    for tile in tiles:
        body = ask(tile)
        drawn, found = decode(body, tile), ground.in_tile(tile)
        lost += len(lost_in(ground, found, drawn, id_of, 2 * HALF_WORLD_M / 2**zoom / EXTENT))
        hazardous_m2, not_drawn_m2 = not_drawn(ground, found, drawn, tile)
        pairs, largest = pairs + len(found), max(largest, len(body))
        all_m2, bare_m2 = all_m2 + hazardous_m2, bare_m2 + not_drawn_m2
        uncounted += max(0, len(found) - drawn.records)
    share = 100 * lost / pairs if pairs else 0
    ground_share = 100 * bare_m2 / all_m2 if all_m2 else 0
    line = f"| {drawer.name} | {zoom} | {len(tiles)} | {pairs:,} | {lost:,} | {share:.3g} | {ground_share:.3g} | {largest / 1e3:,.0f} |"
    return line, lost > 0 or uncounted > 0 or bare_m2 > AREA_M2_MAX
