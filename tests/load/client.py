"""One keep-alive HTTP connection, by libcurl: cheaper than http.client, so that its own share of a time is small."""

import io
import socket
import time

import pycurl


class Client:
    """Asks one server, one request after the other."""

    def __init__(self, address, headers=()):
        self.address = address
        self.curl = pycurl.Curl()
        self.curl.setopt(pycurl.HTTPHEADER, list(headers))
        self.curl.setopt(pycurl.TIMEOUT, 300)
        self.curl.setopt(pycurl.NOSIGNAL, 1)

    def get(self, path):
        """Status and body."""
        self.curl.setopt(pycurl.HTTPGET, 1)
        return self._ask(path)

    def post(self, path, body):
        self.curl.setopt(pycurl.POST, 1)
        self.curl.setopt(pycurl.POSTFIELDS, body)
        return self._ask(path)

    def _ask(self, path):
        body = io.BytesIO()
        self.curl.setopt(pycurl.URL, self.address + path)
        self.curl.setopt(pycurl.WRITEFUNCTION, body.write)
        self.curl.perform()
        return self.curl.getinfo(pycurl.RESPONSE_CODE), body.getvalue()


def body_of(answer):
    """The body of an answer that must be good."""
    status, body = answer
    if status not in (200, 201, 204):
        raise RuntimeError(f"status {status}: {body[:500]!r}")
    return body


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until(is_ready, process, seconds):
    """Seconds until a started server answers."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args[0]} ended with {process.returncode}")
        if is_ready():
            return time.perf_counter() - begun
        time.sleep(0.005)
    raise RuntimeError(f"{process.args[0]} does not answer after {seconds} s")


def answers(address, path):
    """Whether a server answers this with 200."""
    try:
        return Client(address).get(path)[0] == 200
    except pycurl.error:
        return False


def stop(process):
    process.terminate()
    try:
        process.wait(60)
    except Exception:
        process.kill()
        process.wait()
