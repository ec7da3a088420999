"""PostGIS as a peer: a cluster of its own on loopback, in a temporary folder, gone afterwards."""

import glob
import os
import pwd
import shutil
import subprocess
import time

import psycopg2
from client import free_port
from questions import NEAR_M, ROUTE_BUFFER_M

# Every figure of a peer is taken with the settings that its own users recommend for reading on such a machine.
SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
jit = off
max_parallel_workers_per_gather = 0
max_wal_size = 4GB
work_mem = 64MB
maintenance_work_mem = 1GB
random_page_cost = 1.1
"""

LOAD = """
create table records as select
    line->'properties'->>'external_id' as id,
    line->'properties'->>'collection' as collection,
    line->'properties'->>'classification' as classification,
    line->'properties'->>'status' as status,
    line->'properties'->>'name' as name,
    coalesce((line->'properties'->>'position_accuracy_m')::float8, 0) as accuracy_m,
    case line->'properties'->>'collection'
        when 'hazardous-areas' then line->'properties'->>'status' is distinct from 'closed'
        when 'minefield-records' then line->'properties'->>'status' is distinct from 'closed'
        when 'hazard-reports' then coalesce(line->'properties'->>'triage', '') not in ('duplicate', 'rejected', 'converted')
        when 'explosive-items' then coalesce(trim(line->'properties'->>'disposed_on'), '') = ''
        else false end as hazard,
    (line->'properties') as properties,
    ST_SetSRID(ST_GeomFromGeoJSON(nullif(line->'geometry', 'null')), 4326)::geometry(Geometry, 4326) as geom
from raw;
drop table raw;
alter table records add primary key (id);
create index on records using gist (geom);
create index on records using gist (geom) where hazard;
create index on records using gist ((geom::geography)) where hazard;
create view hazardous_areas as select id, classification, status, name, properties, geom
    from records where collection = 'hazardous-areas';
