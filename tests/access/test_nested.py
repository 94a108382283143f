# ruff: noqa: E501 - long tables and one long sentence
"""What the matrix cannot ask: one's own beside another's, batches, moves, cursors, makers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from app.accounts.models import Account
from app.centres.models import Centre
from app.photos.models import Photo
from app.records.kinds import KINDS
from app.shared.db import db
from app.shared.ids import new_id
from app.shared.paging import encode_cursor
from app.visits.models import Visit
from tests.access.asking import address, arguments, rules
from tests.access.cast import CENTRE_CODE, MARK, Cast
from tests.access.state import Undo, state_of
from tests.access.table import ROWS
from tests.sync.phone_client import Phone
from tests.sync.record_facts import facts_of

pytestmark = pytest.mark.parametrize("cast", ["sqlite"], indirect=True)
NEIGHBOUR = "5606-002"
# What nobody may say of a record or of themselves: the server decides it.
UNASKED: dict[str, Any] = {
    "role": "admin", "area_code": "", "is_demo": True, "is_admin": True, "status": "accepted",
    "state": "accepted", "accepted": True, "decided_grade": "A", "decided_by": str(new_id()),
    "recorder_id": str(new_id()), "account_id": str(new_id()), "version": 99, "deleted_at": None,
    "received_at": "2001-01-01T00:00:00+00:00", "disabled_at": None, "password_hash": "x",
    "search_key": "x", "content_sha256": "0" * 64, "n_total": 9_999, "id": str(new_id()),
}  # fmt: skip


def phone_of(cast: Cast, who: str) -> Phone:
    client = cast.app.test_client(use_cookies=False)
    return Phone(client, token=cast.tokens[who], device_id=str(cast.devices[who]))


def sent(phone: Phone, *items: dict[str, Any]) -> list[dict[str, Any]]:
    """The server's verdicts on a batch."""
    body = {"items": list(items), "device_time": "2026-11-23T03:00:00+00:00"}
    answer = phone.send("POST", "/records", json=body)
    assert answer.status_code == 200, answer.text
    return list(answer.json["results"])


def one(cast: Cast, model: Any, row_id: object) -> Any:
    with cast.app.app_context():
        row = db.session.get(model, UUID(str(row_id)))
        db.session.remove()
    return row


def test_of_fifty_items_only_the_foreign_one_is_refused(cast: Cast, undo: Undo) -> None:
    phone = phone_of(cast, "other_phone")
    own = [phone.visit(cast.centres[NEIGHBOUR]) for _ in range(49)]
    foreign = phone.visit(cast.centre)
    with undo():
        results = sent(phone, *own[:20], foreign, *own[20:])
        refused = [r for r in results if r["status"] != "created"]
        assert [r["id"] for r in refused] == [foreign["id"]]
        assert one(cast, Visit, foreign["id"]) is None


def test_a_foreign_centre_and_one_that_is_not_there_are_refused_alike(cast: Cast) -> None:
    phone = phone_of(cast, "other_phone")
    told = [sent(phone, phone.visit(centre))[0] for centre in (cast.centre, new_id())]
    assert told[0]["status"] == told[1]["status"]
    assert _without_ids(told[0]) == _without_ids(told[1])


def _without_ids(result: dict[str, Any]) -> dict[str, Any]:
    own = {"id", "item_sha256", "receipt", "received_at"}
    return {name: value for name, value in result.items() if name not in own}


@pytest.mark.parametrize("op", ["edit", "delete"])
def test_a_phone_changes_no_record_of_another_centre(cast: Cast, op: str) -> None:
    phone, before = phone_of(cast, "other_phone"), state_of(cast)
    visit_id = cast.things["visit"]["visit_id"]
    if op == "edit":
        data = phone.visit_data(cast.centres[NEIGHBOUR]) | {"id": visit_id}
        item = phone.item("visit", "edit", data, record_id=visit_id, base_version=1)
    else:
        item = phone.delete("visit", visit_id, 1, "ไม่ใช่ของเรา")
    result = sent(phone, item)[0]
    assert result["status"] in ("refused", "invalid", "pending", "malformed"), result
    assert MARK not in str(result)
    assert one(cast, Visit, visit_id).centre_id == cast.centre
    if result["status"] != "pending":
        assert state_of(cast) == before


