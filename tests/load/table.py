"""What was measured, as one Markdown table. What was not measured is not in it."""

import math
from dataclasses import dataclass


@dataclass
class Row:
    """One peer's answer to one kind of question. Times in seconds; None is not printed as a figure."""

    question: str
    peer: str
    asked: int
    times: list = None
    p50: float = None
    p99: float = None
    per_s: float = None
    note: str = ""

    def __post_init__(self):
        if self.times:
            self.p50, self.p99 = percentile(self.times, 0.5), percentile(self.times, 0.99)
            # One client: the inverse of the mean, unless several asked at once.
            self.per_s = self.per_s or len(self.times) / sum(self.times)


def percentile(times, share):
    """The smallest time that at least this share of all does not exceed."""
    ordered = sorted(times)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def figure(number, scale=1.0):
    if number is None:
        return "–"
    number *= scale
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def ratio(ours, theirs):
    return f"{ours / theirs:.2g}" if ours and theirs else "–"


def markdown(rows):
    """Rows in their order; beside each peer ours / theirs, where ours asked the same."""
    lines = [
        "| question | peer | asked | p50 ms | p99 ms | per s | ours/theirs p50 | p99 | per s | |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|---|",
    ]
    ours = {row.question: row for row in rows if row.peer == "minemap"}
    for row in rows:
        own = ours.get(row.question)
        ratios = ["", "", ""]
        if own is not None and own is not row:
            ratios = [ratio(own.p50, row.p50), ratio(own.p99, row.p99), ratio(own.per_s, row.per_s)]
        figures = [figure(row.p50, 1e3), figure(row.p99, 1e3), figure(row.per_s)]
        cells = [row.question, row.peer, f"{row.asked:,}", *figures, *ratios, row.note]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
