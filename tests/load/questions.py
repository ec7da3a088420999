"""The questions, the same for every peer: seeded, and made from the file alone."""

import math
import random
from dataclasses import dataclass, field

from hazards import metres_per_degree

NEAR_M = 500.0
ROUTE_M = 50_000.0
ROUTE_SEGMENTS = 56
ROUTE_BUFFER_M = 50.0
ZOOMS = range(5, 15)
# Where places that lie in no hazard are looked for: this far from one, so that indexes have to work.
AROUND_M = 2_000.0


@dataclass
class Questions:
    at: list = field(default_factory=list)
    near: list = field(default_factory=list)
    route: list = field(default_factory=list)
    tiles: list = field(default_factory=list)
    boxes: list = field(default_factory=list)


def make(hazards, counts, seed=7):
    """Questions about those hazards; `counts` says how many of each kind."""
    chance = random.Random(seed)
    known = [hazards[name] for name in sorted(hazards)]
    return Questions(
        at=[place(chance, known, number % 2 == 0) for number in range(counts["at"])],
        near=[place(chance, known, False) for _ in range(counts["near"])],
        route=[route(chance, known) for _ in range(counts["route"])],
        tiles=tiles(chance, known, counts["tiles"]),
        boxes=[box(chance, known) for _ in range(counts["boxes"])],
    )


def place(chance, known, inside):
    hazard = chance.choice(known)
    point = hazard.shape.representative_point() if inside and hazard.shape.is_valid else hazard.shape.centroid
    if inside:
        return rounded(point.x, point.y)
    return moved(point.x, point.y, chance.uniform(0, 2 * math.pi), chance.uniform(0, AROUND_M))


def moved(lon, lat, bearing, distance_m):
    east, north = metres_per_degree(lat)
    return rounded(lon + math.sin(bearing) * distance_m / east, lat + math.cos(bearing) * distance_m / north)


def rounded(lon, lat):
    return (round(lon, 7), round(lat, 7))


def route(chance, known):
    """A way that winds like a road, from a hazard on."""
    start = chance.choice(known).shape.centroid
    way, bearing = [rounded(start.x, start.y)], chance.uniform(0, 2 * math.pi)
    for _ in range(ROUTE_SEGMENTS):
        bearing += chance.gauss(0, 0.3)
        way.append(moved(*way[-1], bearing, ROUTE_M / ROUTE_SEGMENTS))
    return way


def box(chance, known):
    """West, south, east, north around a hazard, from a village to a district."""
    centre = chance.choice(known).shape.centroid
    half = 10 ** chance.uniform(-2, -0.7)
    west, south = rounded(centre.x - half, centre.y - half / 2)
    east, north = rounded(centre.x + half, centre.y + half / 2)
    return (west, south, east, north)


def tiles(chance, known, count):
    """Tiles of all zooms: half where a hazard is, half anywhere in the country, so many thin or empty."""
    lons = sorted(hazard.shape.centroid.x for hazard in chance.sample(known, min(len(known), 1_000)))
    lats = sorted(hazard.shape.centroid.y for hazard in chance.sample(known, min(len(known), 1_000)))
    chosen = []
    for z in ZOOMS:
        wanted = (count - len(chosen)) // (ZOOMS.stop - z)
        of_zoom = set()
        for attempt in range(wanted * 20):
            if len(of_zoom) >= wanted:
                break
            centre = chance.choice(known).shape.centroid
            anywhere = (chance.uniform(lons[0], lons[-1]), chance.uniform(lats[0], lats[-1]))
            of_zoom.add(tile_at(z, *((centre.x, centre.y) if attempt % 2 else anywhere)))
        chosen += sorted(of_zoom)
    # Neighbours in time would be neighbours on the ground, which flatters every cache.
    chance.shuffle(chosen)
    return chosen


def tile_at(z, lon, lat):
    """The XYZ tile of Web Mercator that holds a place."""
    across = 2**z
    north = math.asinh(math.tan(math.radians(lat)))
    return (z, int((lon + 180) / 360 * across), int((1 - north / math.pi) / 2 * across))
