"""From the matches of a query to the definitions of a file: their extent, names, signatures and documentation."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from sightline.language import clauses, documentation
from sightline.language.grammars import Match, Node

_KINDS = (
    *("function", "method", "macro", "class", "interface", "enum", "type", "module"),
    *("section", "block", "value", "overload"),
)
_HOW = ("", ".minor", ".large", ".open", ".free", ".always", ".clause")
_DEFINITIONS = frozenset(f"{kind}{how}" for kind in _KINDS for how in _HOW)
FUNCTIONS = frozenset({"function", "method", "macro"})
CLASSES = frozenset({"class", "interface", "enum", "type"})
_LONGEST_NAME = 120
_LONGEST_SIGNATURE = 300
_TAIL = re.compile(rb"[ \t]*(?P<mark>[;,]?)[ \t]*")
_BELOW = re.compile(rb"[ \t]*\r?\n[ \t]*")
_BLANK_OR_CLOSED = re.compile(rb"[ \t]*\r?(?:\Z|\n[ \t]*(?:\r?\n|\Z|end\b|\}))")
_SEPARATORS = re.compile(r"(?:::|\\)(?![^<>]*>)")
_FARTHEST_LEAD = 400
"""Bytes of white space between a comment and what it documents."""
_DECLARATOR_DEPTH = 20
_ARGUMENTS = re.compile(r"<.*>", re.DOTALL)
_EMBEDDED = "embedded"
_DEEPEST = 100
"""Definitions nested deeper than this belong to the one around them."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """Bytes [start, end) of a file that are written in the language which `language` names in the file's own way."""

    start: int
    end: int
    language: str


@dataclass(slots=True)
class Definition:
    """Something with a name. Bytes [start, end) are all of it, from its first decorator or doc comment on."""

    kind: str
    """A capture of the query: a kind of chunk, or `value`, `overload` or `embedded`."""
    how: str
    """What stands behind the capture's dot: `minor`, worth a chunk only where it is long; `large`, only where it is
    large and at the top; `always`, also where one of its kind would be none; `open`, it goes on to the next one beside
    it; `free`, its scope does not make it a method; `clause`, it is one definition with its neighbours of the same
    name; else empty."""
    name: str
    scope: str
    """What its author wrote before the name: the receiver's type, the class outside of which it stands."""
    name_at: int
    start: int
    end: int
    head: int
    """Where the signature begins."""
    head_end: int
    doc: str
    embedded: Embedded | None = None
    """Set where it is text of another language: what the kind `embedded` means."""
    arity: int = 0
    qualified_name: str = ""
    parent: Definition | None = None
    children: list[Definition] = field(default_factory=list)

    def clip(self, end: int) -> None:
        """Let it end where what is around it ends: in broken code a comment or a name may stand beyond."""
        self.end = end
        self.head = min(self.head, end)
        self.head_end = min(self.head_end, end)
        self.name_at = min(self.name_at, end - 1)

    def signature(self, source: bytes) -> str:
        """The definition up to its body, white space folded, on one line."""
        text = source[self.head : min(self.head_end, self.head + 4 * _LONGEST_SIGNATURE)].decode("utf-8", "replace")
        folded = " ".join(text.split()).rstrip("{:=\\, ")
        return folded if len(folded) <= _LONGEST_SIGNATURE else folded[: _LONGEST_SIGNATURE - 1] + "…"


@dataclass(frozen=True, slots=True)
class Outline:
    """What a file defines: the definitions at its top, in order, those within them as their children."""

    definitions: tuple[Definition, ...]
    docs: tuple[tuple[int, str], ...]
    """Documentation of the file itself, with the byte at which it stands."""


def read(matches: Sequence[Match], source: bytes, stem: str) -> Outline:
    """The outline of `source` as its language's query saw it; `stem` names what has no name of its own."""
    return _Reader(source, stem, matches).outline()