def test_a_correction_does_not_move_a_record_to_another_centre(cast: Cast, undo: Undo) -> None:
    phone = phone_of(cast, "phone")
    with undo():
        visit = phone.visit(cast.centre)
        sent(phone, visit)
        sent(phone, phone.edit("visit", visit["data"] | {"centre_id": str(new_id())}, 1))
        moved = visit["data"] | {"centre_id": str(cast.centres[NEIGHBOUR]), "n_male": 5}
        sent(phone, phone.edit("visit", moved, 1))
        assert one(cast, Visit, visit["id"]).centre_id == cast.centre


@pytest.mark.parametrize(
    "page", ["/visits/new", "/activities/new", "/publicity/new", "/documents/new", "/plans/items/new",
             "/assessments/new", "/networks/new"]
)  # fmt: skip
def test_nobody_writes_into_another_district(cast: Cast, page: str) -> None:
    client, before = cast.client("other_officer"), state_of(cast)
    for centre in (str(cast.centre), str(new_id())):
        answer = client.post(page, data=_filled(centre))
        assert answer.status_code in (404, 422), answer.status_code
    assert state_of(cast) == before


def _filled(centre: str) -> dict[str, str]:
    """The boxes of every form, filled in."""
    return {
        "centre_id": centre, "centre": centre, "district_code": "5606", "place": "5606",
        "visit_date": "13/02/2567", "kind": "study", "n_male": "3", "n_female": "4",
        "title": "ทดสอบ", "held_on": "13/02/2567", "sides": "place", "posted_on": "13/02/2567",
        "channel": "facebook", "url": "https://example.org/1", "order_no": "1/2567",
        "dated_on": "13/02/2567", "act": "appoint", "id": str(new_id()), "fiscal_year": "2567",
    }  # fmt: skip


def test_ones_own_beside_anothers_opens_nothing(cast: Cast, undo: Undo) -> None:
    """Every address of two ids, with the one's own first half and the other's second half."""
    with undo():
        cast_photo = UUID(cast.things["photo"]["photo_id"])
        own = _own_photo(cast)
        client = cast.client("other_officer")
        copy_id, later = cast.things["copy"]["copy_id"], cast.things["pair"]["later_id"]
        for url in (
            f"/photos/{own}/sharing/{copy_id}.jpg",
            f"/photos/{own}/sharing/{copy_id}/download",
            f"/photos/pairs/{own}/{later}",
            f"/photos/pairs/{cast_photo}/{own}",
            f"/photos/pairs/{own}/{cast_photo}",
        ):
            assert client.get(url).status_code == 404, url
        assert client.post(f"/photos/{own}/sharing/{copy_id}/withdraw").status_code == 404
        submission = cast.things["submission"]["submission_id"]
        visit_id = cast.things["visit"]["visit_id"]
        judged = cast.client("reviewer").post(
            f"/review/{submission}/items/visit/{visit_id}", data={"verdict": "ok"}
        )
        assert judged.status_code in (303, 404)


def _own_photo(cast: Cast) -> UUID:
    """A photo of the other district: the marked one's row under another id and centre."""
    with cast.app.app_context():
        session = db.session()
        row = session.get_one(Photo, UUID(cast.things["photo"]["photo_id"]))
        facts = {c.key: getattr(row, c.key) for c in Photo.__table__.columns}
        stranger = cast.centres["5601-001"]
        facts |= {
            "id": new_id(), "centre_id": stranger, "subject_kind": "centre", "subject_id": stranger,
            "code": None,
        }  # fmt: skip
        session.add(Photo(**facts))
        session.commit()
        db.session.remove()
    own: UUID = facts["id"]
    return own


