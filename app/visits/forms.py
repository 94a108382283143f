"""The visitor book's forms: shape here, rules in rules.py."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField
from wtforms.validators import Optional, StopValidation, ValidationError

from app.rounds.programme import Programme
from app.shared.clock import bangkok_day, now
from app.shared.ids import new_id
from app.shared.record import Capture, moment_of
from app.shared.thai import ascii_digits
from app.visits.draft import VisitDraft, phone_as_stored
from app.visits.models import Visit
from app.visits.rules import check_reason
from app.web.forms import (
    ChoiceChips,
    IntegerBox,
    LongTextBox,
    MultiChips,
    Needed,
    PageForm,
    TextBox,
    ThaiDateField,
    VersionBox,
    offered,
)
from app.web.wording import wording

SATISFACTION = (
    ("5", _l("Very good")),
    ("4", _l("Good")),
    ("3", _l("Fair")),
    ("2", _l("Poor")),
    ("1", _l("Very poor")),
    ("", _l("Not asked")),
)
Pairs = list[tuple[str, str]]
_CLOCK_TIME = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?:น\.?)?")


class RecordId(HiddenField):
    """The id a form gives its record, made when the form was opened (UUIDv7).

    Sent twice, a form carries the same id, so one record is stored.  Its time is the record's
    `captured_at`.  What is no such id is replaced: the record is then simply a new one.
    """

    data: UUID

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default=new_id, **kwargs)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the id back."""
        try:
            sent = UUID(valuelist[0]) if valuelist else None
        except ValueError:
            sent = None
        moment = moment_of(sent) if sent else None
        self.data = sent if sent and moment and moment <= now() else new_id()

    @property
    def capture(self) -> Capture:
        """The circumstances of a record written on a page: its moment, no position."""
        moment: datetime = moment_of(self.data) or now()
        return Capture(at=moment)


class ClockBox(TextBox):
    """A time of day: `8.30`, `08:30`, `๐๘.๓๐ น.`; stays as typed when it is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the time as HH:MM."""
        super().process_formdata(valuelist)
        plain = ascii_digits(self.data or "").replace(" ", "")
        if match := _CLOCK_TIME.fullmatch(plain):
            self.data = f"{match[1]:0>2}:{match[2]}"


class ChoiceBox(SelectField):
    """One of many answers in a list; refuses in our own words."""

    def pre_validate(self, form: Any) -> None:
        """Refuse an answer that was not offered; none at all is for `Needed` to refuse."""
        if self.data is None:
            return
        try:
            super().pre_validate(form)
        except ValidationError:
            raise StopValidation(wording("not_a_choice")) from None


