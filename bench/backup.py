"""What a backup and a restore cost: python -m bench.backup

Makes photos' bytes in an installation of its own, backs them up, once more with nothing new,
checks, and restores them elsewhere, each as the process that an operator starts.  Beside it, in
the same run and on the same disk: `cp -r` of the same files, brought to the disk, and SHA-256.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.shared.files import content_key
from config import ROOT

WAIT = "import resource, subprocess, sys; code = subprocess.call(sys.argv[1:]); " \
       "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(code)"  # fmt: skip
SECRETS = {"SECRET_KEY": "a secret of the bench only, long enough", "LAKTHAN_SIGNING_KEY": "A" * 43}


@dataclass(frozen=True, slots=True)
class Row:
    """One line: by the clock, by the processor, and a process of ours' peak memory in MB."""

    what: str
    seconds: float
    cpu_s: float
    peak_mb: float | None = None


def flask(var: Path, *words: object) -> float:
    """Run a command of the product; returns its peak memory in MB."""
    given = {"LAKTHAN_VAR": str(var), "LAKTHAN_BACKUP_PASSPHRASE": "a passphrase of the bench"}
    command = [sys.executable, "-c", WAIT, sys.executable, "-m", "flask", "--app", "app"]
    done = subprocess.run(
        [*command, *map(str, words)], cwd=ROOT, env=os.environ | SECRETS | given,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return int(done.stdout.splitlines()[-1]) / 1024


def timed(what: str, act: Callable[[], float | None]) -> Row:
    """Nothing is left unwritten by whoever ran before: the kernel would do it in our time."""
    os.sync()
    began, used = time.monotonic(), sum(os.times()[:4])
    peak = act()
    return Row(what, time.monotonic() - began, sum(os.times()[:4]) - used, peak)


def make_photos(files: Path, count: int, size_bytes: int) -> int:
    """Bytes that do not compress, named by their digest, as photos are; returns how many bytes."""
    for _ in range(count):
        data = os.urandom(size_bytes)
        place = files / content_key("originals", hashlib.sha256(data).hexdigest())
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return count * size_bytes


def copy(files: Path, to: Path) -> None:
    """`cp -r`, brought to the disk."""
    subprocess.run(["cp", "-r", str(files), str(to)], check=True)
    os.sync()


def digest(folder: Path) -> None:
    """Every file's SHA-256."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                hashlib.file_digest(file, "sha256")


def measure(folder: Path, count: int, size_bytes: int, rounds: int) -> tuple[int, list[Row]]:
    """All rows of one run."""
    var, other, backups = folder / "var", folder / "other", folder / "backups"
    copies = folder / "copies"
    flask(var, "db", "upgrade")
    total = make_photos(var / "files", count, size_bytes)
    rows = [timed("start, without a backup", lambda: flask(var, "backup", "--help"))]
    for _ in range(rounds):
        shutil.rmtree(copies, ignore_errors=True)
        rows += [
            timed("cp -r, sync", lambda: copy(var / "files", copies)),
            timed("SHA-256 of the copies", lambda: digest(copies)),
        ]
        shutil.rmtree(backups, ignore_errors=True)
        shutil.rmtree(other, ignore_errors=True)
        rows += [
            timed("backup, the first", lambda: flask(var, "backup", backups)),
            timed("backup, nothing new", lambda: flask(var, "backup", backups)),
            timed("backup --check, of both", lambda: flask(var, "backup", backups, "--check")),
            timed("restore", lambda: flask(other, "restore", backups)),
        ]
    return total, rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=400)
    parser.add_argument("--size", type=int, default=1_500_000, help="bytes of each")
    parser.add_argument("--rounds", type=int, default=2)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=ROOT / "var", prefix="bench-backup-") as folder:
        load = os.getloadavg()[0]
        total, rows = measure(Path(folder), chosen.photos, chosen.size, chosen.rounds)
    print(
        f"{chosen.photos} photos, {total / 1e6:.0f} MB; load {load:.1f} of {os.cpu_count()} cores"
    )
    print("| | s | MB/s | processor s | peak MB |\n|---|---|---|---|---|")
    for row in rows:
        peak = f"{row.peak_mb:.0f}" if row.peak_mb else ""
        speed = total / 1e6 / row.seconds
        print(f"| {row.what} | {row.seconds:.1f} | {speed:.0f} | {row.cpu_s:.1f} | {peak} |")


if __name__ == "__main__":
    main()
