"""The results judged by what docs/performance.md asks for, as tables, and as a drawing."""

import html
import statistics

# (first milestone, target) of docs/performance.md; None = it has none. Ratios of CPU time to nginx and HAProxy.
CPU_LIMITS = {
    "plain-128-1000": {"nginx": (1.00, 0.90), "haproxy": (1.00, 0.90)},
    "plain-128-1000-log": {"nginx": (1.05, 0.95), "haproxy": (1.05, 0.95)},
    "plain-64k-1000": {"nginx": (1.10, 1.00)},
    "handshake": {"nginx": (1.10, None), "haproxy": (None, 1.00)},
}
# Figures of Penstock itself: (in words, first milestone, target).
OWN_LIMITS = {
    "allocated_bytes": ("heap bytes a request", 1024, 256),
    "ready_ms": ("ms to the first answer", 500, 300),
    "rss_idle_mb": ("MB idle", 128, 96),
    "rss_loaded_mb": ("MB after load", 128, 96),
}
NO_HEAP_LIMIT = ("handshake",)  # the limit is one of keep-alive requests
BASES = ("nginx", "haproxy")


def judge(result):
    """Adds ratios to every proxy and, for each variant of Penstock, what is asked for and whether it is met."""
    for name, proxy in result["proxies"].items():
        proxy["ratios"] = ratios(result, name) if "rounds" in proxy else {}
        if name in BASES:
            continue
        limits = [(f"× {base}", proxy["ratios"][base], *limit)
                  for base, limit in CPU_LIMITS.get(result["scenario"], {}).items() if base in proxy["ratios"]]
        limits += [(words, proxy[key], *limit) for key, (words, *limit) in OWN_LIMITS.items()
                   if key in proxy and not (key == "allocated_bytes" and result["scenario"] in NO_HEAP_LIMIT)]
        proxy["verdicts"] = [
            {"what": what, "value": round(value, 2), "milestone": milestone, "target": target,
             "verdict": verdict(round(value, 2), milestone, target)} for what, value, milestone, target in limits]


def ratios(result, name):
    """To each base, by its name: the median over the rounds of the ratio of the two in one round."""
    rounds = {proxy: [done["cpu_us"] for done in of["rounds"]] for proxy, of in result["proxies"].items()}
    return {base: statistics.median(own / other for own, other in zip(rounds[name], rounds[base], strict=True))
            for base in BASES if base in rounds and base != name}


def verdict(value, milestone, target):
    if target is not None and value <= target:
        return "target met"
    if milestone is not None and value > milestone:
        return f"SHORT of the milestone by {value - milestone:.2f}"
    met = "" if milestone is None else "milestone met"
    return met if target is None else f"{met + ', ' if met else ''}{value - target:.2f} above the target"


# Title and how a proxy's figure is written. What stands right of the bar depends on who else used the machine.
CPU_COLUMNS = [
    ("CPU µs", lambda p: f"{p['cpu_us']:.2f}"),
    ("range", lambda p: f"{p['cpu_us_min']:.2f}–{p['cpu_us_max']:.2f}"),
    ("× nginx", lambda p: ratio(p, "nginx")),
    ("× haproxy", lambda p: ratio(p, "haproxy")),
    ("busy", lambda p: f"{p['proxy_busy']:.0%}"),
    ("calls", lambda p: f"{sum(p['system_calls'].values()):.2f}"),
    ("heap B", lambda p: f"{p['allocated_bytes']:.0f}" if "allocated_bytes" in p else ""),
    ("RSS MB", lambda p: f"{p['rss_mb']:.0f}"),
    ("upstream", lambda p: f"{p['upstream_connections']:.0f}"),
    ("|", lambda p: "|"),
    ("req/s", lambda p: f"{p['requests_per_second']:.0f}"),
    ("p50 ms", lambda p: f"{p['p50_ms']:.2f}" if "p50_ms" in p else ""),
    ("p99 ms", lambda p: f"{p['p99_ms']:.2f}" if "p99_ms" in p else ""),
]
STARTUP_COLUMNS = [
    ("ready ms", lambda p: f"{p['ready_ms']:.0f}"),
    ("range", lambda p: f"{p['ready_ms_min']:.0f}–{p['ready_ms_max']:.0f}"),
    ("RSS MB idle", lambda p: f"{p['rss_idle_mb']:.0f}"),
    ("after load", lambda p: f"{p['rss_loaded_mb']:.0f}"),
]


