"""Three programs make the same pictures from the same files, one after the other, in turns.

Each is a process of its own, measured by what the kernel says it used (`wait4`): processor time
tells what a photo costs also where the machine is busy, wall-clock time does not.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tools.setup.console import Steps, run_quietly
from tools.setup.node import get_node, node_environment
from tools.setup.places import DIST, PYTHON, ROOT, VAR

NAMES = ("ours", "sharp", "pyvips")
HERE = ROOT / "bench"
FOLDER = VAR / "bench"
NODE_FOLDER, PYTHON_FOLDER = FOLDER / "node", FOLDER / "python"
WORDING = (
    "ศูนย์เรียนรู้โคก หนอง นา บ้านทดสอบ",
    "ต.ท่าวังทอง อ.เมืองพะเยา จ.พะเยา",
    "13 กุมภาพันธ์ 2567 09.30 น. เวลาจากกล้อง",
    "19.16642, 99.90042 พิกัดจากไฟล์ภาพ ห่างศูนย์ 35 ม.",
    "ถ่ายในแอป มีลายเซ็นของโทรศัพท์",
)
_FONTS = (
    '<?xml version="1.0"?><fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>'
)


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds of processor and wall, and its largest size in MB."""

    cpu_s: float
    wall_s: float
    peak_mb: float


@dataclass(slots=True)
class Result:
    """All rounds of one contestant; `empty` are the runs without a photo."""

    photos: int
    full: list[Run] = field(default_factory=list)
    empty: list[Run] = field(default_factory=list)

    @property
    def cpu_ms(self) -> float:
        """Processor time per photo, start-up included."""
        return statistics.median(run.cpu_s for run in self.full) / self.photos * 1000

    @property
    def net_cpu_ms(self) -> float:
        """Processor time per photo, start-up taken off."""
        start_s = statistics.median(run.cpu_s for run in self.empty)
        return self.cpu_ms - start_s / self.photos * 1000

    @property
    def wall_ms(self) -> float:
        """Wall-clock time per photo, start-up included."""
        return statistics.median(run.wall_s for run in self.full) / self.photos * 1000

    @property
    def peak_mb(self) -> float:
        """The largest size of the process."""
        return statistics.median(run.peak_mb for run in self.full)


class Contest:
    """The contestants, ready to run in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        node = _install(folder)
        self.commands: dict[str, Sequence[object]] = {
            "ours": (PYTHON, "-m", "bench.photos_ours"),
            "sharp": (node, HERE / "photos_sharp.mjs"),
            "pyvips": (PYTHON, HERE / "photos_vips.py"),
        }
        fonts = folder / "fonts.conf"
        fonts.write_text(_FONTS.format(fonts=DIST / "fonts", cache=folder / "fonts"))
        self.env = os.environ | {
            "BENCH_MODULES": str(NODE_FOLDER),
            "BENCH_WORDING": "\n".join(WORDING),
            "BENCH_FONT": str(DIST / "fonts" / "Sarabun-Regular.ttf"),
            "FONTCONFIG_FILE": str(fonts),
            "VIPS_CONCURRENCY": "1",
        }

    def measure(
        self,
        pictures: Sequence[Path],
        rounds: int,
        names: Sequence[str] = ("ours", "sharp", "pyvips"),
    ) -> dict[str, Result]:
        """Run every contestant over `pictures`, in turns, `rounds` times."""
        chosen = self.folder / "chosen"
        shutil.rmtree(chosen, ignore_errors=True)
        chosen.mkdir(parents=True)
        digests = {}
        for picture in pictures:
            (chosen / picture.name).symlink_to(picture.absolute())
            digests[picture.name] = hashlib.sha256(picture.read_bytes()).hexdigest()
        self.env["BENCH_DIGESTS"] = json.dumps(digests)
        results = {name: Result(len(pictures)) for name in names}
        for turn in range(rounds):
            order = [*names[turn % len(names) :], *names[: turn % len(names)]]
            for name in order:
                results[name].empty.append(self._run(name, chosen, 0))
                results[name].full.append(self._run(name, chosen, len(pictures)))
        return results

    def _run(self, name: str, chosen: Path, most: int) -> Run:
        out = self.folder / "out" / name
        shutil.rmtree(out, ignore_errors=True)
        env = dict(self.env)
        if name == "pyvips":
            env["PYTHONPATH"] = str(PYTHON_FOLDER)
        command = [*map(str, self.commands[name]), str(chosen), str(out), str(most)]
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, env=env)
        _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{name} ended with {process.returncode}")
        wall_s = time.monotonic() - began
        if most and len(list(out.glob("*.jpg"))) != 3 * most:
            raise SystemExit(f"{name} did not make three pictures of each photo")
        unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss: bytes there, kB on Linux
        return Run(used.ru_utime + used.ru_stime, wall_s, used.ru_maxrss * unit / 1024**2)


def _install(folder: Path) -> str:
    """Put what we are measured against below var, as pinned; returns the Node to run it with."""
    folder.mkdir(parents=True, exist_ok=True)
    steps = Steps(2)
    with steps.step("pyvips"):
        install_python(steps, PYTHON_FOLDER, HERE / "requirements.txt")
    with steps.step("sharp"):
        node = get_node(steps)
        stamp, lock = NODE_FOLDER / ".installed", HERE / "package-lock.json"
        if not stamp.exists() or stamp.read_bytes() != lock.read_bytes():
            NODE_FOLDER.mkdir(parents=True, exist_ok=True)
            for source in (HERE / "package.json", lock, ROOT / ".npmrc"):
                shutil.copy(source, NODE_FOLDER)
            run_quietly(
                [*node.npm, "ci", "--prefix", NODE_FOLDER, "--loglevel=error"],
                steps=steps,
                failing="sharp could not be installed",
                env=node_environment(node),
            )
            shutil.copy(lock, stamp)
    return node.node


def install_python(steps: Steps, folder: Path, lock: Path) -> None:
    """Put what a bench needs beside it into a folder of its own, once."""
    stamp = folder / ".installed"
    if stamp.exists() and stamp.read_bytes() == lock.read_bytes():
        return
    shutil.rmtree(folder, ignore_errors=True)
    run_quietly(
        [
            *(PYTHON, "-m", "pip", "install", "--require-hashes"),
            *("--target", folder, "-r", lock),
        ],
        steps=steps,
        failing=f"what {lock.name} names could not be installed",
        env=dict(os.environ),
    )
    shutil.copy(lock, stamp)
