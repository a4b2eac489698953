#!/usr/bin/env python3
"""
Compares the CPU time that nginx, HAProxy and Penstock take for a request, by the method of docs/performance.md.

Fails (1) when an answer was wrong or the comparison was not fair, and never because of a time.
"""

import argparse
import json
import platform
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

sys.dont_write_bytecode = True

import measure
import report
import startup
from proof import Unfair
from proxies import HaProxy, Nginx, Penstock
from scenario import DEFAULT, QUICK, Scenario, certificate

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "load-tests/target/compare"
LAUNCHER = ROOT / "gateway-app/target/penstock/bin/penstock"

ALL = [*DEFAULT, startup.NAME]


@dataclass(frozen=True)
class Plan:
    """How long and how often; seconds are whole because wrk's are."""

    rounds: int
    round_seconds: int
    warm_seconds: int  # at least, of load, for a JVM
    starts: int
    memory_seconds: int  # of load before the memory is read


FULL = Plan(rounds=5, round_seconds=5, warm_seconds=30, starts=20, memory_seconds=60)
BRIEF = Plan(rounds=5, round_seconds=2, warm_seconds=12, starts=5, memory_seconds=10)


def main():
    options = arguments().parse_args()
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.default_int_handler)  # ends everything in order
    try:
        return compare(options)
    except KeyboardInterrupt:
        say("stopped; nothing was left running")
        return 130
    except Unfair as unfair:
        say(f"NOT FAIR: {unfair}")
        return 1
    except (RuntimeError, OSError, ValueError, subprocess.SubprocessError) as failure:
        say(f"failed: {failure}\n(files of the last run: {TARGET})")
        return 2


def arguments():
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.strip().splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer scenarios, short rounds, less warming: 4 minutes")
    parser.add_argument("--only", metavar="NAMES", help="scenarios, separated by commas: (plain|tls)-BYTES[k|m]-ROUTES[-log], "
                        f"handshake or startup; default: {','.join(ALL)}")
    parser.add_argument("--rounds", type=int, help=f"rounds of each scenario (default: {FULL.rounds})")
    parser.add_argument("--seconds", type=int, help=f"seconds of a round (default: {FULL.round_seconds}, "
                        f"with --quick {BRIEF.round_seconds})")
    parser.add_argument("--penstock-args", default="", metavar="WORDS",
                        help="VARIABLE=VALUE words, then flags of 'penstock run', for every variant")
    parser.add_argument("--variant", action="append", metavar="NAME:WORDS",
                        help="measure this Penstock; may be repeated; WORDS as in --penstock-args; PENSTOCK=FILE is a launcher")
    return parser


def compare(options):
    names = options.only.split(",") if options.only else QUICK if options.quick else ALL
    scenarios = {name: Scenario.of(startup.ROUTES if name == startup.NAME else name) for name in names}
    plan = BRIEF if options.quick else FULL
    plan = replace(plan, rounds=options.rounds or plan.rounds, round_seconds=options.seconds or plan.round_seconds)
    TARGET.mkdir(parents=True, exist_ok=True)
    keys = certificate(TARGET)
    results = []
    for name, scenario in scenarios.items():
        say(f"{name}: {scenario.describe()}")
        bench = measure.Bench(scenario, TARGET / name, keys, plan, say)
        proxies = [Nginx(bench), HaProxy(bench), *variants(bench, options)]
        result = (startup if name == startup.NAME else measure).measure(bench, proxies)
        shutil.rmtree(bench.directory)
        report.judge(result)
        results.append(result)
        print("\n" + "\n".join(report.table(result, measure.OTHERS_WARNING)) + "\n", flush=True)
        write(results, plan)
    say(f"CPU time per request is the measure; what stands right of the bar is not.\nwritten: {TARGET}/compare.json, .svg")
    return 0


def variants(bench, options):
    texts = options.variant or ["penstock:"]
    names = [text.partition(":")[0] for text in texts]
    if len(set(names)) < len(names) or not all(name.replace("-", "").isalnum() for name in names) or \
            {"nginx", "haproxy", "backend"} & set(names):
        raise ValueError(f"--variant: names have to be letters, digits and '-', each its own: {', '.join(names)}")
    return [Penstock(bench, name, f"{words} {options.penstock_args}", LAUNCHER)
            for name, _, words in (text.partition(":") for text in texts)]


def write(results, plan):
    about = {"plan": asdict(plan), "machine": machine(), "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
             "results": results}
    (TARGET / "compare.json").write_text(json.dumps(about, indent=1, ensure_ascii=False) + "\n")
    (TARGET / "compare.svg").write_text(report.drawing(results))


def machine():
    cpu = next((line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
                if line.startswith("model name")), platform.machine())
    versions = {name: first_line(command) for name, command in {
        "nginx": ["nginx", "-v"], "haproxy": ["haproxy", "-v"], "wrk": ["wrk", "-v"]}.items()}
    return {"cpu": cpu, "kernel": platform.release(), **versions}


def first_line(command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.strip().splitlines()[0]


def say(text):
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
