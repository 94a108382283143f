"""The documents say what is true: promises have tests, tables have words, jobs have a row."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from app import SLICES
from app.shared.db import Base
from app.shared.queue import JOBS
from tools.setup.places import ROOT

DOCS = ROOT / "docs"
WORDS_OF_TABLES = {
    "audit_entry": "audit",
    "upkeep_mark": "upkeep mark",
    "sign_in": "sign-in",
    "try_count": "try count",
    "retention_run": "retention run",
    "legal_hold": "legal hold",
    "receipt_code": "receipt code",
    "one_time_secret": "one-time secret",
    "recovery_code": "recovery code",
    "subject_request": "subject request",
    "incident_step": "incident step",
    "share_link": "share link",
    "spent_challenge": "spent challenge",
    "carried_contact": "carried contact",
    "visit_revision": "revision",
    "followup_revision": "revision",
    "photo_revision": "revision",
    "followup": "follow-up",
    "device_key": "device",
    "enrolment_code": "enrolment code",
    "capture_proof": "capture proof",
    "held_item": "held item",
    "photo_print": "print",
    "print_key": "print",
    "photo_finding": "finding",
    "photo_pair": "pair",
    "photo_rendition": "rendition",
    "photo_check": "photo check",
    "sharing_copy": "sharing copy",
    "visit_tally": "tally",
    "record_revision": "revision",
    "network_order": "network order",
    "grade_decision": "grade decision",
    "plan_item": "plan item",
    "plan_result": "plan result",
    "submission_edition": "submission edition",
    "item_verdict": "item verdict",
    "submission_step": "submission step",
    "quarter_seal": "quarter seal",
    "programme_version": "programme version",
    "reminder_choice": "reminder",
    "push_subscription": "push subscription",
}


def _named_tests() -> list[str]:
    text = (DOCS / "promises.md").read_text("utf-8")
    return re.findall(r"`(tests/[\w/]+\.py::\w+)`", text)


def test_every_promise_names_a_proof() -> None:
    rows = [
        r for r in (DOCS / "promises.md").read_text("utf-8").splitlines() if re.match(r"\| \d", r)
    ]
    assert len(rows) == 9
    assert [row for row in rows if "::test_" not in row] == []


@pytest.mark.parametrize("proof", _named_tests())
def test_a_proof_exists(proof: str) -> None:
    file, name = proof.split("::")
    assert f"def {name}(" in (ROOT / file).read_text("utf-8")


@pytest.mark.parametrize("job", sorted(JOBS))
def test_a_job_has_its_row_with_its_queue(job: str) -> None:
    row = next(
        (r for r in (DOCS / "operations.md").read_text("utf-8").splitlines() if f"`{job}`" in r), ""
    )
    assert f"| {JOBS[job].queue} |" in row


def test_every_table_is_a_word_of_the_glossary() -> None:
    glossary = (DOCS / "glossary.md").read_text("utf-8")
    words = set(re.findall(r"^\| ([^|]+) \|", glossary, re.MULTILINE))
    known = {part.strip() for word in words for part in word.split(",")}
    for name, parts in SLICES.items():
        if "models" in parts:
            import_module(f"app.{name}.models")
    tables = {WORDS_OF_TABLES.get(name, name) for name in Base.metadata.tables}
    assert tables - known == set()


def test_every_dependency_has_a_reason() -> None:
    reasons = (DOCS / "dependencies.md").read_text("utf-8")
    missing = []
    for name in (
        "requirements.in",
        "requirements-dev.in",
        "requirements-node.in",
        "requirements-bootstrap.in",
    ):
        for line in (ROOT / name).read_text("utf-8").splitlines():
            match = re.match(r"([A-Za-z0-9-]+)", line)
            if match and not match[1].startswith(("-", "types")) and match[1] not in reasons:
                missing.append(match[1])
    assert missing == []


def test_every_setting_of_the_environment_is_told() -> None:
    named = set(
        re.findall(
            r'"((?:LAKTHAN_|DATABASE_|REDIS_|SECRET_)\w+)"', (ROOT / "config.py").read_text("utf-8")
        )
    )
    told = (DOCS / "operations.md").read_text("utf-8")
    assert {name for name in named if f"`{name}`" not in told} == set()


@pytest.mark.parametrize(
    "page",
    sorted(p.relative_to(ROOT).as_posix() for p in [ROOT / "README.md", *DOCS.rglob("*.md")]),
)
def test_a_link_leads_somewhere(page: str) -> None:
    file = ROOT / page
    links = re.findall(r"\]\((?!https?://|#)([^)#]+)", file.read_text("utf-8"))
    assert [link for link in links if not (file.parent / Path(link)).exists()] == []


ASVS_REQUIREMENTS = 253  # OWASP ASVS 5.0.0: 70 of level 1 and 183 of level 2


def _asvs_rows() -> list[tuple[list[str], str, str]]:
    """Items, whether they hold, and the proof, row by row."""
    text = (DOCS / "security.md").read_text("utf-8")
    rows = re.findall(
        r"^\| (\d+\.\d+\.\d+[^|]*) \| ([^|]+) \| [^|]+ \| ([^|]+) \|$", text, re.MULTILINE
    )
    return [(items.split(", "), holds, proof) for items, holds, proof in rows]


def test_every_requirement_of_the_standard_is_answered_once() -> None:
    items = [item for row in _asvs_rows() for item in row[0]]
    assert len(items) == len(set(items)) == ASVS_REQUIREMENTS
    assert {holds for _, holds, _ in _asvs_rows()} <= {"yes", "part", "no", "-"}


def test_what_proves_a_requirement_exists() -> None:
    missing = []
    for items, _, proof in _asvs_rows():
        for file, name in re.findall(r"`([\w/]+\.py)::(\w+)`", proof):
            path = ROOT / "tests" / file
            if not path.exists() or f"def {name}(" not in path.read_text("utf-8"):
                missing.append((items[0], f"{file}::{name}"))
    assert missing == []


def test_what_deviates_is_argued() -> None:
    text = (DOCS / "security.md").read_text("utf-8")
    argued = text.partition("## Deviations")[2]
    assert [
        items for items, holds, _ in _asvs_rows() if holds == "no" and items[0] not in argued
    ] == []
