"""The proxies that are compared, each set up to do the same work: the same routes, headers, log and limits."""

import json
import re
import shlex
import urllib.request
from pathlib import Path

from processes import Process
from scenario import IDENTITY, nginx_main

# Penstock's limit of requests over one connection, on both sides.
REQUESTS_PER_CONNECTION = 10_000
# One cipher for all: what wrk's OpenSSL asks for first, which Penstock's BoringSSL follows.
CIPHER = "TLS_AES_256_GCM_SHA384"
HSTS = "max-age=31536000; includeSubDomains"  # Penstock adds it to answers over TLS


class Proxy:
    """What they have in common: a scenario's bench, and a file that the access log goes to."""

    name = ""
    is_jvm = False

    def __init__(self, bench):
        self.bench = bench

    def log_file(self):
        return self.bench.directory / f"{self.name}.log"


class Nginx(Proxy):
    name = "nginx"

    def start(self, cpu):
        bench, directory = self.bench, self.bench.directory
        config = directory / "nginx.conf"
        config.write_text(self.config(bench.scenario, bench.services, bench.port_of(self.name)))
        return Process(self.name, ["nginx", "-e", directory / "nginx.err", "-p", directory, "-c", config], cpu,
                       directory / "nginx.out")

    def config(self, scenario, services, port):
        directory = self.bench.directory
        upstreams = "".join(
            f"  upstream {name} {{ server 127.0.0.1:{to}; keepalive 128; "
            f"keepalive_requests {REQUESTS_PER_CONNECTION}; }}\n" for name, to in services.items())
        identity = {
            "X-Real-IP": "$remote_addr", "X-Forwarded-For": "$remote_addr", "X-Forwarded-Proto": "$scheme",
            "X-Forwarded-Host": "$http_host", "X-Forwarded-Port": "443" if scenario.tls else "80",
            "X-Forwarded-Scheme": "$scheme", "X-Scheme": "$scheme", "X-Request-ID": "$request_id",
        }
        headers = "".join(f"  proxy_set_header {name} {identity[name]};\n" for name in IDENTITY)
        tls = f"""
  ssl_certificate {self.bench.certificate[0]};
  ssl_certificate_key {self.bench.certificate[1]};
  ssl_protocols TLSv1.3;
  ssl_conf_command Ciphersuites {CIPHER};
  add_header Strict-Transport-Security "{HSTS}" always;""" if scenario.tls else ""
        # ingress-nginx's format. Buffered, as Penstock's log is, too.
        log = f"""
  log_format full '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" '
    '"$http_user_agent" $request_length $request_time [$proxy_host] [] $upstream_addr $upstream_response_length '
    '$upstream_response_time $upstream_status $request_id';
  access_log {self.log_file()} full buffer=64k flush=1s;""" if scenario.log else "\n  access_log off;"
        listen = f"127.0.0.1:{port}"
        servers = []
        for host, routes in scenario.by_host.items():
            locations = "".join(f"    location {r.prefix}/ {{ proxy_pass http://{r.service}; }}\n" for r in routes)
            servers.append(f"  server {{\n    listen {listen}{' ssl' if scenario.tls else ''};\n"
                           f"    server_name {host};\n{locations}    location / {{ return 404; }}\n  }}\n")
        return f"""{nginx_main(directory, self.name)}{tls}{log}
  server_names_hash_max_size 65536;
  server_names_hash_bucket_size 128;
  keepalive_requests {REQUESTS_PER_CONNECTION};
  tcp_nodelay on;
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
{headers}  proxy_buffers 16 8k;
  proxy_max_temp_file_size 0;
{upstreams}  server {{
    listen {listen}{' ssl' if scenario.tls else ''} default_server backlog=4096;
    return 404;
  }}
{"".join(servers)}}}
"""


