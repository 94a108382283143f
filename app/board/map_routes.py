"""The map: centres and photos on the districts' outlines, with a list for whoever sees no map."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.accounts.access import allow, current_actor
from app.accounts.rules import Actor
from app.areas.outlines import outlines_under
from app.areas.queries import areas_under
from app.board.due import calendar_of, quarters_offered, usual_quarter
from app.board.points import (
    CentrePoint,
    PhotoPoint,
    centre_points,
    collection,
    count_photo_points,
    feature,
    photo_points,
)
from app.rounds.programme import Programme, choice_label
from app.shared.clock import Quarter, bangkok_day, now
from app.shared.db import db
from app.web import nav
from app.web.asked import asked_id, asked_quarter
from app.web.filters import thai_day
from app.web.locale import page_locale

bp = Blueprint("maps", __name__)
nav.register("maps.index", _l("Map"), "pin", order=66)
BANDS = ("inside", "near", "far", "unknown")


@bp.get("/map")
@allow()
def index() -> ResponseReturnValue:
    """The map with its filter and, beside it, the centres as a list."""
    actor, quarter, district = current_actor(), _quarter(), _district()
    programme = calendar_of(quarter).programme
    return render_template(
        "board/map.html",
        quarter=quarter,
        quarters=quarters_offered(bangkok_day(now())),
        district=district,
        districts=_districts(actor),
        points=centre_points(db.session(), actor, quarter, programme, district=district),
        photos_placed=count_photo_points(db.session(), actor, quarter, district=district),
        grades=programme.grades if programme else (),
        grade_words=_grade_words(programme),
        state_words=_state_words,
        locale=page_locale(),
    )


@bp.get("/map/districts.geojson")
@allow()
def districts() -> ResponseReturnValue:
    """Outlines of the actor's districts."""
    prefix = _district() or current_actor().area_code
    return _geojson(outlines_under(prefix, page_locale()))


@bp.get("/map/centres.geojson")
@allow()
def centres() -> ResponseReturnValue:
    """The actor's centres."""
    quarter = _quarter()
    programme = calendar_of(quarter).programme
    words = _grade_words(programme)
    points = centre_points(db.session(), current_actor(), quarter, programme, district=_district())
    return _geojson(collection([_centre(one, words) for one in points]))


@bp.get("/map/photos.geojson")
@allow()
def photos() -> ResponseReturnValue:
    """Photos of the quarter in scope that have a position; `?centre=` those of one centre."""
    points, total = photo_points(
        db.session(),
        current_actor(),
        _quarter(),
        district=_district(),
        centre_id=asked_id("centre"),
    )
    names = sorted({one.centre_name for one in points})
    place = {name: number for number, name in enumerate(names)}
    features = [_photo(one, place) for one in points]
    return _geojson(collection(features, total=total, common=_common(names)))


def _centre(point: CentrePoint, words: Mapping[str | None, str]) -> dict[str, Any]:
    centre = point.centre
    properties = {
        "kind": "centre",
        "look": point.look,
        "letter": (point.grade or "–")[:1],
        "title": f"{centre.code} {centre.name}",
        "lines": [words[point.grade], _state_words(point), _photo_words(point)],
        "href": url_for("centres.show", centre_id=centre.id),
        "open": _("Open the centre"),
        "faded": centre.status != "active",
    }
    return feature(centre.id, centre.lat, centre.lon, properties)


def _photo(point: PhotoPoint, place: Mapping[str, int]) -> dict[str, Any]:
    look = point.band if point.band in BANDS else "unknown"
    properties = {"look": look, "title": place[point.centre_name], "day": thai_day(point.day)}
    return feature(point.id, point.lat, point.lon, properties)


def _common(titles: Sequence[str]) -> dict[str, Any]:
    """What thousands of photos have in common, said once: a slow line carries it."""
    return {
        "kind": "photo",
        "titles": titles,
        "looks": {band: _band_words(band) for band in BANDS},
        "href": url_for("photos.index") + "/",
        "open": _("Open the photo"),
    }


def _geojson(content: Mapping[str, Any]) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(text, mimetype="application/geo+json")


def _state_words(point: CentrePoint) -> str:
    """What happened at a centre in the quarter."""
    if point.centre.status != "active":
        return _("Not in use")
    if not point.figures.visits:
        return _("No visit yet")
    return ngettext("%(num)d visit", "%(num)d visits", point.figures.visits)


def _photo_words(point: CentrePoint) -> str:
    return ngettext("%(num)d photo", "%(num)d photos", point.figures.photos)


def _band_words(band: str) -> str:
    return {
        "inside": _("At the centre"),
        "near": _("Near the centre"),
        "far": _("Far from the centre"),
    }.get(band, _("Distance unknown"))


class _Words(dict[str | None, str]):
    def __missing__(self, key: str | None) -> str:
        return _("Not assessed yet") if key is None else key


def _grade_words(programme: Programme | None) -> Mapping[str | None, str]:
    grades, locale = (programme.grades if programme else ()), page_locale()
    return _Words({one.key: choice_label(grades, one.key, locale) for one in grades})


def _quarter() -> Quarter:
    return asked_quarter() or usual_quarter(bangkok_day(now()))


def _district() -> str:
    """The district in the address, if it is one of the actor's; the scope is applied anyway."""
    asked = request.args.get("district", "")
    return asked if len(asked) == 4 and current_actor().sees_area(asked) else ""


def _districts(actor: Actor) -> list[tuple[str, str]]:
    if actor.role == "volunteer":
        return []
    found = areas_under(db.session(), actor.area_code[:4], "district")
    return [(one.code, one.name_in(page_locale())) for one in found]
