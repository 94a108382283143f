"""RO-Crate metadata: what the packet is, who made it from what, and every file in it, for machines.

RO-Crate 1.2, as JSON-LD in `ro-crate-metadata.json`; the crate is the bag's folder data/, as the
specification advises for bags.  A photo says when and where it was taken and which centre it
shows.  Written piece by piece: ten thousand files take no memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from app.packets.bag.writer import PAYLOAD, Listed
from app.packets.frozen.content import FORMAT, CentreItem, Content, PhotoItem
from app.packets.report import phrases
from app.shared.clock import BANGKOK

CRATE_FILE = "ro-crate-metadata.json"
VERSION = "https://w3id.org/ro/crate/1.2"
CONTEXT = f"{VERSION}/context"
# By ourselves: the `mimetypes` of Python ask the machine, and machines differ.
MEDIA_TYPES = {
    "csv": "text/csv",
    "css": "text/css",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "geojson": "application/geo+json",
    "heic": "image/heic",
    "html": "text/html",
    "jpg": "image/jpeg",
    "js": "text/javascript",
    "json": "application/json",
    "kml": "application/vnd.google-earth.kml+xml",
    "pdf": "application/pdf",
    "png": "image/png",
    "svg": "image/svg+xml",
    "ttf": "font/ttf",
    "txt": "text/plain",
    "webp": "image/webp",
    "woff2": "font/woff2",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TITLES = {
    "report.pdf": "รายงานฉบับเต็ม",
    "tables.xlsx": "ตารางข้อมูล",
    "places.geojson": "พิกัดศูนย์เรียนรู้และภาพถ่าย (GeoJSON)",
    "places.kml": "พิกัดศูนย์เรียนรู้และภาพถ่าย (KML)",
    "index.html": "หน้าเปิดดูชุดหลักฐานโดยไม่ต้องใช้อินเทอร์เน็ต",
    "content.json": "รายการข้อมูลที่ใช้จัดทำชุดหลักฐาน",
}
_SMALL = "thumbs/"  # of a photo that is described by itself
_TERMS = (
    "ใช้เป็นหลักฐานการปฏิบัติราชการ ห้ามนำภาพและข้อมูลส่วนบุคคลไปใช้เพื่อการอื่น",
    "เอกสารของทางราชการ ใช้เพื่อการรายงาน ตรวจสอบ และประเมินผลโครงการ"
    " ภาพและข้อมูลส่วนบุคคลเป็นไปตามพระราชบัญญัติคุ้มครองข้อมูลส่วนบุคคล พ.ศ. 2562",
)

Entity = dict[str, Any]


def crate(content: Content, files: Iterable[Listed], shows: Mapping[str, str]) -> Iterator[bytes]:
    """Pieces of the metadata file for `files`, the payload as it was written.

    `shows`: name below data/ -> id of the photo or document (`CheckedFile.of`).  Same content and
    files: same bytes.
    """
    listed = [each for each in files if each.name != PAYLOAD + CRATE_FILE]
    yield f'{{"@context":"{CONTEXT}","@graph":[\n'.encode()
    yield _line(_descriptor())
    yield from _root(content, listed)
    for entity in _makers(content):
        yield b",\n" + _line(entity)
    for centre in content.centres:
        yield b",\n" + _line(_centre(centre))
    for entity in _files(content, listed, shows):
        yield b",\n" + _line(entity)
    yield b"\n]}\n"


def _line(entity: Entity) -> bytes:
    told = {key: value for key, value in entity.items() if value not in (None, "", [])}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _descriptor() -> Entity:
    return {
        "@id": CRATE_FILE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": VERSION},
    }


def _root(content: Content, files: Sequence[Listed]) -> Iterator[bytes]:
    """The packet itself; its list of parts is as long as the packet."""
    office = {"@id": "#office"}
    entity = {
        "@id": "./",
        "@type": "Dataset",
        "name": phrases.title(content),
        "description": f"{phrases.CENTRE_KIND_LINES[0]}{phrases.CENTRE_KIND_LINES[1]}"
        f" {phrases.scope_name(content.scope)} ไตรมาส {content.quarter}:"
        " รายงาน ตารางข้อมูล และภาพถ่าย พร้อมลายมือชื่อดิจิทัล",
        "identifier": {"@id": "#identifier"},
        "version": str(content.edition),
        "datePublished": _instant(content.requested.at),
        "inLanguage": "th",
        "temporalCoverage": f"{content.first_day}/{content.last_day}",
        "license": {"@id": "#terms"},
        "author": office,
        "publisher": office,
        "creator": {"@id": "#requester"},
        "mentions": {"@id": "#made"},
        "spatialCoverage": {"@id": "#area"},
    }
    yield b",\n" + _line(entity)[:-1] + b',"hasPart":['
    for number, each in enumerate(files):
        yield (b"," if number else b"") + _line({"@id": _id(each.name)})
    yield b"]}"


def _makers(content: Content) -> Iterator[Entity]:
    """The terms, the office, who asked, the software, and the deed that ties them together."""
    yield {
        "@id": "#identifier",
        "@type": "PropertyValue",
        "name": "External-Identifier",
        "propertyID": "External-Identifier",
        "value": content.identifier,
    }
    yield {"@id": "#terms", "@type": "CreativeWork", "name": _TERMS[0], "description": _TERMS[1]}
    yield {"@id": "#office", "@type": "Organization", "name": phrases.office_name(content.scope)}
    yield {"@id": "#area", "@type": "Place", "name": phrases.scope_name(content.scope)}
    yield {
        "@id": "#requester",
        "@type": "Person",
        "name": content.requested.by,
        "affiliation": {"@id": "#office"},
    }
    yield {
        "@id": "#lakthan",
        "@type": "SoftwareApplication",
        "name": "Lakthan",
        "version": f"packet format {FORMAT}",
        "url": content.site,
    }
    yield {
        "@id": "#made",
        "@type": "CreateAction",
        "name": f"จัดทำ{phrases.title(content)}",
        "description": content.requested.reason,
        "startTime": _instant(content.requested.at),
        "agent": {"@id": "#requester"},
        "instrument": {"@id": "#lakthan"},
        "object": {"@id": "content.json"},
        "result": {"@id": "./"},
    }


def _centre(centre: CentreItem) -> Entity:
    return {
        "@id": _centre_id(centre.code),
        "@type": "Place",
        "name": centre.name,
        "identifier": centre.code,
        "address": phrases.place(centre, district=True),
        "latitude": centre.lat,
        "longitude": centre.lon,
        "containedInPlace": {"@id": "#area"},
    }


def _files(content: Content, files: Sequence[Listed], shows: Mapping[str, str]) -> Iterator[Entity]:
    photos = {photo.id: photo for photo in content.photos}
    centres = {centre.code: centre.name for centre in content.centres}
    titles = {document.id: document.title for document in content.documents}
    told: set[str] = set()  # places
    for each in files:
        name = each.name.removeprefix(PAYLOAD)
        photo = None if name.startswith(_SMALL) else photos.get(shows.get(name, ""))
        entity = _file(each, name, titles.get(shows.get(name, "")))
        if photo is None:
            yield entity
            continue
        place = _place_of(photo)
        yield entity | _shown(photo, centres.get(photo.centre_code, ""), place)
        if place and place["@id"] not in told:
            told.add(place["@id"])
            yield place


def _file(listed: Listed, name: str, title: str | None) -> Entity:
    path = PurePosixPath(name)
    return {
        "@id": _id(listed.name),
        "@type": "File",
        "name": title or _TITLES.get(name, path.name),
        "encodingFormat": MEDIA_TYPES.get(path.suffix[1:].lower(), "application/octet-stream"),
        "contentSize": str(listed.size_bytes),
        "sha256": listed.sha256,
    }


def _shown(photo: PhotoItem, centre_name: str, place: Entity | None) -> Entity:
    subject = phrases.SUBJECTS.get(photo.subject_kind, "")
    return {
        "@type": ["File", "ImageObject"],
        "description": photo.caption or f"{subject} {centre_name}".strip(),
        "identifier": photo.code,
        "temporalCoverage": photo.day.isoformat(),
        "dateCreated": _instant(photo.taken_at) if photo.taken_at else None,
        "contentLocation": {"@id": place["@id"]} if place else None,
        "about": {"@id": _centre_id(photo.centre_code)} if photo.centre_code else None,
    }


def _place_of(photo: PhotoItem) -> Entity | None:
    """Where a photo was taken: a place of its own, for photos lie beside their centre, too."""
    if photo.lat is None or photo.lon is None:
        return None
    return {
        "@id": f"#at-{photo.lat},{photo.lon}",
        "@type": "Place",
        "name": photo.place or f"{photo.lat}, {photo.lon}",
        "latitude": photo.lat,
        "longitude": photo.lon,
    }


def _id(name: str) -> str:
    """A file's name as a relative IRI reference."""
    return quote(name.removeprefix(PAYLOAD))


def _centre_id(code: str) -> str:
    return f"#centre-{quote(code, safe='')}"


def _instant(moment: datetime) -> str:
    return moment.astimezone(BANGKOK).isoformat(timespec="seconds")
