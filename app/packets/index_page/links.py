"""What the page links to: the report, the single forms, the tables and the documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from app.packets.frozen.content import Content
from app.packets.parts import PartMade
from app.packets.report.printed import long_date
from app.packets.tables.marks import district_names
from app.packets.tables.plain import cell_text

_FORM = re.compile(r"attachments/(?:([^/]+)/)?([a-z]+-?[0-9]*)\.(pdf|docx)")
FORMS = {
    "plan-6": "แบบรายงานแผน (สิ่งที่ส่งมาด้วย ๖)",
    "result-7": "แบบรายงานผล (สิ่งที่ส่งมาด้วย ๗)",
    "progress-8": "แบบรายงานผลความก้าวหน้า (สิ่งที่ส่งมาด้วย ๘)",
}
TABLES = (
    ("tables.xlsx", "ตารางทั้งหมด (Excel)"),
    ("places.geojson", "แผนที่ (GeoJSON)"),
    ("places.kml", "แผนที่ (KML, Google Earth)"),
)
ALWAYS = ("report.pdf", "tables.xlsx", "places.geojson", "places.kml", "photos.csv")

Link = dict[str, str]


def file_links(content: Content, names: Sequence[str]) -> dict[str, Any]:
    """The report, the forms by district and kind, the tables, and each CSV."""
    known = set(names or ALWAYS)
    return {
        "report": "report.pdf" if "report.pdf" in known else "",
        "forms": _forms(content, sorted(known)),
        "tables": [{"name": name, "words": words} for name, words in TABLES if name in known],
        "csv": sorted(name for name in known if name.endswith(".csv") and "/" not in name),
    }


def _forms(content: Content, names: Sequence[str]) -> list[dict[str, Any]]:
    districts = district_names(content)
    forms: dict[tuple[str, str], list[Link]] = {}
    for name in names:
        if match := _FORM.fullmatch(name):
            code, form, extension = match[1] or "", match[2], match[3]
            forms.setdefault((code, form), []).append({"name": name, "words": extension.upper()})
    return [
        {
            "district": cell_text(districts.get(code, "")),
            "words": FORMS.get(form, form),
            "files": sorted(files, key=lambda file: file["words"], reverse=True),
        }
        for (code, form), files in forms.items()
    ]


def documents_of(content: Content, made: Sequence[PartMade]) -> list[Link]:
    """The documents whose file is in the packet."""
    files = {f.of: f.name for part in made for f in part.files if f.kind == "document"}
    return [
        {
            "name": files[document.id],
            "words": cell_text(document.title),
            "kind": content.label("document_kinds", document.kind),
            "day": long_date(document.dated_on),
        }
        for document in content.documents
        if document.id in files
    ]
