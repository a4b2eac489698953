#!/usr/bin/env python3
"""Random Ingresses through the webhook, then stored without it: what it answers is what the controller says in Events.

Usage: agree.py PKI COUNT SEED STEP ANSWERS, in the network of a cluster, of which PKI has the certificates
       STEP ask      asks about each by a dry run, and keeps the answers in a file
       STEP store    stores each, while the webhook is down
       STEP compare  waits for the Events, and compares; ends with 1 when one differs
"""
import http.client
import json
import random
import ssl
import sys
import time

SERVER = "10.99.0.1", 6443
INGRESSES = "/apis/networking.k8s.io/v1/namespaces/shop/ingresses"
EVENTS = "/apis/events.k8s.io/v1/namespaces/shop/events?limit=500"
NGINX = "nginx.ingress.kubernetes.io/"
JUDGED_MIN = 0.9  # of all; others the API server itself refuses
COMPARED_CHARS = 250  # a long warning is cut after 256, an Event after 1024 bytes
SETTLED_SECONDS = 5  # the controller writes an Event every 0.2 s
SETTLED_MAX_SECONDS = 180

# What is said of Secrets' contents and of endpoints is the controller's alone.
OF_THE_CONTROLLER = ("BadCertificate", "NoEndpoints")

ANNOTATIONS = [
    ("ssl-redirect", "false"), ("proxy-body-size", "8m"), ("proxy-read-timeout", "30"), ("force-ssl-redirect", "false"),
]
BAD_ANNOTATIONS = [
    ("proxy-read-timeout", "soon"), ("proxy-body-size", "-1q"), ("whitelist-source-range", "10.0.0.0/33"), ("denylist-source-range", "all"),
    ("permanent-redirect", "javascript:alert(1)"), ("permanent-redirect-code", "999"), ("temporal-redirect", "//evil"), ("app-root", "nowhere"),
    ("configuration-snippet", "deny all;"), ("server-snippet", "}"), ("rewrite-target", '/$1"; }'), ("use-regex", "perhaps"),
    ("auth-url", "http://x/\nproxy_pass http://y"), ("auth-type", "basic"), ("auth-secret", "other/basic"), ("auth-tls-secret", "other/ca"),
    ("whitelist-source-rang", "10.0.0.0/8"), ("cors-allow-origin", "(a+)+$"), ("enable-cors", "true"), ("canary", "perhaps"),
    ("canary-weight", "200"), ("limit-rps", "many"), ("limit-connections", "5"), ("affinity", "cookie"), ("backend-protocol", "FCGI"),
    ("custom-http-errors", "99"), ("upstream-vhost", "x y"), ("mirror-target", "http://x"), ("ssl-passthrough", "true"), ("satisfy", "any"),
]
BAD_PATHS = ["/a/../b", "/a//b", "/" + "x" * 5000, "/${x}", "/a b", "/%2e%2e/", "/\"x", "/{}"]
EXPRESSIONS = ["/x(", "/a[", "/(?<n>x)", "/a{2000}", "/ok.*", "/(?=a)", "/(a+)+$"]
FAULTS = ["annotation", "annotation", "service", "port", "expression", "path", "host", "class", "twice", "default"]


def ingress(number, rnd):
    """One of what authors write, with up to two things that may be wrong. Hosts are its own, so that none has a say in another's."""
    host, class_name = f"r{number}.test", "penstock"
    paths, annotations, spec = [], {}, {}
    for each in range(rnd.randint(1, 4)):
        kind = rnd.choice(["Prefix", "Exact", "ImplementationSpecific"])
        paths.append(path(f"/{'api/' * rnd.randint(0, 2)}p{each}", kind, rnd.choice(["web", "api"])))
    if rnd.random() < 0.4:
        annotate(annotations, rnd.choice(ANNOTATIONS))
    faults = rnd.sample(FAULTS, rnd.choice([0, 0, 1, 2]))
    if "annotation" in faults:
        annotate(annotations, rnd.choice(BAD_ANNOTATIONS))
    if "service" in faults:
        paths.append(path("/gone", "Prefix", "nowhere"))
    if "port" in faults:
        paths.append(path("/port", "Prefix", "web", {"name": "admin"}))
    if "expression" in faults:
        annotate(annotations, ("use-regex", "true"))
        paths.append(path(rnd.choice(EXPRESSIONS), "ImplementationSpecific", "web"))
    if "path" in faults:
        paths.append(path(rnd.choice(BAD_PATHS), "ImplementationSpecific", "web"))
    if "host" in faults:
        host = rnd.choice([f"*.r{number}.test", f"{'a' * 63}.r{number}.test"])
    if "class" in faults:
        class_name = "somebody-else"
    if "twice" in faults:
        paths.append(path(paths[0]["path"], paths[0]["pathType"], rnd.choice(["web", "api"])))
    if "default" in faults and "annotation" not in faults:  # which may close what others fall back to
        spec["defaultBackend"] = path("/", "Prefix", rnd.choice(["web", "nowhere"]))["backend"]
    if rnd.random() < 0.1:  # what another one has, or has not
        host, class_name, annotations, spec = f"base{rnd.randint(0, 9)}.test", "penstock", {}, {}
        paths = [path(rnd.choice(["/taken", f"/free{number}"]), "Prefix", rnd.choice(["web", "api"]))]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": f"r{number}", "namespace": "shop", "annotations": annotations},
        "spec": {"ingressClassName": class_name, "rules": [{"host": host, "http": {"paths": paths}}], **spec},
    }


