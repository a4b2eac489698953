"""One scenario: starts all, proves fairness, warms up, measures in alternating rounds."""

import json
import random
import re
import resource
import shutil
import socket
import statistics
import subprocess
import time
import urllib.request
from pathlib import Path

import proof
from processes import Process, busy_seconds_of_machine
from scenario import SERVICES, backend_config

PROXY_CPU, LOAD_CPU = 0, 1
CONNECTIONS = 64
UPSTREAM_CONNECTIONS_MAX = 200
OTHERS_WARNING = 0.10  # of one CPU
SETTLE_SECONDS = 0.2  # after a load: what is under way ends
LOG_SETTLE_SECONDS = 1.5  # nginx's buffer is flushed every second
STRACE_SECONDS = 2
# About a third of a CPU. In small steps: hundreds at once are cut by Penstock's bound of waiting handshakes.
HANDSHAKES_PER_STEP, STEPS_PER_SECOND = 6, 100
WARM_SLICE_SECONDS = 3
COMPILING_MAX = 0.02  # of the time: less in a slice ends the warming
WARM_FACTOR_MAX = 3
ALLOCATED = "penstock_event_loop_allocated_bytes_total"
LOST_LINES = "penstock_access_log_dropped_total"
# Below the ports that the kernel gives to outgoing connections.
PORTS = range(20_000, 32_000)


class Bench:
    """A scenario's directory, ports and backend, and the proxies that it is measured on."""

    def __init__(self, scenario, directory, certificate, plan, say):
        self.scenario, self.directory, self.certificate, self.plan, self.say = scenario, directory, certificate, plan, say
        self.ports = {}
        self.services = {f"s{i}": self.port_of(f"s{i}") for i in range(SERVICES)}

    def port_of(self, name):
        """A free port of loopback, the same one whenever it is asked for by this name."""
        while name not in self.ports:
            port = random.choice(PORTS)
            with socket.socket() as probe:
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
            if port not in self.ports.values():
                self.ports[name] = port
        return self.ports[name]

    def start_backend(self):
        shutil.rmtree(self.directory, ignore_errors=True)
        self.directory.mkdir(parents=True)
        self.scenario.write(self.directory)
        config = self.directory / "backend.conf"
        config.write_text(backend_config(self.scenario, self.directory, self.services, self.port_of("status")))
        return Process("backend", ["nginx", "-e", self.directory / "backend.err", "-p", self.directory, "-c", config],
                       LOAD_CPU, self.directory / "backend.out")

    def backend_counts(self):
        """(connections accepted, requests) at the backend, without those that ask for them."""
        self.status_asked = getattr(self, "status_asked", 0) + 1
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port_of('status')}/", timeout=10) as answer:
            accepted, _handled, requests = stub_status(answer.read().decode())
        return accepted - self.status_asked, requests - self.status_asked

    def load(self, proxy, seconds):
        """The result of one load on one proxy, every answer checked."""
        ask = self.handshakes if self.scenario.handshakes else self.spread
        result = ask(self.port_of(proxy.name), seconds)
        time.sleep(LOG_SETTLE_SECONDS if self.scenario.log else SETTLE_SECONDS)
        return result

    def spread(self, port, seconds):
        """Keep-alive connections and all routes, by wrk; spread.lua checks status and body."""
        scheme, host = "https" if self.scenario.tls else "http", self.scenario.routes[0].host
        said = run_tool(
            "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "-s",
            Path(__file__).with_name("spread.lua"), f"{scheme}://{host}:{port}/", "--", self.directory)
        return json.loads(found(r"^RESULT (.*)$", said)[0])

    def handshakes(self, port, seconds):
        """Connections of one request each, at a fixed rate, by h2load, which counts answers of 200 and the bodies' bytes."""
        route, count = self.scenario.routes[0], HANDSHAKES_PER_STEP * STEPS_PER_SECOND * seconds
        said = run_tool(
            "h2load", "--h1", f"-n{count}", f"-c{count}", f"-r{HANDSHAKES_PER_STEP}",
            f"--rate-period={1000 // STEPS_PER_SECOND}ms", "--connect-to", f"127.0.0.1:{port}",
            f"https://{route.host}/{route.path.lstrip('/')}")
        return handshakes_of_h2load(said, count, self.scenario.body_bytes)


def run_tool(*words):
    done = subprocess.run(
        ["taskset", "-c", str(LOAD_CPU), *map(str, words)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, start_new_session=True)
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]} failed: {done.stdout.strip()[-500:]}")
    return done.stdout


