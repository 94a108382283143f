"""What the packets' pages say of a unit, of a step and of a failure, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.areas.models import Area
from app.packets.claims import Progress
from app.packets.directory import Document
from app.packets.models import Packet

STEPS: dict[str, LazyString] = {
    "waiting": _l("Waiting for a free worker"),
    "parts": _l("Checking the photos and setting the centres' pages"),
    "report": _l("Writing the report"),
    "tables": _l("Writing the tables"),
    "archive": _l("Packing the files"),
}

DOCUMENTS: dict[str, LazyString] = {
    "report.pdf": _l("The whole report (PDF)"),
    "tables.xlsx": _l("All tables (Excel)"),
    "places.geojson": _l("Places for a map (GeoJSON)"),
    "places.kml": _l("Places for Google Earth (KML)"),
}
ATTACHMENTS: dict[str, LazyString] = {
    "plan-6": _l("Attachment 6: the plan"),
    "result-7": _l("Attachment 7: the results"),
    "progress-8": _l("Attachment 8: the progress"),
}
FORMS = {"pdf": "PDF", "docx": "Word"}
FILE_WORDS = {  # of files that are saved: a packet's names are Thai whoever takes it
    "report": "รายงาน", "tables": "ตาราง", "places": "พิกัด",
    "plan-6": "สิ่งที่ส่งมาด้วย6_แบบรายงานแผน", "result-7": "สิ่งที่ส่งมาด้วย7_แบบรายงานผล",
    "progress-8": "สิ่งที่ส่งมาด้วย8_แบบรายงานผลความก้าวหน้า",
}  # fmt: skip

TROUBLE: dict[str, LazyString] = {
    "photo_changed": _l("A photo's file changed while the packet was built."),
    "not_whole": _l("The finished file could not be read back as it was written."),
    "typesetting": _l("The report could not be written."),
    "memory": _l("The machine had too little memory."),
    "storage": _l("The disk could not be read or written. It may be full."),
    "gave_up": _l(
        "Three tries broke off without a reason. The machine may have been switched off."
    ),
}


def unit_name(
    scope_kind: str, scope_code: str, areas: Mapping[str, Area], centre: str | None, locale: str
) -> str:
    """อำเภอปง / Pong District; a centre by its own name."""
    if scope_kind == "centre":
        return centre or scope_code
    area = areas.get(scope_code)
    name = scope_code if area is None else area.name_in(locale)
    if scope_kind == "district":
        return gettext("%(name)s District", name=name)
    return gettext("%(name)s Province", name=name)


def unit_names(
    packets: Iterable[Packet], areas: Mapping[str, Area], centres: Mapping[UUID, str], locale: str
) -> dict[UUID, str]:
    """The unit of each packet, by the packet's id."""
    return {
        p.id: unit_name(
            p.scope_kind, p.scope_code, areas,
            centres.get(p.centre_id) if p.centre_id else None, locale,
        )
        for p in packets
    }  # fmt: skip


def progress_words(progress: Progress) -> tuple[str, str]:
    """What is being done, and how far: ("Writing the report", "81% · about 2 minutes left")."""
    label = str(STEPS[progress.step]) if progress.step in STEPS else gettext("Starting")
    if not progress.total:
        return label, ""
    share = gettext("%(percent)s%%", percent=100 * progress.done // progress.total)
    if progress.remaining_s is None or progress.step == "waiting":
        return label, share
    return label, f"{share} · {_remaining(progress.remaining_s)}"


def _remaining(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return gettext("less than a minute left")
    return ngettext("about %(num)d minute left", "about %(num)d minutes left", minutes)


def document_name(name: str, areas: Mapping[str, Area], locale: str) -> str:
    """What a document of a packet is called: Attachment 6: plan · Pong District · Word."""
    stem, _dot, extension = name.rpartition(".")
    if not stem.startswith("attachments/"):
        return str(DOCUMENTS.get(name) or name)
    _folder, code, kind = stem.split("/")
    title = str(ATTACHMENTS.get(kind) or kind)
    area = areas.get(code)
    unit = unit_name("province" if len(code) == 2 else "district", code, areas, None, locale)
    return " · ".join((title, unit if area else code, FORMS.get(extension, extension)))


def in_groups(documents: Iterable[Document]) -> dict[str, list[Document]]:
    """A packet's documents as its page shows them: "main", "attachments", "tables" (CSV)."""
    groups: dict[str, list[Document]] = {"main": [], "attachments": [], "tables": []}
    for each in sorted(documents, key=_place):
        if each.name.startswith("attachments/"):
            groups["attachments"].append(each)
        else:
            groups["tables" if each.name.endswith(".csv") else "main"].append(each)
    return groups


def _place(document: Document) -> tuple[int, str, str, str]:
    """The report first; attachments by district and number: plan-6, result-7, progress-8."""
    name = document.name
    folder, _slash, last = name.rpartition("/")
    number = last.partition(".")[0].rpartition("-")[2] if folder else ""
    order = list(DOCUMENTS)
    return (order.index(name) if name in order else len(order)), folder, number, last


def document_file_name(packet_title: str, name: str) -> str:
    """The Thai name under which a document is saved, by the packet's own Thai name."""
    stem, _dot, extension = name.rpartition(".")
    words = [FILE_WORDS.get(part, part) for part in stem.split("/") if part != "attachments"]
    return "_".join((*reversed(words), packet_title)) + f".{extension}"


def trouble(code: str | None) -> str:
    """Why a packet could not be built, for people."""
    sentence = TROUBLE.get(code or "")
    return str(sentence) if sentence else gettext("The packet could not be built.")