class _Reader:
    """Sorts the captures of one file and puts the definitions together."""

    def __init__(self, source: bytes, stem: str, matches: Sequence[Match]) -> None:
        self._source = source
        self._stem = stem
        self._outer: dict[int, Node] = {}
        self._packages: list[tuple[int, str]] = []
        self._file_docs: list[tuple[int, str]] = []
        found: dict[int, tuple[int, str, Node, dict[str, list[Node]]]] = {}
        comments: list[tuple[int, int]] = []
        attributes: list[tuple[int, int]] = []
        self._lead_docs: dict[int, str] = {}
        self._after: dict[int, int] = {}
        self._loose: set[int] = set()
        for pattern, captures in matches:
            what = next((name for name in captures if name in _DEFINITIONS or name.startswith(_EMBEDDED)), None)
            if what is not None:
                node = captures[what][0]
                other = found.get(node.id)
                if other is None or pattern < other[0]:
                    found[node.id] = (pattern, what, node, captures)
            elif "comment" in captures:
                extents = [self._extent(node) for node in captures["comment"]]
                comments.extend(extent for extent in extents if not source.startswith(b"#!", extent[0]))
            elif "comment.loose" in captures:
                self._loose.update(node.start_byte for node in captures["comment.loose"])
            elif "comment.after" in captures:
                self._after.update(self._extent(node) for node in captures["comment.after"])
            elif "attribute" in captures:
                attributes.extend(self._extent(node) for node in captures["attribute"])
                for node in captures.get("doc", ()):
                    self._lead_docs[captures["attribute"][0].start_byte] = documentation.docstring(self._text(node))
            elif "outer" in captures:
                self._outer[captures["inner"][0].id] = captures["outer"][0]
            elif "package" in captures:
                node = captures["package"][0]
                self._packages.append((node.start_byte, self._text(node)))
            elif "doc" in captures:
                node = captures["doc"][0]
                self._file_docs.append((node.start_byte, documentation.docstring(self._text(node))))
        self._found = found.values()
        self._comments = dict(comments)
        self._attributes = dict(attributes)
        self._leads = sorted({(end, start) for start, end in (*comments, *attributes)})
        self._comment_ends = {end: start for start, end in comments}
        self._packages.sort()

    def outline(self) -> Outline:
        definitions: list[Definition] = []
        reaching: list[tuple[Node, Definition]] = []
        for _, what, node, captures in self._found:
            if what.startswith(_EMBEDDED):
                definitions.append(self._other_language(what, node, captures))
                continue
            definitions.append(self._definition(what, node, captures))
            if definitions[-1].how == "open":
                reaching.append((node, definitions[-1]))
        self._reach(reaching)
        definitions.sort(key=lambda each: (each.start, -each.end))
        top: list[Definition] = []
        stack: list[Definition] = []
        for definition in definitions:
            while stack and stack[-1].end <= definition.start:
                stack.pop()
            if len(stack) == _DEEPEST or definition.start >= definition.end:
                continue
            if stack and definition.end > stack[-1].end:
                definition.clip(stack[-1].end)
                definition.head = min(definition.head, definition.end)
                definition.head_end = min(definition.head_end, definition.end)
            parent = stack[-1] if stack else None
            definition.parent = parent
            (parent.children if parent else top).append(definition)
            stack.append(definition)
        clauses.merge(top, self._source)
        self._qualify(top)
        return Outline(tuple(top), tuple(sorted(self._file_docs)))

    def _definition(self, what: str, node: Node, captures: dict[str, list[Node]]) -> Definition:
        kind, _, how = what.partition(".")
        start, end = self._outermost(node)
        if "head" in captures:
            start = min(start, captures["head"][0].start_byte)
        head = self._after_attributes(start, end)
        head_end = self._head_end(head, end, captures.get("body"))
        start, lead = self._with_leads(start)
        end, trail = self._with_comment_below(self._with_trailing_comment(end))
        name, name_at, scope = self._name(captures, head)
        if name_at > head_end:  # typedef struct { … } name
            name_at = head
        doc = captures.get("doc")
        return Definition(
            kind,
            how,
            name,
            scope,
            name_at,
            start,
            end,
            head,
            head_end,
            self._documented(doc[0]) if doc else lead or trail,
            arity=sum(node.named_child_count for node in captures.get("arity", ())),
        )

    def _other_language(self, what: str, node: Node, captures: dict[str, list[Node]]) -> Definition:
        """Text of the language that the capture names behind its dot, or that the source names in `@language`."""
        named = captures.get("language")
        language = self._text(named[0]) if named else what.partition(".")[2]
        embedded = Embedded(node.start_byte, min(node.end_byte, len(self._source)), language)
        start, end = self._outermost(node)
        return Definition(_EMBEDDED, "", "", "", start, start, end, start, start, "", embedded)

    def _outermost(self, node: Node) -> tuple[int, int]:
        """The extent of a node with all that belongs to it: `export`, `template<…>`."""
        start, end = node.start_byte, node.end_byte
        while node.id in self._outer:
            node = self._outer[node.id]
            start, end = min(start, node.start_byte), max(end, node.end_byte)
        return start, self._without_last_comments(start, min(end, len(self._source)))

    def _without_last_comments(self, start: int, end: int) -> int:
        """The end of a definition before white space, and before comments on lines of their own that are not its own.

        Where blocks have no end but that of their indentation, a grammar may count to them what documents the next.
        """
        source = self._source
        column = start - source.rfind(b"\n", 0, start) - 1
        while True:
            while end > start and source[end - 1] in b" \t\r\n":
                end -= 1
            comment = self._comment_ends.get(end, start)
            line = source.rfind(b"\n", 0, comment) + 1
            if comment <= start or comment - line > column or source[line:comment].strip():
                return end
            end = line

    def _reach(self, reaching: list[tuple[Node, Definition]]) -> None:
        """Let each of these definitions go on to the next one beside it, or to the end of what they stand in."""
        reaching.sort(key=lambda each: each[1].start)
        following: dict[int, int] = {}
        for node, definition in reversed(reaching):
            parent = node.parent or node
            end = following.get(parent.id, max(parent.end_byte, definition.end))
            definition.end = max(definition.end, definition.start + len(self._source[definition.start : end].rstrip()))
            following[parent.id] = definition.start

    def _extent(self, node: Node) -> tuple[int, int]:
        """Where a comment begins and ends; some grammars count its line end, or only the first half of one."""
        start, end = node.start_byte, min(node.end_byte, len(self._source))
        while end > start and self._source[end - 1] in b"\r\n":
            end -= 1
        return start, end

    def _documented(self, node: Node) -> str:
        """What a docstring or a comment inside of a definition says."""
        read = documentation.comment if "comment" in node.type else documentation.docstring
        return read(self._text(node))

    def _text(self, node: Node) -> str:
        return self._source[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _name(self, captures: dict[str, list[Node]], head: int) -> tuple[str, int, str]:
        """The name as its author wrote it, without quotes, the byte at which it stands, and what scopes it."""
        scopes = [_ARGUMENTS.sub("", _plain(self._text(node), node.type)) for node in captures.get("scope", ())]
        if "name" in captures or "name.part" in captures:
            nodes = captures.get("name") or captures["name.part"]
        elif "declarator" in captures:
            node = innermost(captures["declarator"][0])
            while node.type == "qualified_identifier" and (inner := node.child_by_field_name("name")):
                scope = node.child_by_field_name("scope")
                missing = any(child.type == "::" and child.is_missing for child in node.children)
                scopes.extend([_ARGUMENTS.sub("", self._text(scope))] if scope and not missing else [])
                node = innermost(inner)
            nodes = [(node.child_by_field_name("name") or node) if node.type == "template_function" else node]
        else:
            return self._stem, head, ".".join(scopes)
        if "name.part" in captures:
            text = "".join(self._text(node) for node in captures["name.part"])
        else:
            text = self._source[nodes[0].start_byte : nodes[-1].end_byte].decode("utf-8", "replace")
        name = _plain(text, nodes[0].type)
        return " ".join(name.split())[:_LONGEST_NAME] or self._stem, nodes[0].start_byte, ".".join(scopes)

    def _after_attributes(self, start: int, end: int) -> int:
        """Where the signature begins: after the decorators that stand inside the definition's node."""
        head = start
        while head < end and (head in self._attributes or head in self._comments):
            head = self._attributes.get(head) or self._comments[head]
            rest = self._source[head:end]
            head += len(rest) - len(rest.lstrip())
        return head if head < end else start

    def _head_end(self, head: int, end: int, body: list[Node] | None) -> int:
        """Where the signature ends: before the body and the comments in front of it, or with the first line."""
        if body is None:
            line = self._source.find(b"\n", head, end)
            return end if line < 0 else line
        at = max(body[0].start_byte, head)
        while True:
            at = head + len(self._source[head:at].rstrip())
            comment = self._comment_ends.get(at)
            if comment is None or comment <= head:
                return at
            at = comment

    def _with_leads(self, start: int) -> tuple[int, str]:
        """Where a definition begins with the comments and attributes directly above, and what these say of it."""
        source = self._source
        column = start - source.rfind(b"\n", 0, start) - 1
        comments: list[str] = []
        doc = ""
        at = bisect_right(self._leads, (start, start)) - 1
        while at >= 0:
            end, lead = self._leads[at]
            if start - end > _FARTHEST_LEAD:
                break
            gap = source[end:start]
            line = source.rfind(b"\n", 0, lead) + 1
            if gap.strip() or gap.count(b"\n") > (2 if lead in self._loose else 1):
                break
            if lead in self._comments:
                if lead - line != column or source[line:lead].strip():
                    break
                comments.append(source[lead:end].decode("utf-8", "replace"))
            doc = self._lead_docs.get(lead) or doc
            start, column = lead, lead - line
            at -= 1
        return start, doc or documentation.comment("\n".join(reversed(comments)))

    def _with_trailing_comment(self, end: int) -> int:
        """The end of a definition, with the semicolon or comma and the comment behind it on its last line."""
        tail = _TAIL.match(self._source, end)
        if tail is None:
            return end
        behind = tail.end()
        comment_end = self._comments.get(behind)
        if comment_end is None or b"\n" in self._source[behind:comment_end]:
            return tail.end("mark") if tail["mark"] else end
        return comment_end

    def _with_comment_below(self, end: int) -> tuple[int, str]:
        """The end of a definition with the comment directly below that documents it, and what that says.

        It is the definition's where nothing stands directly below it: else it belongs to what follows.
        """
        source = self._source
        below = _BELOW.match(source, end)
        if below is None or below.end() not in self._after:
            return end, ""
        comment_end = self._after[below.end()]
        if not _BLANK_OR_CLOSED.match(source, comment_end):
            return end, ""
        return comment_end, documentation.comment(source[below.end() : comment_end].decode("utf-8", "replace"))

    def _qualify(self, top: Sequence[Definition]) -> None:
        """Give every definition the names around it, and a function in a class the kind of a method."""
        packages = [at for at, _ in self._packages]
        pending = list(reversed(top))
        while pending:
            this = pending.pop()
            parent = this.parent
            if parent is not None:
                before = parent.qualified_name
            else:
                package = bisect_right(packages, this.start) - 1
                before = _SEPARATORS.sub(".", self._packages[package][1]) if package >= 0 else ""
            names = [part if " " in part else _SEPARATORS.sub(".", part) for part in (this.scope, this.name)]
            this.qualified_name = ".".join(part for part in (before, *names) if part)
            owned = this.scope or (parent is not None and parent.kind in CLASSES)
            if this.kind == "function" and this.how != "free" and owned:
                this.kind = "method"
            pending.extend(reversed(this.children))


def _plain(text: str, node_type: str) -> str:
    """A name without what makes it a string, a symbol or, for a conversion to a type, a declarator."""
    if text[:1] in "\"'`" and len(text) > 1:
        return text[1:-1]
    if node_type == "operator_cast":
        return text.partition("(")[0]
    return text.removeprefix(":").strip('"') if node_type.endswith("_symbol") else text


def innermost(declarator: Node) -> Node:
    """The name inside C's declarators: through pointers, references, parentheses, arrays and functions."""
    node = declarator
    for _ in range(_DECLARATOR_DEPTH):
        if node.type in ("operator_cast", "qualified_identifier"):
            break
        inner = node.child_by_field_name("declarator")
        if inner is None and node.type.endswith("_declarator"):
            inner = next((child for child in node.named_children if "declarator" in child.type), None) or (
                node.named_children[-1] if node.named_children else None
            )
        if inner is None:
            break
        node = inner
    return node
