"""What a server gives to many: wrk with a list of addresses."""

import json
import subprocess
import tempfile
from pathlib import Path

SCRIPT = Path(__file__).with_name("addresses.lua")


def command(address, paths, seconds, connections, headers=(), pause_ms=0):
    """The words of a run of wrk, and the file of paths, which must live as long."""
    listed = tempfile.NamedTemporaryFile("w", suffix=".txt")
    listed.write("\n".join(paths))
    listed.flush()
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "60s", "-s", str(SCRIPT)]
    for header in headers:
        words += ["-H", header]
    return [*words, address, "--", listed.name, str(pause_ms)], listed


def read(output):
    """What `addresses.lua` says at the end."""
    said = json.loads(output[output.index("{\"requests\"") :].splitlines()[0])
    if said["bad"] or said["broken"]:
        raise RuntimeError(f"wrk: {said}")
    return said


def rate(address, paths, seconds=5, connections=8, headers=()):
    """Requests a second, p50 and p99 in seconds, bytes a second, of paths in their order again and again."""
    words, listed = command(address, paths, seconds, connections, headers)
    with listed:
        return read(subprocess.run(words, check=True, capture_output=True, text=True).stdout)
