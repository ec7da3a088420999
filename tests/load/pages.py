"""Pages of up to 1,000 hazardous areas in a box, as QGIS and other clients of OGC API Features ask for them."""

import json

import asking
from client import Client, body_of
from table import Row

LIMIT = 1_000


class MinemapPages:
    """Our own pages."""

    name = "minemap"

    def __init__(self, register):
        self.client = Client(register.address)

    def pages(self, box):
        around = ",".join(map(str, box))
        return self.client.get(f"/ogc/collections/hazardous-areas/items?bbox={around}&limit={LIMIT}")

    def found(self, answer):
        """How many there are in all, and those with a place by name (a box holds those without one, too)."""
        page = json.loads(body_of(answer))
        placed = [feature for feature in page["features"] if feature["geometry"]]
        return page["numberMatched"], {feature["properties"]["external_id"] for feature in placed}


def measure(register, postgis, others, boxes, folder, running):
    """Rows, sentences, and whether anything is wrong. Peers that are servers stand in `running` to be stopped."""
    peers = [MinemapPages(register)]
    if others:
        from page_servers import start

        started = [start(name, postgis, folder) for name in others]
        running += started
        peers += started
    asking.measure(peers, ["pages"], boxes[: max(1, len(boxes) // 10)])
    times, raw = asking.measure(peers, ["pages"], boxes)
    rows, pages = [], {}
    for peer in peers:
        pages[peer.name] = [peer.found(answer) for answer in raw[peer.name, "pages"]]
        size = sum(len(answer[1]) for answer in raw[peer.name, "pages"]) / len(boxes)
        note = f"limit {LIMIT:,}; {size / 1e3:,.0f} kB on average"
        rows.append(Row("a page of hazardous areas in a box", peer.name, len(boxes), times[peer.name, "pages"], note=note))
    return rows, *compare(pages)


def compare(pages):
    """Only where all of a box fits a page can two servers list the same; elsewhere any 1,000 are right."""
    said, bad = [], False
    for name, theirs in pages.items():
        if name == "minemap":
            continue
        whole = [(ours[1], other[1]) for ours, other in zip(pages["minemap"], theirs) if max(ours[0], other[0]) <= LIMIT]
        differ = sum(len(ours ^ other) for ours, other in whole)
        said.append(f"- pages: minemap and {name} list the same in {len(whole)} boxes that fit a page, but for {differ} records")
        bad = bad or differ > 0
    return said, bad
