"""The official areas: nine districts, sixty-eight subdistricts, loaded as often as you like."""

from __future__ import annotations

from collections import Counter

from flask import Flask
from sqlalchemy.orm import Session

from app.areas.queries import areas_by_code, areas_under, place_name
from app.areas.service import load_areas
from tests.sync.statements import statements_of


def test_phayao_is_whole(session: Session) -> None:
    kinds = Counter(area.kind for area in areas_by_code(session).values())
    assert kinds == {"province": 1, "district": 9, "subdistrict": 68}


def test_loading_again_changes_nothing(session: Session) -> None:
    before = list(areas_by_code(session))
    assert load_areas(session) == 78
    assert list(areas_by_code(session)) == before


def test_same_names_are_told_apart_by_code(session: Session) -> None:
    areas = areas_by_code(session)
    assert areas["560101"].name_th == areas["560307"].name_th == "เวียง"
    assert place_name(areas, "560307") == "ต.เวียง อ.เชียงคำ จ.พะเยา"
    assert place_name(areas, "560307", "en") == "Wiang, Chiang Kham, Phayao"


def test_areas_come_in_code_order(session: Session) -> None:
    codes = [area.code for area in areas_under(session, "56", "district")]
    assert codes == [f"560{n}" for n in range(1, 10)]


def test_only_the_provinces_asked_for_are_read(app: Flask, session: Session) -> None:
    areas = areas_by_code(session)
    with statements_of(app) as said:
        assert [areas[code].code for code in ("56", "5606", "560601")] == ["56", "5606", "560601"]
        assert "5699" not in areas
        assert areas.get("") is None
        assert areas.get("5001") is None  # of another province, which is asked for once
        assert areas.get("500101") is None
    assert sum("FROM area" in statement for statement in said) == 2
