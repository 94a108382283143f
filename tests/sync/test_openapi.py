"""The contract is true: complete, valid, and its examples work as they are written."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import jsonschema_rs
import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from schemathesis.specs.openapi.definitions import OPENAPI_31
from sqlalchemy import update

from app.accounts.models import Account
from app.centres.models import Centre
from app.centres.rules import CentreDraft
from app.centres.service import add_centre
from app.devices.models import Device
from app.records.fields import Field
from app.records.kinds import RecordKind
from app.shared.decode import CAPTURE_FIELDS
from app.shared.work import work
from app.sync.kinds import RECORDS
from tests.conftest import NOW
from tests.photos.makers import jpeg
from tests.sync.contract import (
    DOCUMENT,
    check_answer,
    faults,
    operation,
    operations,
    references,
    resolved,
)
from tests.sync.phone_client import Phone

EXAMPLE_CENTRE = UUID("01930c5e-7a00-7000-8000-0000000000c1")
EXAMPLE_ACCOUNT = UUID("01930c5e-7a00-7000-8000-0000000000b1")
EXAMPLE_EARLIER = UUID("01930c5e-7a00-7000-8000-0000000000d0")
sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@sqlite_only
def test_every_address_of_the_api_is_in_the_contract_and_the_other_way_round(app: Flask) -> None:
    assert {(op.method, op.path) for op in operations()} == set(_served(app))


def _served(app: Flask) -> Iterator[tuple[str, str]]:
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/"):
            continue
        path = rule.rule.replace("<uuid:", "{").replace("<", "{").replace(">", "}")
        by_itself = {"HEAD"} if "GET" in (rule.methods or ()) else set()
        if rule.provide_automatic_options:
            by_itself.add("OPTIONS")
        for method in (rule.methods or set()) - by_itself:
            yield method, path


def test_the_contract_is_an_openapi_document() -> None:
    validator = jsonschema_rs.validator_for(OPENAPI_31)
    assert [error.message for error in validator.iter_errors(DOCUMENT)] == []
    for reference in references(DOCUMENT):
        resolved({"$ref": reference})
    for schema in DOCUMENT["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema)


def test_every_operation_says_who_may_and_what_it_answers() -> None:
    for op in operations():
        told = op.told
        assert told["summary"], op.name
        public = told.get("security") == []
        if not public:
            assert {"401", "403"} <= set(told["responses"]), op.name
    names = [op.name for op in operations()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("op", operations(), ids=lambda op: op.name)
def test_every_example_is_of_its_schema(op: Any) -> None:
    for name, value in op.body_examples().items():
        assert faults(op.body_schema(), value) == [], name
    for response in op.told["responses"].values():
        for content in resolved(response).get("content", {}).values():
            for name, example in content.get("examples", {}).items():
                assert faults(content["schema"], example["value"]) == [], name


@sqlite_only
def test_the_contract_is_public_and_kept_by_its_etag(client: FlaskClient) -> None:
    answer = client.get("/api/v1/openapi.json")
    check_answer("contract", answer)
    assert json.loads(answer.text) == DOCUMENT
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.fixture
def example_world(app: Flask) -> Flask:
    """The centre and the volunteer of whom the examples speak."""
    enrolment = operation("enrol").body_examples()["password"]
    draft = CentreDraft("5606-009", "ศูนย์เรียนรู้บ้านควร", "HLM3", "560601", 19.15, 100.27)
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    with app.app_context(), work() as w:
        add_centre(w.session, draft, actor=None, now=NOW)
        w.session.execute(update(Centre).values(id=EXAMPLE_CENTRE))
        w.session.add(
            Account(
                id=EXAMPLE_ACCOUNT, username=enrolment["login"], name="สมชาย ป.", role="volunteer",
                area_code="560601", centre_id=EXAMPLE_CENTRE, is_demo=True, created_at=NOW,
                password_hash=hasher.hash(enrolment["password"]),
            )
        )  # fmt: skip
        w.session.flush()
        w.session.add(
            Device(
                id=EXAMPLE_EARLIER, install_id=EXAMPLE_EARLIER, account_id=EXAMPLE_ACCOUNT,
                label="iPhone · Safari", sealed_locker=b"", enrolled_at=NOW, last_contact_at=NOW,
                unsent_records=3,
            )
        )  # fmt: skip
    return app


def test_the_examples_work_as_they_are_written(example_world: Flask) -> None:
    phone = Phone(example_world.test_client(use_cookies=False))
    enrolled = _say(phone, "enrol")
    phone.token, phone.server_key = enrolled["token"], enrolled["server_key"]
    phone.device_id = enrolled["device_id"]
    assert [one["device_id"] for one in enrolled["earlier"]] == [str(EXAMPLE_EARLIER)]
    _say(phone, "reportLost", "earlier")
    assert _say(phone, "heartbeat", "evening")["forked"] is False
    for batch in ("day", "corrected"):
        sent = operation("putRecords").body_examples()[batch]["items"]
        results = _say(phone, "putRecords", batch)["results"]
        assert [result["status"] for result in results] == ["created"] * len(sent), results
        for item, result in zip(sent, results, strict=True):
            _believe(phone, item, result)
    answer = phone.send("GET", "/changes", query_string={"since": ""})
    check_answer("getChanges", answer)
    assert len(answer.get_json()["sections"]["records"]["visits"]) == 1
    _send_photo(phone)
    answer = phone.send("DELETE", "/devices/self")
    check_answer("signOut", answer)
    check_answer("heartbeat", phone.send("POST", "/heartbeat", json={}))


def _say(phone: Phone, name: str, example: str = "password") -> dict[str, Any]:
    op = operation(name)
    body = op.body_examples()[example]
    answer = phone.send(op.method, op.path, json=body)
    assert answer.status_code < 300, answer.text
    check_answer(name, answer)
    return dict(answer.get_json() or {}) if answer.data else {}


def _believe(phone: Phone, item: dict[str, Any], result: dict[str, Any]) -> None:
    phone.check({"attachments": [], "base_version": None} | item, result)


def _send_photo(phone: Phone) -> None:
    content = jpeg()
    item = phone.photo("centre", EXAMPLE_CENTRE, content)
    phone.put(item)
    [attachment] = item["attachments"]
    assert phone.upload(attachment, content, piece=len(content) // 3) == len(content)
    assert phone.put(item)["receipt"]["missing"] == []


def test_the_metadata_example_names_the_photo_of_the_batch() -> None:
    example = operation("putRecords").body_examples()["day"]["items"][2]["attachments"][0]
    told = _metadata_example()
    assert (told["attachment_id"], told["sha256"]) == (example["id"], example["sha256"])


def _metadata_example() -> dict[str, str]:
    parameters = operation("createUpload").told["parameters"]
    [header] = [p for p in parameters if p.get("name") == "Upload-Metadata"]
    pairs = (pair.split(" ") for pair in header["example"].split(","))
    return {name: b64decode(value).decode() for name, value in pairs}


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.name)
def test_the_contract_has_the_fields_that_the_kind_has(kind: RecordKind) -> None:
    name = kind.name.title().replace("_", "")
    told = resolved({"$ref": f"#/components/schemas/{name}"})
    _check_fields(told, kind.fields)
    of_place = {"id", "centre_id", "district_code"} | CAPTURE_FIELDS
    assert set(told["properties"]) == {field.name for field in kind.fields} | of_place


def _check_fields(told: dict[str, Any], fields: tuple[Field, ...]) -> None:
    for field in fields:
        about = told["properties"][field.name]
        assert (field.name in told["required"]) == field.needed, field.name
        if field.type in ("text", "lines", "link"):
            assert about["maxLength"] == field.limit, field.name
        elif field.type == "whole":
            assert (about["minimum"], about["maximum"]) == (field.least, field.most), field.name
        elif field.type == "rows":
            _check_fields(about["items"], field.columns)