def test_a_photo_is_attached_to_nothing_foreign(cast: Cast) -> None:
    client, before = cast.client("other_officer"), state_of(cast)
    for subject, record_id in (("visit", cast.things["visit"]["visit_id"]), ("visit", new_id())):
        said = {
            "subject_kind": subject,
            "subject_id": str(record_id),
            "centre_id": str(cast.centre),
        }
        answer = client.post("/photos", data=said)
        assert answer.status_code in (303, 400, 404, 422), answer.status_code
        shown = client.get(f"/documents/new?subject_kind={subject}&subject_id={record_id}")
        assert MARK not in shown.text
        assert MARK not in client.get(f"/followups/new?visit={record_id}").text
    assert state_of(cast) == before


# --- cursors ---------------------------------------------------------------------------------


def test_a_phone_reads_with_no_cursor_but_its_own(cast: Cast) -> None:
    phone, other = phone_of(cast, "phone"), phone_of(cast, "other_phone")
    cursor = phone.send("GET", "/changes").json["cursor"]
    assert phone.send("GET", f"/changes?since={cursor}").status_code == 200
    for forged in (cursor[:-2] + "AA", cursor + "A", "AAAA", "x" * 5000, "ก", "%00"):
        status = phone.send("GET", f"/changes?since={forged}").status_code
        assert status in (400, 414), forged[:50]
    assert other.send("GET", f"/changes?since={cursor}").status_code == 400


@pytest.mark.parametrize(
    "page", ["/visits", "/followups/done", "/activities", "/documents", "/centres", "/packets",
             "/photos", "/photos/findings", "/networks", "/plans/items", "/publicity"]
)  # fmt: skip
def test_a_forged_place_in_a_list_opens_nothing_foreign(cast: Cast, page: str) -> None:
    client = cast.client("other_officer")
    visit_id = cast.things["visit"]["visit_id"]
    forged = [
        encode_cursor(values)
        for values in (
            ["2099-01-01", visit_id], ["0001-01-01", visit_id], ["2567-13-01", visit_id], [],
            [None], [[visit_id]], [{"$gt": ""}], ["0001-01-01T00:00:00+00:00", visit_id],
            [CENTRE_CODE, visit_id], [CENTRE_CODE], [visit_id], ["' OR 1=1 --", visit_id],
        )
    ]  # fmt: skip
    for after in (*forged, "AAAA", "ก" * 50, "x" * 10_000, "%00"):
        answer = client.get(page, query_string={"after": after})
        assert answer.status_code in (200, 400, 414), (after[:50], answer.status_code)
        assert MARK not in answer.text


# --- what nobody may say ---------------------------------------------------------------------


def test_a_phone_cannot_say_what_the_server_decides(cast: Cast, undo: Undo) -> None:
    phone = phone_of(cast, "phone")
    with undo():
        visit = phone.visit_data(cast.centre)
        bad = {name: value for name, value in UNASKED.items() if name != "id"}
        result = sent(phone, phone.item("visit", "create", visit | bad))[0]
        row = one(cast, Visit, visit["id"])
        assert result["status"] in ("created", "invalid", "malformed"), str(result)
        if row is not None:
            assert (row.version, row.n_total, row.deleted_at) == (1, 42, None)
            assert row.recorder_id == cast.people["volunteer"].account_id
            assert row.search_key != "x"


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_kind_of_record_takes_what_the_server_decides(cast: Cast, undo: Undo, kind: str) -> None:
    phone = phone_of(cast, "phone")
    bad = {name: value for name, value in UNASKED.items() if name != "id"}
    data = facts_of(kind) | {"centre_id": str(cast.centre)} | bad
    with undo():
        from tests.sync.phone_client import captured

        item = phone.item(kind, "create", captured() | data)
        result = sent(phone, item)[0]
        row = one(cast, KINDS[kind].model, item["id"])
        if row is not None:
            assert row.version == 1
            assert row.recorder_id == cast.people["volunteer"].account_id
            assert getattr(row, "decided_grade", None) is None
        else:
            assert result["status"] in ("refused", "invalid", "pending", "malformed"), result


def test_no_form_takes_what_the_server_decides(cast: Cast, undo: Undo) -> None:
    """Every form of every role, sent with what was not asked: nobody and nothing is raised."""
    with undo():
        before = _powers(cast)
        for who in ("volunteer", "officer", "reviewer"):
            client = cast.client(who)
            for url in _post_addresses(cast, who):
                if "sign-out" not in url and "revoke" not in url:
                    client.post(url, data=UNASKED | {"area_code": "", "centre_id": ""})
        assert _powers(cast) == before


