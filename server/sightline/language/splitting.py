"""From the source of a file to its chunks.

What belongs to whom: a function's text is all of it. A class's is what its members leave, with their signatures
in their places; the file's, what its definitions leave. So every line that says something is in some chunk.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from sightline.language import notebooks, outline, pages
from sightline.language.chunk import Chunk, Span
from sightline.language.detection import detect
from sightline.language.grammars import GrammarError, Node, Overrun, Parse, versions
from sightline.language.languages import Language, catalogue, data_folder, named
from sightline.language.outline import Definition, Embedded
from sightline.language.parsing import is_read, parsed
from sightline.language.pieces import Stretch, indented, pack, without
from sightline.language.prose import sections
from sightline.language.source import Lines
from sightline.language.windows import windows

CHUNK_BYTES = 1800
"""Size of a chunk where nobody chose another."""
_VERSION = 2
_LONG_LINES = 6
"""A function inside another is a chunk of its own from this many lines on."""
_MODULE_BUDGETS = 4
"""A function of more than this many budgets is a module in a function's clothes: all it names are chunks."""
_LEAST_BUDGET = 64
_FIRST_SECONDS = 0.5
_SECONDS_A_BYTE = 2.5e-6
"""Ten times what files take that people write, on a slow machine."""
_HEAD = 32_768
_UNKNOWN = Language("", "data")


@dataclass(frozen=True, slots=True)
class Split:
    """The chunks of a file in the order in which they begin, and why they are not better."""

    language: str
    chunks: tuple[Chunk, ...]
    note: str = ""
    """Why they are only windows of lines, or not all there could be, as a sentence; empty when all is well."""


def split(
    path: str,
    source: bytes,
    *,
    language: str = "",
    budget: int = CHUNK_BYTES,
    deadline: float | None = None,
    use_grammar: bool = True,
) -> Split:
    """Split `source` (normalised: UTF-8 without a byte order mark; PDF as it is); no bytes make it fail.

    `language` is its name in the table, where that is known better than `path` and the first bytes tell. `budget` is
    the size of a chunk in bytes, of which a piece of a long one may have an eighth more. `deadline` bounds parsing and
    querying, in seconds of processor time: a busy machine does not change what is found. Without it the bound grows
    with the file, and with it what memory a hostile one can take. `use_grammar=False` gives windows of lines at once.
    """
    if deadline is None:
        deadline = _FIRST_SECONDS + len(source) * _SECONDS_A_BYTE
    found = catalogue().get(language or detect(path, source[:_HEAD]), _UNKNOWN)
    return _split(found, path, source, max(budget, _LEAST_BUDGET), deadline, use_grammar)


def _split(language: Language, path: str, source: bytes, budget: int, deadline: float, use_grammar: bool) -> Split:
    if language.kind == "prose":
        return Split(language.name, sections(path, source, language.name, budget))
    if language.kind == "notebook":
        until = time.thread_time() + deadline

        def cell(name: str, text: bytes) -> tuple[Chunk, ...]:
            written_in = catalogue().get(name, _UNKNOWN)
            return _split(written_in, path, text, budget, until - time.thread_time(), use_grammar).chunks

        return Split(language.name, notebooks.chunks(PurePosixPath(path).stem, source, budget, cell))
    if language.kind == "pages":
        return Split(language.name, *pages.chunks(PurePosixPath(path).stem, source, budget))
    if use_grammar:
        return _parsed(language, path, source, budget, deadline)
    note = "The grammar was not used, because an earlier try did not end in time." if language.grammar else ""
    return Split(language.name, windows(source, language.name, budget), note)


def _parsed(language: Language, path: str, source: bytes, budget: int, deadline: float) -> Split:
    note = ""
    try:
        until = time.thread_time() + deadline
        seen = parsed(language, source, deadline)
        if seen is not None:
            splitter = _Splitter(path, language, source, seen, budget, until)
            if splitter.found_something or not seen.is_mostly_error:
                return Split(language.name, splitter.chunks())
            note = f"The file does not parse as {language.name}."
    except Overrun as overrun:
        note = f"It was not read as {language.name}: {overrun}."
    except GrammarError as error:
        note = str(error)
    return Split(language.name, windows(source, language.name, budget), note)


