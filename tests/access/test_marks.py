"""No list, count, export, search, map, suggestion or feed shows a foreign name, code or id."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from urllib.parse import quote, unquote

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.access.cast import CENTRE_CODE, MARK, Cast
from tests.test_access import DEVICE, MATRIX

FOREIGN = (
    "other_volunteer", "other_officer", "other_reviewer", "other_admin", "nobody", "half_open",
    "disabled", "other_phone", "revoked_phone",
)  # fmt: skip
HALF = MARK[:-2]  # finds the marked, and is not what is looked for in the answer
# What somebody asks a page for, besides nothing: a word, another's centre, district, record.
ASKED = (
    f"q={quote(HALF)}&all=1&state=all&done=1",
    "centre={centre}&centre_id={centre}&code={code}",
    "district=5606&area=5606&unit=5606&quarter=2567Q2&year=2567",
    "unit=centre:{code}&subject=visit:{visit}&kind=visit&subject_kind=visit&subject_id={visit}",
    "visit={visit}&visit_id={visit}&photo={photo}&item={plan_item}&item_id={plan_item}&id={visit}",
    "bbox=90,5,110,25&since=&after=&before=",
)


@pytest.mark.parametrize("who", FOREIGN)
def test_nothing_of_it_is_in_any_answer(cast: Cast, who: str) -> None:
    found = [
        (url, mark)
        for url, text in _answers(cast, who)
        for mark in _marks(cast)
        if mark in text and mark not in unquote(url)
    ]
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("cast", ["sqlite"], indirect=True)
def test_its_own_people_see_it_on_most_pages(cast: Cast) -> None:
    """The marks can be seen at all: the test above looks where they are."""
    marked = {url.partition("?")[0] for url, text in _answers(cast, "officer") if MARK in text}
    assert {
        "/visits", "/visits.csv", "/visits.xlsx", "/followups/done", "/activities", "/centres",
        "/documents", "/photos", "/networks", "/plans/items", "/publicity", "/map/centres.geojson",
    } <= marked  # fmt: skip


def _marks(cast: Cast) -> set[str]:
    """What only the marked centre's people may meet."""
    return {MARK, CENTRE_CODE, *(value for value in cast.ids() if len(value) == 36)}


def _answers(cast: Cast, who: str) -> Iterator[tuple[str, str]]:
    """Every page without an object in its address, asked for in every way, as text."""
    client = cast.client(who)
    named = {name: next(iter(values.values())) for name, values in cast.things.items()}
    for rule in _pages(cast, who):
        first = client.get(rule.rule)
        yield rule.rule, _text(first)
        for query in () if first.status_code in (302, 401, 404) else ASKED:
            url = f"{rule.rule}?{query.format(code=CENTRE_CODE, **named)}"
            yield url, _text(client.get(url))


def _pages(cast: Cast, who: str) -> list[Rule]:
    return sorted(
        (
            rule
            for rule in cast.app.url_map.iter_rules()
            if "GET" in (rule.methods or ()) and not rule.arguments
            and (MATRIX.get(rule.endpoint) == DEVICE) <= (who.endswith("phone"))
        ),
        key=lambda rule: rule.rule,
    )  # fmt: skip


def _text(response: TestResponse) -> str:
    """An answer's text, out of its wrappings; a spreadsheet is a folder of texts."""
    data = response.get_data()
    response.close()
    if response.headers.get("Content-Encoding") == "gzip":
        data = gzip.decompress(data)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as folder:
            data = b"\n".join(folder.read(name) for name in folder.namelist())
    return data.decode("utf-8", "replace") + str(response.headers)