def _post_addresses(cast: Cast, who: str) -> list[str]:
    named = [
        address(cast.app, rule, arguments(cast, rule))
        for rule in rules(cast.app)
        if "POST" in (rule.methods or ()) and who in ROWS[rule.endpoint].may
    ]
    bare = [
        rule.rule for rule in cast.app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.arguments
        and not rule.rule.startswith("/api/")
    ]  # fmt: skip
    return sorted([*named, *bare])


def _powers(cast: Cast) -> list[Any]:
    """Who may do what, and where the centres lie."""
    with cast.app.app_context():
        accounts = db.session.query(
            Account.username, Account.role, Account.area_code, Account.centre_id, Account.is_demo,
            Account.disabled_at, Account.password_hash,
        ).order_by(Account.username)  # fmt: skip
        centres = db.session.query(Centre.code, Centre.subdistrict_code).order_by(Centre.code)
        found = [tuple(row) for row in (*accounts, *centres)]
        db.session.remove()
    return found


# --- makers and checkers, and roles that change ----------------------------------------------


def _as_reviewer(cast: Cast, who: str) -> FlaskClient:
    """Somebody who did the work and has become a reviewer since."""
    with cast.app.app_context():
        wanted = Account.id == cast.people[who].account_id
        db.session.execute(
            update(Account).where(wanted).values(role="reviewer", area_code="56", centre_id=None)
        )
        db.session.commit()
        db.session.remove()
    return cast.client(who)


@pytest.mark.parametrize(
    ("who", "thing", "path", "said"),
    [
        ("officer", "submission_id", "/review/{}/accept", {"version": "1"}),
        ("officer", "record_id", "/assessments/{}/decision", {"grade": "A", "version": "1"}),
        ("volunteer", "finding_id", "/photos/findings/{}/decision", {"settled": "1"}),
    ],
)
def test_who_made_it_does_not_check_it(
    cast: Cast, undo: Undo, who: str, thing: str, path: str, said: dict[str, str]
) -> None:
    named = {"submission_id": "submission", "record_id": "assessment", "finding_id": "finding"}
    object_id = cast.things[named[thing]][thing]
    with undo():
        client = _as_reviewer(cast, who)
        before = state_of(cast)
        decision = {"decision": "settled", "verdict": "settled", "chosen": "settled"}
        client.post(path.format(object_id), data=said | decision | _prefixed(object_id))
        assert state_of(cast) == before


def _prefixed(object_id: str) -> dict[str, str]:
    return {f"d-{object_id}-settled": "1", f"{object_id}-settled": "1"}


def test_a_role_that_changes_changes_the_very_next_request(cast: Cast, undo: Undo) -> None:
    visit = f"/visits/{cast.things['visit']['visit_id']}"
    with undo():
        client = cast.client("officer")
        assert client.get(visit).status_code == 200
        assert client.get("/review").status_code == 404
        _as_reviewer(cast, "officer")
        assert client.get("/review").status_code == 200
        _set(cast, "officer", area_code="57")
        assert client.get(visit).status_code == 404
        _set(
            cast,
            "officer",
            disabled_at=one(cast, Account, cast.people["officer"].account_id).created_at,
        )
        assert client.get(visit).status_code == 302


def test_a_phone_whose_person_moves_reads_the_new_centre_alone(cast: Cast, undo: Undo) -> None:
    with undo():
        phone = phone_of(cast, "phone")
        assert CENTRE_CODE in phone.send("GET", "/changes").text
        _set(cast, "volunteer", centre_id=cast.centres[NEIGHBOUR], area_code="560602")
        answer = phone.send("GET", "/changes")
        assert answer.status_code == 200
        assert CENTRE_CODE not in answer.text
        assert f"คณะ{MARK}" not in answer.text


def _set(cast: Cast, who: str, **facts: Any) -> None:
    with cast.app.app_context():
        wanted = Account.id == cast.people[who].account_id
        db.session.execute(update(Account).where(wanted).values(**facts))
        db.session.commit()
        db.session.remove()
