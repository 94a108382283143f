"""The fixed XML of an XLSX: its styles, its sheets' frames, and the files that name them."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

# Styles by their place in `styles`.
TEXT, DAY, HEADING, MARK = 1, 2, 3, 4
# Thai months and Buddhist years; D0 writes their numbers in Thai digits, 10 in Arabic ones.
BUDDHIST = {"thai": "[$-D07041E]d mmmm yyyy", "arabic": "[$-107041E]d mmmm yyyy"}

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"

LINKS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" '
    'Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" '
    'Target="docProps/core.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/relationships/extended-properties" '
    'Target="docProps/app.xml"/></Relationships>'
)
APPLICATION = (
    f'{_XML}<Properties xmlns="{_OFFICE}/extended-properties">'
    "<Application>Lakthan</Application></Properties>"
)


def letters(at: int) -> str:
    """Name a column: 0 is A, 26 is AA."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


def sheet_head(widths: Sequence[int], fixed: int) -> str:
    """Everything before the rows; the first `fixed` rows stay when the rest is scrolled."""
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{width + 0.71}" customWidth="1"/>'
        for at, width in enumerate(widths, start=1)
    )
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        '<sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{fixed}" topLeftCell="A{fixed + 1}" activePane="bottomLeft" '
        'state="frozen"/><selection pane="bottomLeft"/></sheetView></sheetViews>'
        '<sheetFormatPr defaultRowHeight="21"/>'
        f"<cols>{columns}</cols><sheetData>"
    )


def sheet_foot(filtered: str, mark: str) -> str:
    """Everything after the rows: the filter, and how the sheet prints.  `mark` is XML already."""
    above = f"&amp;C{mark.replace('&amp;', '&amp;&amp;')}" if mark else ""
    return (
        f'</sheetData><autoFilter ref="{filtered}"/>'
        '<pageMargins left="0.5" right="0.5" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        f"<headerFooter><oddHeader>{above}</oddHeader>"
        "<oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
    )


def styles(digits: str) -> str:
    """TH Sarabun New 14, headings 16: what offices have, at the sizes that letters ask for."""
    font = '<name val="TH Sarabun New"/><family val="2"/>'
    top = '<alignment vertical="top"/>'
    wrapped = '<alignment vertical="center" wrapText="1"/>'
    return (
        f'{_XML}<styleSheet xmlns="{_MAIN}">'
        f'<numFmts count="1"><numFmt numFmtId="164" formatCode="{BUDDHIST[digits]}"/></numFmts>'
        f'<fonts count="3"><font><sz val="14"/>{font}</font><font><b/><sz val="16"/>{font}</font>'
        f'<font><b/><sz val="14"/><color rgb="FF98201D"/>{font}</font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill>'
        '<fill><patternFill patternType="solid"><fgColor rgb="FFE2EFE1"/></patternFill></fill>'
        "</fills>"
        '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
        '<border><left/><right/><top/><bottom style="thin"><color rgb="FF17633D"/></bottom>'
        "<diagonal/></border></borders>"
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        '</cellStyleXfs><cellXfs count="5">'
        '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
        f"{top}</xf>"
        '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
        f'applyAlignment="1">{top}</xf>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
        'applyAlignment="1"><alignment horizontal="left" vertical="top"/></xf>'
        '<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" '
        f'applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1">{wrapped}</xf>'
        '<xf numFmtId="49" fontId="2" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" '
        f'applyFont="1" applyAlignment="1">{top}</xf></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


def workbook(sheets: Sequence[tuple[str, int, int]], heading: int) -> str:
    """The list of sheets (title, columns, rows); row `heading` is printed on every page."""
    listed = "".join(
        f'<sheet name="{escape(title)}" sheetId="{at}" r:id="rId{at}"/>'
        for at, (title, _columns, _rows) in enumerate(sheets, start=1)
    )
    names = "".join(
        f'<definedName name="_xlnm._FilterDatabase" localSheetId="{at}" hidden="1">'
        f"'{escape(title)}'!$A${heading}:${letters(columns - 1)}${rows}</definedName>"
        for at, (title, columns, rows) in enumerate(sheets)
    ) + "".join(
        f'<definedName name="_xlnm.Print_Titles" localSheetId="{at}">'
        f"'{escape(title)}'!$1:${heading}</definedName>"
        for at, (title, _columns, _rows) in enumerate(sheets)
    )
    return (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships">'
        "<bookViews><workbookView/></bookViews>"
        f"<sheets>{listed}</sheets><definedNames>{names}</definedNames></workbook>"
    )


def workbook_links(sheets: int) -> str:
    """Where each sheet and the styles lie."""
    links = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/relationships/worksheet" '
        f'Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, sheets + 1)
    )
    return (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId{sheets + 1}" Type="{_OFFICE}/relationships/styles" '
        'Target="styles.xml"/></Relationships>'
    )


def properties(title: str, created: str) -> str:
    """Title and date of the file; `title` is XML already."""
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{created}</dcterms:modified>'
        "</cp:coreProperties>"
    )


def content_types(sheets: int) -> str:
    """What each file of the package is."""
    listed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_TYPES}.worksheet+xml"/>'
        for at in range(1, sheets + 1)
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPES}.styles+xml"/>{listed}'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/docProps/app.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.extended-properties+xml"/>'
        "</Types>"
    )