def found(pattern, text):
    match = re.search(pattern, text, re.MULTILINE)
    if not match:
        raise RuntimeError(f"no {pattern} in: {text.strip()[-500:]}")
    return match.groups()


def handshakes_of_h2load(text, count, body_bytes):
    """h2load's figures in the form that spread.lua has; p50 and p99 are not among them, the mean is."""
    failed, errored, timeout = map(int, found(r"(\d+) failed, (\d+) errored, (\d+) timeout", text))
    right, = map(int, found(r"^status codes: (\d+) 2xx", text))
    data, = map(int, found(r"\((\d+)\) data$", text))
    seconds, unit = found(r"^finished in ([\d.]+)(ms|s),", text)
    return {"requests": right, "sent": count, "wrong": count - right + (data != count * body_bytes),
            "example": f"{right} of {count} with 2xx, {data} bytes of bodies", "socket_errors": failed + errored + timeout,
            "seconds": float(seconds) / {"ms": 1000, "s": 1}[unit]}


def stub_status(text):
    """accepts, handled and requests of nginx's stub_status page."""
    return [int(word) for word in text.splitlines()[2].split()]


def measure(bench, proxies):
    """Runs one scenario; the result is ready for JSON."""
    running = {}
    with bench.start_backend() as backend:
        try:
            for proxy in proxies:
                running[proxy.name] = proxy.start(PROXY_CPU)
            return run(bench, proxies, running, backend)
        finally:
            for process in running.values():
                process.stop()


def run(bench, proxies, running, backend):
    scenario, plan, say = bench.scenario, bench.plan, bench.say
    proofs = {}
    for proxy in proxies:
        proof.await_first_answer(scenario, bench.port_of(proxy.name), running[proxy.name])
        proofs[proxy.name] = proof.prove(scenario, proxy.name, bench.port_of(proxy.name))
    proof.prove_equal(proofs)
    say(f"  each of {len(scenario.routes):,} routes answered rightly by all, unknown ones 404, same headers"
        + (f", {next(iter(proofs.values()))['cipher']}" if scenario.tls else ""))
    for proxy in proxies:
        if proxy.is_jvm:
            say(f"  warmed {proxy.name} for {warm(bench, proxy, running[proxy.name])} s")
    rounds = {proxy.name: [] for proxy in proxies}
    for turn in range(plan.rounds + 1):
        for proxy in proxies:
            rounds[proxy.name].append(one_round(bench, proxy, running, backend))
        say(f"  round {turn} of {plan.rounds}: " + ", ".join(
            f"{name} {done[-1]['cpu_us']:.2f}" for name, done in rounds.items()) + " µs of CPU a request"
            + (" (a rehearsal, does not count)" if turn == 0 else ""))
    rounds = {name: done[1:] for name, done in rounds.items()}
    result = {"scenario": scenario.name, "what": scenario.describe(), "headers": proofs, "proxies": {}}
    for proxy in proxies:
        result["proxies"][proxy.name] = {
            **summary(rounds[proxy.name]), "rss_mb": running[proxy.name].rss_bytes() / 1e6,
            "rounds": rounds[proxy.name]}
    for proxy in proxies:
        result["proxies"][proxy.name]["system_calls"] = system_calls(bench, proxy, running[proxy.name])
    return result


def warm(bench, proxy, process):
    """Loads a JVM as long as the plan says, and then until it compiles no more; returns the seconds."""
    seconds = bench.plan.warm_seconds
    most = WARM_FACTOR_MAX * seconds
    bench.load(proxy, seconds)
    while seconds < most:
        before = process.compiler_seconds()
        bench.load(proxy, WARM_SLICE_SECONDS)
        seconds += WARM_SLICE_SECONDS
        if process.compiler_seconds() - before < COMPILING_MAX * WARM_SLICE_SECONDS:
            break
    return seconds


