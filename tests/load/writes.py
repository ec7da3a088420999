"""A new hazard, from request to durable and shown: alone, and while others read."""

import json
import os
import random
import signal
import subprocess
import time

import rates
from client import Client, body_of
from table import Row

READERS = 16
# Each reader waits so long before it asks again: together some 1,000 questions a second.
PAUSE_MS = 15
# Longer than the writes can take; the readers are stopped when these are done.
SECONDS_MAX = 3_600


def measure(register, questions, count, folder, with_readers):
    """Rows: the disk's floor, writes alone; beside readers, and what those saw."""
    token = f"Authorization: Bearer {register.token()}"
    numbers = iter(range(2 * count))
    chance = random.Random(11)
    alone = [write(register, token, chance, next(numbers)) for _ in range(count)]
    rows = [
        Row("4 kB written, made durable", "the disk", count, durable(folder, count), note="fsync of a file; a floor of writing"),
        Row("a new hazard, durable and shown", "minemap", count, alone, note="nobody reads"),
    ]
    if with_readers:
        rows += beside_readers(register, questions, lambda: [write(register, token, chance, n) for n in numbers])
    return rows


def beside_readers(register, questions, write_all):
    paths = [f"/query/near?lon={lon}&lat={lat}&radius_m=500" for lon, lat in questions.near]
    words, listed = rates.command(register.address, paths, SECONDS_MAX, READERS, pause_ms=PAUSE_MS)
    with listed:
        readers = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        try:
            time.sleep(1)
            beside = write_all()
        finally:
            # wrk ends its work and says what it saw.
            readers.send_signal(signal.SIGINT)
        said = rates.read(readers.communicate()[0])
    note = f"beside {said['per_s']:,.0f} questions a second"
    reading = Row("within 500 m while others write", "minemap", said["requests"], p50=said["p50"], p99=said["p99"])
    reading.per_s, reading.note = said["per_s"], f"{READERS} readers with pauses"
    return [Row("the same while others read", "minemap", len(beside), beside, note=note), reading]


def durable(folder, count):
    """How long this disk takes to hold on to four thousand bytes."""
    times = []
    with open(folder / "durable", "wb", buffering=0) as file:
        for _ in range(count):
            started = time.perf_counter()
            file.write(bytes(4096))
            os.fsync(file.fileno())
            times.append(time.perf_counter() - started)
    return times


def write(register, token, chance, number):
    """Seconds for one new report; it must be there afterwards for whoever asks."""
    place = [round(chance.uniform(30, 38), 7), round(chance.uniform(47, 50), 7)]
    properties = {
        "kind": "suspicion",
        "triage": "new",
        "reported_on": "2024-05-01",
        "organisation": "synthetic_operator_a",
        "sharing": "public",
        "position_accuracy_m": 5,
        "external_id": f"SYN-LOAD-{number}",
        "name": f"Synthetic report of a load test {number}",
    }
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": place}, "properties": properties}
    body = json.dumps(feature)
    client = Client(register.address, [token, "Content-Type: application/geo+json"])
    client.get("/health/live")
    started = time.perf_counter()
    answer = client.post("/records/hazard-reports", body)
    seconds = time.perf_counter() - started
    made = json.loads(body_of(answer))
    found = json.loads(body_of(register.at(place)))
    if made["id"] not in [feature["id"] for feature in found["features"]]:
        raise RuntimeError(f"{made['id']} was accepted and is not shown at {place}")
    return seconds
