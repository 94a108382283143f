"""Navigation: slices register their door; a page shows those its reader may open."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

EVERYONE = ("volunteer", "officer", "reviewer", "admin")


class Person(Protocol):
    """What the frame needs to know of who is signed in (an `Actor` has it)."""

    @property
    def role(self) -> str:
        """Which doors are shown."""

    @property
    def name(self) -> str:
        """Shown in the top bar."""


@dataclass(frozen=True, slots=True)
class Door:
    """One registered entry: where it leads, its words, icon, roles and place in the row."""

    endpoint: str
    label: LazyString | str
    icon: str
    roles: frozenset[str]
    order: int
    account: bool  # in the sheet under the person's name, not in the main row


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry as a page shows it."""

    url: str
    label: str
    icon: str
    current: bool
    heading: str  # of its group; empty but for the group's first


@dataclass(frozen=True, slots=True)
class Bell:
    """What the top bar says of news for the person: where they are, and how many are unread."""

    url: str
    unread: int


# From which order on a door belongs to which group.
GROUPS: tuple[tuple[int, LazyString | str], ...] = (
    (0, ""),
    (20, _l("To record")),
    (40, _l("Centres and plans")),
    (60, _l("Evidence")),
    (80, _l("Administration")),
)
_DOORS: dict[str, Door] = {}
_BELLS: dict[str, Callable[[Any], int]] = {}
_PLACES: dict[str, Callable[[Any], str | None]] = {}


def register(
    endpoint: str,
    label: LazyString | str,
    icon: str,
    roles: Collection[str] = EVERYONE,
    order: int = 50,
    *,
    account: bool = False,
) -> None:
    """Show a door to `endpoint` (which takes no arguments) to these roles, low `order` first.

    Known by its endpoint, so making the application twice registers it once.  `order` also says
    the group (`GROUPS`).  A phone shows four, and the rest under "more".  `account` puts it in the
    sheet under the person's name.
    """
    _DOORS[endpoint] = Door(endpoint, label, icon, frozenset(roles), order, account)


def register_place(find: Callable[[Any], str | None]) -> None:
    """Name the area or centre in the top bar with `find(actor)`; the last registered wins."""
    _PLACES["place"] = find


def register_bell(endpoint: str, count: Callable[[Any], int]) -> None:
    """Show a bell in the top bar that leads to `endpoint`; every page asks `count(actor)`."""
    _BELLS[endpoint] = count


def bell_for(person: Person | None) -> Bell | None:
    """The bell with what `person` has not read; none for someone not signed in."""
    for endpoint, count in _BELLS.items():
        if person and endpoint in current_app.view_functions:
            return Bell(url_for(endpoint), count(person))
    return None


def nav_for(person: Person | None, *, account: bool = False) -> list[NavItem]:
    """The doors `person` may open, in order; none for someone not signed in."""
    if not person:
        return []
    doors = [
        door
        for door in sorted(_DOORS.values(), key=lambda door: (door.order, door.endpoint))
        if person.role in door.roles
        and door.account is account
        and door.endpoint in current_app.view_functions
    ]
    items, group = [], ""
    for door in doors:
        before, group = group, _group_of(door)
        heading = group if group != before and not account else ""
        items.append(
            NavItem(url_for(door.endpoint), str(door.label), door.icon, _is_here(door), heading)
        )
    return items


def _group_of(door: Door) -> str:
    return str([words for order, words in GROUPS if order <= door.order][-1])


def place_of(person: Person | None) -> str | None:
    """The name of the centre or area `person` works in, if a slice can tell."""
    find = _PLACES.get("place")
    return find(person) if find and person else None


def door_url(*endpoints: str) -> str | None:
    """The address of the first of these endpoints that exists, else None."""
    for endpoint in endpoints:
        if endpoint in current_app.view_functions:
            return url_for(endpoint)
    return None


def _is_here(door: Door) -> bool:
    here = request.endpoint or ""
    if here == door.endpoint:
        return True
    same_slice = here.rpartition(".")[0] == door.endpoint.rpartition(".")[0]
    return same_slice and here not in _DOORS  # a page below the door, not another door


def init_app(app: Flask) -> None:
    """Let templates ask for the navigation."""
    known = {"nav_for": nav_for, "bell_for": bell_for, "place_of": place_of, "door_url": door_url}
    app.jinja_env.globals.update(known)
