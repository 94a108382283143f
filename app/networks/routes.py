"""The pages of network orders: members by sector, and who is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement

from app.accounts.access import allow, current_actor
from app.accounts.ceilings import at_most
from app.accounts.rules import Role
from app.audit.history import StaleVersion
from app.keeping.service import UnderLegalHold
from app.networks import queries
from app.networks.forgetting import forget_named
from app.networks.forms import ForgetMemberForm, OrderForm, masked
from app.networks.kinds import NETWORK_ORDER
from app.networks.models import NetworkOrder
from app.networks.rules import Cell, missing, strip_of
from app.networks.service import note_phones_seen
from app.networks.words import WORDS, erased_words
from app.records.forms import RecordForm
from app.records.pages import RecordPages, district_choices
from app.records.queries import entry_for
from app.rounds.programme import Programme, load_programme, programme_of_year
from app.shared.clock import now
from app.shared.db import db
from app.shared.errors import NotFound
from app.shared.work import work
from app.web import nav
from app.web.asked import asked_id
from app.web.locale import page_locale
from app.web.wording import wording

bp = Blueprint("networks", __name__)
READERS: tuple[Role, ...] = ("officer", "reviewer", "admin")
nav.register("networks.index", WORDS.many, "link", READERS, order=44)


class OrderPages(RecordPages):
    """Orders with their strip; a reviewed one begins with the members of the one before."""

    def heading(self, row: Any) -> str:
        """The order's number."""
        return str(row.order_no)

    def prefill(self) -> Mapping[str, object]:
        """The fiscal year, and for a review the members there were."""
        programme = load_programme()
        usual: dict[str, object] = {
            "fiscal_year": programme.fiscal_year,
            "district_code": request.args.get("district", ""),
        }
        before = self._reviewed()
        if before is None:
            return usual
        act = next((a.key for a in programme.order_acts if a.key == "review"), None)
        return usual | {
            "act": act,
            "members": masked(before.members),
            "district_code": before.district_code,
        }

    def new_form(self) -> RecordForm:
        """The form of a new order; a review knows the numbers behind the masks it begins with."""
        form, before = super().new_form(), self._reviewed()
        if before is not None and isinstance(form, OrderForm):
            form.known = before.members
        return form

    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """Orders of the fiscal year asked for."""
        year = asked_year()
        return (NetworkOrder.fiscal_year == year,) if year else ()

    def extra(self, page: str, row: Any | None) -> Mapping[str, object]:
        """The strip of sectors, of one order or of every district."""
        if page == "list":
            return self._overview()
        if page == "form" or row is None:
            return {
                "strip": strip_of((), self.programme_of(row).sectors, page_locale()),
                "reviewed": None if row else self._reviewed(),
            }
        return self._of_order(row)

    def _reviewed(self) -> NetworkOrder | None:
        order_id = asked_id("review")
        try:
            order: NetworkOrder | None = (
                entry_for(db.session(), self.kind, current_actor(), order_id) if order_id else None
            )
        except NotFound:
            return None
        return order

    def _overview(self) -> Mapping[str, object]:
        year = asked_year() or load_programme().fiscal_year
        actor, session = current_actor(), db.session()
        orders = queries.orders_in_force(session, actor, year)
        before = queries.orders_in_force(session, actor, year - 1)
        sectors, locale = _programme(year).sectors, page_locale()
        return {
            "year": year,
            "years": queries.years_with_orders(session, actor),
            "in_force": {order.id for order in orders.values()},
            "overview": [
                (
                    code,
                    name,
                    order,
                    strip_of(order.members if order else (), sectors, locale),
                    before.get(code),
                )
                for code, name in district_choices(actor)
                for order in [orders.get(code)]
                if code == request.args.get("district", code)
            ],
            "missing": missing,
        }

    def _forget_form(self, row: NetworkOrder) -> ForgetMemberForm | None:
        """For whoever writes orders; as it was sent, if it was."""
        if current_actor().role not in self.kind.writers:
            return None
        sent = request.endpoint == "networks.forget"
        form = (ForgetMemberForm() if sent else ForgetMemberForm(formdata=None)).offer(row)
        if sent:
            form.validate()
            if refused := g.pop("forget_refused", None):
                form.form_errors.append(refused)
        return form

    def _of_order(self, row: NetworkOrder) -> Mapping[str, object]:
        siblings = queries.orders_of(db.session(), current_actor(), row.district_code)
        strip = strip_of(row.members, self.programme_of(row).sectors, page_locale())
        return {
            "strip": strip,
            "missing": missing(strip),
            "members": _by_sector(row, strip),
            "siblings": siblings,
            "in_force": queries.in_force_ids(siblings),
            "reveal": request.method == "POST" and request.endpoint == "networks.phones",
            "forget": self._forget_form(row),
        }


pages = OrderPages(
    NETWORK_ORDER,
    bp,
    path="/networks",
    icon_name="people",
    shown=("order_no", "fiscal_year", "act"),
    groups=(
        (_l("The order"), "file", ("order_no", "dated_on", "fiscal_year", "act")),
        (_l("Members of the network"), "people", ("members",)),
        (None, "edit", ("note",)),
    ),
    readers=READERS,
    form=OrderForm,
    templates={
        "list": "networks/list.html",
        "form": "networks/form.html",
        "show": "networks/show.html",
    },
)


@bp.post("/networks/<uuid:record_id>/phones")
@allow(*NETWORK_ORDER.writers)
@at_most("look")
def phones(record_id: UUID) -> ResponseReturnValue:
    """Show the members' phones this once; the audit log keeps who looked and when."""
    actor = current_actor()
    with work() as w:
        order = entry_for(w.session, NETWORK_ORDER, actor, record_id)
        note_phones_seen(w.session, order, actor=actor, now=now())
    return pages.show(record_id)


@bp.post("/networks/<uuid:record_id>/forget")
@allow(*NETWORK_ORDER.writers)
def forget(record_id: UUID) -> ResponseReturnValue:
    """Erase a member who asks for it, from every order of the district; sectors stay filled."""
    actor = current_actor()
    order = entry_for(db.session(), NETWORK_ORDER, actor, record_id)
    form = ForgetMemberForm().offer(order)
    if not form.validate_on_submit():
        return _refused(record_id)
    place, version = form.chosen
    try:
        with work() as w:
            order = entry_for(w.session, NETWORK_ORDER, actor, record_id)
            erased = forget_named(
                w.session, order, place, expected_version=version, now=now(),
                actor_id=actor.account_id,
            )  # fmt: skip
    except (StaleVersion, UnderLegalHold) as refusal:
        g.forget_refused = wording(refusal.code)
        return _refused(record_id)
    flash(erased_words(erased), "done")
    return redirect(pages.url("show", order), code=303)


def _refused(record_id: UUID) -> ResponseReturnValue:
    html: Any = pages.show(record_id)
    return html[0], 422


def asked_year() -> int | None:
    """The fiscal year in the page's address."""
    typed = request.args.get("year", "")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) == 4 else None


def _programme(year: int) -> Programme:
    return programme_of_year(year) or load_programme()


def _by_sector(
    order: NetworkOrder, strip: Sequence[Cell]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Members under the words of their sector, in the programme's order; unlisted ones last."""
    known = {cell.key for cell in strip}
    groups = [(cell.words, [m for m in order.members if m["sector"] == cell.key]) for cell in strip]
    rest = [member for member in order.members if member["sector"] not in known]
    return [(words, own) for words, own in [*groups, ("", rest)] if own]