def ratio(proxy, base):
    return f"{proxy['ratios'][base]:.3f}" if base in proxy["ratios"] else ""


def table(result, others_warning):
    """The lines that a scenario is reported by."""
    proxies = result["proxies"]
    columns = STARTUP_COLUMNS if "ready_ms" in next(iter(proxies.values())) else CPU_COLUMNS
    lines = [f"{result['scenario']}: {result['what']}"]
    lines += aligned([["", *(title for title, _ in columns)],
                      *([name, *(cell(proxy) for _, cell in columns)] for name, proxy in proxies.items())])
    rows = [[name, v["what"], str(v["value"]), f"milestone {limit(v['milestone'])}", f"target {limit(v['target'])}", v["verdict"]]
            for name, proxy in proxies.items() for v in proxy.get("verdicts", [])]
    lines += ["", *aligned(rows, left=(0, 1, 3, 4, 5))] if rows else []
    if columns is STARTUP_COLUMNS:
        return lines
    lines.append("")
    for name, proxy in proxies.items():
        calls = ", ".join(f"{call} {count:.2f}" for call, count in list(proxy["system_calls"].items())[:6])
        lines.append(f"  {name}'s system calls a request: {calls}")
    lines += [f"  {name} lost {proxy['log_lines_lost']:.0f} log lines a round"
              for name, proxy in proxies.items() if proxy.get("log_lines_lost")]
    others = max(proxy["others_busy_max"] for proxy in proxies.values())
    stolen = max(proxy["stolen"] for proxy in proxies.values())
    loud = f"  WARNING: others used up to {others:.0%} of a CPU meanwhile; better measured again on a quiet machine"
    quiet = f"  others used at most {others:.0%} of a CPU meanwhile"
    return lines + [(loud if others > others_warning else quiet) + f" (the host took {stolen:.0%})"]


def limit(value):
    return "–" if value is None else f"≤ {value}"


def aligned(rows, left=(0,)):
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  " + "  ".join(cell.ljust(width) if i in left else cell.rjust(width)
                             for i, (cell, width) in enumerate(zip(row, widths, strict=True))).rstrip() for row in rows]


COLOURS = ["#8a8f98", "#b9a26a", "#2f6db5", "#5fa55a", "#b5562f", "#7d5ba6"]
BAR, GAP, LEFT, WIDTH, WORDS = 18, 26, 190, 460, 260


def drawing(results):
    """A bar for each proxy in each scenario, as SVG. Each scenario has a scale of its own: its dearest proxy's is full."""
    parts, y = [], 30
    for result in results:
        key, unit = ("ready_ms", "ms") if result["scenario"] == "startup" else ("cpu_us", "µs")
        parts.append(f'<text x="8" y="{y}" font-weight="bold">{html.escape(result["scenario"])}</text>')
        y += 8
        most = max(proxy[key + "_max"] for proxy in result["proxies"].values())
        for i, (name, proxy) in enumerate(result["proxies"].items()):
            long, low, high = (proxy[key + end] / most * WIDTH for end in ("", "_min", "_max"))
            words = f"{proxy[key]:.1f} {unit}" + "".join(f", {r:.2f} × {base}" for base, r in proxy["ratios"].items())
            middle = y + BAR / 2 - 1
            parts.append(
                f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{html.escape(name)}</text>'
                f'<rect x="{LEFT}" y="{y}" width="{long:.1f}" height="{BAR - 2}" fill="{COLOURS[i % len(COLOURS)]}"/>'
                f'<line x1="{LEFT + low:.1f}" x2="{LEFT + high:.1f}" y1="{middle}" y2="{middle}" stroke="black"/>'
                f'<text x="{LEFT + WIDTH + 10}" y="{y + 13}">{html.escape(words)}</text>')
            y += BAR
        y += GAP
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + WORDS}" height="{y}" '
            f'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n'
            f'<text x="8" y="14">CPU time of the proxy per request (startup: exec to first answer): median, range</text>\n'
            + "\n".join(parts) + "\n</svg>\n")
