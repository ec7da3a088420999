"""A new hazard, from request to durable and shown: alone, and while others read."""

import json
import os
import random
import subprocess
import time

import rates
from client import Client, body_of
from table import Row

READERS = 16
# Each reader waits so long before it asks again: together some 1,000 questions a second.
PAUSE_MS = 15


def measure(register, questions, count, folder):
    """Rows: the disk's floor, writes alone, writes under reading, and what the readers saw."""
    token = f"Authorization: Bearer {register.token()}"
    chance = random.Random(11)
    alone = [write(register, token, chance, number) for number in range(count)]
    paths = [f"/query/near?lon={lon}&lat={lat}&radius_m=500" for lon, lat in questions.near]
    # Some seconds longer than the writes will take, so that none of them is left without readers.
    seconds = int(sum(alone) * 3) + 5
    words, listed = rates.command(register.address, paths, seconds, READERS, pause_ms=PAUSE_MS)
    with listed:
        readers = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        time.sleep(1)
        beside = [write(register, token, chance, count + number) for number in range(count)]
        if readers.poll() is not None:
            raise RuntimeError("the readers had ended before the last write")
        said = rates.read(readers.communicate()[0])
    reading = Row("within 500 m while others write", "minemap", said["requests"], p50=said["p50"], p99=said["p99"])
    reading.per_s, reading.note = said["per_s"], f"{READERS} readers with pauses; a write at a time part of the while"
    return [
        Row("4 kB written, made durable", "the disk", count, durable(folder, count), note="fsync of a file; a floor of writing"),
        Row("a new hazard, durable and shown", "minemap", count, alone, note="nobody reads"),
        Row("the same while others read", "minemap", count, beside, note=f"beside {said['per_s']:,.0f} questions a second"),
        reading,
    ]


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
