"""The page itself, written once: what it says without a script is a list to read and follow."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.packets.frozen.content import CentreItem, Content, PhotoItem, ReportCell, safe_code
from app.packets.frozen.figures import by_centre, totals
from app.packets.index_page.links import documents_of, file_links
from app.packets.parts import GapFound, PartMade
from app.packets.report import phrases
from app.packets.report.chapters import in_digits
from app.packets.report.printed import date_and_time, long_date, quarter_name, table_date, thai_int
from app.packets.tables.books import view_names
from app.packets.tables.marks import district_names, gap_words, issued_to
from app.packets.tables.plain import cell_text
from app.shared.thai import to_thai_digits

_PLAIN_NAME = re.compile("[A-Za-z0-9_./-]+")
MOST_GAPS = 500  # listed on the page; all of them are in gaps.csv


def page(
    content: Content, made: Sequence[PartMade], names: Sequence[str], scripts: Sequence[str]
) -> Iterator[bytes]:
    """Yield index.html.  Every text is escaped by the template; digits are of one kind."""
    facts = in_digits(_facts(content, made, names), content.options.digits)
    stream = _template().stream(facts, scripts=scripts)
    stream.enable_buffering(500)
    return (text.encode() for text in stream)


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["address"] = _address
    return environment.get_template("page.html")


def _address(name: str) -> str:
    """A file's name as a relative address; ours are plain already."""
    return name if _PLAIN_NAME.fullmatch(name) else quote(name, safe="/")


def _facts(content: Content, made: Sequence[PartMade], names: Sequence[str]) -> dict[str, Any]:
    gaps = [gap for part in made for gap in part.gaps]
    return {
        "scope": cell_text(phrases.scope_name(content.scope)),
        "office": cell_text(phrases.office_name(content.scope)),
        "quarter": quarter_name(content.quarter),
        "period": f"{long_date(content.first_day)} ถึง {long_date(content.last_day)}",
        "edition": thai_int(content.edition),
        "asked": f"{cell_text(content.requested.by)} {date_and_time(content.requested.at)}",
        "mark": cell_text(issued_to(content)),
        "figures": _figures(content),
        "links": file_links(content, names),
        "districts": _districts(content, made),
        "board": _board(content),
        "documents": documents_of(content, made),
        "gaps": list(_gaps(content, gaps[:MOST_GAPS])),
        "gaps_in_all": thai_int(len(gaps)),
        "gaps_left_out": thai_int(len(gaps) - MOST_GAPS) if len(gaps) > MOST_GAPS else "",
        "changes": thai_int(len(content.changes)) if content.changes else "",
        "identifier": content.identifier,
    }


def _figures(content: Content) -> list[dict[str, str]]:
    sums = totals(content)
    every = (
        ("centre", "ศูนย์เรียนรู้", len(content.centres), "แห่ง"),
        ("visit", "ผู้มาใช้บริการ", sums.people, f"คน จาก {thai_int(sums.visits)} ครั้ง"),
        ("followup", "ติดตามแล้ว", sums.followed, f"คน จาก {thai_int(sums.visitors)} คน"),
        ("use", "นำไปใช้", sums.used, f"คน จาก {thai_int(sums.followed)} คน"),
        ("activity", "กิจกรรมการเรียนรู้", len(content.activities), "ครั้ง"),
        ("photo", "ภาพถ่าย", sums.photos, "ภาพ"),
    )
    return [
        {"kind": kind, "title": title, "number": thai_int(number), "unit": unit}
        for kind, title, number, unit in every
    ]


def _districts(content: Content, made: Sequence[PartMade]) -> list[dict[str, Any]]:
    """Each district with its centres, and each centre with its files."""
    sums, names, views = by_centre(content), district_names(content), view_names(made)
    photos: defaultdict[str, list[PhotoItem]] = defaultdict(list)
    for photo in content.photos:
        if photo.id in views:
            photos[photo.centre_code].append(photo)
    found: dict[str, dict[str, Any]] = {}
    for at, centre in enumerate(content.centres):
        name = names[centre.district_code]
        district = found.setdefault(centre.district_code, {"name": cell_text(name), "centres": []})
        shown = _files(photos[centre.code], views)
        district["centres"].append(_centre(centre, at, sums[centre.code], shown))
    return list(found.values())


def _centre(centre: CentreItem, at: int, sums: Any, files: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "at": at,
        "code": centre.code,
        "folder": f"{safe_code(centre.district_code)}/{safe_code(centre.code)}/",
        "name": cell_text(centre.name),
        "place": to_thai_digits(cell_text(phrases.place(centre))),
        "visits": thai_int(sums.visits),
        "people": thai_int(sums.people),
        "followed": thai_int(sums.followed),
        "used": thai_int(sums.used),
        "photos": thai_int(len(files)),
        "files": files,
    }


def _files(photos: Sequence[PhotoItem], views: dict[str, str]) -> list[dict[str, str]]:
    return [
        {
            "name": views[photo.id],
            "words": f"{table_date(photo.day)} {cell_text(photo.caption or '')}".strip()
            or phrases.SUBJECTS.get(photo.subject_kind, ""),
        }
        for photo in photos
    ]


def _board(content: Content) -> dict[str, Any]:
    """Units by rounds: a cell is empty where a round does not ask that unit."""
    rounds: dict[str, str] = {}
    units: dict[str, dict[str, Any]] = {}
    for cell in content.cells:
        rounds.setdefault(cell.occurrence, to_thai_digits(cell_text(cell.title)))
        unit = units.setdefault(cell.unit_code, {"name": cell_text(cell.unit_name), "cells": {}})
        unit["cells"][cell.occurrence] = _cell(cell)
    rows = [
        {"name": unit["name"], "cells": [unit["cells"].get(each) for each in rounds]}
        for unit in units.values()
    ]
    return {"heads": list(rounds.values()), "rows": rows}


def _cell(cell: ReportCell) -> dict[str, str]:
    day = cell.decided_on or cell.submitted_on
    when = table_date(day) if day else f"กำหนด {table_date(cell.due_on)}"
    words = phrases.STATES.get(cell.state, cell.state) + (" ล่าช้า" if cell.late else "")
    return {"state": cell.state, "words": words, "when": when, "why": cell_text(cell.reason or "")}


def _gaps(content: Content, gaps: Sequence[GapFound]) -> Iterator[dict[str, str]]:
    centres = {centre.code: centre for centre in content.centres}
    photos = {photo.id: photo for photo in content.photos}
    documents = {document.id: document for document in content.documents}
    for gap in gaps:
        photo, document = photos.get(gap.of), documents.get(gap.of)
        code = photo.centre_code if photo else document.centre_code if document else None
        centre = centres.get(code or "")
        what = photo.caption if photo else document.title if document else ""
        yield {
            "centre": cell_text(centre.name) if centre else "",
            "what": cell_text(what or ""),
            "file": gap.name,
            "why": gap_words(gap.reason),
        }
