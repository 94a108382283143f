"""What is taken as a document is told from its bytes."""

from __future__ import annotations

import io
import struct
import tempfile

import pytest

from app.documents.sniff import document_type_of
from app.shared.media import DOCX, PDF, PPTX, XLSX
from tests.documents import files


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (files.PDF, PDF),
        (files.WORD, DOCX),
        (files.EXCEL, XLSX),
        (files.office_file("ppt/presentation.xml"), PPTX),
        (files.PNG, "image/png"),
        (files.WORD + b"\0" * 40, DOCX),  # a scanner's padding behind the end
    ],
)
def test_what_offices_use_is_known(data: bytes, media_type: str) -> None:
    assert document_type_of(io.BytesIO(data)) == media_type


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"just words",
        files.PROGRAM,
        files.OLD_WORD,
        files.zip_file({"a.txt": b"a"}),
        files.office_file("word/document.xml", extra={"word/vbaProject.bin": b"macros"}),
        files.WORD[:-30],
    ],
)
def test_programs_macros_folders_and_broken_files_are_not_taken(data: bytes) -> None:
    assert document_type_of(io.BytesIO(data)) is None


def test_a_list_of_files_that_claims_to_be_huge_is_not_read() -> None:
    whole = bytearray(files.WORD)
    at = whole.rfind(b"PK\x05\x06")
    for length, offset in ((2**32 - 1, 0), (10, 2**32 - 1), (5 * 1024 * 1024, 0)):
        struct.pack_into("<II", whole, at + 12, length, offset)
        assert document_type_of(io.BytesIO(bytes(whole))) is None


def test_looking_leaves_the_file_at_its_beginning() -> None:
    file = io.BytesIO(files.WORD)
    document_type_of(file)
    assert file.tell() == 0


def test_a_file_that_waits_on_disk_is_looked_at_as_one_in_memory() -> None:
    with tempfile.SpooledTemporaryFile(max_size=10) as file:
        file.write(files.EXCEL)
        assert document_type_of(file) == XLSX
