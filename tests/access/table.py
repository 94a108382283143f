"""Who may reach one object of the marked centre: a row for every address that names an object.

Read a row as: this address, of this object (`Cast.things`), opens for these actors.  For everybody
else the object does not exist: the answer is the one that a number out of thin air gets.
A route without a row fails `test_matrix.py`.  `docs/access.md` is written from here.
"""

from __future__ import annotations

from dataclasses import dataclass

CENTRE = frozenset({"volunteer", "officer", "reviewer", "admin"})  # whoever sees the centre
WRITERS = CENTRE - {"reviewer"}
DESKS = CENTRE - {"volunteer"}
OFFICE = frozenset({"officer", "admin"})
REVIEW = frozenset({"reviewer", "admin"})
ADMIN = frozenset({"admin"})
PHONE = frozenset({"phone"})
OWNER = frozenset({"volunteer"})
DISTRICT = CENTRE | {"other_volunteer"}  # the page is the district's; each sees their own on it


@dataclass(frozen=True, slots=True)
class Row:
    """One address: the object it names, and for whom it opens."""

    thing: str
    may: frozenset[str]


ROWS: dict[str, Row] = {
    "administration.close": Row("account", OFFICE),
    "administration.edit": Row("account", OFFICE),
    "administration.end_sessions": Row("account", OFFICE),
    "administration.invite": Row("account", OFFICE),
    "administration.reopen": Row("account", OFFICE),
    "administration.show": Row("account", OFFICE),
    "administration.withdraw": Row("account", OFFICE),
    "activities.delete": Row("activity", WRITERS),
    "activities.edit": Row("activity", WRITERS),
    "activities.show": Row("activity", CENTRE),
    "assessments.decide": Row("assessment", REVIEW),
    "assessments.delete": Row("assessment", OFFICE),
    "assessments.edit": Row("assessment", OFFICE),
    "assessments.show": Row("assessment", CENTRE),
    "boards.district": Row("district_board", DESKS),
    "centres.edit": Row("centre", OFFICE),
    "centres.show": Row("centre", CENTRE),
    "devices.revoke": Row("device", CENTRE),
    "devices.show": Row("device", CENTRE),
    "documents.delete": Row("document", WRITERS),
    "documents.edit": Row("document", WRITERS),
    "documents.file": Row("document", CENTRE),
    "documents.show": Row("document", CENTRE),
    "findings.answer": Row("finding", WRITERS),
    "findings.decision": Row("finding", REVIEW),
    "findings.pair": Row("pair", CENTRE),
    "followups.delete": Row("followup", WRITERS),
    "followups.edit": Row("followup", WRITERS),
    "followups.show": Row("followup", CENTRE),
    "held.keep": Row("held", OFFICE),
    "held.take": Row("held", OFFICE),
    "incidents.close": Row("incident", DESKS),
    "incidents.edit": Row("incident", DESKS),
    "incidents.found": Row("incident", DESKS),
    "incidents.judge": Row("incident", DESKS),
    "incidents.letter": Row("incident", DESKS),
    "incidents.letter_docx": Row("incident", DESKS),
    "incidents.lost": Row("device", CENTRE),
    "incidents.note": Row("incident", DESKS),
    "incidents.people": Row("device", DESKS),
    "incidents.people_csv": Row("device", DESKS),
    "incidents.people_named": Row("device", DESKS),
    "incidents.reopen": Row("incident", DESKS),
    "incidents.show": Row("incident", DESKS),
    "incidents.told": Row("incident_told", DESKS),
    "links.new": Row("shared", DESKS),
    "links.revoke": Row("link", DESKS),
    "networks.delete": Row("network", OFFICE),
    "networks.edit": Row("network", OFFICE),
    "networks.phones": Row("network", OFFICE),
    "networks.forget": Row("network", OFFICE),
    "networks.show": Row("network", DESKS),
    "packets.again": Row("packet_in_the_making", DESKS),
    "packets.cancel": Row("packet_in_the_making", DESKS),
    "packets.document": Row("packet_document", DESKS),
    "packets.download": Row("packet", DESKS),
    "packets.show": Row("packet", DESKS),
    "packets.state": Row("packet_in_the_making", DESKS),
    "passkeys.remove": Row("passkey", OWNER),
    "passkeys.rename": Row("passkey", OWNER),
    "photos.caption": Row("photo", WRITERS),
    "photos.delete": Row("photo", WRITERS),
    "photos.original": Row("photo", CENTRE),
    "photos.show": Row("photo", CENTRE),
    "photos.stamped": Row("photo", CENTRE),
    "photos.thumb": Row("photo", CENTRE),
    "photos.view": Row("photo", CENTRE),
    "plan_results.delete": Row("plan_result", OFFICE),
    "plan_results.edit": Row("plan_result", OFFICE),
    "plan_results.show": Row("plan_result", CENTRE),
    "plans.carry": Row("district_plan", OFFICE),
    "plans.delete": Row("plan_item", OFFICE),
    "plans.drop": Row("plan_item", OFFICE),
    "plans.edit": Row("plan_item", OFFICE),
    "plans.plan": Row("district_plan", DISTRICT),
    "plans.plan_csv": Row("district_plan", DISTRICT),
    "plans.results": Row("district_plan", DISTRICT),
    "plans.results_csv": Row("district_plan", DISTRICT),
    "plans.show": Row("plan_item", CENTRE),
    "posters.notice": Row("centre", CENTRE),
    "publicity.delete": Row("post", WRITERS),
    "publicity.edit": Row("post", WRITERS),
    "publicity.show": Row("post", CENTRE),
    "reminders.show": Row("reminder", OWNER),
    "requests.copy": Row("request", DESKS),
    "requests.copy_json": Row("request", DESKS),
    "requests.correct": Row("request", DESKS),
    "requests.decide": Row("request", DESKS),
    "requests.forget": Row("request", DESKS),
    "requests.forget_member": Row("request", OFFICE),
    "requests.receipt": Row("visit", WRITERS),
    "requests.show": Row("request", DESKS),
    "requests.withdraw": Row("request", DESKS),
    "retention.lift": Row("hold", REVIEW),
    "review.accept": Row("submission", REVIEW),
    "review.draft": Row("report", DESKS),
    "review.judge": Row("item", REVIEW),
    "review.reopen": Row("submission", REVIEW),
    "review.return_": Row("submission", REVIEW),
    "review.seal": Row("district_quarter", REVIEW),
    "review.send": Row("report", OFFICE - ADMIN),
    "review.show": Row("submission", DESKS),
    "review.unseal": Row("district_quarter", REVIEW),
    "review.waive": Row("report", REVIEW),
    "sharing.download": Row("copy", DESKS),
    "sharing.make": Row("photo", OFFICE),
    "sharing.picture": Row("copy", DESKS),
    "sharing.show": Row("photo", DESKS),
    "sharing.states": Row("photo", DESKS),
    "sharing.withdraw": Row("copy", OFFICE),
    "uploads.append": Row("upload", PHONE),
    "uploads.drop": Row("upload", PHONE),
    "uploads.override": Row("upload", PHONE),
    "uploads.tell": Row("upload", PHONE),
    "visits.contact": Row("visit", WRITERS),
    "visits.delete": Row("visit", WRITERS),
    "visits.edit": Row("visit", WRITERS),
    "visits.edit_contact": Row("visit", WRITERS),
    "visits.forget": Row("visit", DESKS),
    "visits.show": Row("visit", CENTRE),
}

