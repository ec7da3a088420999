"""One client asks every peer the same questions, in turns, so that what else the machine does hits all alike."""

import time

import judge
from questions import NEAR_M, ROUTE_BUFFER_M
from table import Row

# Questions that one peer answers before it is the next one's turn.
TURN = 50
# Pairs of question and hazard that brute force looks at for each kind of question: some seconds.
PAIRS_MAX = 2_000_000

KINDS = {
    "at": ("hazards containing a place", 0.0),
    "near": ("hazards within 500 m", NEAR_M),
    "route": ("hazards along 50 km, 50 m either side", ROUTE_BUFFER_M),
}


def measure(peers, kinds, questions):
    """Asks by turns. Times and raw answers by (peer, kind); `kinds` are methods that say the same."""
    times = {(peer.name, kind): [] for peer in peers for kind in kinds if hasattr(peer, kind)}
    raw = {key: [] for key in times}
    by_name = {peer.name: peer for peer in peers}
    for begin in range(0, len(questions), TURN):
        for name, kind in times:
            ask = getattr(by_name[name], kind)
            for question in questions[begin : begin + TURN]:
                started = time.perf_counter()
                answer = ask(question)
                times[name, kind].append(time.perf_counter() - started)
                raw[name, kind].append(answer)
    return times, raw


def floors(peers, count):
    """What the way there and back costs with nothing to do."""
    times, _ = measure(peers, ["floor"], range(count))
    named = {"minemap": "/health/live", "PostGIS": "select 1"}
    rows = [(name, taken) for (name, _), taken in times.items() if name in named]
    return [Row("nothing (the floor)", name, count, taken, note=named[name]) for name, taken in rows]


def ask(peers, kind, questions):
    """Rows of one kind of question, and the hits of each peer that counted the position error."""
    label = KINDS[kind][0]
    # Once without taking the time: caches and plans of all peers are warm, as those of a server in use are.
    measure(peers, [kind, f"{kind}_plain"], questions[: max(1, len(questions) // 10)])
    times, raw = measure(peers, [kind, f"{kind}_plain"], questions)
    by_name = {peer.name: peer for peer in peers}
    hits = {key: [by_name[key[0]].names(answer) for answer in answers] for key, answers in raw.items()}
    rows = []
    for (name, asked), taken in times.items():
        mean = sum(map(len, hits[name, asked])) / len(questions)
        note = f"{mean:.1f} hits" + ("" if asked == kind else ", position error not counted")
        shown = name if asked == kind else f"{name}, easier question"
        rows.append(Row(label, shown, len(questions), taken, note=note))
    return rows, {name: found for (name, asked), found in hits.items() if asked == kind}


def agreement(hazards, kind, questions, hits):
    """Sentences on whether all found the same, and whether anything is wrong."""
    label, within_m = KINDS[kind]
    ours, said, bad = hits["minemap"], [], False
    for name, theirs in hits.items():
        if name == "minemap":
            continue
        verdicts, wrong = judge.compare(hazards, questions, within_m, ours, theirs)
        bad = bad or bool(wrong)
        own = ours[: len(theirs)]
        counts = f"in {len(own):,} questions {sum(map(len, own)):,} and {sum(map(len, theirs)):,} hits"
        said.append(
            f"- {label}: minemap and {name} {counts}; they differ in {sum(verdicts.values())}: "
            f"{verdicts['edge']} within {judge.ON_THE_EDGE_M} m of the limit, {verdicts['outline']} of broken outlines, "
            f"**{verdicts['wrong']} wrong**"
        )
        said += [f"  - {where}: {hazard} at {str(question)[:100]}" for hazard, where, question in wrong]
    return said, bad


def brute_force(hazards, kind, questions):
    """What GEOS finds by looking at every hazard, for as many questions as can be waited for."""
    bearable = questions[: max(1, PAIRS_MAX // len(hazards))]
    return [frozenset(judge.expected(hazards, question, KINDS[kind][1])) for question in bearable]
