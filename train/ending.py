"""How a tracked run ends: finished, failed, or killed."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from train.tracker import Tracker


@contextmanager
def ending(tracker: Tracker) -> Iterator[None]:
    """End the run as the work ends: FINISHED, FAILED, or KILLED by Ctrl-C or a polite kill."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    status = "FAILED"
    try:
        yield
        status = "FINISHED"
    except KeyboardInterrupt:
        status = "KILLED"
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
        tracker.end(status)
