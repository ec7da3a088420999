"""minemap as a peer: made, filled, started and asked as its users do."""

import json
import os
import re
import subprocess
import time
from pathlib import Path

from client import Client, answers, body_of, free_port, stop, wait_until
from questions import NEAR_M, ROUTE_BUFFER_M

# As many hits as an answer may have; beyond it `more` is not 0, and the run fails.
LIMIT = 10_000


def program():
    default = Path(__file__).resolve().parents[2] / "target" / "release" / "minemap"
    return os.environ.get("MINEMAP", str(default))


def write_demo(path, records):
    command = [program(), "demo", "--records", str(records), "--seed", "7", "--output", str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Register:
    """One store and the server that answers from it."""

    name = "minemap"

    def __init__(self, folder):
        self.store = folder / "register.gpkg"
        self.log = open(folder / "minemap.log", "wb")
        self.process = None

    def fill(self, file):
        """Imports; seconds, processor seconds, peak memory in bytes. Findings (exit code 1) are no failure."""
        begun = time.perf_counter()
        command = [program(), "import", "--store", str(self.store), str(file)]
        process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in (0, 1):
            raise RuntimeError(f"import ended with {process.returncode}")
        return time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024

    def start(self):
        """Seconds until it answers from its register."""
        port = free_port()
        self.address = f"http://127.0.0.1:{port}"
        command = [program(), "serve", "--store", str(self.store), "--listen", f"127.0.0.1:{port}"]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        seconds = wait_until(lambda: answers(self.address, "/health/ready"), self.process, 600)
        self.client = Client(self.address)
        return seconds

    def memory(self):
        """Bytes that are resident now, and that were at most."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return tuple(int(re.search(rf"{key}:\s+(\d+)", status)[1]) * 1024 for key in ("VmRSS", "VmHWM"))

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            stop(self.process)

    def floor(self, _):
        return self.client.get("/health/live")

    def at(self, place):
        return self.client.get(f"/query/at?lon={place[0]}&lat={place[1]}")

    def near(self, place):
        return self.client.get(f"/query/near?lon={place[0]}&lat={place[1]}&radius_m={NEAR_M}&limit={LIMIT}")

    def route(self, way):
        body = json.dumps({"type": "LineString", "coordinates": way})
        return self.client.post(f"/query/route?buffer_m={ROUTE_BUFFER_M}&limit={LIMIT}", body)

    def has_routes(self):
        """Older programs cannot say what lies along a route."""
        return self.route([(30.0, 50.0), (30.1, 50.0)])[0] == 200

    def names(self, answer):
        """What was found, by external identifier; worked out after the time was taken."""
        found = json.loads(body_of(answer))
        if found["more"]:
            raise RuntimeError(f"{found['more']} hits were not listed")
        return frozenset(feature["properties"]["external_id"] for feature in found["features"])

    def tile_path(self, tile):
        return "/tiles/hazards/{}/{}/{}.mvt".format(*tile)

    def tile_asker(self):
        """A function with a connection of its own."""
        client = Client(self.address)
        return lambda tile: body_of(client.get(self.tile_path(tile)))

    def token(self):
        """A token that may write. The account is no administrator, so that reading goes on as before."""
        words = ["user", "add", "writer", "--name", "Writer", "--role", "data_entry", "--password-stdin"]
        self._run(words, "only for the length of this run")
        words = ["user", "token", "writer", "--name", "load", "--access", "write", "--levels", "all"]
        return re.search(r"minemap_\w+", self._run(words))[0]

    def _run(self, words, text=""):
        command = [program(), *words, "--store", str(self.store)]
        return subprocess.run(command, check=True, input=text, capture_output=True, text=True).stdout
