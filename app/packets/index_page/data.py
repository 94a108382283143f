"""What the page knows, as plain rows in scripts: small, for a province has 5 000 photos.

Two files.  `data.js` has what the gallery and the map show; `books.js`, fetched after it, has
the rows that only the search reads.  The order of a row's fields is told in `page/types.d.ts`.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.areas.outlines import outlines_under
from app.packets.frozen.content import CentreItem, Content, FindingItem, PhotoItem
from app.packets.frozen.figures import by_centre
from app.packets.frozen.naming import PHOTOS
from app.packets.index_page.records import records
from app.packets.parts import PartMade
from app.packets.report import phrases
from app.packets.report.chapters import in_digits
from app.packets.tables.books import view_names
from app.packets.tables.marks import district_names
from app.packets.tables.plain import cell_text
from app.shared.clock import in_bangkok
from app.shared.thai import to_thai_digits

DEGREES = 5  # decimals: 1 m
# What ends a script element or a line of a script, wherever the text may come to stand.
_UNSAFE = {c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def safe_json(value: object) -> str:
    """JSON in which no text can end a script, wherever it comes to stand."""
    text = _ENCODER.encode(value)
    for character, escaped in _UNSAFE.items():
        text = text.replace(character, escaped)
    return text


def gallery(content: Content, made: Sequence[PartMade]) -> Iterator[bytes]:
    """Yield data.js: districts, centres, outlines and photos."""
    rows = {
        "digits": content.options.digits,
        "districts": [[code, cell_text(name)] for code, name in district_names(content).items()],
        "centres": list(_centres(content)),
        "kinds": list(phrases.SUBJECTS.values()),
        "outlines": _outlines(content),
    }
    head = safe_json(in_digits(rows, content.options.digits))
    yield f'window.LAKTHAN = {head[:-1]},"photos":['.encode()
    yield from _lines(content, _photos(content, made))
    yield b"]};\n"


def books(content: Content, made: Sequence[PartMade]) -> Iterator[bytes]:
    """Yield books.js: visits, follow-ups, activities, assessments, posts, plan, documents."""
    places = {centre.code: at for at, centre in enumerate(content.centres)}
    photos = defaultdict(list)
    for at, photo in enumerate(shown(content, made)):
        photos[photo.subject_id].append(at)
    files = {f.of: f.name for part in made for f in part.files if f.kind == "document"}
    rows = (
        [
            kind, places.get(centre or "", -1), day, cell_text(title), cell_text(words),
            photos.get(id_, []), files.get(id_, ""),
        ]
        for kind, centre, day, title, words, id_ in records(content)
    )  # fmt: skip
    yield b"window.LAKTHAN_BOOKS = ["
    yield from _lines(content, rows)
    yield b"];\n"


def _lines(content: Content, rows: Iterable[list[Any]]) -> Iterator[bytes]:
    """A row to a line: memory does not grow with the quarter."""
    between = ""
    for row in rows:
        yield (between + safe_json(in_digits(row, content.options.digits))).encode()
        between = ",\n"


def shown(content: Content, made: Sequence[PartMade]) -> list[PhotoItem]:
    """The photos that the packet can show, in its order."""
    names = view_names(made)
    return [photo for photo in content.photos if photo.id in names]


def _centres(content: Content) -> Iterator[list[Any]]:
    sums = by_centre(content)
    return (_centre(content, c, sums[c.code]) for c in content.centres)


def _centre(content: Content, c: CentreItem, sums: Any) -> list[Any]:
    return [
        c.code, cell_text(c.name), c.district_code, to_thai_digits(cell_text(phrases.place(c))),
        content.label("plot_classes", c.plot_class), phrases.STATUSES.get(c.status, c.status),
        cell_text(c.steward_name or ""), _degrees(c.lat), _degrees(c.lon), sums.visits,
        sums.people, sums.visitors, sums.followed, sums.used,
    ]  # fmt: skip


def _photos(content: Content, made: Sequence[PartMade]) -> Iterator[list[Any]]:
    places = {centre.code: at for at, centre in enumerate(content.centres)}
    names, kinds = view_names(made), list(phrases.SUBJECTS)
    thumbs = {file.of for part in made for file in part.files if file.kind == "thumb"}
    about = _titles(content)
    return (
        [
            names[p.id].removeprefix(f"{PHOTOS}/"), int(p.id in thumbs),
            places.get(p.centre_code, -1),
            kinds.index(p.subject_kind) if p.subject_kind in kinds else -1,
            cell_text(p.caption or ""), p.day.isoformat(),
            f"{in_bangkok(p.taken_at):%H:%M}" if p.taken_at else "", _provenance(p),
            _degrees(p.lat), _degrees(p.lon), cell_text(p.place or ""),
            None if p.distance_m is None else round(p.distance_m), phrases.BANDS.get(p.band, ""),
            [_finding(finding) for finding in p.findings], about.get(p.subject_id, ""),
        ]
        for p in shown(content, made)
    )  # fmt: skip


def _provenance(photo: PhotoItem) -> str:
    """Where the picture, its time and its place come from, in the report's words."""
    known = (
        phrases.PHOTO_SOURCES.get(photo.source),
        phrases.TIME_SOURCES.get(photo.time_source),
        phrases.POSITION_SOURCES.get(photo.position_source),
    )
    return " · ".join(words for words in known if words)


def _finding(finding: FindingItem) -> list[str]:
    return [
        cell_text(finding.text), cell_text(finding.answer or ""), finding.decision or "",
        cell_text(finding.decision_note or ""),
    ]  # fmt: skip


def _titles(content: Content) -> dict[str, str]:
    """What each record is called, for the photos that belong to it."""
    titles = {visit.id: visit.group_name or "" for visit in content.visits}
    titles |= {check.id: check.group_name or "" for check in content.followups}
    titles |= {activity.id: activity.title for activity in content.activities}
    return {id_: cell_text(title) for id_, title in titles.items() if title}


def _outlines(content: Content) -> list[list[Any]]:
    """Code, name and rings of the districts that the packet speaks of."""
    spoken = set(district_names(content)) | {content.scope.code[:4]}
    province = content.scope.code[:2]
    return [
        [one["id"], one["properties"]["name"], _rings(one["geometry"])]
        for one in outlines_under(province, "th")["features"]
        if content.scope.kind == "province" or one["id"] in spoken
    ]


def _rings(geometry: Mapping[str, Any]) -> list[list[list[float]]]:
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    return [ring for polygon in polygons for ring in polygon]


def _degrees(value: float | None) -> float | None:
    return None if value is None else round(value, DEGREES)
