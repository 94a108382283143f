"""The frozen list: it comes back as it went, and says what it is by its digest."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest

from app.packets.frozen.content import Options, Request, canonical, from_json, safe_code, to_json
from tests.packets.packet_lists import (
    REQUESTED,
    FolderSources,
    make_content,
    make_followup,
    make_full_content,
    make_visit,
)


def test_a_stored_list_comes_back_the_same(sources: FolderSources) -> None:
    content = make_full_content(sources)

    stored = json.loads(canonical(to_json(content)))

    assert from_json(stored) == content
    assert canonical(to_json(from_json(stored))) == canonical(to_json(content))


def test_the_same_list_has_the_same_digest_whoever_asks_and_whichever_edition() -> None:
    content = make_content(visits=(make_visit(1),))
    again = replace(content, edition=7, requested=Request("someone else", REQUESTED, "a reason"))
    changed = replace(content, visits=(make_visit(1, n_male=13, n_total=28),))

    assert again.list_sha256 == content.list_sha256
    assert changed.list_sha256 != content.list_sha256


def test_whole_numbers_and_decimals_of_a_database_make_one_list() -> None:
    whole = make_content(followups=(make_followup(1, plot_rai=2),))
    stored = json.loads(canonical(to_json(whole)))

    assert (
        from_json(stored).list_sha256
        == make_content(followups=(make_followup(1, plot_rai=2.0),)).list_sha256
    )


def test_a_naive_instant_never_enters_a_list() -> None:
    with pytest.raises(ValueError, match="aware"):
        to_json(make_content(requested=Request("x", datetime(2024, 4, 1))))  # noqa: DTZ001


@pytest.mark.parametrize("named", [{"leader_name": "ครูสมศรี ใจดี"}, {"phone": "0812345678"}])
def test_no_masked_list_can_hold_a_visitors_name_or_telephone(named: dict[str, str]) -> None:
    unmasked = make_content(visits=(make_visit(1, **named),), options=Options(unmasked=True))
    with pytest.raises(ValueError, match="masked"):
        replace(unmasked, options=Options())
    stored = to_json(unmasked)
    stored["options"]["unmasked"] = False
    with pytest.raises(ValueError, match="masked"):
        from_json(stored)


def test_a_list_of_a_later_format_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="format"):
        from_json(to_json(make_content()) | {"format": 99})


def test_no_code_can_leave_the_packet_by_its_name() -> None:
    assert safe_code("../../etc/passwd") == "etc-passwd"
    assert safe_code("รหัส") == "x"
    assert "/" not in make_content().identifier
