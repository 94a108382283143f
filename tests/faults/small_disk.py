"""A small disk of one's own that can be filled to the last byte and freed: a tmpfs."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

BALLAST = ".ballast"


def why_not() -> str:
    """Why no disk can be mounted here; empty: one can."""
    if os.getuid() != 0:
        return "mounting a small tmpfs needs root"
    folder = tempfile.mkdtemp()
    tried = subprocess.run(_mount(folder, 1), capture_output=True, check=False)
    if tried.returncode == 0:
        subprocess.run(["umount", folder], check=True)
    Path(folder).rmdir()
    return f"tmpfs cannot be mounted: {tried.stderr.decode().strip()}" if tried.returncode else ""


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """Where it is mounted."""

    folder: Path

    def fill(self, leave_bytes: int = 0) -> None:
        """Write until only so much is free."""
        with (self.folder / BALLAST).open("ab") as ballast:
            while (room := shutil.disk_usage(self.folder).free - leave_bytes) > 0:
                with suppress(OSError):  # others took some of it meanwhile
                    os.posix_fallocate(ballast.fileno(), ballast.seek(0, os.SEEK_END), room)

    def free(self) -> None:
        """Give it all back."""
        (self.folder / BALLAST).unlink(missing_ok=True)


@contextmanager
def mounted(size_mb: int) -> Iterator[SmallDisk]:
    """A disk of that size until the block ends; nothing may run on it any more then."""
    with tempfile.TemporaryDirectory(prefix="lakthan-disk-") as folder:
        subprocess.run(_mount(folder, size_mb), check=True)
        try:
            Path(folder).chmod(0o755)
            yield SmallDisk(Path(folder))
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def _mount(folder: str, size_mb: int) -> list[str]:
    return ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "lakthan-test", folder]
