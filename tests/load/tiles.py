"""Tiles: each once with nothing kept, by four connections; then kept ones, as fast as they come."""

import itertools
import os
import shutil
import threading
import time

import rates
from client import Client, body_of
from static import Static
from table import Row

CONNECTIONS = 4
GZIP = "Accept-Encoding: gzip"


def once(asker, tiles):
    """Every tile once by several connections: times, bodies by tile, seconds of the whole."""
    turn, lock = itertools.count(), threading.Lock()
    times, bodies, failed = [0.0] * len(tiles), [b""] * len(tiles), []

    def work():
        try:
            ask = asker()
            while (number := next_of(turn, lock)) < len(tiles):
                started = time.perf_counter()
                bodies[number] = ask(tiles[number])
                times[number] = time.perf_counter() - started
        except Exception as error:  # of a thread; raised below, where it stops the run
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return times, dict(zip(tiles, bodies)), time.perf_counter() - begun


def next_of(turn, lock):
    with lock:
        return next(turn)


def cold(peers, tiles):
    """Rows of the first pass, and the bodies by peer."""
    rows, bodies = [], {}
    for peer in peers:
        times, bodies[peer.name], seconds = once(peer.tile_asker, tiles)
        sizes = sorted(map(len, bodies[peer.name].values()))
        note = f"{CONNECTIONS} connections; largest {sizes[-1] / 1e3:,.0f} kB, all {sum(sizes) / 1e6:,.1f} MB"
        rows.append(Row("tiles z5–z14, first time", peer.name, len(tiles), times, per_s=len(tiles) / seconds, note=note))
    return rows, bodies


def warm(register, tiles, bodies, folder, seconds):
    """The same tiles again, as they are and compressed, beside a bare file server that has the same bytes."""
    kept = {register.tile_path(tile): bodies[tile] for tile in tiles if bodies[tile]}
    servers, static = [("minemap", register.address)], None
    if shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"):
        static = Static(folder, kept, packed(register, kept))
        # Ours once more after it: how far the two rows of ours differ is the noise of the machine.
        servers += [("nginx, same bytes as files", static.address), ("minemap, again", register.address)]
    try:
        rows = [warm_row("kept tiles", name, address, list(kept), seconds) for name, address in servers]
        rows += [warm_row("kept tiles, gzip", name, address, list(kept), seconds, [GZIP]) for name, address in servers]
    finally:
        if static is not None:
            static.stop()
    return [*rows, unchanged(register, kept)]


def packed(register, paths):
    """The compressed bodies; libcurl unpacks only where it was told to ask for them itself."""
    client = Client(register.address, [GZIP])
    return {path: body_of(client.get(path)) for path in paths}


def warm_row(question, peer, address, paths, seconds, headers=()):
    # The first turn fills what is kept, compressed forms included.
    rates.rate(address, paths, 2, headers=headers)
    said = rates.rate(address, paths, seconds, headers=headers)
    note = f"8 connections; {said['bytes_per_s'] / 1e6:,.0f} MB/s"
    return Row(question, peer, said["requests"], p50=said["p50"], p99=said["p99"], per_s=said["per_s"], note=note)


def unchanged(register, paths):
    """A map that asks whether its tiles have changed."""
    times = []
    for path in paths:
        tag = entity_tag(register.address, path)
        client = Client(register.address, [f"If-None-Match: {tag}"])
        client.get("/health/live")
        started = time.perf_counter()
        status, body = client.get(path)
        times.append(time.perf_counter() - started)
        if status != 304 or body:
            raise RuntimeError(f"{path}: {status} where 304 was due")
    return Row("kept tiles, If-None-Match", "minemap", len(paths), times, note="one connection, 304")


def entity_tag(address, path):
    tags = []
    client = Client(address)

    def read(line):
        name, _, value = line.decode("latin-1").partition(":")
        if name.lower() == "etag":
            tags.append(value.strip())

    client.curl.setopt(client.curl.HEADERFUNCTION, read)
    client.get(path)
    return tags[-1]
