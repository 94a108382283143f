"""Three check packets - verify.py, `flask packet verify`, the page's script - with one answer."""

from __future__ import annotations

import json
import random
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.packets.bag.verify import Unreadable, unreadable_json, verify
from tests.packets.packet_lists import FolderSources, make_content, make_photo, make_visit
from tests.packets.signed_packets import (
    KEY,
    OTHER_KEY,
    bomb,
    flip,
    signed_packet,
    spoiled_packets,
    unsigned_packet,
    wide_packet,
)
from tools.setup.node import find_node

SCRIPT = Path(__file__).parent.parent / "js" / "packet_check.cli.js"


def _corpus() -> dict[str, bytes]:
    good = signed_packet()
    chance = random.Random(11)
    bits = chance.sample(range(len(good) * 8), 60)
    return {
        "as issued": good,
        "unmasked": signed_packet(Lakthan_Personal_Data="unmasked"),
        "signed by somebody else": signed_packet(sign=OTHER_KEY.sign),
        "before signatures": unsigned_packet(),
        "empty": b"",
        "no zip": b"no zip" * 50,
        "bomb": bomb(),
        **{spoiled.name: spoiled.data for spoiled in spoiled_packets()},
        **{f"bit {bit}": flip(good, bit // 8, bit % 8) for bit in bits},
        **{f"cut at {size}": good[:size] for size in range(30, len(good), 700)},
        "many files": wide_packet(),
    }


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Packets on the disk, by what was done to them."""
    folder = tmp_path_factory.mktemp("corpus")
    paths = {}
    for number, (name, data) in enumerate(_corpus().items()):
        paths[name] = folder / f"{number:03}.zip"
        paths[name].write_bytes(data)
    return paths


@pytest.fixture(scope="module")
def answers(corpus: dict[str, Path]) -> dict[str, dict[str, Any]]:
    """What verify.py says of each."""
    return {name: _answer(path) for name, path in corpus.items()}


def _answer(path: Path) -> dict[str, Any]:
    try:
        return verify(path).as_json()
    except Unreadable as error:
        return unreadable_json(error)


def _of_script(packets: list[Path]) -> list[dict[str, Any]]:
    """What the page's script says of each, run by Node."""
    node = find_node()
    assert node is not None, "no Node here"
    done = subprocess.run(
        [node.node, str(SCRIPT), *map(str, packets)], capture_output=True, text=True, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_pages_script_says_the_same_of_every_packet(
    corpus: dict[str, Path], answers: dict[str, dict[str, Any]]
) -> None:
    said = dict(zip(corpus, _of_script([*corpus.values()]), strict=True))
    assert {name: said[name] for name in said if said[name] != answers[name]} == {}
    whole = {name for name in said if said[name]["whole"]}
    known = {"as issued", "unmasked", "signed by somebody else", "before signatures", "many files"}
    assert whole == known


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_command_says_the_same_too(
    app: Flask, corpus: dict[str, Path], answers: dict[str, dict[str, Any]]
) -> None:
    runner = app.test_cli_runner()
    for name in [name for name in corpus if not name.startswith(("bit ", "cut ", "many"))]:
        done = runner.invoke(args=["packet", "verify", "--json", str(corpus[name])])
        told = json.loads(done.output)
        assert {key: told[key] for key in answers[name]} == answers[name], name
        by_us = name != "signed by somebody else"
        assert done.exit_code in ((0,) if answers[name]["whole"] and by_us else (1, 2)), name


def test_one_bit_in_any_file_of_a_packet_built_of_a_list_names_that_file(
    build: Callable[..., Path], sources: FolderSources, tmp_path: Path
) -> None:
    """Report, tables, photos, pages, verifier and lists alike, in verify.py and in the script."""
    photos = tuple(make_photo(sources, number) for number in (1, 2))
    packet = build(make_content(visits=(make_visit(1),), photos=photos))
    data = packet.read_bytes()
    report = verify(packet)
    assert (report.whole, report.signature, report.key_id) == (True, "valid", KEY.key_id)
    twins: dict[str, Path] = {}
    for name, middle in _middles(packet).items():
        twins[name] = tmp_path / f"{len(twins)}.zip"
        twins[name].write_bytes(flip(data, middle, 5))
    told = {name: _answer(path) for name, path in twins.items()}
    assert [name for name in told if name not in told[name]["altered"]] == []
    payload = [name for name in told if name.startswith("data/")]
    assert len(payload) > 10
    assert [name for name in payload if told[name]["altered"] != [name]] == []
    assert _of_script([packet, *twins.values()]) == [report.as_json(), *told.values()]


def _middles(packet: Path) -> dict[str, int]:
    """Where in the file the middle byte of each file of the packet lies; empty ones have none."""
    found = {}
    with zipfile.ZipFile(packet) as archive:
        for entry in archive.infolist():
            start = entry.header_offset + 30 + len(entry.filename.encode())
            if entry.file_size:
                found[entry.filename.split("/", 1)[1]] = start + entry.file_size // 2
    return found
