"""The demo's story keeps every rule of the product, and nothing in it is a real person's."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest

from app.accounts.rules import check_account
from app.centres.rules import check_centre
from app.demo import centres, people
from app.demo.story import Story, tell
from app.demo.visits import LAST, STORY, Place
from app.followups.rules import VisitFacts, check_followup
from app.photos.rules import check_photo
from app.records.rules import check_fields
from app.rounds.programme import load_programme
from app.shared.geo import distance_m
from app.visits.rules import check_visit

TODAY = date(2026, 11, 22)
CODES = tuple(f"560{district}01" for district in range(1, 10))


def _tell(today: date) -> Story:
    places = [
        Place(uuid5(STORY, plot.code), plot, 19.2, 100.1, "ตำบลสมมุติ อำเภอสมมุติ")
        for plot in centres.PLOTS
    ]
    return tell(places, CODES, load_programme(), today)


@pytest.fixture(scope="module")
def story() -> Story:
    return _tell(TODAY)


def test_every_centre_passes_its_rules_and_lies_near_its_subdistrict() -> None:
    for plot in centres.PLOTS:
        draft = centres.draft_of(plot, 19.2, 100.1)

        assert check_centre(draft) == []
        assert distance_m(draft.lat, draft.lon, 19.2, 100.1) < 2_200
    assert {plot.code[:4] for plot in centres.PLOTS} == {f"560{n}" for n in range(1, 10)}
    assert len(centres.PLOTS) == 26


def test_every_account_passes_its_rules_and_is_marked_as_a_demo() -> None:
    centre_ids = {plot.code: UUID(int=1) for plot in centres.PLOTS}
    for person in people.PEOPLE:
        draft = people.draft_of(person, centre_ids.get(person.centre_code or ""))

        assert check_account(draft) == []
        assert draft.is_demo


def test_every_visit_passes_check_visit(story: Story) -> None:
    programme = load_programme()

    assert [
        problem
        for entry in story.entries
        for problem in check_visit(entry.draft, now=entry.received_at, programme=programme)
    ] == []


def test_every_followup_passes_check_followup(story: Story) -> None:
    programme = load_programme()
    visits = {entry.draft.id: entry.draft for entry in story.entries}
    problems = []
    for check in story.checks:
        visit = visits[check.draft.visit_id]
        facts = VisitFacts(visit.visit_date, visit.n_total, visit.consent_followup)
        problems += check_followup(
            check.draft, visit=facts, now=check.received_at, programme=programme
        )

    assert problems == []


def test_every_other_duty_passes_its_check(story: Story) -> None:
    problems = [
        problem
        for deed in story.deeds
        for problem in (
            *check_fields(
                deed.draft, deed.kind.fields, now=deed.draft.capture.at, programme=load_programme()
            ),
            *deed.kind.check(deed.draft, load_programme()),
        )
    ]
    assert problems == []
    assert {deed.kind.name for deed in story.deeds} == {
        "network_order", "post", "assessment", "plan_item", "plan_result", "activity",
    }  # fmt: skip


def test_every_photo_passes_check_photo_and_belongs_to_something_told(story: Story) -> None:
    told = {entry.draft.id for entry in story.entries} | {check.draft.id for check in story.checks}
    told |= {uuid5(STORY, plot.code) for plot in centres.PLOTS}
    told |= {deed.draft.id for deed in story.deeds}

    assert [p for made in story.prints for p in check_photo(made.draft, now=made.received_at)] == []
    assert {made.draft.subject.id for made in story.prints} <= told


def test_no_two_records_share_an_id(story: Story) -> None:
    ids = [item.draft.id for item in (*story.entries, *story.checks, *story.prints)]

    assert [found for found, count in Counter(ids).items() if count > 1] == []


def test_photos_of_visits_were_taken_while_the_visit_lasted_but_for_the_doubtful_ones(
    story: Story,
) -> None:
    visits = {entry.draft.id: entry.draft for entry in story.entries}
    outside = 0
    for made in story.prints:
        visit = visits.get(made.draft.subject.id)
        if visit and not visit.time_in <= f"{made.shot.taken_at:%H:%M}" <= visit.time_out:
            outside += 1

    assert outside <= 2  # the two that were handed in again elsewhere


def test_the_letters_quarters_and_the_last_weeks_are_both_told(story: Story) -> None:
    recent = [entry for entry in story.entries if entry.draft.visit_date > LAST]

    assert 200 <= len(story.entries) - len(recent) <= 280
    assert 30 <= len(recent) <= 80
    assert all(entry.draft.visit_date < TODAY for entry in recent)
    assert 80 <= len(story.prints) <= 110


def test_the_field_s_faults_are_among_the_photos(story: Story) -> None:
    prints = story.prints

    assert any(made.shot.fix is None for made in prints)
    assert any(made.shot.buddhist_year for made in prints)
    assert any(made.resaved for made in prints)
    assert {made.shot.orientation for made in prints} == {1, 3, 6, 8}
    copies = Counter((made.picture, made.shot) for made in prints if not made.resaved).values()
    assert max(copies) == 2


def test_a_later_day_tells_the_same_past(story: Story) -> None:
    later = _tell(TODAY + timedelta(days=20))
    known = {entry.draft.id: entry.draft for entry in story.entries}
    retold = [entry.draft for entry in later.entries if entry.draft.id in known]

    assert all(known[draft.id].content_sha256 == draft.content_sha256 for draft in retold)
    assert len(later.entries) != len(retold)
