"""Network orders: which is in force, which sectors they have, and the pages that show it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.networks.kinds import NETWORK_ORDER
from app.networks.models import NetworkOrder
from app.networks.queries import in_force_ids, order_in_force, orders_in_force, orders_of
from app.networks.rules import missing, strip_of
from app.records.draft import Draft
from app.records.service import record
from app.shared.db import db
from app.shared.ids import new_id
from tests.conftest import World
from tests.networks.drafts import NOW, PROGRAMME, make_order, member

SignIn = Callable[[str], FlaskClient]
EVERY_SECTOR = [sector.key for sector in PROGRAMME.sectors]


def store(session: Session, world: World, draft: Draft, who: str = "officer") -> NetworkOrder:
    order: NetworkOrder
    order, _created = record(
        session, NETWORK_ORDER, draft, actor=world[who], now=NOW, programme=PROGRAMME
    )
    session.commit()
    return order


def typed(**facts: Any) -> dict[str, Any]:
    """What a browser sends for an order with two members."""
    return {
        "id": str(new_id()),
        "version": "",
        "district_code": "5606",
        "order_no": "๑๔/๒๕๖๗",
        "dated_on": "22/1/2567",
        "fiscal_year": "2567",
        "act": "appoint",
        "members-0-name": "นายบุญมี ใจเย็น",
        "members-0-sector": "citizens",
        "members-0-phone": "081-234-5678",
        "members-2-name": "พระครูสุวรรณธรรม",
        "members-2-sector": "religious",
    } | facts


def test_the_newest_order_of_a_year_is_in_force(session: Session, world: World):
    old = store(session, world, make_order("government", dated_on=date(2023, 11, 3)))
    new = store(session, world, make_order("government", "media"))
    year_before = make_order("government", dated_on=date(2024, 2, 1), fiscal_year=2566)
    store(session, world, year_before)

    assert order_in_force(session, "5606", 2567) == new
    assert order_in_force(session, "5606", 2567, until=date(2023, 12, 31)) == old
    assert order_in_force(session, "5606", 2567, until=date(2023, 10, 31)) is None
    assert order_in_force(session, "5601", 2567) is None
    orders = orders_of(session, world["officer"], "5606")
    assert [order.fiscal_year for order in orders] == [2567, 2567, 2566]
    assert in_force_ids(orders) == {new.id, year_before.id}


def test_orders_in_force_stay_within_the_readers_area(session: Session, world: World):
    own = store(session, world, make_order("government"))
    far = store(session, world, make_order("media", district="5601"), "other_officer")

    assert orders_in_force(session, world["officer"], 2567) == {"5606": own}
    assert orders_in_force(session, world["reviewer"], 2567) == {"5606": own, "5601": far}
    assert orders_in_force(session, world["volunteer"], 2567) == {}


def test_the_strip_shows_every_sector_and_who_is_missing():
    members = [member("citizens"), member("citizens"), member("guild of nobody")]
    strip = strip_of(members, PROGRAMME.sectors, "th")
    assert [cell.key for cell in strip] == EVERY_SECTOR
    assert {cell.key: cell.members for cell in strip if cell.members} == {"citizens": 2}
    assert len(missing(strip)) == len(EVERY_SECTOR) - 1


def test_an_officer_writes_an_order_and_empty_lines_go_away(
    app: Flask, world: World, sign_in: SignIn
):
    client = sign_in("officer")
    data = typed(**{"members-1-name": "", "members-1-sector": "", "members-1-phone": ""})
    answer = client.post("/networks/new", data=data)
    assert answer.status_code == 303, answer.text

    page = client.get(answer.location).text
    assert "พระครูสุวรรณธรรม" in page
    with app.app_context():
        order = db.session.scalars(select(NetworkOrder)).one()
        assert order.sectors == ["religious", "citizens"]
        assert [m["phone"] for m in order.members] == ["0812345678", None]


@pytest.fixture
def stored(app: Flask, world: World) -> UUID:
    """An order whose member has a phone."""
    with app.app_context():
        members = [member("citizens", phone="0812345678"), member("government")]
        order = store(db.session(), world, make_order(members=members))
        found: UUID = order.id
        db.session.remove()
    return found


def test_phones_are_masked_until_asked_for_and_then_the_look_is_noted(
    app: Flask, stored: UUID, sign_in: SignIn
):
    client = sign_in("officer")
    assert "081-234-5678" not in client.get(f"/networks/{stored}").text
    assert "081-234-5678" in client.post(f"/networks/{stored}/phones").text
    assert "081-234-5678" not in client.get(f"/networks/{stored}").text
    with app.app_context():
        seen = select(AuditEntry).where(AuditEntry.action == "network_order.contact_seen")
        entry = db.session.scalars(seen).one()
        assert (entry.object_id, entry.facts) == (str(stored), {"members": 1})


def test_phones_are_in_no_list_and_no_table(stored: UUID, sign_in: SignIn):
    client = sign_in("officer")
    for path in ("/networks", "/networks.csv"):
        text = client.get(path).text
        assert "14/2567" in text
        assert "0812345678" not in text.replace("-", "")


def test_a_review_begins_with_the_members_there_were(world: World, stored: UUID, sign_in: SignIn):
    page = sign_in("officer").get(f"/networks/new?review={stored}").text
    assert 'value="นายบุญมี ใจเย็น"' in page
    assert "14/2567" in page  # in the note: the number itself is to be written anew
    assert 'value="14/2567"' not in page
    assert 'name="members-1-sector"' in page


def test_a_foreign_order_is_neither_shown_nor_reviewed(stored: UUID, sign_in: SignIn):
    client = sign_in("other_officer")
    assert client.get(f"/networks/{stored}").status_code == 404
    assert client.post(f"/networks/{stored}/phones").status_code == 404
    assert "นายบุญมี ใจเย็น" not in client.get(f"/networks/new?review={stored}").text


def test_a_reviewer_sees_every_district_with_its_strip(stored: UUID, sign_in: SignIn):
    page = sign_in("reviewer").get("/networks").text
    assert page.count('data-sector="media"') == 1  # Pong has an order
    assert page.count("fiscal year 2567 yet") + page.count("ปีงบประมาณ 2567") >= 8  # the others not


def test_a_centres_page_shows_the_network_of_its_district(
    world: World, stored: UUID, sign_in: SignIn
):
    path = f"/centres/{world.centre}"
    assert 'data-sector="media"' in sign_in("officer").get(path).text
    assert "data-sector=" not in sign_in("volunteer").get(path).text
