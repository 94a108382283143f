"""Centres and photos as places: GeoJSON (RFC 7946) and KML 2.2, for maps that others use.

Positions are WGS 84 degrees, longitude first.  What has no position is not there: the tables
have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from app.packets.frozen.content import CentreItem, Content, PhotoItem, canonical
from app.packets.frozen.figures import Figures, by_centre
from app.packets.frozen.naming import photo_names
from app.packets.parts import PartMade
from app.packets.report import phrases
from app.packets.tables.books import view_names
from app.packets.tables.plain import cell_text
from app.shared.clock import in_bangkok
from app.shared.thai import thai_date

DIGITS = 6  # of a degree: 0.1 m, finer than any phone
Properties = dict[str, str | int | float | None]


def geojson(content: Content, made: Sequence[PartMade] | None = None) -> bytes:
    """Return a FeatureCollection of centres and photos; `kind` says which a feature is."""
    return b"".join(geojson_chunks(content, made))


def geojson_chunks(content: Content, made: Sequence[PartMade] | None = None) -> Iterator[bytes]:
    """Yield the same feature by feature: memory does not grow with the photos."""
    between = b'{"features":['
    for lon, lat, properties in _places(content, made):
        yield between + canonical(
            {
                "type": "Feature",
                "id": properties["id"],
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
                "properties": properties,
            }
        )
        between = b",\n"
    yield (b"" if between == b",\n" else between) + b'],"type":"FeatureCollection"}\n'


def kml(content: Content, made: Sequence[PartMade] | None = None) -> bytes:
    """Return the same places as placemarks, in a folder of centres and one of photos."""
    return b"".join(kml_chunks(content, made))


def kml_chunks(content: Content, made: Sequence[PartMade] | None = None) -> Iterator[bytes]:
    """Yield the same placemark by placemark."""
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>{escape(cell_text(phrases.title(content)))}</name>\n"
        f"{_STYLES}<Folder><name>ศูนย์เรียนรู้</name>\n"
    ).encode()
    photos = "</Folder>\n<Folder><name>ภาพถ่าย</name>\n".encode()
    for lon, lat, properties in _places(content, made):
        if properties["kind"] == "photo" and photos:
            yield photos
            photos = b""
        yield _placemark(lon, lat, properties).encode()
    yield photos + b"</Folder>\n</Document></kml>\n"


def _places(
    content: Content, made: Sequence[PartMade] | None
) -> Iterator[tuple[float, float, Properties]]:
    sums = by_centre(content)
    for centre in content.centres:
        if centre.lat is not None and centre.lon is not None:
            about = _centre(content, centre, sums[centre.code])
            yield round(centre.lon, DIGITS), round(centre.lat, DIGITS), about
    centres = {centre.code: cell_text(centre.name) for centre in content.centres}
    file_of = photo_names(content).get if made is None else view_names(made).get
    for photo in content.photos:
        if photo.state != "awaited" and photo.lat is not None and photo.lon is not None:
            about = _photo(photo, centres.get(photo.centre_code), file_of(photo.id))
            yield round(photo.lon, DIGITS), round(photo.lat, DIGITS), about


def _centre(content: Content, centre: CentreItem, sums: Figures) -> Properties:
    return {
        "id": centre.code,
        "kind": "centre",
        "code": centre.code,
        "name": cell_text(centre.name),
        "place": cell_text(phrases.place(centre, district=True)),
        "class": cell_text(content.label("plot_classes", centre.plot_class)),
        "status": phrases.STATUSES.get(centre.status, centre.status),
        "visits": sums.visits,
        "people": sums.people,
        "followed": sums.followed,
        "used": sums.used,
        "photos": sums.photos,
    }


def _photo(photo: PhotoItem, centre: str | None, name: str | None) -> Properties:
    return {
        "id": photo.id,
        "kind": "photo",
        "code": photo.centre_code,
        "name": cell_text(photo.caption or phrases.SUBJECTS.get(photo.subject_kind, "")),
        "centre": centre,
        "subject": phrases.SUBJECTS.get(photo.subject_kind, photo.subject_kind),
        "date": photo.day.isoformat(),
        "date_th": thai_date(photo.day, "long"),
        "taken_at": in_bangkok(photo.taken_at).isoformat() if photo.taken_at else None,
        "file": f"data/{name}" if name else None,
        "accuracy_m": photo.accuracy_m,
        "distance_m": photo.distance_m,
        "band": phrases.BANDS.get(photo.band),
        "findings": len(photo.findings),
    }


# What a reader of the KML sees in the balloon, in this order.
_LABELS = {
    "code": "รหัสศูนย์",
    "place": "ที่ตั้ง",
    "centre": "ศูนย์เรียนรู้",
    "class": "ประเภท",
    "status": "สถานะ",
    "subject": "ภาพของ",
    "date_th": "วันที่",
    "file": "ไฟล์ในชุดหลักฐาน",
    "accuracy_m": "ความคลาดเคลื่อน (ม.)",
    "distance_m": "ห่างจากศูนย์ (ม.)",
    "band": "ตำแหน่ง",
    "findings": "ข้อสังเกต",
    "visits": "ผู้มาใช้บริการ (ครั้ง)",
    "people": "ผู้มาใช้บริการ (คน)",
    "followed": "ติดตามแล้ว (คน)",
    "used": "นำไปใช้ (คน)",
    "photos": "ภาพถ่าย",
}
_STYLES = (
    '<Style id="centre"><IconStyle><color>ff3d6317</color><scale>1.2</scale></IconStyle></Style>\n'
    '<Style id="photo"><IconStyle><color>ffb89b4d</color><scale>0.7</scale></IconStyle>'
    "<LabelStyle><scale>0</scale></LabelStyle></Style>\n"
)


def _placemark(lon: float, lat: float, properties: Properties) -> str:
    data = "".join(
        f'<Data name="{name}"><displayName>{label}</displayName>'
        f"<value>{escape(str(properties[name]))}</value></Data>"
        for name, label in _LABELS.items()
        if properties.get(name) is not None
    )
    day = properties.get("date")
    when = f"<TimeStamp><when>{day}</when></TimeStamp>" if day else ""
    return (
        f"<Placemark><name>{escape(str(properties['name']))}</name>{when}"
        f"<styleUrl>#{properties['kind']}</styleUrl>"
        f"<ExtendedData>{data}</ExtendedData>"
        f"<Point><coordinates>{lon},{lat}</coordinates></Point></Placemark>\n"
    )
