"""The file of a DOCX: the same bytes for the same document, on every machine.

Python-docx writes today's date into the ZIP, and what `deflate` makes of the same bytes differs
between versions of zlib; so the package is written again, stored, with one fixed date.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from docx.document import Document as Docx

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP can say
# Of the template and of no use: a picture of its empty page, 438 KB of styles for Word 2010.
_LEFT_OUT = ("/thumbnail", "/stylesWithEffects", "/customXml", "/numbering", "/webSettings")


def save(docx: Docx, target: Path) -> None:
    """Write `docx` to `target`."""
    for relations in (docx.part.package.rels, docx.part.rels):
        for key, relation in list(relations.items()):
            if relation.reltype.endswith(_LEFT_OUT):
                relations.pop(key)
    written = io.BytesIO()
    docx.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            made.writestr(entry, source.read(name))
