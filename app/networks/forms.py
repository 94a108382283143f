"""The form of a network order: a line for each member."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from flask_babel import gettext as _
from wtforms import widgets

from app.networks.kinds import NETWORK_ORDER
from app.networks.words import LABELS
from app.records.forms import form_for
from app.rounds.programme import Programme
from app.web.forms import offered

if TYPE_CHECKING:
    from app.records.forms import RecordForm as _Built
else:
    _Built = form_for(NETWORK_ORDER, LABELS)


class OrderForm(_Built):
    """An order as typed.  A member's sector is a list to choose from: chips on each of twenty
    lines would bury the names.
    """

    def offer(self, programme: Programme, locale: str, **offers: Any) -> Self:
        """Fill in what can be chosen."""
        super().offer(programme, locale, **offers)
        pairs = [(one.key, one.in_(locale)) for one in programme.sectors]
        rows: Any = self["members"]
        rows.offer(lambda row: _as_list(row["sector"], pairs))
        return self


def _as_list(box: Any, pairs: list[tuple[str, str]]) -> None:
    box.as_list, box.widget = True, widgets.Select()
    box.choices = offered([("", _("Choose")), *pairs])
