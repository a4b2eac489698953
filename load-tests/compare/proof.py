"""Proves, before anything is measured, that all proxies answer rightly and do the same work."""

import http.client
import socket
import ssl
import time

from scenario import HEADERS_PATH, IDENTITY, UNKNOWN_HOST, UNKNOWN_PATH

READY_SECONDS = 60
ANSWER_SECONDS = 10


class Unfair(Exception):
    """A wrong answer, or a proxy that does another work than the others."""


class Client:
    """One keep-alive connection to a proxy on loopback."""

    def __init__(self, port, sni=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.connection.sock = socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS)
        self.cipher = None
        if sni:
            context = ssl.create_default_context()
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE  # self-signed, made by us a moment ago
            self.connection.sock = context.wrap_socket(self.connection.sock, server_hostname=sni)
            self.cipher = self.connection.sock.cipher()

    def get(self, host, path):
        """(status, fields, body)"""
        self.connection.request("GET", path, headers={"Host": host, "User-Agent": "wrk", "Accept": "*/*"})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def close(self):
        self.connection.close()


def client(scenario, port):
    return Client(port, scenario.routes[0].host if scenario.tls else None)


def await_first_answer(scenario, port, process, pause_seconds=0.01):
    """Until the first route answers 200; returns the seconds since the process was started."""
    route = scenario.routes[0]
    while time.monotonic() < process.started + READY_SECONDS:
        process.check_alive()
        try:
            asked = client(scenario, port)
            status = asked.get(route.host, route.path)[0]
            asked.close()
            if status == 200:
                return time.monotonic() - process.started
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(pause_seconds)
    raise RuntimeError(f"{process.name} did not answer 200 within {READY_SECONDS} s")


def prove(scenario, name, port):
    """Asks for every route once, and for what no route takes. Returns what has to be equal in all proxies."""
    asked = client(scenario, port)
    for route in scenario.routes:
        status, fields, body = asked.get(route.host, route.path)
        told = fields["x-route"] if scenario.from_file else route.key
        if status != 200 or body != scenario.body(route) or told != route.key:
            raise Unfair(f"{name}: {route.host}{route.path} got {status} {told} {body[:80]}, expected {route.key}")
    for host, path in ((UNKNOWN_HOST, scenario.routes[0].path), (scenario.routes[0].host, UNKNOWN_PATH)):
        status = asked.get(host, path)[0]
        if status != 404:
            raise Unfair(f"{name}: {host}{path} is no route and got {status}, expected 404")
    first, second = (headers_seen(asked, name, scenario.routes[0]) for _ in range(2))
    if first.pop("X-Request-ID") == second.pop("X-Request-ID"):
        raise Unfair(f"{name}: two requests got one X-Request-ID")
    if asked.cipher:
        first["cipher"] = " ".join(asked.cipher[1::-1])
    asked.close()
    return first


def headers_seen(asked, name, route):
    """What the backend was told about the client, by name."""
    values = asked.get(route.host, route.prefix + HEADERS_PATH)[2].decode().split("|")
    seen = dict(zip(["Host"] + IDENTITY, values, strict=True))
    if not all(seen.values()):
        raise Unfair(f"{name}: the backend misses {[field for field, value in seen.items() if not value]}")
    return seen


def prove_equal(proofs):
    """Every proxy, by name, told the backend the same and agreed to the same cipher."""
    names = list(proofs)
    for name in names[1:]:
        for field, value in proofs[names[0]].items():
            if proofs[name].get(field) != value:
                raise Unfair(f"{field} differs: {names[0]} '{value}', {name} '{proofs[name].get(field)}'")