class _Splitter:
    """Makes the chunks of one parsed file."""

    def __init__(self, path: str, language: Language, source: bytes, parsed: Parse, budget: int, until: float) -> None:
        self._path = path
        self._language = language.name
        self._source = source
        self._root: Node = parsed.root
        self._budget = budget
        self._usual = min(budget, CHUNK_BYTES)
        self._until = until
        self._embedded: dict[int, tuple[Chunk, ...]] = {}
        self._lines = Lines(source)
        self._outline = outline.read(parsed.matches, source, PurePosixPath(path).stem)
        self._chunks: list[Chunk] = []

    @property
    def found_something(self) -> bool:
        """Whether there is any definition in the file."""
        return bool(self._outline.definitions)

    def chunks(self) -> tuple[Chunk, ...]:
        top = self._kept(self._outline.definitions, None)
        holes = [((each.start, each.end), (0, 0)) for each in top]
        left = without(0, len(self._source), holes, self._source)
        for stretches in pack(left, self._root, self._source, self._budget):
            self._add_statements(stretches)
        for definition in top:
            self._add(definition)
        self._chunks.sort(key=lambda chunk: (chunk.spans[0].start_byte, -chunk.whole.end_byte))
        return tuple(self._chunks)

    def _kept(self, definitions: Sequence[Definition], owner: Definition | None) -> list[Definition]:
        """Those of `definitions`, and of what they hold, that are chunks of their own directly below `owner`."""
        kept: list[Definition] = []
        for definition in definitions:
            if self._is_chunk(definition, owner):
                kept.append(definition)
            else:
                kept.extend(self._kept(definition.children, owner))
        return kept

    def _is_chunk(self, definition: Definition, owner: Definition | None) -> bool:
        """Whether `definition` is a chunk of its own in `owner`, the next chunk around it."""
        size = definition.end - definition.start
        if definition.embedded:
            return bool(self._in_its_language(definition.embedded))
        if definition.kind == "module":
            return definition.how == "always" or bool(definition.doc)
        if definition.kind == "value" or definition.how == "large":
            carriage_returns = self._source.count(b"\r", definition.start, definition.end)
            return owner is None and size - carriage_returns >= self._usual // 4
        if definition.kind == "overload":
            return owner is None or owner.kind not in outline.CLASSES
        inside_function = owner is not None and owner.kind in outline.FUNCTIONS
        like_module = owner is not None and owner.end - owner.start > _MODULE_BUDGETS * self._usual
        if definition.how != "minor" and (not inside_function or like_module):
            return True
        if self._source.count(b"\n", definition.start, definition.end) + 1 < _LONG_LINES:
            return False
        if owner is None or not inside_function:
            return True
        whole = owner.end - owner.start
        return whole > self._budget or 3 * size <= 2 * whole

    def _in_its_language(self, embedded: Embedded) -> tuple[Chunk, ...]:
        """The chunks of text in another language, where they stand in this file; none where it cannot be split."""
        if embedded.start in self._embedded:
            return self._embedded[embedded.start]
        language = named(embedded.language)
        text = self._source[embedded.start : embedded.end]
        chunks: tuple[Chunk, ...] = ()
        if language is not None and is_read(language):
            left = self._until - time.thread_time()
            inner = split(self._path, text, language=language.name, budget=self._budget, deadline=left)
            chunks = () if inner.note else tuple(self._moved(chunk, embedded.start) for chunk in inner.chunks)
        self._embedded[embedded.start] = chunks
        return chunks

    def _moved(self, chunk: Chunk, start: int) -> Chunk:
        """A chunk of a text that begins at byte `start` of this file."""
        whole, *spans = (
            self._lines.span(start + span.start_byte, start + span.end_byte) for span in (chunk.whole, *chunk.spans)
        )
        return replace(chunk, whole=whole, spans=tuple(spans), line=chunk.line + self._lines.at(start))

    def _add(self, definition: Definition) -> None:
        if definition.embedded:
            self._chunks.extend(self._in_its_language(definition.embedded))
            return
        source = self._source
        children = self._kept(definition.children, definition)
        start, end = indented(definition.start, source), definition.end
        if definition.kind in outline.FUNCTIONS and end - start <= self._budget:
            groups: list[list[Stretch]] = [[(start, end)]]
        else:
            holes = [((each.start, each.end), (indented(each.head, source), each.head_end)) for each in children]
            left = without(start, end, holes, source) if holes else [(start, end)]
            groups = pack(left, self._root, source, self._budget) or [[(start, end)]]
        whole = self._lines.span(start, end)
        line = self._lines.at(definition.name_at)
        signature = definition.signature(source)
        kind = _CHUNK_KINDS.get(definition.kind, definition.kind)
        for piece, stretches in enumerate(groups):
            spans, text = self._spans(stretches)
            self._chunks.append(
                Chunk(
                    self._language,
                    kind,
                    definition.name,
                    definition.qualified_name,
                    whole,
                    line,
                    spans,
                    text,
                    signature,
                    definition.doc,
                    piece,
                    len(groups),
                )
            )
        for child in children:
            self._add(child)

    def _add_statements(self, stretches: Sequence[Stretch]) -> None:
        spans, text = self._spans(stretches)
        whole = self._lines.span(spans[0].start_byte, spans[-1].end_byte)
        docs = [doc for at, doc in self._outline.docs if any(span.start_byte <= at < span.end_byte for span in spans)]
        self._chunks.append(
            Chunk(
                self._language, "statements", "", "", whole, whole.start_line, spans, text, doc=docs[0] if docs else ""
            )
        )

    def _spans(self, stretches: Sequence[Stretch]) -> tuple[tuple[Span, ...], str]:
        text = b"\n".join(self._source[start:end] for start, end in stretches).decode("utf-8", "replace")
        return tuple(self._lines.span(start, end) for start, end in stretches), text


_CHUNK_KINDS = {"value": "statements", "overload": "function"}


def _chunker_version() -> str:
    """Our number, the versions of tree-sitter and its grammars, and a hash of every query and the table."""
    digest = hashlib.sha256()
    folder = data_folder()
    for file in sorted((*folder.rglob("*.scm"), *folder.rglob("*.toml")), key=lambda file: file.as_posix()):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return f"{_VERSION}, {versions()}, grammars {digest.hexdigest()[:16]}"


CHUNKER_VERSION = _chunker_version()
"""Changes whenever the chunks of some file might."""


def chunker_version(budget: int) -> str:
    """As `CHUNKER_VERSION`, for chunks of another size."""
    return CHUNKER_VERSION if budget == CHUNK_BYTES else f"{CHUNKER_VERSION}, {budget} bytes"