class HaProxy(Proxy):
    name = "haproxy"

    def start(self, cpu):
        bench, directory = self.bench, self.bench.directory
        config = directory / "haproxy.cfg"
        (directory / "haproxy.map").write_text("".join(f"{r.host}{r.prefix}/ {r.service}\n" for r in bench.scenario.routes))
        config.write_text(self.config(bench.scenario, bench.services, bench.port_of(self.name)))
        return Process(self.name, ["haproxy", "-db", "-f", config], cpu, self.log_file())

    def config(self, scenario, services, port):
        directory = self.bench.directory
        tls = ""
        if scenario.tls:
            pem = directory / "haproxy.pem"
            pem.write_text("".join(Path(p).read_text() for p in self.bench.certificate))
            tls = f" ssl crt {pem} ssl-min-ver TLSv1.3 ciphersuites {CIPHER} alpn http/1.1"
        scheme = "https" if scenario.tls else "http"
        identity = {
            "X-Real-IP": "%[src]", "X-Forwarded-For": "%[src]", "X-Forwarded-Proto": scheme,
            "X-Forwarded-Host": "%[req.hdr(host)]", "X-Forwarded-Port": "443" if scenario.tls else "80",
            "X-Forwarded-Scheme": scheme, "X-Scheme": scheme, "X-Request-ID": "%[unique-id]",
        }
        headers = "".join(f"  http-request set-header {name} {identity[name]}\n" for name in IDENTITY)
        if scenario.tls:
            headers += f'  http-response set-header Strict-Transport-Security "{HSTS}"\n'
        # The fields of the other two; HAProxy itself knows no buffered file, so a line is a write.
        log = """  log stdout format raw local0
  log-format '%ci - - [%trg] "%HM %HU %HV" %ST %B "%[capture.req.hdr(0)]" "%[capture.req.hdr(1)]" %U %Ta [%b] [] %si:%sp %B %Tr %ST %ID'
  capture request header Referer len 256
  capture request header User-Agent len 256
""" if scenario.log else ""
        backends = "".join(f"backend {name}\n  http-reuse always\n  server {name} 127.0.0.1:{to} pool-purge-delay 1h\n"
                           for name, to in services.items())
        return f"""global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 75s
  timeout server 60s
  timeout http-keep-alive 75s
frontend all
  bind 127.0.0.1:{port} backlog 4096{tls}
  unique-id-format %[uuid()]
{log}{headers}  use_backend %[base,map_beg({directory}/haproxy.map)]
  default_backend none
backend none
  http-request return status 404
{backends}"""


class Penstock(Proxy):
    """
    One variant of Penstock. Its text is what would stand on a shell's line: VARIABLE=VALUE words, then flags of
    `penstock run`. The word PENSTOCK=FILE names another launcher than this tree's.
    """

    is_jvm = True

    def __init__(self, bench, name="penstock", words="", launcher=None):
        super().__init__(bench)
        self.name = name
        self.env, self.flags = variant_words(words)
        self.launcher = self.env.pop("PENSTOCK", launcher)
        self.admin_port = None

    def start(self, cpu):
        bench, directory = self.bench, self.bench.directory
        manifests = directory / f"manifests-{self.name}"
        manifests.mkdir(exist_ok=True)
        (manifests / "all.yaml").write_text(self.manifests(bench.scenario, bench.services))
        self.admin_port = bench.port_of(self.name + " admin")
        this, other = ("https", "http") if bench.scenario.tls else ("http", "https")
        command = [
            self.launcher, "run", "--config", manifests, "--bind", "127.0.0.1", f"--{this}-port", bench.port_of(self.name),
            f"--{other}-port", 0, "--admin-port", self.admin_port, "--drain-min", "0s",
            *([] if cpu is None else ["--event-loops", 1]),
            *([] if bench.scenario.log else ["--no-access-log"]), *self.flags]
        return Process(self.name, command, cpu, self.log_file(), self.env)

    def manifests(self, scenario, services):
        documents = [
            f"apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n  annotations:\n"
            f"    penstock.dev/endpoints: 127.0.0.1:{port}\nspec:\n  ports:\n    - port: 80\n"
            for name, port in services.items()]
        if scenario.tls:
            crt, key = (json.dumps(Path(p).read_text()) for p in self.bench.certificate)
            documents.append("apiVersion: v1\nkind: Secret\nmetadata:\n  name: bench\ntype: kubernetes.io/tls\n"
                             f"stringData:\n  tls.crt: {crt}\n  tls.key: {key}\n")
        for host, routes in scenario.by_host.items():
            tls = f"  tls:\n    - hosts: [{host}]\n      secretName: bench\n" if scenario.tls else ""
            paths = "".join(
                f"          - path: {r.prefix}\n            pathType: Prefix\n            backend:\n              service:\n"
                f"                name: {r.service}\n                port:\n                  number: 80\n" for r in routes)
            documents.append(
                f"apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: {host.split('.')[0]}\nspec:\n{tls}"
                f"  rules:\n    - host: {host}\n      http:\n        paths:\n{paths}")
        return "---\n".join(documents)

    def metric(self, name):
        """The sum of a metric's series on the admin port; None when this Penstock does not have it."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}/metrics", timeout=10) as answer:
            return sum_of_metric(answer.read().decode(), name)


def sum_of_metric(text, name):
    values = re.findall(rf"^{re.escape(name)}(?:\{{.*\}})? (\S+)$", text, re.MULTILINE)
    return sum(float(value) for value in values) if values else None


def variant_words(text):
    """('A=B --flag x') to ({'A': 'B'}, ['--flag', 'x']), quoted as in a shell."""
    words, env = shlex.split(text), {}
    while words and re.match(r"[A-Za-z_]\w*=", words[0]):
        name, value = words.pop(0).split("=", 1)
        env[name] = value
    return env, words
