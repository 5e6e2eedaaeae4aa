"""What becomes of memory that is freed, where the C library is glibc; others have their own ways."""

import ctypes
from contextlib import suppress

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4  # glibc's malloc.h
NEVER = 2**31 - 1  # bytes: glibc's largest number


def keep_freed_memory() -> None:
    """Have freed memory kept for the next step of a training.

    Left to itself it gives the largest blocks back at once, such as the gradient of the word embeddings, and gets
    them again page by page: a sixth of the time of a step of HerBERT-base.
    """
    _tell("mallopt", M_MMAP_MAX, 0)
    _tell("mallopt", M_TRIM_THRESHOLD, NEVER)


def give_back_freed_memory() -> None:
    """Give back what is free now, the gaps between what is in use among it.

    They add up where batches are of ever other shapes: a process would grow for as long as it reads.
    """
    _tell("malloc_trim", 0)


def _tell(function: str, *numbers: int) -> None:
    with suppress(AttributeError, OSError, TypeError):
        getattr(ctypes.CDLL(None), function)(*numbers)
