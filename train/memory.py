"""Memory that stays flat while an archive is read."""

import ctypes

M_MMAP_THRESHOLD = -3  # glibc's malloc.h
LARGE_BLOCK = 1 << 20  # bytes


def give_back_large_blocks() -> None:
    """Have large blocks of memory given back when they are freed, where the C library is glibc.

    Left to itself it keeps them for later, and with batches of ever other shapes the gaps between
    them add up: a process grows for as long as it reads.
    """
    try:
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK)
    except (AttributeError, OSError, TypeError):  # another C library: it has its own ways
        return
