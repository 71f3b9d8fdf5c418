"""PDF page by page: a page counts as a line."""

from __future__ import annotations

from io import BytesIO

import pypdf
import pytest
from tests.language.pdf_bytes import pdf

from sightline.language import pages
from sightline.language.source import normalise
from sightline.language.splitting import Split, split

MANUAL = pdf(
    ["Welcome to the manual.", "Install it\nRun the installer (twice).", "Then start it."],
    [("Installation", 1), ("First steps", 2)],
)


def read(data: bytes, budget: int = 1800) -> Split:
    return split("docs/manual.pdf", normalise(data), budget=budget)


def test_a_page_is_a_section_under_its_bookmark() -> None:
    found = read(MANUAL)
    assert (found.language, found.note) == ("pdf", "")
    assert [(chunk.kind, chunk.name, chunk.qualified_name, chunk.line) for chunk in found.chunks] == [
        ("section", "manual", "manual > page 1", 0),
        ("section", "Installation", "Installation > page 2", 1),
        ("section", "First steps", "First steps > page 3", 2),
    ]
    assert [chunk.text for chunk in found.chunks][1] == "Install it\nRun the installer (twice)."
    assert {(chunk.whole.start_line, chunk.whole.end_line) for chunk in found.chunks} == {(0, 0), (1, 1), (2, 2)}


def test_a_long_page_comes_in_pieces() -> None:
    found = read(pdf(["\n".join(f"Line {number} of the page." for number in range(40)), "", "Next."]), budget=300)
    assert [(chunk.line, chunk.piece, chunk.pieces) for chunk in found.chunks] == [
        (0, 0, 3),
        (0, 1, 3),
        (0, 2, 3),
        (2, 0, 1),
    ]


@pytest.mark.parametrize(
    "data", [b"", b"%PDF-1.4", b"%PDF-1.7\nno object", MANUAL[:300], MANUAL.replace(b"/Pages", b"/Fages")]
)
def test_a_damaged_file_has_no_pages_and_says_so(data: bytes) -> None:
    found = read(data)
    assert found.chunks == ()
    assert "PDF" in found.note


def test_a_damaged_page_does_not_hide_the_others() -> None:
    found = read(MANUAL.replace(b"(Welcome", b"<Welcome", 1))
    assert {chunk.line for chunk in found.chunks} >= {1, 2}


def test_bytes_cut_anywhere_are_survived() -> None:
    for at in range(0, len(MANUAL), 97):
        read(MANUAL[:at] + MANUAL[at + 31 :])


def test_an_encrypted_file_says_so() -> None:
    writer = pypdf.PdfWriter(clone_from=BytesIO(MANUAL))
    writer.encrypt("user", "owner", algorithm="RC4-128")
    locked = BytesIO()
    writer.write(locked)
    assert read(locked.getvalue()) == Split("pdf", (), "The PDF is encrypted.")


def test_reading_ends_where_the_time_does() -> None:
    found, note = pages.chunks("manual", MANUAL, 1800, seconds=-1)
    assert (found, note) == ((), "Of the PDF's 3 pages only 0 were read.")


def test_without_pypdf_a_file_is_left_alone_and_the_way_out_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "readable", lambda: False)
    assert read(MANUAL).chunks == ()
    assert "sightline[pdf]" in read(MANUAL).note
