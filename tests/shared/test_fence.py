"""The fence: what a horse may not do, tried in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from config import ROOT

FENCED = """
import os, resource, sys
from app.shared.fence import raise_fence, renew_cpu
raise_fence({queue!r}, parent_pid=os.getppid())
{deed}
print("did it")
"""


def try_to(deed: str, queue: str = "photos") -> subprocess.CompletedProcess[str]:
    """Run `deed` behind the fence of `queue`."""
    program = FENCED.format(queue=queue, deed=deed)
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_memory_ends_at_the_ceiling():
    answer = try_to("bytearray(3 << 30)")

    assert "MemoryError" in answer.stderr


def test_a_loop_ends_when_its_processor_time_is_used_up():
    shortened = (
        "resource.setrlimit(resource.RLIMIT_CPU, (1, resource.getrlimit(resource.RLIMIT_CPU)[1]))\n"
    )

    answer = try_to(shortened + "while True: pass")

    assert answer.returncode == -signal.SIGXCPU


def test_each_photo_gets_its_own_processor_time():
    answer = try_to(
        "first = resource.getrlimit(resource.RLIMIT_CPU)[0]\n"
        "used = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])\n"
        "start = used()\n"
        "while used() < start + 1.1: pass\n"
        "renew_cpu()\n"
        "assert resource.getrlimit(resource.RLIMIT_CPU)[0] > first"
    )

    assert answer.stdout == "did it\n", answer.stderr


def test_files_handles_and_dumps_have_their_ceilings(tmp_path: Path):
    written = try_to(f"os.ftruncate(os.open({str(tmp_path / 'x')!r}, 66), 9 << 30)")
    opened = try_to("files = [open('/dev/null') for _ in range(200)]")
    dumped = try_to("assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)")

    assert "OSError" in written.stderr
    assert "Too many open files" in opened.stderr
    assert dumped.stdout == "did it\n"


def test_a_packet_has_more_room_than_a_photo():
    deed = "bytearray(3 << 29)"

    assert try_to(deed, "packets").stdout == "did it\n"
    assert "MemoryError" in try_to(deed, "photos").stderr


def test_what_a_large_picture_took_is_given_back_at_once():
    answer = try_to(
        "from app.shared.fence import expect_picture\n"
        "size = lambda: int(open('/proc/self/statm').read().split()[0]) * 4096\n"
        "expect_picture(12_000_000)\n"
        "expect_picture(58_000_000)\n"
        "before, left = size(), []\n"
        "for turn in range(3):\n"
        "    blocks = [(bytearray(8 << 20), bytes(9_000)) for _ in range(20)]\n"
        "    left += [pin for _block, pin in blocks]\n"
        "    del blocks\n"
        "assert size() - before < 16 << 20, size() - before"
    )

    assert answer.stdout == "did it\n", answer.stderr


def test_rights_cannot_be_gained():
    answer = try_to("assert 'NoNewPrivs:\\t1' in open('/proc/self/status').read()")

    assert answer.stdout == "did it\n", answer.stderr


def test_a_horse_whose_worker_is_already_gone_does_not_start():
    answer = try_to("").returncode, subprocess.run(
        [sys.executable, "-c", FENCED.format(queue="photos", deed="").replace(
            "os.getppid()", str(os.getpid() + 1_000_000))],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert answer[0] == 0
    assert (answer[1].returncode, answer[1].stdout) == (1, "")


def test_outside_the_fence_nothing_is_renewed():
    program = (
        "import resource; from app.shared.fence import renew_cpu\n"
        "before = resource.getrlimit(resource.RLIMIT_CPU); renew_cpu()\n"
        "assert before == resource.getrlimit(resource.RLIMIT_CPU)"
    )

    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
