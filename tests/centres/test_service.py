"""Centres: within scope, imported as often as you like, nothing blanked by a short list."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.centres import queries, service
from app.centres.models import Centre
from app.centres.rules import CentreDraft, check_centre
from app.shared.db import db
from app.shared.errors import NotFound
from tests.conftest import NOW, World

DRAFT = CentreDraft("5606-010", "ศูนย์เรียนรู้บ้านสาธิต", "HLM1", "560601", 19.15, 100.27)


def test_an_ordinary_centre_has_no_problems() -> None:
    assert check_centre(DRAFT) == []


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"code": "5606-1"}, "code", "centre_code_invalid"),
        ({"code": "๕๖๐๖-๐๐๑"}, "code", "centre_code_invalid"),
        ({"code": "5601-010"}, "code", "centre_code_district"),
        ({"name": "  "}, "name", "required"),
        ({"name": "ก" * 161}, "name", "too_long"),
        ({"steward_name": "ก" * 121}, "steward_name", "too_long"),
        ({"budget_source": "ก" * 161}, "budget_source", "too_long"),
        ({"plot_class": "HLM9"}, "plot_class", "unknown_choice"),
        ({"status": "gone"}, "status", "unknown_choice"),
        ({"lat": None}, "lat", "required"),
        ({"lat": 0.0, "lon": 0.0}, "lat", "not_a_place"),
        ({"lat": float("nan")}, "lat", "not_a_place"),
        ({"lat": 100.27, "lon": 19.15}, "lat", "not_a_place"),
        ({"lat": 51.5, "lon": 0.1}, "lat", "outside_thailand"),
        ({"radius_m": 10.0}, "radius_m", "out_of_range"),
        ({"phone": "12345"}, "phone", "phone_invalid"),
        ({"moo": 0}, "moo", "out_of_range"),
        ({"size_rai": Decimal("-1")}, "size_rai", "out_of_range"),
        ({"budget_year": 2024}, "budget_year", "out_of_range"),
    ],
)
def test_what_cannot_be_a_centre_is_refused(
    change: dict[str, object], field: str, code: str
) -> None:
    problems = check_centre(replace(DRAFT, **change))  # type: ignore[arg-type]
    assert [(p.field, p.code) for p in problems] == [(field, code)]


def test_an_officer_adds_centres_at_home_only(session: Session, world: World) -> None:
    service.add_centre(session, DRAFT, actor=world["officer"], now=NOW)
    abroad = replace(DRAFT, code="5601-010", subdistrict_code="560101")
    with pytest.raises(NotFound):
        service.add_centre(session, abroad, actor=world["officer"], now=NOW)


def test_a_code_belongs_to_one_centre(session: Session, world: World) -> None:
    with pytest.raises(service.CentreExists):
        service.add_centre(session, replace(DRAFT, code="5606-001"), actor=None, now=NOW)
    service.add_centre(session, DRAFT, actor=None, now=NOW)  # the session is still usable


def test_a_subdistrict_must_exist(session: Session, world: World) -> None:
    with pytest.raises(service.UnknownArea):
        service.add_centre(session, replace(DRAFT, subdistrict_code="560699"), actor=None, now=NOW)


def test_everyone_sees_their_own_area_and_no_more(session: Session, world: World) -> None:
    seen = {
        who: [c.code for c in queries.list_centres(session, actor)]
        for who, actor in world.actors.items()
    }
    assert seen == {
        "volunteer": ["5606-001"],
        "other_volunteer": ["5606-002"],
        "officer": ["5606-001", "5606-002"],
        "other_officer": ["5601-001"],
        "reviewer": ["5601-001", "5606-001", "5606-002"],
        "admin": ["5601-001", "5606-001", "5606-002"],
    }


def test_a_foreign_centre_does_not_exist(session: Session, world: World) -> None:
    with pytest.raises(NotFound):
        queries.centre_for(session, world["volunteer"], world.neighbour)
    with pytest.raises(NotFound):
        queries.centre_for(session, world["other_officer"], world.centre)


def test_a_search_finds_what_was_typed_differently(session: Session, world: World) -> None:
    named = replace(DRAFT, name="ศูนย์เรียนรู้บ้านน้ำใส")
    service.add_centre(session, named, actor=None, now=NOW)
    found = queries.list_centres(session, world["officer"], search="น้ําใส")
    assert [c.code for c in found] == ["5606-010"]
    assert queries.list_centres(session, world["officer"], search="100%_") == []


def test_a_change_that_changes_nothing_leaves_no_trace(session: Session, world: World) -> None:
    centre = service.add_centre(session, DRAFT, actor=None, now=NOW)
    assert service.change_centre(session, centre, DRAFT, actor=None, now=NOW) == []
    renamed = replace(DRAFT, name="ชื่อใหม่")
    assert service.change_centre(session, centre, renamed, actor=None, now=NOW) == [
        "name",
        "name_key",
    ]


CSV = """code,name,plot_class,subdistrict_code,lat,lon,steward_name,size_rai
5606-020,ศูนย์เรียนรู้ ก,HLM1,560601,19.15,100.27,นางสาธิต,1
๕๖๐๖-๐๒๑,ศูนย์เรียนรู้ ข,HLM3,560602,๑๙.๒๕,100.35,,3.5
5606-022,,HLM3,560602,19.25,100.35,,
5606-023,ศูนย์เรียนรู้ ง,HLM3,560602,north,100.35,,
5606-024,ศูนย์เรียนรู้ จ,HLM3,999999,19.25,100.35,,
"""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_list_is_imported_row_by_row_and_again_without_harm(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "centres.csv"
    file.write_text("\ufeff" + CSV, "utf-8")
    runner = app.test_cli_runner()

    first = runner.invoke(args=["centre", "import", str(file)])
    again = runner.invoke(args=["centre", "import", str(file)])

    assert "2 added, 0 changed, 0 same, 3 refused" in first.output
    assert "0 added, 0 changed, 2 same, 3 refused" in again.output
    assert first.exit_code == 1
    for line in ("line 4: name: required", "line 5:", "line 6: "):
        assert line in first.output


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_short_list_blanks_nothing(app: Flask, tmp_path: Path) -> None:
    long, short = tmp_path / "long.csv", tmp_path / "short.csv"
    lines = CSV.splitlines()
    long.write_text("\n".join(lines[:2]), "utf-8")
    short.write_text(
        "code,name,plot_class,subdistrict_code,lat,lon\n"
        "5606-020,ศูนย์เรียนรู้ ก2,HLM1,560601,19.15,100.27\n",
        "utf-8",
    )
    runner = app.test_cli_runner()
    runner.invoke(args=["centre", "import", str(long)])
    assert "1 changed" in runner.invoke(args=["centre", "import", str(short)]).output
    with app.app_context():
        centre = db.session.scalars(select(Centre).where(Centre.code == "5606-020")).one()
        assert (centre.name, centre.steward_name) == ("ศูนย์เรียนรู้ ก2", "นางสาธิต")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "content", [b"", b"code,name\n1,2\n", b"\xff\xfe\x00bad", "รหัส".encode("cp874")]
)
def test_a_file_that_is_no_list_is_told_in_one_line(
    app: Flask, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(content)
    result = app.test_cli_runner().invoke(args=["centre", "import", str(file)])
    assert result.exit_code == 1
    assert result.output.startswith("Error: x.csv")
    assert "Traceback" not in result.output


def test_a_long_list_comes_in_pages_and_says_how_many_there_are(
    session: Session, world: World
) -> None:
    for number in range(100, 160):
        add = replace(DRAFT, code=f"5606-{number}", name=f"ศูนย์ที่ {number}")
        service.add_centre(session, add, actor=None, now=NOW)
    first, total = queries.page_centres(session, world["officer"])
    rest, _total = queries.page_centres(session, world["officer"], after=first.next_cursor)
    codes = [centre.code for centre in (*first.items, *rest.items)]
    assert (total, len(first.items), codes) == (62, 50, sorted(codes))
    assert (len(set(codes)), rest.next_cursor) == (62, None)
