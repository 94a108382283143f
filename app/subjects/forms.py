"""What a person types with their code, and what the desk writes down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import StopValidation

from app.networks.models import NetworkOrder
from app.shared.clock import bangkok_day, now
from app.shared.errors import Problem
from app.shared.personal import normal_phone
from app.subjects.models import REQUEST_KINDS, VIAS
from app.subjects.rules import ASKED_MAX, CONTACT_MAX, DECISION_MAX
from app.subjects.words import KINDS
from app.subjects.words import VIAS as VIA_WORDS
from app.visits.draft import phone_as_stored
from app.visits.forms import given
from app.visits.rules import TEXT_MAX, check_day, check_text
from app.web.forms import (
    ChoiceChips,
    LongTextBox,
    Needed,
    PageForm,
    TextBox,
    ThaiDateField,
    offered,
)
from app.web.wording import wording

OUTCOMES = (("done", _l("Done as asked")), ("refused", _l("Refused, with the reason")))
LONGEST_TYPED = 60  # characters: a code with dashes and blanks, or a slip


class EnterForm(PageForm):
    """The receipt code, as typed.  Judged only by whether it opens something."""

    code = TextBox(_l("Receipt code"), [Needed()])

    def validate_code(self, field: Any) -> None:
        """Cut what can be no code: nobody types that much."""
        if field.data and len(field.data) > LONGEST_TYPED:
            raise StopValidation(wording("receipt_invalid"))


class Yes(PageForm):
    """A button and its token."""


class ForgetForm(PageForm):
    """Being forgotten cannot be undone, so it is said twice."""

    sure = BooleanField(_l("Yes, erase me. I know that it cannot be undone."), [Needed()])

    def validate_sure(self, field: Any) -> None:
        """An unticked box is no."""
        if not field.data:
            raise StopValidation(wording("say_yes_first"))


class MemberForm(PageForm):
    """Which member of the district's network the request is about: order, version and place."""

    member = SelectField(_l("Who asks to be erased?"), [Needed()])
    sure = BooleanField(
        _l("Yes, erase this person from every order of the district. It cannot be undone."),
        [Needed()],
    )

    def offer(self, members: Iterable[tuple[NetworkOrder, int, str]]) -> Self:
        """Names to choose from; what travels names nobody."""
        known = [(f"{order.id}:{order.version}:{place}", name) for order, place, name in members]
        self.member.choices = offered([("", "–"), *known])
        return self

    @property
    def chosen(self) -> tuple[UUID, int, int]:
        """The order, its version, and the place in it; one of those that were offered."""
        order_id, version, place = str(self.member.data).split(":")
        return UUID(order_id), int(version), int(place)

    def validate_sure(self, field: Any) -> None:
        """An unticked box is no."""
        if not field.data:
            raise StopValidation(wording("say_yes_first"))


class AskForm(PageForm):
    """Something else that a person asks for, and how to answer them."""

    asked = LongTextBox(_l("What would you like to ask?"), [Needed()])
    contact = TextBox(_l("How can we answer you?"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge both: they are kept, so they are short and hold nobody's ID number."""
        return super().validate(extra_validators) and self.refuse(
            check_text("asked", self.asked.data, ASKED_MAX)
            + check_text("contact", self.contact.data, CONTACT_MAX)
        )


class ContactForm(PageForm):
    """Name and phone as they should be."""

    leader_name = TextBox(_l("Name"))
    phone = TextBox(_l("Phone"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge both as the visitor book does."""
        if not super().validate(extra_validators):
            return False
        problems = check_text("leader_name", self.leader_name.data, TEXT_MAX["leader_name"])
        if self.phone.data and normal_phone(self.phone.data) is None:
            problems.append(Problem("phone", "phone_invalid"))
        if not (self.leader_name.data or self.phone.data):
            problems.append(Problem("leader_name", "required"))
        return self.refuse(problems)

    @property
    def stored_phone(self) -> str | None:
        """The number in its stored spelling."""
        return phone_as_stored(self.phone.data)


class RequestForm(PageForm):
    """A request that came on paper, by telephone or in person."""

    visit_id = HiddenField()
    kind = ChoiceChips(
        _l("What is asked for?"), [Needed()], choices=offered((k, KINDS[k]) for k in REQUEST_KINDS)
    )
    via = ChoiceChips(
        _l("How did it come?"),
        [Needed()],
        choices=offered((via, VIA_WORDS[via]) for via in VIAS if via != "code"),
    )
    received_on = ThaiDateField(_l("Received on"), [Needed()], default=lambda: bangkok_day(now()))
    area_code = ChoiceChips(_l("Whose desk answers?"))
    asked = LongTextBox(_l("In the person's own words"))
    contact = TextBox(_l("How to answer them"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge texts and day as well."""
        if not super().validate(extra_validators):
            return False
        return self.refuse(
            check_day("received_on", given(self.received_on.data), now=now())
            + check_text("asked", self.asked.data, ASKED_MAX)
            + check_text("contact", self.contact.data, CONTACT_MAX)
        )


class DecisionForm(PageForm):
    """What became of a request, and why."""

    outcome = ChoiceChips(
        _l("What became of it?"),
        [Needed()],
        choices=offered(
            [("done", _l("Done as asked")), ("refused", _l("Refused, with the reason"))]
        ),
    )
    decision = LongTextBox(_l("What was done, or why not"), [Needed()])

    def validate(self, extra_validators: Any = None) -> bool:
        """The reason is kept: it is short and names nobody."""
        return super().validate(extra_validators) and self.refuse(
            check_text("decision", self.decision.data, DECISION_MAX)
        )
