"""What the C library does with memory that is done with.  musl and macOS take no advice.

Each thread that glibc meets busy gets a heap of its own, and a large block that is freed makes it
keep blocks of that size for ever: a web process grew by a third under photos, for nothing.
"""

from __future__ import annotations

import ctypes
import gc
from functools import cache

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8  # mallopt(3)
HEAPS = 2
ROUNDS = (10_000, 20, 20)  # Python's own: 700, 10, 10
LARGE_BLOCK_BYTES = 256 * 1024  # from here on straight from the kernel, and straight back


def tell_malloc(*options: tuple[int, int]) -> None:
    """Set options of mallopt(3), where there is one."""
    mallopt = getattr(c_library(), "mallopt", None)
    if mallopt is not None:
        for option, value in options:
            mallopt(option, value)


def be_frugal() -> None:
    """Few heaps, and large blocks given back at once.  Call before there are threads."""
    tell_malloc((ARENA_MAX, HEAPS), (MMAP_THRESHOLD, LARGE_BLOCK_BYTES),
                (TRIM_THRESHOLD, LARGE_BLOCK_BYTES))  # fmt: skip


def settle() -> None:
    """Everything is loaded: give back what loading it took, and look through it no more.

    The collector goes round less often, too: a batch of records makes some hundred thousand
    objects, and next to none of them are circles.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*ROUNDS)
    trim = getattr(c_library(), "malloc_trim", None)
    if trim is not None:
        trim(0)


@cache
def c_library() -> ctypes.CDLL:
    """The C library of this process."""
    return ctypes.CDLL(None, use_errno=True)
