"""Writes small PDF files for tests: pages of text, bookmarks."""

from __future__ import annotations

from collections.abc import Sequence


def pdf(pages: Sequence[str], bookmarks: Sequence[tuple[str, int]] = ()) -> bytes:
    """A PDF whose pages hold these lines of text; each bookmark is a title and the page it leads to."""
    first_page = 4
    first_bookmark = first_page + 2 * len(pages)
    numbers = [first_page + 2 * number for number in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    outlines = f"/Outlines {first_bookmark} 0 R" if bookmarks else ""
    objects = {
        1: f"<< /Type /Catalog /Pages 2 0 R {outlines} >>",
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        3: "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    }
    for number, text in zip(numbers, pages, strict=True):
        shown = " ".join(f"({_escaped(line)}) Tj T*" for line in text.split("\n"))
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {shown} ET"
        resources = "/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 612 792]"
        objects[number] = f"<< /Type /Page /Parent 2 0 R {resources} /Contents {number + 1} 0 R >>"
        objects[number + 1] = f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream"
    last = first_bookmark + len(bookmarks)
    objects[first_bookmark] = f"<< /Type /Outlines /First {first_bookmark + 1} 0 R /Last {last} 0 R >>"
    for at, (title, page) in enumerate(bookmarks, start=first_bookmark + 1):
        place = f"/Dest [{numbers[page]} 0 R /Fit]"
        following = f"/Next {at + 1} 0 R" if at < last else ""
        objects[at] = f"<< /Title ({_escaped(title)}) /Parent {first_bookmark} 0 R {place} {following} >>"
    return _file(objects)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")


def _file(objects: dict[int, str]) -> bytes:
    written = b"%PDF-1.4\n"
    places = []
    for number, content in sorted(objects.items()):
        places.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(objects) + 1
    trailer = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return written + f"{trailer}startxref\n{len(written)}\n%%EOF\n".encode("latin-1")
