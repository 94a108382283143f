"""Whatever people do in whatever order: only steps that exist, and an edition never changes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.plans.kinds import PLAN_ITEM
from app.review.content import sha256_of
from app.review.models import Submission, SubmissionEdition
from app.review.queries import steps_of, submission_of
from app.review.service import Reason, accept, judge, reopen, return_, submit, waive
from app.shared.db import db
from app.shared.errors import DomainError
from app.shared.work import work
from tests.conftest import World
from tests.review.cast import KEY, NOW, PROGRAMME, correct, occurrence, plan_item, send, unit

PEOPLE = ("volunteer", "officer", "other_officer", "reviewer", "admin")
ACTS = ("submit", "return", "accept", "waive", "reopen", "ok", "mend", "edit")
LEGAL = {
    (None, "submitted"), (None, "waived"), ("submitted", "returned"), ("submitted", "accepted"),
    ("submitted", "waived"), ("returned", "submitted"), ("returned", "waived"),
    ("accepted", "submitted"), ("waived", "submitted"), ("waived", "returned"),
}  # fmt: skip
step = st.tuples(st.sampled_from(ACTS), st.sampled_from(PEOPLE), st.integers(-1, 1))


@contextmanager
def undone(session: Session) -> Iterator[None]:
    """What happens inside is undone at the end: each example begins anew."""
    try:
        yield
    finally:
        session.rollback()
        session.expunge_all()


def act(session: Session, world: World, what: str, who: str, off: int, item: object) -> None:
    """One attempt, on the present version or on one beside it."""
    now = submission_of(session, KEY, "plan", "5606")
    version, edition = (now.version, now.edition) if now else (0, 0)
    common = {"actor": world[who], "now": NOW}
    why = Reason("figures", "ดูอีกครั้ง")
    due = (PROGRAMME, occurrence(), unit(session, world))
    if what == "submit":
        submit(session, *due, seen_edition=edition + off, **common)
    elif what == "waive":
        waive(session, *due, expected_version=version + off, reason=why, **common)
    elif what == "edit":
        row = session.get_one(PLAN_ITEM.model, item)
        correct(session, PLAN_ITEM, row, world[who], budget_baht=row.budget_baht + 1)
    elif now is not None and what in ("ok", "mend"):
        word = "ok" if what == "ok" else "return"
        judge(session, now.id, "plan_item", item, word, reason=why, **common)
    elif now is not None:
        step = {"return": return_, "accept": accept, "reopen": reopen}[what]
        reason = {} if what == "accept" else {"reason": why}
        step(session, now.id, expected_version=version + off, **reason, **common)


@settings(
    max_examples=10, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(steps=st.lists(step, min_size=4, max_size=14))
def test_no_order_of_steps_leads_anywhere_illegal(
    session: Session, world: World, steps: list[tuple[str, str, int]]
):
    with undone(session):
        item = plan_item(session, world["officer"], world.centre).id
        frozen: dict[int, str] = {}
        state = None
        for what, who, off in steps:
            try:
                with session.begin_nested():
                    act(session, world, what, who, off, item)
            except DomainError:
                session.expire_all()
            now = submission_of(session, KEY, "plan", "5606")
            if now is None:
                assert state is None
                continue
            assert now.state == state or (state, now.state) in LEGAL, (what, who)
            assert what not in ("ok", "mend", "edit") or now.state == state
            state = now.state
            check_editions(session, now, frozen)
            check_hands(session, now)


def check_editions(session: Session, now: Submission, frozen: dict[int, str]) -> None:
    """Every edition is still what it was."""
    rows = session.scalars(
        select(SubmissionEdition)
        .where(SubmissionEdition.submission_id == now.id)
        .execution_options(populate_existing=True)
    ).all()
    assert sorted(row.number for row in rows) == list(range(1, now.edition + 1))
    for row in rows:
        assert sha256_of(row.content) == row.content_sha256
        assert frozen.setdefault(row.number, row.content_sha256) == row.content_sha256


def check_hands(session: Session, now: Submission) -> None:
    """Who decided did not send, and the numbers of steps and versions agree."""
    steps = [one for one, _ in steps_of(session, now)]
    senders = {one.made_by for one in steps if one.step == "submitted"}
    deciders = {one.made_by for one in steps if one.step in ("accepted", "waived")}
    assert not senders & deciders
    assert [one.number for one in steps] == list(range(len(steps), 0, -1))
    assert now.version == len(steps)


def at_once(app: Flask, acts: list[object]) -> list[str]:
    """Run the acts in threads that start together; the state or a refusal's code of each."""
    start = Barrier(len(acts))

    def run(act: object) -> str:
        with app.app_context():
            start.wait()
            try:
                with work() as w:
                    return str(act(w.session).state)  # type: ignore[operator]
            except DomainError as refusal:
                return refusal.code
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_reviewers_at_once_one_decides(app: Flask, world: World):
    with app.app_context(), work() as w:
        sent = send(w.session, world).id
    why = Reason("figures")
    answers = at_once(
        app,
        [
            lambda s: accept(s, sent, expected_version=1, actor=world["reviewer"], now=NOW),
            lambda s: return_(
                s, sent, expected_version=1, reason=why, actor=world["admin"], now=NOW
            ),
        ]
        * 4,
    )
    decided = {answer for answer in answers if answer != "stale_version"}
    assert len(decided) == 1  # and the same person's other clicks are the same step
    with app.app_context():
        now = db.session.get_one(Submission, sent)
        assert {now.state} == decided
        assert (now.version, len(steps_of(db.session(), now))) == (2, 2)


def test_sent_by_eight_at_once_it_is_one_edition(app: Flask, world: World):
    def sending(session: Session) -> Submission:
        return send(session, world)

    assert at_once(app, [sending] * 8) == ["submitted"] * 8
    with app.app_context():
        assert len(db.session.scalars(select(SubmissionEdition)).all()) == 1


def test_what_is_marked_while_another_accepts_is_not_lost(app: Flask, world: World):
    with app.app_context(), work() as w:
        item = plan_item(w.session, world["officer"], world.centre).id
        sent = send(w.session, world).id

    def marking(session: Session) -> Submission:
        judge(
            session, sent, "plan_item", item, "return", reason=Reason("figures"),
            actor=world["admin"], now=NOW,
        )  # fmt: skip
        return session.get_one(Submission, sent)

    def accepting(session: Session) -> Submission:
        return accept(session, sent, expected_version=1, actor=world["reviewer"], now=NOW)

    answers = at_once(app, [marking, accepting])
    # Whichever came first, the other was told.
    assert answers in (["submitted", "verdicts_open"], ["submission_state", "accepted"])
