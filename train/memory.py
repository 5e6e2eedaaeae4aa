"""Memory that a training process frees and needs again at the next step."""

import ctypes

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4  # glibc's malloc.h
NEVER = 2**31 - 1  # bytes: glibc's largest number


def keep_freed_memory() -> None:
    """Have freed memory kept for the next step, where the C library is glibc.

    Left to itself it gives the largest blocks back at once, such as the gradient of the word embeddings, and gets
    them again page by page: a sixth of the time of a step of HerBERT-base.
    """
    try:
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_MAX, 0)
        library.mallopt(M_TRIM_THRESHOLD, NEVER)
    except (AttributeError, OSError, TypeError):  # another C library: it has its own ways
        return
