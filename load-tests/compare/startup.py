"""How long each takes from exec to the first proxied answer, and how much memory it then holds, idle and after load."""

import statistics
import time

import proof

NAME = "startup"
ROUTES = "plain-128-100"
POLL_SECONDS = 0.002
IDLE_SECONDS = 5  # from the first answer until the memory of an idle process is read


def measure(bench, proxies):
    """Starts each in turn, as often as the plan says; nothing is pinned to a CPU and all defaults hold. Ready for JSON."""
    plan, ports = bench.plan, {proxy.name: bench.port_of(proxy.name) for proxy in proxies}
    result = {"scenario": NAME, "what": f"exec to the first answer through the proxy, memory; {len(bench.scenario.routes)} "
              f"routes, median of {plan.starts}; not pinned", "proxies": {}}
    runs = {proxy.name: [] for proxy in proxies}
    with bench.start_backend():
        for turn in range(plan.starts):
            for proxy in proxies:
                with proxy.start(cpu=None) as process:
                    ready = proof.await_first_answer(bench.scenario, ports[proxy.name], process, POLL_SECONDS)
                runs[proxy.name].append(ready * 1000)
            bench.say(f"  start {turn + 1} of {plan.starts}: " + ", ".join(f"{n} {r[-1]:.0f}" for n, r in runs.items()) + " ms")
        for proxy in proxies:
            times = runs[proxy.name]
            result["proxies"][proxy.name] = {
                "ready_ms": statistics.median(times), "ready_ms_min": min(times), "ready_ms_max": max(times), "starts": times,
                **memory(bench, proxy)}
    return result


def memory(bench, proxy):
    with proxy.start(cpu=None) as process:
        proof.await_first_answer(bench.scenario, bench.port_of(proxy.name), process)
        time.sleep(IDLE_SECONDS)
        idle = process.rss_bytes()
        bench.say(f"  {proxy.name} under load for {bench.plan.memory_seconds} s")
        result = bench.load(proxy, bench.plan.memory_seconds)
        if result["wrong"] or result["socket_errors"]:
            raise proof.Unfair(
                f"{proxy.name}: {result['wrong']} wrong answers, the first: {result['example']},"
                f" {result['socket_errors']} errors of sockets"
            )
        return {"rss_idle_mb": idle / 1e6, "rss_loaded_mb": process.rss_bytes() / 1e6}
