"""Nobody's name or number is on any page, list, file or answer unless somebody asked for it.

Every GET address of the product is opened by everybody who may, phones included; what comes is
searched for the marks, also inside ZIP files (packets, XLSX, DOCX).
"""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select, update
from werkzeug.routing import Rule

from app.accounts.models import Account
from app.audit.models import AuditEntry
from app.networks.models import NetworkOrder
from app.shared.db import db
from app.visits.models import Visit
from tests.access.asking import address
from tests.access.cast import Cast, put_on
from tests.access.conftest import stage
from tests.access.table import ROWS

NAME, PHONE = "ศุภลักษณ์ซ่อนเร้น", "0891237654"
MEMBER_PHONE, ACCOUNT_PHONE = "0897654321", "0863334445"
MARKS = {
    "visitor's name": NAME,
    "visitor's phone": PHONE,
    "member's phone": MEMBER_PHONE,
    "account's phone": ACCOUNT_PHONE,
}
# Those who see most of the marked centre; the others get 404 (tests/access).
WHO = ("volunteer", "officer", "reviewer", "admin", "phone", "nobody")
# Where a mark may stand, and why.
ARGUED = {
    ("sync.changes", "visitor's name"): "whom a phone is to call; that it left is noted",
    ("sync.changes", "visitor's phone"): "whom a phone is to call; that it left is noted",
    ("sync.changes", "member's phone"): "officers' phones carry the orders; noted",
    ("accounts.own", "account's phone"): "one's own",
    ("administration.account", "account's phone"): "an administrator corrects it",
}


def _spellings(mark: str) -> list[bytes]:
    found = [mark]
    if mark.isdecimal():
        found += [f"{mark[:3]}-{mark[3:6]}-{mark[6:]}", f"+66{mark[1:]}"]
    return [form.encode() for form in found] + [mark.encode("utf-16-le")]


@pytest.fixture(scope="module")
def marked(filled_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cast]:
    """The stage, with marked people put into the visit, the order and an account."""
    folder = tmp_path_factory.mktemp("masked")
    shutil.copyfile(filled_sqlite, folder / "stage.db")
    cast = put_on(stage(f"sqlite:///{folder / 'stage.db'}", folder))
    with cast.app.app_context():
        session = db.session()
        visit = session.get_one(Visit, UUID(cast.things["visit"]["visit_id"]))
        visit.leader_name, visit.phone = f"นาง{NAME}", PHONE
        order = session.get_one(NetworkOrder, UUID(cast.things["network"]["record_id"]))
        order.members = [one | {"phone": MEMBER_PHONE} for one in order.members]
        who = cast.people["other_volunteer"].account_id
        session.execute(update(Account).where(Account.id == who).values(phone=ACCOUNT_PHONE))
        session.commit()
        db.session.remove()
    yield cast
    with cast.app.app_context():
        db.session.remove()
        db.engine.dispose()


def _urls(cast: Cast) -> Iterator[tuple[str, str]]:
    for rule in sorted(cast.app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
            continue
        url = _url(cast, rule)
        if url:
            yield rule.endpoint, url


def _url(cast: Cast, rule: Rule) -> str | None:
    if not rule.arguments:
        return rule.rule
    if rule.endpoint not in ROWS:
        return None
    named = cast.things[ROWS[rule.endpoint].thing]
    return address(cast.app, rule, {name: named[name] for name in rule.arguments})


def _bodies(data: bytes) -> Iterator[bytes]:
    yield data
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            for name in packed.namelist():
                yield from _bodies(packed.read(name))


def _marks_in(data: bytes) -> set[str]:
    return {
        what
        for body in _bodies(data)
        for what, mark in MARKS.items()
        if any(form in body for form in _spellings(mark))
    }


@pytest.mark.parametrize("who", WHO)
def test_no_answer_shows_a_name_or_number_unasked(marked: Cast, who: str) -> None:
    client, shown, asked = marked.client(who), [], 0
    for endpoint, url in _urls(marked):
        answer = client.get(url)
        asked += answer.status_code == 200
        head = "\n".join(f"{name}: {value}" for name, value in answer.headers).encode()
        shown += [
            f"{what} at {url}"
            for what in _marks_in(answer.get_data()) | _marks_in(head)
            if (endpoint, what) not in ARGUED
        ]
        answer.close()
    assert not shown, "\n".join(shown)
    assert asked > (1 if who == "phone" else 10)


def test_the_walk_would_notice(marked: Cast) -> None:
    """Asked for with the button, the marks are there: the search finds what it should."""
    officer = marked.client("officer")
    visit = marked.things["visit"]["visit_id"]
    shown = officer.post(f"/visits/{visit}/contact").get_data()
    assert _marks_in(shown) == {"visitor's name", "visitor's phone"}
    form = officer.post(f"/visits/{visit}/edit/contact").get_data()
    assert _marks_in(form) == {"visitor's name", "visitor's phone"}
    order = marked.things["network"]["record_id"]
    assert _marks_in(officer.post(f"/networks/{order}/phones").get_data()) == {"member's phone"}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", f"x,{PHONE}")
    assert _marks_in(packed.getvalue()) == {"visitor's phone"}


def test_the_audit_log_names_nobody(marked: Cast) -> None:
    with marked.app.app_context():
        entries = db.session().scalars(select(AuditEntry)).all()
        text = "\n".join(f"{entry.object_id} {entry.facts}" for entry in entries)
    assert _marks_in(text.encode()) == set()
