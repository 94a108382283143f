"""What a document is made of."""

from __future__ import annotations

import re

from app.documents.models import Document
from app.records.draft import Draft
from app.records.fields import Field
from app.records.kinds import RecordKind, register_kind
from app.rounds.programme import Programme
from app.shared.errors import Problem

MOST_BYTES = 40 * 1024 * 1024
SUBJECT_KINDS = (
    "visit", "followup", "activity", "network_order", "assessment", "plan_item", "plan_result",
    "post",
)  # fmt: skip
_SHA256 = re.compile(r"[0-9a-f]{64}")
FIELDS = (
    Field("kind", "choice", needed=True, offered="document_kinds"),
    Field("title", "text", needed=True),
    Field("dated_on", "day", needed=True),
    Field("note", "lines"),
    Field("subject_kind", "text", longest=20),
    Field("subject_id", "ref"),
    Field("file_name", "text"),
    Field("file_sha256", "text", needed=True, longest=64),
    Field("file_bytes", "whole", needed=True, least=1, most=MOST_BYTES),
    Field("file_type", "text", needed=True, longest=100),
)


def kind_or_last(wanted: str, programme: Programme) -> str:
    """The kind of this key, or the programme's last one (its "other") where it knows no such."""
    keys = [choice.key for choice in programme.document_kinds]
    return wanted if wanted in keys else keys[-1]


def check(draft: Draft, _programme: Programme) -> list[Problem]:
    """What the fields alone cannot tell."""
    told = draft.values
    problems = []
    if (told["subject_kind"] is None) != (told["subject_id"] is None):
        problems.append(Problem("subject_id", "required"))
    if told["subject_kind"] and told["subject_kind"] not in SUBJECT_KINDS:
        problems.append(Problem("subject_kind", "not_a_choice"))
    if told["file_sha256"] and not _SHA256.fullmatch(told["file_sha256"]):
        problems.append(Problem("file_sha256", "not_a_choice"))
    return problems


DOCUMENT = register_kind(
    RecordKind(
        name="document",
        model=Document,
        fields=FIELDS,
        day="dated_on",
        level="either",
        writers=("volunteer", "officer", "admin"),
        searched=("title", "note", "file_name"),
        check=check,
    )
)
