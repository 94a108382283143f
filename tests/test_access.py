"""Who may reach what: every route has a row here, and a route without one fails."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

EVERYONE = {"volunteer", "officer", "reviewer", "admin"}
DESKS = EVERYONE - {"volunteer"}
FIELD = EVERYONE - {"reviewer"}  # who writes records down
PUBLIC = "public"
DEVICE = "device"  # a phone's bearer opens it, a cookie never does

MATRIX: dict[str, set[str] | str] = {
    "static": PUBLIC,
    "web.choose_language": PUBLIC,
    "styleguide.show": PUBLIC,
    "accounts.sign_in": PUBLIC,
    "accounts.sign_out": PUBLIC,
    "accounts.index": {"admin"},
    "accounts.disable": {"admin"},
    "administration.new_account": {"admin"},
    "centres.index": DESKS,
    "centres.show": EVERYONE,
    "centres.new": {"officer", "admin"},
    "centres.edit": {"officer", "admin"},
    "visits.index": EVERYONE,
    "visits.show": EVERYONE,
    "visits.as_csv": EVERYONE,
    "visits.as_xlsx": EVERYONE,
    "visits.new": FIELD,
    "visits.page": FIELD,
    "visits.edit": FIELD,
    "visits.delete": FIELD,
    "visits.contact": FIELD,
    "visits.forget": DESKS,
    "followups.index": EVERYONE,
    "followups.done": EVERYONE,
    "followups.show": EVERYONE,
    "followups.as_csv": EVERYONE,
    "followups.as_xlsx": EVERYONE,
    "followups.new": FIELD,
    "followups.edit": FIELD,
    "followups.delete": FIELD,
    "followups.contact": FIELD,
    "photos.index": EVERYONE,
    "photos.show": EVERYONE,
    "photos.states": EVERYONE,
    "photos.view": EVERYONE,
    "photos.thumb": EVERYONE,
    "photos.stamped": EVERYONE,
    "photos.original": EVERYONE,
    "photos.add": FIELD,
    "photos.caption": FIELD,
    "photos.delete": FIELD,
    "findings.index": EVERYONE,
    "findings.pair": EVERYONE,
    "findings.answer": FIELD,
    "findings.decision": {"reviewer", "admin"},
    "sharing.show": DESKS,
    "sharing.make": {"officer", "admin"},
    "sharing.states": DESKS,
    "sharing.picture": DESKS,
    "sharing.download": DESKS,
    "sharing.withdraw": {"officer", "admin"},
    "verification.index": PUBLIC,
    "verification.by_code": PUBLIC,
    "verification.by_digest": PUBLIC,
    "verification.upload": PUBLIC,
    "verification.check": PUBLIC,
    "verification.state": PUBLIC,
    "uploads.options": PUBLIC,
    "uploads.create": DEVICE,
    "uploads.tell": DEVICE,
    "uploads.append": DEVICE,
    "uploads.drop": DEVICE,
    "uploads.override": DEVICE,
    "packets.index": DESKS,
    "packets.show": DESKS,
    "packets.new": DESKS,
    "packets.state": DESKS,
    "packets.download": DESKS,
    "board.home": EVERYONE,
    "devices.enrol_phone": PUBLIC,
    "devices.enrol_here": EVERYONE,
    "devices.leave": PUBLIC,
    "devices.sign_out": DEVICE,
    "devices.report_lost": DEVICE,
    "devices.heartbeat": DEVICE,
    "devices.index": EVERYONE,
    "devices.new": FIELD,
    "devices.revoke": EVERYONE,
    "phone.shell": PUBLIC,
    "phone.more": PUBLIC,
    "phone.worker": PUBLIC,
    "phone.manifest": PUBLIC,
    "sync.changes": DEVICE,
    "sync.openapi": PUBLIC,
    "sync.records": DEVICE,
    "sync.rescue": DEVICE,
    "held.index": DESKS,
    "held.take": {"officer", "admin"},
    "held.keep": {"officer", "admin"},
    "held.rescue": EVERYONE,
    "upkeep.healthz": PUBLIC,
    "upkeep.readyz": PUBLIC,
}


def _rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(MATRIX)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_views_declare_is_what_the_matrix_says(app: Flask) -> None:
    declared = {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "access", None)
        for rule in _rules(app)
    }
    assert declared == {name: access for name, access in MATRIX.items() if name != "static"}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nobody_gets_in_without_signing_in(app: Flask, client: FlaskClient) -> None:
    for rule, method in _requests(app):
        answer = client.open(_url(rule), method=method)
        if MATRIX[rule.endpoint] != PUBLIC:
            assert answer.status_code in (302, 401), (rule.endpoint, method, answer.status_code)
            if answer.status_code == 302:
                assert answer.location.startswith("/sign-in?next="), rule.endpoint


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", sorted(EVERYONE))
def test_a_role_outside_the_row_is_told_that_nothing_is_there(
    app: Flask, sign_in: Callable[[str], FlaskClient], who: str
) -> None:
    client = sign_in(who)
    for rule, method in _requests(app):
        access = MATRIX[rule.endpoint]
        if isinstance(access, set) and who not in access:
            answer = client.open(_url(rule), method=method)
            assert answer.status_code == 404, (rule.endpoint, method, answer.status_code)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", sorted(EVERYONE))
def test_a_record_that_does_not_exist_is_never_a_server_error(
    app: Flask, sign_in: Callable[[str], FlaskClient], who: str
) -> None:
    client = sign_in(who)
    for rule, method in _requests(app):
        if rule.arguments and rule.endpoint != "phone.shell":  # the shell answers every address
            answer = client.open(_url(rule), method=method)
            allowed = (302, 303, 400, 404, 422) if MATRIX[rule.endpoint] != DEVICE else (401,)
            assert answer.status_code in allowed, (rule.endpoint, method)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_session_opens_nothing_that_is_for_phones(
    app: Flask, sign_in: Callable[[str], FlaskClient]
) -> None:
    client = sign_in("volunteer")
    for rule, method in _requests(app):
        if MATRIX.get(rule.endpoint) == DEVICE:
            answer = client.open(_url(rule), method=method)
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


def _requests(app: Flask) -> list[tuple[Rule, str]]:
    return [
        (rule, method)
        for rule in _rules(app)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if rule.endpoint != "accounts.sign_out"
    ]


def _url(rule: Rule) -> str:
    url = rule.rule
    for name in rule.arguments:
        converter = rule._converters[name]
        value = str(uuid4()) if type(converter).__name__ == "UUIDConverter" else "x"
        url = url.replace(f"<uuid:{name}>", value).replace(f"<{name}>", value)
    return url
