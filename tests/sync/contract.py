"""The contract as a test reads it: operations, examples, and what an answer must look like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import jsonschema_rs
from werkzeug.test import TestResponse

from app.sync.openapi import read_contract

DOCUMENT = read_contract()
METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    told: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.told["operationId"])

    def body_examples(self) -> dict[str, Any]:
        """Its JSON bodies' examples by name."""
        content = self.told.get("requestBody", {}).get("content", {})
        examples = content.get(JSON, {}).get("examples", {})
        return {name: example["value"] for name, example in examples.items()}

    def body_schema(self) -> dict[str, Any]:
        return dict(self.told["requestBody"]["content"][JSON]["schema"])


def operations() -> list[Operation]:
    """Every operation of the document."""
    return [
        Operation(method.upper(), path, told)
        for path, item in DOCUMENT["paths"].items()
        for method, told in item.items()
        if method in METHODS
    ]


def operation(name: str) -> Operation:
    """The one with this operationId."""
    [found] = [each for each in operations() if each.name == name]
    return found


def faults(schema: dict[str, Any], value: object) -> list[str]:
    """Why `value` is not of `schema`; formats count."""
    rooted = schema | {"components": DOCUMENT["components"]}
    validator = jsonschema_rs.Draft202012Validator(rooted, validate_formats=True)
    return [f"{list(e.instance_path)}: {e.message}" for e in validator.iter_errors(value)]


def check_answer(name: str, answer: TestResponse) -> None:
    """Assert that an answer of the operation is one of those it documents."""
    told = resolved(operation(name).told["responses"])
    assert str(answer.status_code) in told, (name, answer.status_code, answer.text[:300])
    response = resolved(told[str(answer.status_code)])
    for header, about in response.get("headers", {}).items():
        needed = resolved(about).get("required", False)
        assert header in answer.headers or not needed, (name, header)
    if answer.data:
        schema = response["content"][answer.mimetype]["schema"]
        assert faults(schema, answer.get_json(force=True)) == [], (name, answer.text[:600])


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """`part`, or what it refers to."""
    while "$ref" in part:
        found: Any = DOCUMENT
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def references(part: object) -> Iterator[str]:
    """Every `$ref` in a part of the document."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for inner in part.values():
            yield from references(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from references(inner)
