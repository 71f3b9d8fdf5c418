"""The text of a file, whatever its encoding, and where its lines begin."""

from __future__ import annotations

import codecs
from bisect import bisect_right

from sightline.language.chunk import Span

PDF = b"%PDF-"
_SAMPLE = 4096
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is how this one begins
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def normalise(data: bytes) -> bytes:
    """The file's text as valid UTF-8 without a byte order mark; no bytes make it fail.

    UTF-8 is kept byte for byte. Byte order marks and, without one, the zeros of UTF-16 say which other encoding
    it is; what remains is UTF-8 with a few damaged bytes (each becomes U+FFFD) or Windows-1252, whichever reads
    more of it. Line ends stay as they are (`\\r\\n` included), but a file that knows only `\\r` gets `\\n`, byte
    for byte, so that it has the lines its editor shows. PDF is no text and stays as it is.
    """
    if data.startswith(PDF):
        return data
    text = _utf8(data)
    if b"\r" in text and b"\n" not in text:
        return text.replace(b"\r", b"\n")
    return text


def _utf8(data: bytes) -> bytes:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _encode(data[len(mark) :].decode(encoding, "replace"))
    encoding = _unmarked_utf16(data)
    if encoding:
        return _encode(data.decode(encoding, "replace"))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _encode(_damaged_or_windows_1252(data))
    return data


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _unmarked_utf16(data: bytes) -> str:
    """`utf-16-le` or `utf-16-be` where every second byte of the beginning is mostly zero, else empty."""
    sample = data[:_SAMPLE]
    pairs = len(sample) // 2
    if pairs < 2 or len(data) % 2:
        return ""
    first, second = sample[0 : pairs * 2 : 2].count(0), sample[1 : pairs * 2 : 2].count(0)
    if second * 2 > pairs and first * 20 <= pairs:
        return "utf-16-le"
    if first * 2 > pairs and second * 20 <= pairs:
        return "utf-16-be"
    return ""


def _damaged_or_windows_1252(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    intact = sum(1 for character in text if character > "\x7f") - damaged
    if intact > damaged:
        return text
    return "".join(_WINDOWS_1252[byte] for byte in data)


_WINDOWS_1252 = tuple(
    bytes((byte,)).decode("latin-1" if byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "cp1252") for byte in range(256)
)
"""The character of each byte; the five that Windows-1252 leaves open are taken from Latin-1."""


class Lines:
    """Where each line of `source` begins, so that bytes and 0-based lines can be turned into each other.

    A line ends with `\\n` and includes it. There is no empty line after a last `\\n`, and none in an empty file.
    """

    __slots__ = ("_starts", "source")

    def __init__(self, source: bytes) -> None:
        self.source = source
        starts = [0]
        at = source.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = source.find(b"\n", at + 1)
        if starts[-1] == len(source):
            starts.pop()
        self._starts = starts

    def __len__(self) -> int:
        return len(self._starts)

    def start(self, line: int) -> int:
        """First byte of `line`; for the line after the last, the length of the file."""
        return self._starts[line] if line < len(self._starts) else len(self.source)

    def content(self, line: int) -> bytes:
        """The bytes of `line` without its line end."""
        return self.source[self.start(line) : self.start(line + 1)].rstrip(b"\r\n")

    def at(self, byte: int) -> int:
        """The line that holds `byte`; beyond the end, the last line."""
        return max(0, bisect_right(self._starts, byte) - 1)

    def span(self, start_byte: int, end_byte: int) -> Span:
        """The span of bytes [start_byte, end_byte) with its lines."""
        return Span(start_byte, end_byte, self.at(start_byte), self.at(max(start_byte, end_byte - 1)))