def annotate(annotations, pair):
    annotations[NGINX + pair[0]] = pair[1]


def path(text, kind, service, port=None):
    return {"path": text, "pathType": kind, "backend": {"service": {"name": service, "port": port or {"number": 80}}}}


def ingresses(count, seed):
    rnd = random.Random(seed)
    return [ingress(number, rnd) for number in range(count)]


class Api:
    def __init__(self, pki):
        context = ssl.create_default_context(cafile=f"{pki}/ca.crt")
        context.load_cert_chain(f"{pki}/admin.crt", f"{pki}/admin.key")
        self.connection = http.client.HTTPSConnection(*SERVER, context=context, timeout=30)

    def send(self, method, url, body=None):
        """Status, answer, and warnings."""
        self.connection.request(method, url, json.dumps(body) if body else None, {"Content-Type": "application/json"})
        response = self.connection.getresponse()
        warnings = [warning(line) for line in response.headers.get_all("Warning") or []]
        return response.status, json.load(response), warnings

    def events(self):
        """Of each Ingress what its Events say; and how many there are, of whatever."""
        said, count, more = {}, 0, ""
        while True:
            _, page, _ = self.send("GET", EVENTS + more)
            count += len(page["items"])
            for event in page["items"]:
                about = event["regarding"]
                if about["kind"] == "Ingress" and event["type"] == "Warning" and event["reason"] not in OF_THE_CONTROLLER:
                    said.setdefault(about["name"], set()).add(event["note"][:COMPARED_CHARS])
            if not page["metadata"].get("continue"):
                return count, said
            more = "&continue=" + page["metadata"]["continue"]

    def settled_events(self):
        begun = since = time.monotonic()
        before = None
        while time.monotonic() - since < SETTLED_SECONDS:
            if time.monotonic() - begun > SETTLED_MAX_SECONDS:
                sys.exit("the Events do not come to an end")
            time.sleep(1)
            now = self.events()
            if now != before:
                before, since = now, time.monotonic()
        return before[1]


def warning(line):
    """Of 299 - "text": a quote and a backslash have a backslash before them; the bytes are UTF-8, which Python reads as Latin-1."""
    return json.loads(line.encode("latin-1").decode("utf-8").split(" ", 2)[2])


def is_refused_by_server(status, answer):
    return status == 422 and "admission webhook" not in answer["message"]


def ask(api, objects, path):
    answers = {}
    for each in objects:
        status, answer, warnings = api.send("POST", INGRESSES + "?dryRun=All", each)
        if is_refused_by_server(status, answer):
            continue
        denied = answer["message"].split("denied the request: ", 1)[1].split("\n") if status != 201 else []
        answers[each["metadata"]["name"]] = {"denied": denied, "warned": warnings}
    with open(path, "w", encoding="utf-8") as out:
        json.dump(answers, out)
    denied = sum(bool(answer["denied"]) for answer in answers.values())
    warned = sum(bool(answer["warned"]) for answer in answers.values())
    print(f"{len(answers)} random Ingresses were judged: {denied} denied, {warned} warned of")
    return denied and warned and len(answers) >= JUDGED_MIN * len(objects)


def store(api, objects, _):
    stored = 0
    for each in objects:
        status, answer, _ = api.send("POST", INGRESSES, each)
        stored += status == 201
        if status != 201 and not is_refused_by_server(status, answer):
            sys.exit(f"{each['metadata']['name']} cannot be stored: {answer}")
    print(f"{stored} of them were stored while it was down")
    return stored


def compare(api, _, path):
    with open(path, encoding="utf-8") as kept:
        answers = json.load(kept)
    said = api.settled_events()
    differ = 0
    for name, answer in answers.items():
        lines = answer["denied"] + [line for line in answer["warned"] if not line.startswith("requests to ")]
        lines = {line[:COMPARED_CHARS] for line in lines}
        shown = said.get(name, set())
        if lines != shown:
            differ += 1
            print(f"{name}:\n  webhook alone: {sorted(lines - shown)}\n  Events alone:  {sorted(shown - lines)}")
    events = sum(len(said.get(name, ())) for name in answers)
    print(f"of {len(answers)} Ingresses, {differ} have other Events than what the webhook answered ({events} Events)")
    return not differ


def main():
    pki, count, seed, step, path = sys.argv[1:]
    steps = {"ask": ask, "store": store, "compare": compare}
    return 0 if steps[step](Api(pki), ingresses(int(count), int(seed)), path) else 1


if __name__ == "__main__":
    sys.exit(main())