# Addresses with an argument that names no object of anybody's, and why.
FREE: dict[str, str] = {
    "static": "files of the program itself",
    "packet_checks.by_list": "public on purpose: tells of a list's digest whether we issued it",
    "packet_checks.register": "public on purpose: tells of a packet's digest whether it is ours",
    "phone.shell": "the phone's program, the same for everybody",
    "programmes.changes": "programme data belong to no area",
    "programmes.clone": "programme data belong to no area",
    "programmes.download": "programme data belong to no area",
    "programmes.edit": "programme data belong to no area",
    "programmes.publish": "programme data belong to no area",
    "programmes.show": "programme data belong to no area",
    "publicity.month": "a month's key; what it shows is the reader's own area",
    "publicity.month_csv": "a month's key; what it shows is the reader's own area",
    "open_links.file": "the secret in the address is the proof",
    "open_links.show": "the secret in the address is the proof",
    "reminders.calendar": "the secret in the address is the proof",
    "reminders.confirm": "the secret in the address is the proof",
    "reminders.confirmed": "the secret in the address is the proof",
    "reminders.stop": "the secret in the address is the proof",
    "reminders.stopped": "the secret in the address is the proof",
    "retention.certificate": "a night of the whole server; what it lists is the reader's own area",
    "retention.month_certificate": "a month; what it counts is the reader's own area",
    "uploads.options": "what the server can do, the same for everybody",
    "verification.by_code": "public on purpose: tells of a code that a stamp shows",
    "verification.by_digest": "public on purpose: tells of a file's digest whether it is ours",
    "verification.check": "the random id in the address is the proof",
    "verification.state": "the random id in the address is the proof",
}
