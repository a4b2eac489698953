"""Processes of ours: started on one CPU, watched in /proc, ended by their pid."""

import os
import re
import signal
import subprocess
import time
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
STOP_SECONDS = 5
COMPILER_THREAD = re.compile(r"\(C[12] Compiler")


class Process:
    """A program in a session of its own, so that Ctrl-C reaches us alone and everything is ended in order."""

    def __init__(self, name, command, cpu, out, env=None):
        self.name = name
        self.files = [Path(f"{out}.err"), Path(out)]
        pin = [] if cpu is None else ["taskset", "-c", str(cpu)]
        with open(out, "ab") as stdout, open(self.files[0], "ab") as stderr:
            self.started = time.monotonic()
            self.popen = subprocess.Popen(
                pin + [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
                env={**os.environ, **(env or {})}, start_new_session=True)
        self.pid = self.popen.pid

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def check_alive(self):
        if self.popen.poll() is not None:
            said = "".join(file.read_text(errors="replace") for file in self.files).strip().splitlines()[-5:]
            raise RuntimeError(f"{self.name} ended with {self.popen.returncode}: " + "\n  ".join(said))

    def stop(self):
        """SIGTERM, again after a moment (which ends a drain), then SIGKILL."""
        tree = self.pids()
        for wait, what in ((STOP_SECONDS, signal.SIGTERM), (1, signal.SIGTERM), (1, signal.SIGKILL)):
            if self.popen.poll() is not None:
                break
            self.popen.send_signal(what)
            try:
                self.popen.wait(wait)
            except subprocess.TimeoutExpired:
                pass
        for pid in tree[1:]:  # a master that had to be killed leaves its workers
            if Path(f"/proc/{pid}").exists() and self.popen.returncode == -signal.SIGKILL:
                os.kill(pid, signal.SIGKILL)

    def pids(self):
        """The process and all that it started."""
        found = [self.pid]
        for pid in found:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                try:
                    found += [int(child) for child in children.read_text().split()]
                except OSError:
                    pass  # that thread has ended
        return found

    def cpu_seconds(self):
        """User and system time of the process and all that it started."""
        return sum(cpu_seconds_of_stat(Path(f"/proc/{pid}/stat").read_text()) for pid in self.pids())

    def compiler_seconds(self):
        """CPU time of a JVM's compilers, which have threads of their own; 0 for all else."""
        return sum(cpu_seconds_of_stat(stat) for stat in map(Path.read_text, Path(f"/proc/{self.pid}/task").glob("*/stat"))
                   if COMPILER_THREAD.search(stat))

    def rss_bytes(self):
        return sum(rss_bytes_of_status(Path(f"/proc/{pid}/status").read_text()) for pid in self.pids())


def cpu_seconds_of_stat(text):
    """utime, stime, cutime and cstime of /proc/PID/stat; the name before them may hold spaces and brackets."""
    fields = text[text.rindex(")") + 2 :].split()
    return sum(int(field) for field in fields[11:15]) / TICKS_PER_SECOND


def rss_bytes_of_status(text):
    for line in text.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def busy_seconds_of_machine():
    """What all CPUs worked, and what the host took from them (steal): both since the machine started."""
    return busy_seconds_of_stat(Path("/proc/stat").read_text())


def busy_seconds_of_stat(text):
    user, nice, system, _idle, _iowait, irq, softirq, steal = (int(f) for f in text.splitlines()[0].split()[1:9])
    return (user + nice + system + irq + softirq) / TICKS_PER_SECOND, steal / TICKS_PER_SECOND
