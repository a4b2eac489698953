"""What is asked for: the routes of a scenario, the answer that each has to give, and the backend that gives them."""

import os
import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

# A route's service is (host + path) % SERVICES, so that a neighbouring host or path is always another one and a wrong
# route is seen in the body. Four, because every service needs idle connections of its own at the backend.
SERVICES = 4
PATHS_PER_HOST = 10

# nginx takes no longer text in its configuration; longer answers are files.
TEXT_BYTES_MAX = 2048
NGINX_TEMPORARY = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]

UNKNOWN_HOST = "nobody.bench.test"
UNKNOWN_PATH = "/unknown/item"

# What every proxy has to tell the backend about the client, besides Host: the set that Penstock sends.
IDENTITY = [
    "X-Real-IP", "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Scheme",
    "X-Scheme", "X-Request-ID",
]
HEADERS_PATH = "/headers"

NAME = re.compile(r"(plain|tls)-(\d+)([km]?)-(\d+)(-log)?")

# A TLS handshake for each request.
HANDSHAKE = "handshake"

# The headline first. Any other name of this form can be asked for, too.
DEFAULT = ["plain-128-1000", "plain-128-1000-log", "tls-128-1000", "plain-64k-1000", "tls-64k-1000", "plain-128-2",
           HANDSHAKE]
QUICK = ["plain-128-1000", "tls-128-1000", "plain-64k-1000"]


@dataclass(frozen=True)
class Route:
    host: str
    prefix: str
    service: str

    @property
    def path(self):
        return self.prefix + "/item"

    @property
    def key(self):
        return f"{self.service} {self.host}{self.path}"


@dataclass(frozen=True)
class Scenario:
    """(plain|tls)-BYTES[k|m]-ROUTES[-log]: HTTP/1.1 with answers of so many bytes, spread over all routes."""

    name: str
    tls: bool
    body_bytes: int
    routes: tuple
    log: bool
    handshakes: bool = False

    @staticmethod
    def of(name):
        if name == HANDSHAKE:
            return replace(Scenario.of("tls-128-1000"), name=name, handshakes=True)
        match = NAME.fullmatch(name)
        if not match:
            raise ValueError(f"no scenario '{name}': use (plain|tls)-BYTES[k|m]-ROUTES[-log], such as {DEFAULT[0]}")
        kind, size, unit, count, log = match.groups()
        body_bytes = int(size) * {"": 1, "k": 1024, "m": 1024 * 1024}[unit]
        if not 64 <= body_bytes <= 64 * 1024 * 1024:
            raise ValueError(f"scenario '{name}': the answer has to have 64 bytes to 64m")
        if not 1 <= int(count) <= 100_000:
            raise ValueError(f"scenario '{name}': the number of routes has to be 1 to 100,000")
        routes = []
        for i in range(int(count)):
            host, path = divmod(i, PATHS_PER_HOST)
            routes.append(Route(f"h{host:05}.bench.test", f"/r{path}", f"s{(host + path) % SERVICES}"))
        return Scenario(name, kind == "tls", body_bytes, tuple(routes), log is not None)

    @property
    def by_host(self):
        hosts = {}
        for route in self.routes:
            hosts.setdefault(route.host, []).append(route)
        return hosts

    @property
    def from_file(self):
        return self.body_bytes > TEXT_BYTES_MAX

    def body(self, route):
        """The answer that the backend gives for this route."""
        if self.from_file:
            line = f"{route.service} of a body as long as {self.body_bytes} bytes\n".encode()
            return (line * (self.body_bytes // len(line) + 1))[: self.body_bytes]
        return route.key.ljust(self.body_bytes, ".").encode()

    def describe(self):
        return (
            f"HTTP/1.1{' over TLS 1.3' if self.tls else ''}, answers of {self.body_bytes:,} bytes, "
            f"{len(self.routes):,} routes on {len(self.by_host):,} hosts, access log {'to a file' if self.log else 'off'}"
            + (", a full handshake for each request" if self.handshakes else "")
        )

    def write(self, directory):
        """Writes what spread.lua reads. The order is a walk with a stride, so that neighbours do not follow each other."""
        count = len(self.routes)
        stride = next(s for s in range(count * 5 // 8 + 1, 2 * count + 2) if coprime(s, count))
        lines = []
        for i in range(count):
            route = self.routes[i * stride % count]
            key = route.key if self.from_file else self.body(route).decode()
            lines.append(f"{route.host} {route.path} {route.service} {key}\n")
        (directory / "routes.txt").write_text("".join(lines))
        if self.from_file:
            for route in {r.service: r for r in self.routes}.values():
                (directory / f"{route.service}.bin").write_bytes(self.body(route))


def coprime(a, b):
    while b:
        a, b = b, a % b
    return a == 1


def backend_config(scenario, directory, ports, status_port):
    """An nginx with one port for each service, which says in every answer what it was asked for."""
    servers = []
    for service, port in ports.items():
        echo = "|".join(f"$http_{name.lower().replace('-', '_')}" for name in IDENTITY)
        if scenario.from_file:
            answer = f"add_header x-route '{service} $http_host$request_uri'; try_files /{service}.bin =404;"
        else:
            # All names are of one length, so the text is, too.
            dots = "." * (scenario.body_bytes - len(scenario.routes[0].key))
            answer = f"return 200 '{service} $http_host$request_uri{dots}';"
        servers.append(f"""
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    root {directory};
    location / {{ {answer} }}
    location ~ {HEADERS_PATH}$ {{ return 200 '$http_host|{echo}'; }}
  }}""")
    return f"""{nginx_main(directory, "backend")}  access_log off;
  default_type text/plain;
  server_tokens off;
  sendfile on;
  tcp_nopush on;
  open_file_cache max=100;
  keepalive_timeout 1h;
  keepalive_requests 1000000000;
{"".join(servers)}
  server {{
    listen 127.0.0.1:{status_port};
    location / {{ stub_status; }}
  }}
}}
"""


def nginx_main(directory, name):
    """The lines that any nginx here begins with: one worker, and every file in our directory."""
    user = "user root;\n" if os.geteuid() == 0 else ""
    own = "".join(f"  {of}_temp_path {directory}/{name}.{of};\n" for of in NGINX_TEMPORARY)
    return f"""{user}daemon off;
worker_processes 1;
pid {directory}/{name}.pid;
error_log {directory}/{name}.err warn;
events {{ worker_connections 4096; }}
http {{
{own}"""


def certificate(directory):
    """One self-signed ECDSA P-256 certificate for all hosts: (certificate, key)."""
    crt, key = directory / "bench.crt", directory / "bench.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
         "-subj", "/CN=bench.test", "-addext", "subjectAltName=DNS:*.bench.test", "-keyout", str(key), "-out", str(crt)],
        check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return Path(crt), Path(key)
