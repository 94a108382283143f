"""RO-Crate metadata: every file described once, and nothing said of what is not there.

Written against the RO-Crate 1.2 specification; `rocrate-validator` agreed when this was made.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from app.packets.bag.crate import crate
from app.packets.bag.writer import Listed
from app.packets.frozen.content import Content
from tests.packets.packet_lists import FolderSources, make_centre, make_content, make_photo

PHOTO = "photos/5601/5601-001/2024-02-13_visit_001_9f2c1a77.jpg"
FILES = (
    Listed("data/report.pdf", "a" * 64, 12_345),
    Listed(f"data/{PHOTO}", "b" * 64, 225_000),
    Listed("data/thumbs/5601/5601-001/2024-02-13_visit_001_9f2c1a77.jpg", "c" * 64, 9_000),
    Listed("data/documents/5601/หนังสือ 1.pdf", "d" * 64, 77),
    Listed("data/content.json", "e" * 64, 5),
    Listed("data/unknown.kind", "f" * 64, 0),
)

Graph = dict[str, dict[str, Any]]


@pytest.fixture
def content(sources: FolderSources) -> Content:
    return make_content(photos=(make_photo(sources, caption="คลองไส้ไก่"),))


def metadata(content: Content, files: Iterable[Listed] = FILES) -> Any:
    return json.loads(b"".join(crate(content, files, {PHOTO: content.photos[0].id})))


@pytest.fixture
def graph(content: Content) -> Graph:
    entities = metadata(content)["@graph"]
    told = {entity["@id"]: entity for entity in entities}
    assert len(told) == len(entities)  # each thing is told once
    return told


def references(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_the_metadata_file_says_which_specification_it_follows(graph: Graph) -> None:
    descriptor = graph["ro-crate-metadata.json"]
    assert descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    assert descriptor["@type"] == "CreativeWork"


def test_the_packet_says_what_it_is_and_of_whom(graph: Graph, content: Content) -> None:
    root = graph["./"]
    assert root["@type"] == "Dataset"
    assert root["datePublished"] == "2024-04-02T09:30:00+07:00"
    assert root["temporalCoverage"] == "2024-01-01/2024-03-31"
    assert all(root[word] for word in ("name", "description"))
    assert graph[root["license"]["@id"]]["description"]
    assert graph[root["author"]["@id"]]["name"] == "สำนักงานพัฒนาชุมชนอำเภอเมืองพะเยา จังหวัดพะเยา"
    assert graph[root["identifier"]["@id"]]["value"] == content.identifier


def test_every_file_is_a_part_with_its_kind_size_and_digest(graph: Graph) -> None:
    parts = [part["@id"] for part in graph["./"]["hasPart"]]
    assert len(parts) == len(FILES)
    told = {
        (graph[part]["encodingFormat"], graph[part]["contentSize"], graph[part]["sha256"][0])
        for part in parts
    }
    assert told == {
        ("application/pdf", "12345", "a"),
        ("image/jpeg", "225000", "b"),
        ("image/jpeg", "9000", "c"),
        ("application/pdf", "77", "d"),
        ("application/json", "5", "e"),
        ("application/octet-stream", "0", "f"),
    }
    assert all("File" in graph[part]["@type"] for part in parts)


def test_names_that_are_no_addresses_are_spelled_as_addresses(graph: Graph) -> None:
    encoded = "%E0%B8%AB%E0%B8%99%E0%B8%B1%E0%B8%87%E0%B8%AA%E0%B8%B7%E0%B8%AD%201.pdf"
    assert f"documents/5601/{encoded}" in graph


def test_a_photo_tells_when_where_and_which_centre(graph: Graph) -> None:
    photo = graph[PHOTO]
    assert photo["description"] == "คลองไส้ไก่"
    assert photo["temporalCoverage"] == "2024-02-13"
    assert photo["dateCreated"] == "2024-02-13T09:30:00+07:00"
    place = graph[photo["contentLocation"]["@id"]]
    assert (place["latitude"], place["longitude"]) == (19.192, 99.879)
    assert graph[photo["about"]["@id"]]["identifier"] == "5601-001"


def test_a_photo_without_time_or_place_claims_neither(sources: FolderSources) -> None:
    facts = {"taken_at": None, "lat": None, "lon": None, "day": date(2024, 3, 1)}
    photo = make_photo(sources, **facts)
    entities = metadata(make_content(photos=(photo,)))["@graph"]
    shown = next(entity for entity in entities if entity["@id"] == PHOTO)
    assert "dateCreated" not in shown
    assert "contentLocation" not in shown
    assert shown["temporalCoverage"] == "2024-03-01"


def test_who_asked_and_which_software_made_it(graph: Graph) -> None:
    (deed,) = (e for e in graph.values() if e["@type"] == "CreateAction")
    assert graph[deed["agent"]["@id"]] == {
        "@id": "#requester",
        "@type": "Person",
        "name": "นางสาวพัชรี ทดสอบ",
        "affiliation": {"@id": "#office"},
    }
    assert graph[deed["instrument"]["@id"]]["name"] == "Lakthan"
    assert (deed["object"]["@id"], deed["result"]["@id"]) == ("content.json", "./")


def test_every_reference_leads_somewhere(graph: Graph) -> None:
    outside = {"https://w3id.org/ro/crate/1.2"}
    assert {at for entity in graph.values() for at in references(entity)} - set(graph) == outside


def test_what_people_wrote_stays_text(sources: FolderSources) -> None:
    written = '"}],"@graph":[{"@id":"./evil"\u2028</script>\x00'
    photo = make_photo(sources, caption=written)
    content = make_content(photos=(photo,), centres=(make_centre(name=written),))
    entities = {entity["@id"]: entity for entity in metadata(content)["@graph"]}
    assert entities[PHOTO]["description"] == written
    assert entities["#centre-5601-001"]["name"] == written
    assert "./evil" not in entities


def test_the_same_packet_is_described_by_the_same_bytes(content: Content) -> None:
    shows = {PHOTO: content.photos[0].id}
    assert b"".join(crate(content, FILES, shows)) == b"".join(crate(content, iter(FILES), shows))
