"""Runs a command and says what it took: `python -m train.bench.child COMMAND...` prints one line of JSON.

A process of its own, since Linux counts the memory of whoever starts a command into the command's own peak.
"""

import json
import os
import subprocess
import sys
import time


def main() -> None:
    """Run the command, its output thrown away; print status, seconds and peak memory."""
    begun = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    took = {
        "status": os.waitstatus_to_exitcode(status),
        "wall_s": time.perf_counter() - begun,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_mib": usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10),  # bytes there, KiB elsewhere
    }
    sys.stdout.write(json.dumps(took) + "\n")


if __name__ == "__main__":
    main()
