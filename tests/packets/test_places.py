"""Places: what other people's maps read, with the right places, counts and Thai words."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pyogrio
import pytest

from app.packets.frozen.content import Content
from app.packets.tables.places import geojson, kml
from tests.packets.packet_lists import (
    FolderSources,
    make_centre,
    make_content,
    make_full_content,
    make_photo,
)
from tests.packets.test_tables import parts_of

NASTY = "</name><script>alert(1)</script>&\x00\"'<![CDATA[ =1+1"


@pytest.fixture
def placed(sources: FolderSources) -> Content:
    """Two centres and two photos with a place; one of each without, one photo awaited."""
    return make_content(
        centres=(make_centre(1), make_centre(2, name=NASTY), make_centre(3, lat=None, lon=None)),
        photos=(
            make_photo(sources, 1, caption="ขุดคลองไส้ไก่"),
            make_photo(sources, 2, caption=NASTY),
            make_photo(sources, 3, lat=None, lon=None),
            make_photo(sources, 4, state="awaited"),
        ),
    )


def _layers(path: Path) -> dict[str, tuple[dict[str, list[object]], list[bytes]]]:
    found = {}
    for name, _shape in pyogrio.list_layers(path):
        meta, _fids, points, columns = pyogrio.raw.read(path, layer=name)
        assert meta["crs"] == "EPSG:4326"
        fields = [str(field) for field in meta["fields"]]
        found[name] = (dict(zip(fields, map(list, columns), strict=True)), list(points))
    return found


def test_gdal_reads_the_geojson(placed: Content, sources: FolderSources, tmp_path: Path) -> None:
    path = tmp_path / "places.geojson"
    path.write_bytes(geojson(placed, parts_of(placed, sources)))
    ((columns, points),) = _layers(path).values()
    assert columns["kind"] == ["centre", "centre", "photo", "photo"]
    assert columns["name"][0] == "ศูนย์เรียนรู้บ้านตุ่นกลาง แปลงที่ 1"
    assert columns["name"][2] == "ขุดคลองไส้ไก่"
    assert columns["name"][3] == NASTY.replace("\x00", "")
    assert columns["date_th"][2] == "13 กุมภาพันธ์ 2567"
    assert str(columns["file"][2]).startswith("data/photos/5601/5601-001/")
    assert len(points) == 4


def test_gdal_reads_the_kml(placed: Content, sources: FolderSources, tmp_path: Path) -> None:
    path = tmp_path / "places.kml"
    path.write_bytes(kml(placed, parts_of(placed, sources)))
    layers = _layers(path)
    assert list(layers) == ["ศูนย์เรียนรู้", "ภาพถ่าย"]
    centres, photos = layers["ศูนย์เรียนรู้"][0], layers["ภาพถ่าย"][0]
    assert centres["Name"] == ["ศูนย์เรียนรู้บ้านตุ่นกลาง แปลงที่ 1", NASTY.replace("\x00", "")]
    assert photos["Name"][0] == "ขุดคลองไส้ไก่"
    assert str(photos["file"][0]).startswith("data/photos/5601/5601-001/")
    ElementTree.fromstring(path.read_bytes())  # noqa: S314 - our own file


def test_longitude_comes_first_as_the_standard_says(sources: FolderSources) -> None:
    content = make_full_content(sources)
    features = json.loads(geojson(content))["features"]
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [99.8786, 19.1919]}
    assert {feature["properties"]["kind"] for feature in features} == {"centre", "photo"}


def test_a_photo_that_cannot_be_shown_is_on_the_map_without_a_file(sources: FolderSources) -> None:
    content = make_content(photos=(make_photo(sources, 1),))
    sources.view(content.photos[0].view_sha256 or "").unlink()
    photo = json.loads(geojson(content, parts_of(content, sources)))["features"][1]
    assert photo["properties"]["file"] is None


def test_the_same_list_gives_the_same_bytes(placed: Content) -> None:
    assert geojson(placed) == geojson(placed)
    assert kml(placed) == kml(placed)
