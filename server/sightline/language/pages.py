"""PDF, page by page, where the optional package pypdf is installed."""

from __future__ import annotations

import logging
import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING, Any

from sightline.language.chunk import Chunk, Span
from sightline.language.prose import SEPARATOR, sections
from sightline.language.prose.wording import title_of

if TYPE_CHECKING:
    from pypdf import PdfReader

SECONDS = 20.0
"""Of processor time that one file may take: some 500 pages."""
MOST_PAGES = 2_000
_MOST_BYTES = 4_000_000
"""Text of one file that is kept."""
_DEEPEST = 6
"""Levels of bookmarks in a name."""


@cache
def readable() -> bool:
    """Whether PDF can be read: `pip install "sightline[pdf]"`."""
    return find_spec("pypdf") is not None


def chunks(stem: str, data: bytes, budget: int, seconds: float = SECONDS) -> tuple[tuple[Chunk, ...], str]:
    """A chunk of kind `section` for each page with text, and a sentence where that is not all of it.

    A page stands for a line: spans and lines count pages from 0. A name is that of the last bookmark up to the page,
    else of the file; a page longer than `budget` bytes comes in pieces. Pages that `seconds` of processor time do
    not suffice for are left out, but for the first ones.
    """
    if not readable():
        return (), 'PDF is read where pypdf is installed: pip install "sightline[pdf]".'
    import pypdf.errors

    # What is wrong with a file is said by what becomes of it, not on stderr.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return (), "The PDF is encrypted."
        count = len(reader.pages)
        bookmarks = tuple(_bookmarks(reader))
    except (pypdf.errors.PyPdfError, *_BROKEN) as error:
        return (), f"The PDF cannot be read: {error!r}."
    found: list[Chunk] = []
    size = 0
    until = time.thread_time() + seconds
    for number in range(min(count, MOST_PAGES)):
        if time.thread_time() > until or size > _MOST_BYTES:
            return tuple(found), f"Of the PDF's {count:,} pages only {number:,} were read."
        try:
            text = reader.pages[number].extract_text()
        except (pypdf.errors.PyPdfError, *_BROKEN):
            continue
        source = text.replace("\0", "").encode("utf-8", "replace")
        size += len(source)
        found.extend(_page(source, number, (*_titles(bookmarks, number, stem), f"page {number + 1}"), budget))
    return tuple(found), f"Of the PDF's {count:,} pages only {MOST_PAGES:,} were read." if count > MOST_PAGES else ""


_BROKEN = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    OSError,
    NotImplementedError,
)
"""What pypdf raises besides its own errors where a file is damaged."""


def _page(source: bytes, number: int, trail: tuple[str, ...], budget: int) -> Iterator[Chunk]:
    span = Span(number, number + 1, number, number)
    # A page has no headings that could be told from its text, so it is one section.
    parts = [part for part in sections("", source, "", budget) if part.text.strip()]
    for piece, part in enumerate(parts):
        yield replace(
            part,
            language="pdf",
            kind="section",
            name=trail[-2],
            qualified_name=SEPARATOR.join(trail),
            whole=span,
            line=number,
            spans=(span,),
            piece=piece,
            pieces=len(parts),
        )


def _titles(bookmarks: Sequence[tuple[int, tuple[str, ...]]], number: int, stem: str) -> tuple[str, ...]:
    """The bookmarks that a page stands under, outermost first; the file's own name where there are none."""
    at = bisect_right([page for page, _ in bookmarks], number) - 1
    return bookmarks[at][1] if at >= 0 else (stem,)


def _bookmarks(reader: PdfReader) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The page of each bookmark, in the order of the pages, and its title behind those above it."""
    flat: list[tuple[int, tuple[str, ...]]] = []

    def gather(entries: Any, above: tuple[str, ...]) -> None:
        here = above
        for entry in entries:
            if isinstance(entry, list):
                if len(here) < _DEEPEST:
                    gather(entry, here)
                continue
            page = reader.get_destination_page_number(entry)
            title = title_of(str(entry.title or ""))
            if page is not None and page >= 0 and title:
                here = (*above, title)
                flat.append((page, here))

    gather(reader.outline, ())
    return iter(sorted(flat, key=lambda bookmark: bookmark[0]))
