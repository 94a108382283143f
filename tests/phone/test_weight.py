"""What a phone on a bad line has to fetch before it can do without the line."""

from __future__ import annotations

import pytest

from bench.weight import DIST, LIMIT_KB, pieces

PAGES_SCRIPT_KB = 7  # every page of the server waits for it


@pytest.mark.parametrize("language", ["th", "en"])
def test_logging_a_visit_offline_stays_under_its_weight(language: str) -> None:
    found = pieces(language)
    assert sum(piece.gzip_bytes for piece in found) < LIMIT_KB * 1000, found


def test_the_servers_pages_stay_light() -> None:
    (script,) = DIST.glob("app-*.js.gz")
    assert script.stat().st_size < PAGES_SCRIPT_KB * 1000