class VisitForm(PageForm):
    """One entry of the visitor book, in the order a volunteer asks."""

    id = RecordId()
    version = VersionBox()
    centre_id = ChoiceBox(_l("Centre"), [Needed()])
    visit_date = ThaiDateField(_l("Date"), [Needed()], default=lambda: bangkok_day(now()))
    group_name = TextBox(_l("School, office or group"))
    n_male = IntegerBox(_l("Men"), default=0)
    n_female = IntegerBox(_l("Women"), default=0)
    n_child = IntegerBox(_l("Of these, under 20"), default=0)
    n_other = IntegerBox(_l("Other"), default=0)
    kind = ChoiceChips(_l("What did they come for?"), [Needed()])
    topics = MultiChips(_l("What did they learn?"))
    sector = ChoiceChips(_l("Who are they?"))
    satisfaction = ChoiceChips(
        _l("How did they like it?"), choices=offered(SATISFACTION), default=""
    )
    origin_subdistrict_code = ChoiceBox(_l("They came from"))
    origin_text = TextBox(_l("Another province or country"))
    time_in = ClockBox(_l("Time of arrival"))
    time_out = ClockBox(_l("Time of leaving"))
    trainer = TextBox(_l("Who taught"))
    suggestion = LongTextBox(_l("Suggestions"))
    consent_followup = BooleanField(_l("We may call and ask how it went"))
    leader_name = TextBox(_l("Name of the person to call"))
    phone = TextBox(_l("Phone"))
    consent_photo = BooleanField(_l("Photos with their faces may be published"))
    _kept: tuple[str | None, str | None] | None = None

    def keep_contact(self, visit: Visit) -> VisitForm:
        """Leave name and phone out: they stay as they are, unseen, while the consent stands."""
        self._kept = visit.leader_name, visit.phone
        del self.leader_name
        del self.phone
        return self

    def _contact(self) -> tuple[str | None, str | None]:
        if self._kept is None:
            return self.leader_name.data, phone_as_stored(self.phone.data)
        return self._kept if self.consent_followup.data else (None, None)

    def offer(
        self, programme: Programme, locale: str, *, centres: Pairs, places: Pairs
    ) -> VisitForm:
        """Fill in what can be chosen: the programme's lists, centres and places of origin."""
        for name, choices in (
            ("kind", programme.visit_kinds),
            ("topics", programme.topics),
            ("sector", programme.visitor_sectors),
        ):
            self[name].choices = offered((c.key, c.in_(locale)) for c in choices)
        self.centre_id.choices = offered(centres)
        self.origin_subdistrict_code.choices = offered(places)
        return self

    def to_draft(self, *, capture: Capture, programme_version: str) -> VisitDraft:
        """The entry as typed; an empty number box is nobody."""
        satisfaction = self.satisfaction.data
        leader_name, phone = self._contact()
        return VisitDraft(
            id=self.id.data,
            centre_id=UUID(self.centre_id.data),
            visit_date=given(self.visit_date.data),
            time_in=self.time_in.data,
            time_out=self.time_out.data,
            kind=self.kind.data,
            group_name=self.group_name.data,
            sector=self.sector.data or None,
            origin_subdistrict_code=self.origin_subdistrict_code.data or None,
            origin_text=self.origin_text.data,
            n_male=self.n_male.data or 0,
            n_female=self.n_female.data or 0,
            n_other=self.n_other.data or 0,
            n_child=self.n_child.data or 0,
            topics=tuple(self.topics.data or ()),
            trainer=self.trainer.data,
            satisfaction=int(satisfaction) if satisfaction else None,
            suggestion=self.suggestion.data,
            consent_followup=self.consent_followup.data,
            consent_photo=self.consent_photo.data,
            leader_name=leader_name,
            phone=phone,
            capture=capture,
            programme_version=programme_version,
        )

    @staticmethod
    def values_of(visit: Visit) -> dict[str, object]:
        """What the form shows for a stored visit."""
        own = set(VisitForm.__dict__) & set(Visit.__mapper__.columns.keys())
        values: dict[str, object] = {name: getattr(visit, name) for name in own}
        return values | {
            "centre_id": str(visit.centre_id),
            "satisfaction": str(visit.satisfaction or ""),
            "origin_subdistrict_code": visit.origin_subdistrict_code or "",
        }


class PageHeadForm(PageForm):
    """What all lines of one paper page share."""

    centre_id = ChoiceBox(_l("Centre"), [Needed()])
    visit_date = ThaiDateField(_l("Date"), [Needed()], default=lambda: bangkok_day(now()))
    lines = IntegerField(validators=[Optional()], widget=HiddenField.widget, default=10)


class LineForm(PageForm):
    """One line of the paper page; an untouched line is no entry."""

    class Meta:
        """The page's head carries the token for all its lines."""

        csrf = False

    id = RecordId()
    visit_date = ThaiDateField(_l("Date, if another"))
    group_name = TextBox(_l("School, office or group"))
    kind = ChoiceBox(_l("Came for"), [Needed()])
    n_male = IntegerBox(_l("Men"))
    n_female = IntegerBox(_l("Women"))
    n_child = IntegerBox(_l("Under 20"))

    @property
    def untouched(self) -> bool:
        """Whether nothing was written on this line (its kind is chosen beforehand)."""
        boxes = (self.group_name, self.n_male, self.n_female, self.n_child)
        return not any(box.raw_data and box.raw_data[0].strip() for box in boxes)

    def to_draft(self, head: PageHeadForm, programme_version: str) -> VisitDraft:
        """The line as typed, with what the page's head says."""
        return VisitDraft(
            id=self.id.data,
            centre_id=UUID(head.centre_id.data),
            visit_date=self.visit_date.data or given(head.visit_date.data),
            kind=self.kind.data,
            group_name=self.group_name.data,
            n_male=self.n_male.data or 0,
            n_female=self.n_female.data or 0,
            n_child=self.n_child.data or 0,
            capture=self.id.capture,
            programme_version=programme_version,
        )


def given(day: date | None) -> date:
    """A day that `Needed` has already asked for."""
    if day is None:
        raise ValueError("a draft was asked of a form that did not validate")
    return day


class ReasonForm(PageForm):
    """Why something is struck out or forgotten."""

    version = VersionBox()
    reason = TextBox(_l("Reason"), [Needed()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the reason as well: it is kept, so it is short and holds nobody's number."""
        return super().validate(extra_validators) and self.refuse(check_reason(self.reason.data))


class ForgetForm(ReasonForm):
    """Why a person is forgotten, and whether the pictures that show them go as well."""

    photos_too = BooleanField(_l("Destroy the photos of this visit as well"))
