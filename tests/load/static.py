"""A bare file server (nginx) that has the very bodies minemap answered: what the machine moves at best."""

import os
import shutil
import subprocess

from client import answers, free_port, stop, wait_until

SETTINGS = """
daemon off;
worker_processes auto;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log error;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    default_type application/vnd.mapbox-vector-tile;
    sendfile on;
    gzip_static on;
    tcp_nopush on;
    keepalive_requests 100000000;
    open_file_cache max=10000 inactive=600s;
    open_file_cache_valid 600s;
    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
}}
"""


class Static:
    """Serves files until it is stopped; `packed` are the same bodies compressed, as minemap sends them."""

    def __init__(self, folder, bodies, packed):
        folder = folder / "nginx"
        for path, body in bodies.items():
            file = folder / "files" / path.lstrip("/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
            file.with_name(file.name + ".gz").write_bytes(packed[path])
        (folder / "files" / "ready").write_bytes(b"ready")
        port = free_port()
        # As root nginx would change to a user of its own, who may not look into this folder.
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(user + SETTINGS.format(folder=folder, port=port))
        self.address = f"http://127.0.0.1:{port}"
        program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
        command = [program, "-p", str(folder), "-e", str(folder / "nginx.log"), "-c", str(folder / "nginx.conf")]
        self.process = subprocess.Popen(command)
        wait_until(lambda: answers(self.address, "/ready"), self.process, 10)

    def stop(self):
        stop(self.process)
