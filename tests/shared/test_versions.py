"""What decodes strangers' bytes is refused below the release that closed a known hole."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from app.shared import versions

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
