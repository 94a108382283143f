"""The form of a network order: a line for each member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, widgets
from wtforms.validators import StopValidation

from app.networks.kinds import NETWORK_ORDER
from app.networks.models import NetworkOrder
from app.networks.words import LABELS
from app.records.draft import Draft
from app.records.forms import form_for
from app.records.kinds import RecordKind
from app.rounds.programme import Programme
from app.shared.personal import mask_phone
from app.shared.record import Capture
from app.shared.traces import HIDDEN
from app.web.forms import Needed, PageForm, offered
from app.web.wording import wording

if TYPE_CHECKING:
    from app.records.forms import RecordForm as _Built
else:
    _Built = form_for(NETWORK_ORDER, LABELS)


class ForgetMemberForm(PageForm):
    """Which member is to be erased; said by place, so that no name travels in an address.

    `version` is the order's: another version may have somebody else at that place.
    """

    member = SelectField(_l("Who asks to be erased?"), [Needed()])
    version = HiddenField()
    sure = BooleanField(
        _l("Yes, erase this person from every order of the district. It cannot be undone."),
        [Needed()],
    )

    def offer(self, order: NetworkOrder) -> Self:
        """Those whom the order still names, under the order's own id."""
        names = [
            (str(place), one["name"])
            for place, one in enumerate(order.members)
            if one["name"] != HIDDEN
        ]
        self.member.choices = offered([("", "–"), *names])
        if not self.is_submitted():
            self.version.data = str(order.version)
        return self

    def validate_sure(self, field: Any) -> None:
        """An unticked box is no."""
        if not field.data:
            raise StopValidation(wording("say_yes_first"))

    @property
    def chosen(self) -> tuple[int, int]:
        """The place among the order's members, and the version it was read in."""
        version = self.version.data or ""
        return int(self.member.data), int(version) if version.isdecimal() else 0


class OrderForm(_Built):
    """An order as typed.  A member's sector is a list to choose from: chips on each of twenty
    lines would bury the names.

    Members' phones stand masked in their boxes; one that is left as it stands keeps the stored
    number, and a new one is typed over it.  So correcting an order shows nobody's number.
    """

    known: Sequence[Mapping[str, Any]] = ()  # members of the order that a review begins with

    def offer(self, programme: Programme, locale: str, **offers: Any) -> Self:
        """Fill in what can be chosen."""
        super().offer(programme, locale, **offers)
        pairs = [(one.key, one.in_(locale)) for one in programme.sectors]
        rows: Any = self["members"]
        rows.offer(lambda row: _as_list(row["sector"], pairs))
        return self

    def to_draft(
        self,
        kind: RecordKind,
        programme_version: str,
        *,
        capture: Capture | None = None,
        rest: Mapping[str, Any] | None = None,
    ) -> Draft:
        """The order as typed, with the stored number wherever its mask was left."""
        draft: Draft = super().to_draft(kind, programme_version, capture=capture, rest=rest)
        known = [*self.known, *((rest or {}).get("members") or ())]
        members = [unmasked(member, known) for member in draft.values["members"]]
        return replace(draft, values={**draft.values, "members": members})

    @classmethod
    def values_of(cls, row: Any) -> dict[str, object]:
        """What the form shows for a stored order."""
        values: dict[str, object] = super().values_of(row)
        return values | {"members": masked(row.members)}


def masked(members: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Members as the form shows them: their phones masked."""
    return [
        dict(one) | {"phone": mask_phone(one["phone"]) if one.get("phone") else ""}
        for one in members
    ]


def unmasked(member: Mapping[str, Any], known: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A member with the stored number where the mask of it was left in the box.

    Of two members whose masks are alike the one of the same name is meant.  A mask that fits
    nobody stays, and is refused as no number.
    """
    typed = member["phone"] or ""
    if "x" not in typed:
        return dict(member)
    alike = [one for one in known if one.get("phone") and mask_phone(one["phone"]) == typed]
    named = [one for one in alike if one["name"] == member["name"]]
    numbers = {one["phone"] for one in named or alike}
    return dict(member) | ({"phone": numbers.pop()} if len(numbers) == 1 else {})


def _as_list(box: Any, pairs: list[tuple[str, str]]) -> None:
    box.as_list, box.widget = True, widgets.Select()
    box.choices = offered([("", _("Choose")), *pairs])
