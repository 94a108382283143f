"""What decodes strangers' bytes is refused below the release that closed a known hole."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version

import pytest

from app.shared import versions
from config import ROOT

DECODERS = ("pillow", "pi-heif", "opencv-python-headless")


def test_what_is_installed_may_run():
    versions.check()


@pytest.mark.parametrize("name", DECODERS)
def test_every_decoder_has_a_floor(name: str):
    assert name in versions.FLOORS


@pytest.mark.parametrize("name", versions.FLOORS)
def test_one_release_below_the_floor_nothing_starts(monkeypatch, name: str):
    *start, last = versions.FLOORS[name]
    older = [*start[:-1], start[-1] - 1, 99] if last == 0 else [*start, last - 1]
    if older[-2] < 0:
        older = [start[0] - 1, 99, 99]
    text = ".".join(map(str, older))
    found = {**{other: version(other) for other in versions.FLOORS}, name: text}
    monkeypatch.setattr(versions, "version", found.__getitem__)

    with pytest.raises(versions.VersionRefused, match=f"{name} {text} is installed"):
        versions.check()


def test_a_release_candidate_counts_by_its_numbers(monkeypatch):
    found = {name: ".".join(map(str, floor)) for name, floor in versions.FLOORS.items()}
    monkeypatch.setattr(versions, "version", (found | {"pillow": "13.0.0.post1"}).__getitem__)

    versions.check()


def test_an_old_libheif_inside_a_new_binding_is_refused(monkeypatch):
    monkeypatch.setattr(versions, "libheif_version", lambda: "1.21.9")

    with pytest.raises(versions.VersionRefused, match=r"libheif 1\.21\.9 is inside pi-heif"):
        versions.check_decoder()


def test_the_program_does_not_start_below_a_floor(tmp_path):
    """The whole program, in a process of its own: it ends, and says why in one line."""
    code = (
        "from app.shared import versions\n"
        "versions.FLOORS['pillow'] = (999, 0, 0)\n"
        "from app import create_app\n"
        "create_app()\n"
    )
    env = os.environ | {"LAKTHAN_ENV": "demo", "LAKTHAN_VAR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )

    assert done.returncode != 0
    assert "pillow" in done.stderr.splitlines()[-1]
    assert "at least 999.0.0 is needed" in done.stderr
