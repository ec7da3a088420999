"""Says of each hit that peers do not share why: or that one of them is wrong.

The judge is GEOS in a plane laid at each place (linear in degrees, so edges stay the edges of RFC 7946), which is
off by a few centimetres at 500 m. It looks at every hazard itself in small registers, and at disputed ones in large.
"""

import math

from hazards import metres_per_degree
from shapely.affinity import affine_transform
from shapely.geometry import LineString, Point

# Nearer than this to the limit of the question, planes, spheroids and edges as great circles may differ.
ON_THE_EDGE_M = 0.25
# A box in degrees that surely holds whatever is within a metre, from 60° south to 60° north.
DEGREES_PER_M = 1 / 50_000


def distance_m(hazard, centre, shape):
    """From a shape near `centre` to a hazard; both in degrees."""
    east, north = metres_per_degree(centre[1])
    to_plane = (east, 0, 0, north, -centre[0] * east, -centre[1] * north)
    return affine_transform(hazard.shape, to_plane).distance(affine_transform(shape, to_plane))


def beyond_m(hazard, question, within_m):
    """How far a hazard is outside of what the question asks for; below 0 it must be in the answer.

    A place is (lon, lat), a way a list of them; the position error of the hazard counts for it."""
    segments = [[question]] if isinstance(question, tuple) else zip(question, question[1:])
    near = (segment for segment in segments if may_touch(hazard, segment, within_m))
    nearest = min((segment_distance_m(hazard, segment) for segment in near), default=math.inf)
    return nearest - within_m - hazard.accuracy_m


def segment_distance_m(hazard, places):
    middle = tuple(sum(numbers) / len(places) for numbers in zip(*places))
    return distance_m(hazard, middle, LineString(places) if len(places) > 1 else Point(places[0]))


def may_touch(hazard, places, within_m):
    """A quick test by boxes, so that brute force is bearable."""
    around = (within_m + hazard.accuracy_m + 1) * DEGREES_PER_M
    west, south, east, north = hazard.shape.bounds
    lons, lats = [lon for lon, _ in places], [lat for _, lat in places]
    apart = max(lons) < west - around or min(lons) > east + around
    return not (apart or max(lats) < south - around or min(lats) > north + around)


def expected(hazards, question, within_m):
    """Brute force: the names of all that must be in the answer."""
    places = [question] if isinstance(question, tuple) else question
    near = (hazard for hazard in hazards.values() if may_touch(hazard, places, within_m))
    return {hazard.name for hazard in near if beyond_m(hazard, question, within_m) <= 0}


def verdict(hazards, name, is_ours, question, within_m):
    """Why only one of two peers has a hazard: `edge`, `outline`, or `wrong`."""
    hazard = hazards.get(name)
    if hazard is None:
        return "wrong"
    if abs(beyond_m(hazard, question, within_m)) < ON_THE_EDGE_M:
        return "edge"
    # Of a broken outline we may cover more than others do, never less.
    return "outline" if is_ours and not hazard.shape.is_valid else "wrong"


def compare(hazards, questions, within_m, ours, theirs):
    """Counts of (question, hazard) pairs that only one of two peers has, by verdict, and the first wrong ones."""
    verdicts, wrong = {"outline": 0, "edge": 0, "wrong": 0}, []
    for question, own, other in zip(questions, ours, theirs):
        for name in sorted(own ^ other):
            said = verdict(hazards, name, name in own, question, within_m)
            verdicts[said] += 1
            if said == "wrong":
                wrong.append((name, "only ours" if name in own else "only theirs", question))
    return verdicts, wrong[:5]
