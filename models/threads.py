"""How many threads a runtime may take."""

import os
from pathlib import Path

QUOTA = Path("/sys/fs/cgroup/cpu.max")  # of a Linux container: microseconds granted ("max": all), and in how many


def usable_cores() -> int:
    """Return how many cores this process may use: those it is bound to, within its container's quota.

    Runtimes count the machine's; with more threads than the quota feeds, each waits for the others.
    OMP_NUM_THREADS lowers the number.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    told = os.environ.get("OMP_NUM_THREADS", "")
    return max(1, min([cores, *_quota(), *([int(told)] if told.isdigit() and int(told) else [])]))


def _quota() -> list[int]:
    try:
        granted, period = QUOTA.read_text(encoding="utf-8").split()
        return [round(int(granted) / int(period))]
    except (OSError, ValueError):  # none, or no Linux
        return []
