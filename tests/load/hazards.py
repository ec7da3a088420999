"""The demo file as the peers and the judge see it: open hazards by their external identifier."""

import json
import math
from dataclasses import dataclass

from shapely.geometry import shape

# WGS 84.
SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING)


@dataclass(slots=True)
class Hazard:
    """An open hazard that has a place; its shape in degrees, as in the file."""

    name: str
    collection: str
    codes: tuple
    accuracy_m: float
    shape: object


def is_open(collection, properties):
    """Which records count as hazards that are still there (docs/FIELDS.md)."""
    if collection in ("hazardous-areas", "minefield-records"):
        return properties.get("status") != "closed"
    if collection == "hazard-reports":
        return properties.get("triage") not in ("duplicate", "rejected", "converted")
    return collection == "explosive-items" and not (properties.get("disposed_on") or "").strip()


def read(path):
    """The open hazards of an NDJSON file by name, and how many hazardous areas have no place."""
    hazards, not_placed = {}, set()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            feature = json.loads(line)
            properties = feature["properties"]
            collection, name = properties["collection"], properties["external_id"]
            if feature["geometry"] is None:
                not_placed.add(name)
            elif is_open(collection, properties):
                codes = (properties.get("classification"), properties.get("status"))
                accuracy_m = properties.get("position_accuracy_m") or 0.0
                hazards[name] = Hazard(name, collection, codes, accuracy_m, shape(feature["geometry"]))
    return hazards, not_placed


def metres_per_degree(lat):
    """Metres east and north of one degree at a latitude on the ellipsoid."""
    sine_2 = math.sin(math.radians(lat)) ** 2
    across = SEMI_MAJOR_M / math.sqrt(1 - ECCENTRICITY_2 * sine_2)
    along = SEMI_MAJOR_M * (1 - ECCENTRICITY_2) / (1 - ECCENTRICITY_2 * sine_2) ** 1.5
    return math.radians(across * math.cos(math.radians(lat))), math.radians(along)
