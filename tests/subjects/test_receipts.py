"""Receipt codes: what opens, what does not, and what is kept of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.shared.clock import now
from app.shared.codes import normal_code, show_code
from app.subjects import receipts
from app.subjects.models import ReceiptCode
from app.subjects.receipts import NobodyNamed, ReceiptInvalid
from app.visits.forgetting import forget_visit
from app.visits.models import Visit
from app.visits.service import record_visit
from tests.conftest import World
from tests.visits.drafts import CONSENTED, NOW, make_draft

SEED = "A" * 43
OTHER = "7K3Q9XWD2M4P"


def test_a_code_opens_its_own_visit_however_it_is_typed(
    session: Session, visit_id: UUID, give_code: Callable[[UUID], str]
):
    code = give_code(visit_id)
    entry, _ = receipts.open_receipt(session, show_code(code).lower(), seed=SEED, now=now())
    assert entry.visit_id == visit_id
    assert normal_code(show_code(code).replace("0", "O").replace("1", "l"), 12) == code


def test_unknown_withdrawn_and_garbled_codes_get_one_answer(
    session: Session, visit_id: UUID, give_code: Callable[[UUID], str]
):
    first = give_code(visit_id)
    give_code(visit_id)
    for typed in (first, OTHER, "short", "ไม่ใช่รหัส"):
        with pytest.raises(ReceiptInvalid):
            receipts.open_receipt(session, typed, seed=SEED, now=now())


def test_only_a_keyed_digest_is_kept(
    session: Session, visit_id: UUID, give_code: Callable[[UUID], str]
):
    code = give_code(visit_id)
    row = session.scalars(select(ReceiptCode)).one()
    assert code not in str(vars(row))
    assert row.code_sha256 == receipts.digest_of(SEED, code) != receipts.digest_of("B" * 43, code)


def test_it_closes_after_a_quarter_of_an_hour_and_when_it_is_closed(
    session: Session, visit_id: UUID, give_code: Callable[[UUID], str]
):
    code, start = give_code(visit_id), now()
    _, secret = receipts.open_receipt(session, code, seed=SEED, now=start)
    assert receipts.opened(session, secret, now=start + timedelta(minutes=14))
    assert receipts.opened(session, secret, now=start + timedelta(minutes=16)) is None
    receipts.close(session, secret)
    assert receipts.opened(session, secret, now=start) is None


def test_a_second_browser_ends_the_first(
    session: Session, visit_id: UUID, give_code: Callable[[UUID], str]
):
    code = give_code(visit_id)
    _, first = receipts.open_receipt(session, code, seed=SEED, now=now())
    _, second = receipts.open_receipt(session, code, seed=SEED, now=now())
    assert receipts.opened(session, first, now=now()) is None
    assert receipts.opened(session, second, now=now())


def test_whoever_agreed_to_nothing_gets_no_code(session: Session, world: World):
    visit, _ = record_visit(session, make_draft(world.centre), actor=world["volunteer"], now=NOW)
    with pytest.raises(NobodyNamed):
        receipts.make_receipt(session, visit, actor=world["volunteer"], seed=SEED, now=now())


def test_a_phones_code_is_kept_once_and_never_another_visits(
    session: Session, world: World, visit_id: UUID
):
    visit, digest = session.get_one(Visit, visit_id), receipts.digest_of(SEED, OTHER)
    assert receipts.keep_receipt(session, visit, digest, now=NOW)
    assert receipts.keep_receipt(session, visit, digest, now=NOW)  # sent again
    draft = make_draft(world.centre, **CONSENTED)
    neighbour, _ = record_visit(session, draft, actor=world["volunteer"], now=NOW)
    assert not receipts.keep_receipt(session, neighbour, digest, now=NOW)
    assert session.get_one(ReceiptCode, digest).visit_id == visit_id


def test_a_forgotten_persons_codes_are_gone_and_an_old_phone_brings_none_back(
    app: Flask, session: Session, visit_id: UUID, give_code: Callable[[UUID], str]
):
    code = give_code(visit_id)
    visit = session.get_one(Visit, visit_id)
    forget_visit(session, visit, cause="retention", now=now(), actor_id=None)
    with pytest.raises(ReceiptInvalid):
        receipts.open_receipt(session, code, seed=SEED, now=now())
    assert not receipts.keep_receipt(session, visit, receipts.digest_of(SEED, code), now=now())
    assert session.scalars(select(ReceiptCode)).all() == []
