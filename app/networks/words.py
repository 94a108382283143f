"""What network orders and their fields are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.records.words import register_words

LABELS = {
    "order_no": _l("Order number"),
    "dated_on": _l("Date of the order"),
    "fiscal_year": _l("Fiscal year (BE)"),
    "act": _l("Appointed or reviewed"),
    "members": _l("Members of the network"),
    "members.name": _l("Name and surname"),
    "members.organisation": _l("Office or organisation"),
    "members.sector": _l("Sector"),
    "members.role": _l("Role in the network"),
    "members.phone": _l("Phone"),
    "note": _l("Note"),
}
WORDS = register_words(
    "network_order",
    title=_l("Network order"),
    many=_l("Network orders"),
    new=_l("New network order"),
    labels=LABELS,
)


def erased_words(orders: int) -> str:
    """What was done for a member who asked to be erased."""
    return ngettext(
        "The member was erased from %(num)d order. The sector stays filled.",
        "The member was erased from %(num)d orders. The sectors stay filled.", orders,
    )  # fmt: skip
