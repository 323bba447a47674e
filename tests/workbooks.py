"""A small workbook written cell by cell, for tests that need what no library would write."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

Cell = str | int | float | date | None


def _cell(reference: str, value: Cell, base: date) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        if value.startswith("<"):  # a cell's inner XML as it is
            return f'<c r="{reference}">{value}</c>'
        return f'<c r="{reference}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if isinstance(value, date):
        return f'<c r="{reference}" s="1"><v>{(value - base).days}</v></c>'
    return f'<c r="{reference}"><v>{value}</v></c>'


def write_book(
    path: Path, sheets: dict[str, dict[int, list[Cell]]], hidden: Sequence[str] = (), epoch: int = 1900
) -> Path:
    """Write a workbook: sheets by title, rows by their number, a text that begins with '<' as a cell's own XML."""
    base = date(1904, 1, 1) if epoch == 1904 else date(1899, 12, 30)
    path.parent.mkdir(parents=True, exist_ok=True)
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    listed, related = "", ""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (title, rows) in enumerate(sheets.items(), 1):
            state = ' state="hidden"' if title in hidden else ""
            listed += f'<sheet name="{title}" sheetId="{number}"{state} r:id="rId{number}"/>'
            related += f'<Relationship Id="rId{number}" Type="{office}/worksheet" Target="worksheets/sheet{number}.xml"/>'
            inner = "".join(
                f'<row r="{row}">{"".join(_cell(f"{chr(65 + i)}{row}", one, base) for i, one in enumerate(cells))}</row>'
                for row, cells in rows.items()
            )
            sheet = f"<worksheet {main}><sheetData>{inner}</sheetData></worksheet>"
            archive.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{office}">'
                         f'<workbookPr date1904="{int(epoch == 1904)}"/><sheets>{listed}</sheets></workbook>')
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{related}</Relationships>")
        styles = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        archive.writestr("xl/styles.xml", f"<styleSheet {main}>{styles}</styleSheet>")
    return path