"""

# `_plain` is what is usually asked; the others count the position error as minemap does. The largest
# error stands in a condition of its own, because an index takes no distance that differs by row.
POINT = "ST_SetSRID(ST_MakePoint($1, $2), 4326)"
WAY = "(select (ST_DumpSegments(ST_GeomFromText($1, 4326))).geom::geography as segment) as way"
QUESTIONS = {
    "at_plain": f"(float8, float8) as select id from records where hazard and ST_Intersects(geom, {POINT})",
    "at": f"(float8, float8) as select id from records where hazard and ST_DWithin(geom::geography, {POINT}::geography, MOST)"
    f" and ST_DWithin(geom::geography, {POINT}::geography, accuracy_m)",
    "near_plain": f"(float8, float8) as select id from records where hazard"
    f" and ST_DWithin(geom::geography, {POINT}::geography, {NEAR_M})",
    "near": f"(float8, float8) as select id from records where hazard"
    f" and ST_DWithin(geom::geography, {POINT}::geography, {NEAR_M} + MOST)"
    f" and ST_DWithin(geom::geography, {POINT}::geography, {NEAR_M} + accuracy_m)",
    "route_plain": f"(text) as select distinct id from {WAY} join records"
    f" on hazard and ST_DWithin(geom::geography, segment, {ROUTE_BUFFER_M})",
    "route": f"(text) as select distinct id from {WAY} join records"
    f" on hazard and ST_DWithin(geom::geography, segment, {ROUTE_BUFFER_M} + MOST)"
    f" and ST_DWithin(geom::geography, segment, {ROUTE_BUFFER_M} + accuracy_m)",
    # What martin 1 sends for a table: extent 4096, buffer 64, clipped; of the columns only what ours carry.
    "tile": "(int, int, int) as select ST_AsMVT(tile, 'hazards', 4096, 'geom') from (select ST_AsMVTGeom("
    "ST_Transform(ST_CurveToLine(geom), 3857), ST_TileEnvelope($1, $2, $3), 4096, 64, true) as geom,"
    " id, collection, classification, status, name from records where hazard and"
    " geom && ST_Transform(ST_TileEnvelope($1, $2, $3, margin => 0.015625), 4326)) as tile",
}


class PostGis:
    """One cluster, with the records of one file."""

    name = "PostGIS"

    def __init__(self, folder):
        self.folder, self.data, self.port = folder, folder / "postgres", free_port()
        self.programs = max(glob.glob("/usr/lib/postgresql/*/bin"), default=os.path.dirname(shutil.which("postgres") or ""))
        if not self.programs:
            raise RuntimeError("no PostgreSQL: apt-get install postgresql postgresql-postgis")
        # PostgreSQL refuses to run as root.
        self.user = "postgres" if os.geteuid() == 0 else None
        self.url = f"host=127.0.0.1 port={self.port} user=load dbname=postgres"

    def start(self):
        self.data.mkdir()
        if self.user:
            os.chown(self.data, pwd.getpwnam(self.user).pw_uid, -1)
        self._run("initdb", "--pgdata", str(self.data), "--username", "load", "--auth", "trust", "--encoding", "UTF8")
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        settings = f"{SETTINGS}port = {self.port}\nshared_buffers = {memory // 6 >> 20}MB\n"
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write(settings)
        self._run("pg_ctl", "--pgdata", str(self.data), "--wait", "--log", str(self.data / "log"), "start")

    def _run(self, program, *words):
        command = [os.path.join(self.programs, program), *words]
        subprocess.run(command, check=True, user=self.user, cwd="/", stdout=subprocess.DEVNULL)

    def fill(self, file):
        """Seconds from the file to a table that can be asked, indexes and statistics included."""
        begun = time.perf_counter()
        with self.connect() as connection, connection.cursor() as cursor, open(file, "rb") as lines:
            cursor.execute("create extension postgis; create unlogged table raw (line jsonb)")
            # Characters that JSON cannot hold, so that a line stays a line.
            cursor.copy_expert(r"copy raw from stdin (format csv, quote e'\x01', delimiter e'\x02')", lines)
            cursor.execute(LOAD)
        connection = self.connect()
        connection.autocommit = True
        connection.cursor().execute("vacuum analyze records")
        seconds = time.perf_counter() - begun
        self.cursor = self.asker()
        return seconds

    def connect(self):
        return psycopg2.connect(self.url)

    def asker(self):
        """A cursor of a connection of its own that knows the questions."""
        connection = self.connect()
        connection.autocommit = True
        cursor = connection.cursor()
        cursor.execute("select coalesce(max(accuracy_m), 0) from records where hazard")
        most = cursor.fetchone()[0]
        for name, question in QUESTIONS.items():
            cursor.execute(f"prepare {name} {question.replace('MOST', str(float(most)))}")
        return cursor

    def stop(self):
        self._run("pg_ctl", "--pgdata", str(self.data), "--mode", "immediate", "stop")

    def _ask(self, name, *values):
        places = ",".join(["%s"] * len(values))
        self.cursor.execute(f"execute {name} ({places})", values)
        return self.cursor.fetchall()

    def floor(self, _):
        self.cursor.execute("select 1")
        return self.cursor.fetchall()

    def at(self, place):
        return self._ask("at", *place)

    def at_plain(self, place):
        return self._ask("at_plain", *place)

    def near(self, place):
        return self._ask("near", *place)

    def near_plain(self, place):
        return self._ask("near_plain", *place)

    def route(self, way):
        return self._ask("route", as_text(way))

    def route_plain(self, way):
        return self._ask("route_plain", as_text(way))

    def names(self, rows):
        return frozenset(row[0] for row in rows)

    def tile_asker(self):
        cursor = self.asker()

        def ask(tile):
            cursor.execute("execute tile (%s,%s,%s)", tile)
            return bytes(cursor.fetchone()[0])

        return ask


def as_text(way):
    return "LINESTRING({})".format(",".join(f"{lon} {lat}" for lon, lat in way))
