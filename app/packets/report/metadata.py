"""What a PDF says of itself, twice: the information dictionary and XMP, which must agree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from app.packets.report.pdf_file import PdfFile

MAKER = "Lakthan"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>th-TH</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{maker}</xmp:CreatorTool>
<xmp:CreateDate>{at}</xmp:CreateDate>
<xmp:ModifyDate>{at}</xmp:ModifyDate>
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(frozen=True, slots=True)
class About:
    """Title and author of the report, and the moment it was asked for: its only date."""

    title: str
    author: str
    at: datetime


def write_info(file: PdfFile, about: About) -> int:
    """Write the information dictionary; returns its number."""
    at = f"(D:{about.at.astimezone(UTC):%Y%m%d%H%M%S}Z)".encode()
    return file.add(
        b"<</Title%b/Author%b/Creator(%b)/CreationDate%b/ModDate%b>>"
        % (text_string(about.title), text_string(about.author), MAKER.encode(), at, at)
    )


def write_xmp(file: PdfFile, about: About) -> int:
    """Write the XMP packet, with what makes the file PDF/A-2a; returns its number."""
    data = _XMP.format(
        title=escape(about.title),
        author=escape(about.author),
        maker=MAKER,
        at=f"{about.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}+00:00",
    ).encode()
    number = file.reserve()
    file.write_stream(number, b"<</Length %d/Type/Metadata/Subtype/XML>>" % len(data), [data])
    return number


def text_string(words: str) -> bytes:
    """Words as a PDF string."""
    return b"<%b>" % ("\ufeff" + words).encode("utf-16-be").hex().upper().encode()
