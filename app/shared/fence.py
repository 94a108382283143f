"""The fence around one job: what a work-horse may use before the kernel stops it.

Decoders and typesetters are fed with strangers' files.  The horse that runs them dies with its
worker (otherwise two horses would work on one job), cannot gain rights, and has a ceiling for
memory, processor time, file size and open files.  A job that breaks through costs itself only.

Linux keeps all of it; elsewhere the limits that exist are set and the rest is left out.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from dataclasses import dataclass

from app.shared.malloc import MMAP_THRESHOLD, TRIM_THRESHOLD, c_library, tell_malloc

MIB = 1024 * 1024
GIB = 1024 * MIB
PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38
LARGE_BLOCK_BYTES = 4 * MIB
KEPT_BLOCK_BYTES, KEPT_BYTES = 32 * MIB, 64 * MIB  # 32 MiB is the most that glibc takes
ORDINARY_PIXELS = 16_000_000  # phones' usual 12 megapixels, and some


@dataclass(frozen=True, slots=True)
class Fence:
    """Ceilings for one horse.

    `file_bytes` bounds the largest single file it may write.  It is far above any rendition
    because an embedded database's file is written by the same process.
    """

    memory_bytes: int
    cpu_s: int
    file_bytes: int
    open_files: int


# Of the photos' ceiling a horse's libraries reserve 435 MiB before they do anything; the rest
# holds the largest picture let through (60 MP whole) twice over, so that resident memory stays
# below 1 GiB.  A packet's typesetter takes about 6 MB a page.
FENCES = {
    "photos": Fence(memory_bytes=1280 * MIB, cpu_s=10, file_bytes=8 * GIB, open_files=128),
    "packets": Fence(memory_bytes=3 * GIB, cpu_s=600, file_bytes=16 * GIB, open_files=512),
    "upkeep": Fence(memory_bytes=1 * GIB, cpu_s=120, file_bytes=16 * GIB, open_files=256),
}

_standing: Fence | None = None  # the fence around this process, once it is up


def raise_fence(queue: str, *, parent_pid: int) -> None:
    """Put this process behind the fence of `queue`.  Call first thing in a forked horse.

    There is no way back, except that `renew_cpu` grants more processor time.
    """
    global _standing  # noqa: PLW0603 - a fence is a fact about the whole process
    fence = FENCES.get(queue, FENCES["photos"])
    _bind_to_parent(parent_pid)
    _return_large_blocks()
    _lower(resource.RLIMIT_CORE, 0)  # a dump would hold people's pictures
    _lower(resource.RLIMIT_AS, fence.memory_bytes)
    _lower(resource.RLIMIT_FSIZE, fence.file_bytes)
    _lower(resource.RLIMIT_NOFILE, fence.open_files)
    _standing = fence
    renew_cpu()


def renew_cpu(cpu_s: int | None = None) -> None:
    """Grant the queue's processor time again, or `cpu_s` of it, counted from now.

    Nothing happens unfenced.  A horse drains many photos; each gets its own allowance, so one
    slow photo cannot live on what quick ones saved, nor be killed for what they used.
    """
    if _standing is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    granted = _standing.cpu_s if cpu_s is None else min(cpu_s, _standing.cpu_s)
    allowed = int(used.ru_utime + used.ru_stime) + 1 + granted
    _hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (_within(allowed, _hard), _hard))


def _bind_to_parent(parent_pid: int) -> None:
    if sys.platform != "linux":
        return
    libc = c_library()
    for option, value in ((PR_SET_PDEATHSIG, signal.SIGKILL), (PR_SET_NO_NEW_PRIVS, 1)):
        if libc.prctl(option, int(value), 0, 0, 0):
            raise OSError(ctypes.get_errno(), "prctl refused")
    if os.getppid() != parent_pid:  # it died before we could ask to be told
        os._exit(1)


def expect_picture(pixels: int) -> None:
    """Settle what becomes of memory that is done with, before a picture of `pixels` is decoded.

    Fresh memory comes page by page through the kernel: for a picture of ordinary size that costs
    20 of 90 ms of processor time, so its blocks are kept for the next one.  A large one's go back
    at once, as glibc would count them against the next one's ceiling (measured: two of 58 MP left
    500 MiB, and a good one was called too large).
    """
    if pixels <= ORDINARY_PIXELS:
        _keep_blocks()
    else:
        _return_large_blocks()


def _keep_blocks() -> None:
    tell_malloc((MMAP_THRESHOLD, KEPT_BLOCK_BYTES), (TRIM_THRESHOLD, KEPT_BYTES))


def _return_large_blocks() -> None:
    tell_malloc((MMAP_THRESHOLD, LARGE_BLOCK_BYTES), (TRIM_THRESHOLD, LARGE_BLOCK_BYTES))


def _lower(limit: int, wanted: int) -> None:
    """Set a limit for good; what the surroundings already limit further stays as it is."""
    hard = resource.getrlimit(limit)[1]
    value = _within(wanted, hard)
    try:
        resource.setrlimit(limit, (value, value))
    except ValueError:  # macOS knows RLIMIT_AS but will not set it
        if sys.platform == "linux":
            raise


def _within(wanted: int, hard: int) -> int:
    return wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