def one_round(bench, proxy, running, backend):
    process = running[proxy.name]
    ours = [backend, *running.values()]
    take_log_lines(bench, proxy)
    lost, allocated = metric(proxy, LOST_LINES), metric(proxy, ALLOCATED)
    before, cpu = snapshot(bench, ours), process.cpu_seconds()
    result = bench.load(proxy, bench.plan.round_seconds)
    cpu = process.cpu_seconds() - cpu
    after = snapshot(bench, ours)
    allocated_after = metric(proxy, ALLOCATED)
    accepted, requests = (after[key] - before[key] for key in ("accepted", "requests"))
    seconds = after["time"] - before["time"]
    if result["wrong"]:
        raise proof.Unfair(f"{proxy.name}: {result['wrong']} wrong answers, the first: {result['example']}")
    if result["socket_errors"]:
        raise proof.Unfair(f"{proxy.name}: {result['socket_errors']} connections failed or timed out")
    if not result["requests"] <= requests <= result["sent"]:
        raise proof.Unfair(f"{proxy.name}: {result['sent']} requests sent, {result['requests']} answered, but the backend "
                           f"saw {requests}")
    if accepted > UPSTREAM_CONNECTIONS_MAX:
        raise proof.Unfair(f"{proxy.name}: opened {accepted} connections to the backend, at most {UPSTREAM_CONNECTIONS_MAX} "
                           "are upstream keep-alive")
    round_ = {
        "cpu_us": cpu / result["requests"] * 1e6,
        "proxy_busy": cpu / result["seconds"],
        "others_busy": max(0.0, after["busy"] - before["busy"] - (after["ours"] - before["ours"])) / seconds,
        "stolen": (after["stolen"] - before["stolen"]) / seconds,
        "upstream_connections": accepted,
        **{key: result[key] for key in ("requests", "seconds", "p50_ms", "p99_ms") if key in result},
    }
    if allocated is not None and allocated_after is not None:
        round_["allocated_bytes"] = (allocated_after - allocated) / result["requests"]
    if bench.scenario.log:
        lost = (metric(proxy, LOST_LINES) or 0) - (lost or 0)
        lines = take_log_lines(bench, proxy) + lost
        if not result["requests"] <= lines <= result["sent"]:
            raise proof.Unfair(f"{proxy.name}: {result['requests']} to {result['sent']} requests, but {lines:.0f} log lines")
        round_["log_lines_lost"] = lost
    return round_


def snapshot(bench, ours):
    accepted, requests = bench.backend_counts()
    busy, stolen = busy_seconds_of_machine()
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    self = resource.getrusage(resource.RUSAGE_SELF)
    own = sum(usage.ru_utime + usage.ru_stime for usage in (children, self))
    return {"accepted": accepted, "requests": requests, "busy": busy, "stolen": stolen, "time": time.monotonic(),
            "ours": own + sum(process.cpu_seconds() for process in ours)}


def metric(proxy, name):
    return proxy.metric(name) if proxy.is_jvm else None


def take_log_lines(bench, proxy):
    """How many lines were logged since the last call; the file is emptied, which its writer, appending, does not mind."""
    if not bench.scenario.log:
        return 0
    with open(proxy.log_file(), "rb+") as log:
        count = sum(chunk.count(b"\n") for chunk in iter(lambda: log.read(1 << 20), b""))
        log.truncate(0)
    return count


def summary(rounds):
    """Medians over the rounds, and the range of what is measured."""
    keys = [key for key in rounds[0] if all(key in done for done in rounds)]
    median = {key: statistics.median(done[key] for done in rounds) for key in keys}
    cpu = [done["cpu_us"] for done in rounds]
    return {**median, "cpu_us_min": min(cpu), "cpu_us_max": max(cpu),
            "requests_per_second": statistics.median(done["requests"] / done["seconds"] for done in rounds),
            "others_busy_max": max(done["others_busy"] for done in rounds)}


def system_calls(bench, proxy, process):
    """
    System calls per request, by name, most frequent first. A pass of its own, because it slows the proxy down: calls are
    then shared by more requests than else where they can be shared, so this is a lower bound for epoll_wait and its like.
    """
    out = bench.directory / f"{proxy.name}.strace"
    words = ["strace", "-f", "-c", "-U", "calls,name", "-o", out]
    for pid in process.pids():
        words += ["-p", pid]
    with Process("strace", words, LOAD_CPU, bench.directory / "strace.out") as strace:
        time.sleep(SETTLE_SECONDS)
        strace.check_alive()
        requests = bench.load(proxy, STRACE_SECONDS)["requests"]
    calls = calls_of_strace(out.read_text())
    per_request = {name: round(count / requests, 3) for name, count in calls.items() if count / requests >= 0.005}
    return dict(sorted(per_request.items(), key=lambda item: -item[1]))


def calls_of_strace(text):
    """Counts by name of the table that `strace -c -U calls,name` writes."""
    return {name: int(count) for count, name in re.findall(r"^\s*(\d+)\s+(\w+)\s*$", text, re.MULTILINE) if name != "total"}
