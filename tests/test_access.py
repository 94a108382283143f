"""Who may reach what: every route has a row here, and a route without one fails."""

from __future__ import annotations

import re
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
    "well_known.robots": PUBLIC,
    "well_known.security": PUBLIC,
    "well_known.change_password": PUBLIC,
    "accounts.sign_in": PUBLIC,
    "accounts.sign_out": PUBLIC,
    "accounts.factor": PUBLIC,
    "accounts.set_up": PUBLIC,
    "accounts.set_up_app": PUBLIC,
    "accounts.own": EVERYONE,
    "accounts.password": EVERYONE,
    "accounts.prove": EVERYONE,
    "accounts.end_session_of_mine": EVERYONE,
    "accounts.one_time": EVERYONE,
    "accounts.remove_one_time": EVERYONE,
    "accounts.recovery_codes": EVERYONE,
    "passkeys.ask": PUBLIC,
    "passkeys.sign_in": PUBLIC,
    "passkeys.ask_again": EVERYONE,
    "passkeys.prove": EVERYONE,
    "passkeys.begin_adding": PUBLIC,
    "passkeys.add": PUBLIC,
    "passkeys.new": EVERYONE,
    "passkeys.rename": EVERYONE,
    "passkeys.remove": EVERYONE,
    "invitations.show": PUBLIC,
    "invitations.set_password": PUBLIC,
    "invitations.begin_passkey": PUBLIC,
    "invitations.make_passkey": PUBLIC,
    "administration.index": {"officer", "admin"},
    "administration.show": {"officer", "admin"},
    "administration.new_account": {"officer", "admin"},
    "administration.edit": {"officer", "admin"},
    "administration.invite": {"officer", "admin"},
    "administration.withdraw": {"officer", "admin"},
    "administration.close": {"officer", "admin"},
    "administration.reopen": {"officer", "admin"},
    "administration.end_sessions": {"officer", "admin"},
    "rounds.index": EVERYONE,
    "programmes.index": {"admin"},
    "programmes.show": {"admin"},
    "programmes.new": {"admin"},
    "programmes.edit": {"admin"},
    "programmes.changes": {"admin"},
    "programmes.download": {"admin"},
    "programmes.clone": {"admin"},
    "programmes.publish": {"admin"},
    "centres.index": DESKS,
    "centres.show": EVERYONE,
    "centres.new": {"officer", "admin"},
    "centres.edit": {"officer", "admin"},
    "notices.show": PUBLIC,
    "notices.edit": {"admin"},
    "subjects.mine": PUBLIC,
    "subjects.enter": PUBLIC,
    "subjects.leave": PUBLIC,
    "subjects.copy": PUBLIC,
    "subjects.copy_json": PUBLIC,
    "subjects.stop_calls": PUBLIC,
    "subjects.stop_photos": PUBLIC,
    "subjects.forget": PUBLIC,
    "subjects.forgotten": PUBLIC,
    "subjects.correct": PUBLIC,
    "subjects.ask": PUBLIC,
    "requests.index": EVERYONE,
    "requests.as_csv": DESKS,
    "requests.new": EVERYONE,
    "requests.show": EVERYONE,
    "requests.decide": DESKS,
    "requests.correct": DESKS,
    "requests.withdraw": DESKS,
    "requests.forget": DESKS,
    "requests.forget_member": {"officer", "admin"},
    "requests.copy": DESKS,
    "requests.copy_json": DESKS,
    "requests.receipt": FIELD,
    "posters.notice": EVERYONE,
    "visits.index": EVERYONE,
    "visits.show": EVERYONE,
    "visits.as_csv": EVERYONE,
    "visits.as_xlsx": EVERYONE,
    "visits.new": FIELD,
    "visits.page": FIELD,
    "visits.edit": FIELD,
    "visits.edit_contact": FIELD,
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
    "activities.index": EVERYONE,
    "activities.as_csv": EVERYONE,
    "activities.new": FIELD,
    "activities.show": EVERYONE,
    "activities.edit": FIELD,
    "activities.delete": FIELD,
    "documents.index": EVERYONE,
    "documents.as_csv": EVERYONE,
    "documents.new": FIELD,
    "documents.show": EVERYONE,
    "documents.edit": FIELD,
    "documents.delete": FIELD,
    "documents.file": EVERYONE,
    "review.owed": {"volunteer", "officer"},
    "review.draft": EVERYONE,
    "review.send": {"volunteer", "officer"},
    "review.waive": {"reviewer", "admin"},
    "review.desk": {"reviewer", "admin"},
    "review.accept_many": {"reviewer", "admin"},
    "review.show": EVERYONE,
    "review.judge": {"reviewer", "admin"},
    "review.accept": {"reviewer", "admin"},
    "review.return_": {"reviewer", "admin"},
    "review.reopen": {"reviewer", "admin"},
    "review.quarters": {"reviewer", "admin"},
    "review.seal": {"reviewer", "admin"},
    "review.unseal": {"reviewer", "admin"},
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
    "networks.index": DESKS,
    "networks.as_csv": DESKS,
    "networks.new": {"officer", "admin"},
    "networks.show": DESKS,
    "networks.edit": {"officer", "admin"},
    "networks.delete": {"officer", "admin"},
    "networks.phones": {"officer", "admin"},
    "networks.forget": {"officer", "admin"},
    "plans.overview": EVERYONE,
    "plans.plan": EVERYONE,
    "plans.plan_csv": EVERYONE,
    "plans.results": EVERYONE,
    "plans.results_csv": EVERYONE,
    "plans.carry": {"officer", "admin"},
    "plans.index": EVERYONE,
    "plans.as_csv": EVERYONE,
    "plans.new": {"officer", "admin"},
    "plans.show": EVERYONE,
    "plans.edit": {"officer", "admin"},
    "plans.delete": {"officer", "admin"},
    "plans.drop": {"officer", "admin"},
    "plan_results.index": EVERYONE,
    "plan_results.as_csv": EVERYONE,
    "plan_results.new": {"officer", "admin"},
    "plan_results.show": EVERYONE,
    "plan_results.edit": {"officer", "admin"},
    "plan_results.delete": {"officer", "admin"},
    "publicity.index": EVERYONE,
    "publicity.as_csv": EVERYONE,
    "publicity.new": FIELD,
    "publicity.show": EVERYONE,
    "publicity.edit": FIELD,
    "publicity.delete": FIELD,
    "publicity.month": EVERYONE,
    "publicity.month_csv": EVERYONE,
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
    "assessments.index": EVERYONE,
    "assessments.as_csv": EVERYONE,
    "assessments.show": EVERYONE,
    "assessments.new": {"officer", "admin"},
    "assessments.edit": {"officer", "admin"},
    "assessments.delete": {"officer", "admin"},
    "assessments.decide": {"reviewer", "admin"},
    "uploads.options": PUBLIC,
    "uploads.create": DEVICE,
    "uploads.tell": DEVICE,
    "uploads.append": DEVICE,
    "uploads.drop": DEVICE,
    "uploads.override": DEVICE,
    "packet_checks.index": PUBLIC,
    "packet_checks.by_list": PUBLIC,
    "packet_checks.register": PUBLIC,
    "packets.index": DESKS,
    "packets.show": DESKS,
    "packets.new": DESKS,
    "packets.state": DESKS,
    "packets.download": DESKS,
    "packets.document": DESKS,
    "packets.cancel": DESKS,
    "packets.again": DESKS,
    "board.home": EVERYONE,
    "links.index": DESKS,
    "links.new": DESKS,
    "links.revoke": DESKS,
    "open_links.show": PUBLIC,
    "open_links.file": PUBLIC,
    "boards.index": DESKS,
    "boards.district": DESKS,
    "boards.as_csv": DESKS,
    "maps.index": EVERYONE,
    "maps.districts": EVERYONE,
    "maps.centres": EVERYONE,
    "maps.photos": EVERYONE,
    "devices.enrol_phone": PUBLIC,
    "devices.enrol_here": EVERYONE,
    "devices.leave": PUBLIC,
    "devices.sign_out": DEVICE,
    "devices.report_lost": DEVICE,
    "devices.heartbeat": DEVICE,
    "devices.index": EVERYONE,
    "devices.new": FIELD,
    "devices.revoke": EVERYONE,
    "devices.show": EVERYONE,
    "incidents.lost": EVERYONE,
    "incidents.people": DESKS,
    "retention.index": {"reviewer", "admin"},
    "retention.due": {"reviewer", "admin"},
    "retention.log": {"reviewer", "admin"},
    "retention.log_csv": {"reviewer", "admin"},
    "retention.certificate": {"reviewer", "admin"},
    "retention.month_certificate": {"reviewer", "admin"},
    "retention.hold": {"reviewer", "admin"},
    "retention.lift": {"reviewer", "admin"},
    "retention.processing": {"reviewer", "admin"},
    "retention.processing_csv": {"reviewer", "admin"},
    "incidents.people_csv": DESKS,
    "incidents.people_named": DESKS,
    "incidents.index": DESKS,
    "incidents.new": DESKS,
    "incidents.show": DESKS,
    "incidents.edit": DESKS,
    "incidents.note": DESKS,
    "incidents.judge": DESKS,
    "incidents.told": DESKS,
    "incidents.found": DESKS,
    "incidents.close": DESKS,
    "incidents.reopen": DESKS,
    "incidents.letter": DESKS,
    "incidents.letter_docx": DESKS,
    "looks.index": DESKS,
    "looks.as_csv": DESKS,
    "reminders.index": EVERYONE,
    "reminders.show": EVERYONE,
    "reminders.read_all": EVERYONE,
    "reminders.choices": EVERYONE,
    "reminders.ask_address": EVERYONE,
    "reminders.test_mail": EVERYONE,
    "reminders.no_mail": EVERYONE,
    "reminders.confirm": PUBLIC,
    "reminders.confirmed": PUBLIC,
    "reminders.stop": PUBLIC,
    "reminders.stopped": PUBLIC,
    "reminders.renew_calendar": EVERYONE,
    "reminders.calendar": PUBLIC,
    "reminders.text": DESKS,
    "reminders.push_on": EVERYONE,
    "reminders.push_off": EVERYONE,
    "reminders.push_worker": PUBLIC,
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
    "upkeep.metrics": PUBLIC,  # and a token; without it there is none
    "upkeep.readyz": PUBLIC,
    "upkeep.show": {"admin"},
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
    url = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)  # the first that is offered
    for name in rule.arguments:
        converter = type(rule._converters[name]).__name__
        value = {"UUIDConverter": str(uuid4()), "IntegerConverter": "1"}.get(converter, "x")
        for kind in ("uuid:", "int:", ""):
            url = url.replace(f"<{kind}{name}>", value)
    return url
