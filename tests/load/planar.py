"""shapely as a peer: one process, geometry only, in a plane (ellipsoidal Mercator, EPSG:3395)."""

import math
import time

import numpy
import shapely
from hazards import ECCENTRICITY_2, SEMI_MAJOR_M
from questions import NEAR_M, ROUTE_BUFFER_M

if int(shapely.__version__.split(".")[0]) < 2:
    raise ImportError("the peer shapely is version 2 or later: see tests/load/README.md")

ECCENTRICITY = math.sqrt(ECCENTRICITY_2)


def project(places):
    """Degrees to metres of Mercator, which are longer than those of the ground by `stretch`."""
    lat = numpy.radians(places[:, 1])
    sine = ECCENTRICITY * numpy.sin(lat)
    north = numpy.arcsinh(numpy.tan(lat)) - ECCENTRICITY * numpy.arctanh(sine)
    return numpy.column_stack((SEMI_MAJOR_M * numpy.radians(places[:, 0]), SEMI_MAJOR_M * north))


def stretch(lat):
    sine = math.sin(math.radians(lat))
    return math.sqrt(1 - ECCENTRICITY_2 * sine * sine) / math.cos(math.radians(lat))


class Planar:
    """A packed tree of open hazards."""

    name = "shapely"

    def __init__(self, hazards):
        self.hazards = hazards

    def fill(self):
        """Seconds; the shapes were read from the file before."""
        begun = time.perf_counter()
        self.keys = numpy.array(sorted(self.hazards))
        shapes = [self.hazards[name].shape for name in self.keys]
        self.shapes = shapely.transform(numpy.array(shapes, dtype=object), project)
        self.accuracy_m = numpy.array([self.hazards[name].accuracy_m for name in self.keys])
        self.most_m = float(self.accuracy_m.max(initial=0.0))
        shapely.prepare(self.shapes)
        self.tree = shapely.STRtree(self.shapes)
        self.tree.query(self.shapes[0])
        return time.perf_counter() - begun

    def stop(self):
        pass

    def floor(self, _):
        return []

    def _within(self, shape, lat, within_m):
        """The position error differs by row, so the tree is asked with the largest and the distance held to each."""
        longer = stretch(lat)
        found = self.tree.query(shape, predicate="dwithin", distance=(within_m + self.most_m) * longer)
        apart = shapely.distance(self.shapes[found], shape)
        return found[apart <= (within_m + self.accuracy_m[found]) * longer]

    def _point(self, place):
        return shapely.points(project(numpy.array([place]))[0])

    def at(self, place):
        return self._within(self._point(place), place[1], 0.0)

    def at_plain(self, place):
        return self.tree.query(self._point(place), predicate="intersects")

    def near(self, place):
        return self._within(self._point(place), place[1], NEAR_M)

    def near_plain(self, place):
        return self.tree.query(self._point(place), predicate="dwithin", distance=NEAR_M * stretch(place[1]))

    def _segments(self, way):
        """Each segment with the stretch of its middle."""
        places = project(numpy.array(way))
        lats = [(start[1] + end[1]) / 2 for start, end in zip(way, way[1:])]
        return shapely.linestrings(numpy.stack((places[:-1], places[1:]), axis=1)), numpy.array([stretch(lat) for lat in lats])

    def route(self, way):
        segments, longer = self._segments(way)
        of, found = self.tree.query(segments, predicate="dwithin", distance=(ROUTE_BUFFER_M + self.most_m) * longer)
        apart = shapely.distance(self.shapes[found], segments[of])
        return numpy.unique(found[apart <= (ROUTE_BUFFER_M + self.accuracy_m[found]) * longer[of]])

    def route_plain(self, way):
        segments, longer = self._segments(way)
        return numpy.unique(self.tree.query(segments, predicate="dwithin", distance=ROUTE_BUFFER_M * longer)[1])

    def names(self, found):
        return frozenset(self.keys[found].tolist())
