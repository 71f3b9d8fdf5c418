"""The texts that the editor shows, kept in step with its edits.

pygls keeps documents too, but takes form feeds and Unicode separators for ends of lines and drops the last
character where a column lies past the end of a line; a text that is indexed has to be the one on screen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types

from sightline.lsp.translation import Encoding, offset_at


class Buffers:
    """Open documents by URI."""

    def __init__(self) -> None:
        self.encoding: Encoding = "utf-16"
        self._texts: dict[str, str] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(tuple(self._texts))

    def open(self, uri: str, text: str) -> None:
        self._texts[uri] = text

    def close(self, uri: str) -> None:
        self._texts.pop(uri, None)

    def text(self, uri: str) -> str | None:
        """What the editor shows under `uri`; None where it is not open."""
        return self._texts.get(uri)

    def change(self, uri: str, changes: Iterable[types.TextDocumentContentChangeEvent]) -> None:
        """Apply the editor's changes one after the other; those of a document that was never opened are dropped."""
        if uri not in self._texts:
            return
        text = self._texts[uri]
        for each in changes:
            text = applied(text, each, self.encoding)
        self._texts[uri] = text


def applied(text: str, change: types.TextDocumentContentChangeEvent, encoding: Encoding) -> str:
    """`text` after one change: of a range, or of the whole."""
    if not isinstance(change, types.TextDocumentContentChangePartial):
        return change.text
    start = offset_at(text, change.range.start, encoding)
    end = max(start, offset_at(text, change.range.end, encoding))
    return text[:start] + change.text + text[end:]
