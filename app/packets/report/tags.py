"""The tag trees of all PDFs as one: a reader who hears the report hears it from end to end."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.packets.report.pdf_file import PdfFile
from app.packets.report.pdf_objects import Sheets, entries, reference, references, renumbered

_CELLS = (b"<</Type/StructElem/S/TD/", b"<</Type/StructElem/S/TH/")
_DOCUMENT = b"<</Type/StructElem/S/Document/"
_PARENT_LINE = re.compile(rb"(\d+) (\d+) 0 R")
_PARENT_KEY = re.compile(rb"(/StructParents?) (\d+)")
_NAME = re.compile(rb"\(U(\d+x\d+y\d+)\)")


@dataclass(slots=True)
class Tags:
    """What of the tag trees has been written, and the numbers kept for their roots."""

    root: int
    document: int
    kids: list[int] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    names: list[int] = field(default_factory=list)
    roles: dict[str, bytes] = field(default_factory=dict)
    next_key: int = 0

    def take_tree(self, file: PdfFile, sheets: Sheets, base: int) -> None:
        """Add a PDF's own trees; its objects are `element`s that follow with the same `base`."""
        tree = entries(sheets.head(reference(sheets.catalog["StructTreeRoot"])))
        self.kids += [number + base for number in references(tree["K"])]
        self.roles |= entries(tree.get("RoleMap", b"<<>>"))
        self._take_parents(file, entries(tree["ParentTree"])["Nums"], base)
        if "IDTree" in tree:
            names = _named(renumbered(entries(tree["IDTree"])["Names"], base), base)
            first, last = names[1 : names.index(b")") + 1], names[names.rindex(b"(") :]
            limits = b"%b%b" % (first, last[: last.index(b")") + 1])
            self.names.append(file.add(b"<</Limits[%b]/Names%b>>" % (limits, names)))
        self.next_key += int(tree["ParentTreeNextKey"])

    def _take_parents(self, file: PdfFile, lines: bytes, base: int) -> None:
        moved = [
            (int(key) + self.next_key, int(number) + base)
            for key, number in _PARENT_LINE.findall(lines)
        ]
        if moved:
            limits = b"%d %d" % (moved[0][0], moved[-1][0])
            lines = b" ".join(b"%d %d 0 R" % line for line in moved)
            self.parents.append(file.add(b"<</Limits[%b]/Nums[%b]>>" % (limits, lines)))

    def element(self, head: bytes, base: int) -> bytes:
        """One tag, already renumbered: cells know their headers by names that must not clash."""
        if head.startswith(_CELLS):
            return _named(head, base)
        if head.startswith(_DOCUMENT):
            tail = re.sub(
                rb"/P \d+ 0 R", b"/P %d 0 R" % self.document, head[len(_DOCUMENT) - 1 :], count=1
            )
            return b"<</Type/StructElem/S/Part%b" % tail
        return head

    def keyed(self, piece: bytes, shift: int) -> bytes:
        """A page's or a link's key into the tree of parents, moved by `shift`."""
        return _PARENT_KEY.sub(lambda found: b"%b %d" % (found[1], int(found[2]) + shift), piece)

    def write(self, file: PdfFile) -> None:
        """Write the roots of the trees."""
        kids = _list(self.kids)
        file.write(
            self.document, b"<</Type/StructElem/S/Document/P %d 0 R/K[%b]>>" % (self.root, kids)
        )
        roles = b"".join(b"/%b%b" % (key.encode(), role) for key, role in self.roles.items())
        names = b"/IDTree<</Kids[%b]>>" % _list(self.names) if self.names else b""
        file.write(
            self.root,
            b"<</Type/StructTreeRoot/RoleMap<<%b>>/K[%d 0 R]/ParentTree<</Kids[%b]>>%b"
            b"/ParentTreeNextKey %d>>"
            % (roles, self.document, _list(self.parents), names, self.next_key),
        )


def _named(head: bytes, base: int) -> bytes:
    """Cells' names carry the base of their PDF; ten digits, so that they stay in order."""
    return _NAME.sub(rb"(%010d-\1)" % base, head)


def _list(numbers: list[int]) -> bytes:
    return b" ".join(b"%d 0 R" % number for number in numbers)
