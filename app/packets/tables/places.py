"""The centres as places: GeoJSON (RFC 7946) and KML 2.2, for maps that others already use."""

from __future__ import annotations

from xml.sax.saxutils import escape

from app.packets.frozen.content import CentreItem, Content, canonical
from app.packets.frozen.figures import Figures, by_centre
from app.packets.report import phrases
from app.shared.thai import clean_text

DIGITS = 6  # of a degree: 0.1 m, finer than any phone


def geojson(content: Content) -> bytes:
    """Return a FeatureCollection of the centres that have a position, with their sums."""
    sums = by_centre(content)
    features = [
        {
            "type": "Feature",
            "id": centre.code,
            "geometry": {
                "type": "Point",
                "coordinates": [round(lon, DIGITS), round(lat, DIGITS)],
            },
            "properties": _properties(content, centre, sums[centre.code]),
        }
        for centre, lat, lon in _placed(content)
    ]
    return canonical({"type": "FeatureCollection", "features": features})


def kml(content: Content) -> bytes:
    """Return the same centres as placemarks."""
    sums = by_centre(content)
    marks = "".join(
        f"<Placemark><name>{_text(centre.name)}</name>"
        f"<description>{_text(_description(centre, sums[centre.code]))}</description>"
        f"<Point><coordinates>{round(lon, DIGITS)},{round(lat, DIGITS)}</coordinates></Point>"
        "</Placemark>\n"
        for centre, lat, lon in _placed(content)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>{_text(phrases.title(content))}</name>\n{marks}</Document></kml>\n"
    ).encode()


def _placed(content: Content) -> list[tuple[CentreItem, float, float]]:
    return [(c, c.lat, c.lon) for c in content.centres if c.lat is not None and c.lon is not None]


def _properties(content: Content, centre: CentreItem, sums: Figures) -> dict[str, object]:
    return {
        "code": centre.code,
        "name": clean_text(centre.name),
        "place": clean_text(phrases.place(centre, district=True)),
        "class": content.label("plot_classes", centre.plot_class),
        "status": phrases.STATUSES.get(centre.status, centre.status),
        "visits": sums.visits,
        "people": sums.people,
        "followed": sums.followed,
        "used": sums.used,
        "photos": sums.photos,
    }


def _description(centre: CentreItem, sums: Figures) -> str:
    return (
        f"{centre.code} {phrases.place(centre, district=True)} "
        f"ผู้มาใช้บริการ {sums.visits} ครั้ง {sums.people} คน "
        f"ติดตามแล้ว {sums.followed} คน นำไปใช้ {sums.used} คน ภาพถ่าย {sums.photos} ภาพ"
    )


def _text(value: str) -> str:
    return escape(clean_text(value))
