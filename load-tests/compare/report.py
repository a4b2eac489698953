"""The results as a table, as JSON's last words (ratios and verdicts), and as a drawing."""

import html
import statistics

# docs/performance.md: (of what, first milestone, target). Ratios are to nginx and HAProxy.
CPU_TARGETS = {
    "plain-128-1000": {"nginx": (1.00, 0.90), "haproxy": (1.00, 0.90)},
    "plain-128-1000-log": {"nginx": (1.05, 0.95), "haproxy": (1.05, 0.95)},
    "plain-64k-1000": {"nginx": (1.10, 1.00)},
}
ALLOCATED_TARGETS = (1024, 256)  # bytes a request, HTTP/1.1
BASES = ("nginx", "haproxy")


def ratios(result, name):
    """To each base, by its name: the median over the rounds of the two figures of one round."""
    rounds = {proxy: [done["cpu_us"] for done in of["rounds"]] for proxy, of in result["proxies"].items()}
    return {base: statistics.median(own / other for own, other in zip(rounds[name], rounds[base]))
            for base in BASES if base in rounds and base != name}


def verdict(value, milestone, target):
    if value <= target:
        return "target met"
    return f"milestone met, {value - target:+.2f} to target" if value <= milestone else f"short by {value - milestone:.2f}"


def judge(result):
    """Adds ratios to every proxy and, for each variant of Penstock, what docs/performance.md asks for."""
    for name, proxy in result["proxies"].items():
        proxy["ratios"] = ratios(result, name)
        if name in BASES:
            continue
        proxy["verdicts"] = [
            {"what": f"CPU to {base}", "value": round(proxy["ratios"][base], 3), "milestone": limits[0], "target": limits[1],
             "verdict": verdict(round(proxy["ratios"][base], 2), *limits)}
            for base, limits in CPU_TARGETS.get(result["scenario"], {}).items() if base in proxy["ratios"]]
        if "allocated_bytes" in proxy:
            proxy["verdicts"].append(
                {"what": "heap bytes a request", "value": round(proxy["allocated_bytes"]), "milestone": ALLOCATED_TARGETS[0],
                 "target": ALLOCATED_TARGETS[1], "verdict": verdict(round(proxy["allocated_bytes"]), *ALLOCATED_TARGETS)})


HEAD = ["", "CPU µs/request", "(range)", "× nginx", "× haproxy", "busy", "calls", "RSS MiB", "heap B", "|", "req/s", "p50 ms",
        "p99 ms"]


def table(result, warning):
    """The lines of one scenario. What stands right of the bar is no measure: it depends on who else used the machine."""
    rows = [HEAD]
    for name, p in result["proxies"].items():
        ratio = {base: f"{p['ratios'][base]:.3f}" if base in p["ratios"] else "" for base in BASES}
        rows.append([
            name, f"{p['cpu_us']:.2f}", f"{p['cpu_us_min']:.2f}–{p['cpu_us_max']:.2f}", ratio["nginx"], ratio["haproxy"],
            f"{p['proxy_busy']:.0%}", f"{sum(p['system_calls'].values()):.2f}", f"{p['rss_mib']:.0f}",
            f"{p['allocated_bytes']:.0f}" if "allocated_bytes" in p else "", "|",
            f"{p['requests_per_second']:.0f}", f"{p['p50_ms']:.2f}", f"{p['p99_ms']:.2f}"])
    lines = [f"{result['scenario']}: {result['what']}", *columns(rows)]
    for name, p in result["proxies"].items():
        calls = ", ".join(f"{call} {count:.2f}" for call, count in list(p["system_calls"].items())[:6])
        lines.append(f"  {name}: {p['upstream_connections']:.0f} connections to the backend a round; calls: {calls}")
        if p.get("log_lines_lost"):
            lines.append(f"  {name}: lost {p['log_lines_lost']:.0f} log lines a round")
        lines += [f"  {name}: {v['what']} {v['value']} (milestone ≤ {v['milestone']}, target ≤ {v['target']}): {v['verdict']}"
                  for v in p.get("verdicts", [])]
    others = max(p["others_busy_max"] for p in result["proxies"].values())
    stolen = max(p["stolen"] for p in result["proxies"].values())
    mark = f"  WARNING: others used up to {others:.0%} of a CPU meanwhile: measure again on a quiet machine" \
        if others > warning else f"  others used at most {others:.0%} of a CPU meanwhile, the host took {stolen:.0%}"
    return lines + [mark]


def columns(rows):
    """Right-aligned but for the first column."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  " + "  ".join(cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths)))
            for row in rows]


COLOURS = ["#8a8f98", "#b9a26a", "#2f6db5", "#5fa55a", "#b5562f", "#7d5ba6"]
BAR, GAP, LEFT, WIDTH = 18, 26, 190, 460


def drawing(results):
    """Bars of CPU time per request by scenario, as SVG. Each scenario has a scale of its own: its dearest is full."""
    parts, y = [], 30
    for result in results:
        parts.append(f'<text x="8" y="{y}" font-weight="bold">{html.escape(result["scenario"])}</text>')
        y += 8
        most = max(p["cpu_us_max"] for p in result["proxies"].values())
        for i, (name, p) in enumerate(result["proxies"].items()):
            long, low, high = (p[key] / most * WIDTH for key in ("cpu_us", "cpu_us_min", "cpu_us_max"))
            words = f'{p["cpu_us"]:.1f} µs' + "".join(f', {r:.2f} × {base}' for base, r in p["ratios"].items())
            middle = y + BAR / 2 - 1
            parts.append(
                f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end">{html.escape(name)}</text>'
                f'<rect x="{LEFT}" y="{y}" width="{long:.1f}" height="{BAR - 2}" fill="{COLOURS[i % len(COLOURS)]}"/>'
                f'<line x1="{LEFT + low:.1f}" x2="{LEFT + high:.1f}" y1="{middle}" y2="{middle}" stroke="black"/>'
                f'<text x="{LEFT + WIDTH + 10}" y="{y + 13}">{html.escape(words)}</text>')
            y += BAR
        y += GAP
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{LEFT + WIDTH + 260}" height="{y}" '
            f'font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n'
            f'<text x="8" y="14">CPU time of the proxy per request: median of the rounds, and their range</text>\n'
            + "\n".join(parts) + "\n</svg>\n")
