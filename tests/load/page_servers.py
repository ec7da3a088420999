"""Other servers of OGC API Features over the same PostGIS: tipg and pygeoapi, where they are installed."""

import json
import os
import subprocess
import sys
from pathlib import Path

from client import Client, answers, body_of, free_port, stop, wait_until

LIMIT = 1_000


class PageServer:
    """A server of another project, with two workers as on a machine of two cores."""

    def __init__(self, name, command, settings, port, path, ready, folder):
        self.name, self.path = name, path
        self.address = f"http://127.0.0.1:{port}"
        self.log = open(folder / f"{name}.log", "wb")
        self.process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=self.log, stderr=self.log)
        wait_until(lambda: answers(self.address, ready), self.process, 120)
        self.client = Client(self.address)

    def pages(self, box):
        return self.client.get(self.path.format(box=",".join(map(str, box)), limit=LIMIT))

    def found(self, answer):
        page = json.loads(body_of(answer))
        return page["numberMatched"], {name_of(feature) for feature in page["features"]}

    def stop(self):
        stop(self.process)


def name_of(feature):
    """Our external identifier is their identifier; both may repeat it among the properties."""
    return feature["properties"].get("id") or feature["id"]


def start(name, postgis, folder):
    if postgis is None:
        raise RuntimeError(f"{name} reads from PostGIS: ask for --peers postgis,{name}")
    return {"tipg": tipg, "pygeoapi": pygeoapi}[name](postgis, folder)


def program(name):
    """Of the Python that runs this, else from the path."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else name


def tipg(postgis, folder):
    port = free_port()
    settings = {
        "DATABASE_URL": f"postgresql://load@127.0.0.1:{postgis.port}/postgres",
        "TIPG_MAX_FEATURES_PER_QUERY": "10000",
        "TIPG_DB_SCHEMAS": '["public"]',
    }
    command = [program("uvicorn"), "tipg.main:app", "--port", str(port), "--workers", "2", "--log-level", "error"]
    path = "/collections/public.hazardous_areas/items?bbox={box}&limit={limit}"
    return PageServer("tipg", command, settings, port, path, "/healthz", folder)


def pygeoapi(postgis, folder):
    port = free_port()
    configuration, openapi = folder / "pygeoapi.json", folder / "pygeoapi-openapi.yml"
    # What is valid JSON is valid YAML.
    configuration.write_text(json.dumps(pygeoapi_settings(postgis, port)))
    settings = {"PYGEOAPI_CONFIG": str(configuration), "PYGEOAPI_OPENAPI": str(openapi)}
    made = subprocess.run(
        [program("pygeoapi"), "openapi", "generate", str(configuration), "--output-file", str(openapi)],
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
    )
    if made.returncode:
        raise RuntimeError(f"pygeoapi: {made.stderr[-2000:]}")
    command = [program("gunicorn"), "pygeoapi.flask_app:APP", "--bind", f"127.0.0.1:{port}", "--workers", "2"]
    path = "/collections/hazardous_areas/items?bbox={box}&limit={limit}&f=json"
    return PageServer("pygeoapi", command, settings, port, path, "/conformance?f=json", folder)


def pygeoapi_settings(postgis, port):
    described = {"title": "load", "description": "load", "keywords": ["load"]}
    provider = {
        "type": "feature",
        "name": "PostgreSQL",
        "data": {"host": "127.0.0.1", "port": postgis.port, "dbname": "postgres", "user": "load", "password": "", "search_path": ["public"]},
        "id_field": "id",
        "table": "hazardous_areas",
        "geom_field": "geom",
    }
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": f"http://127.0.0.1:{port}",
            "mimetype": "application/json",
            "encoding": "utf-8",
            "languages": ["en"],
            "limits": {"default_items": 10, "max_items": 10_000},
            "map": {"url": "", "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {**described, "terms_of_service": "", "url": ""},
            "license": {"name": "", "url": ""},
            "provider": {"name": "", "url": ""},
            "contact": {"name": ""},
        },
        "resources": {
            "hazardous_areas": {
                "type": "collection",
                **described,
                "links": [],
                "extents": {"spatial": {"bbox": [-180, -90, 180, 90], "crs": "http://www.opengis.net/def/crs/OGC/1.3/CRS84"}},
                "providers": [provider],
            }
        },
    }
