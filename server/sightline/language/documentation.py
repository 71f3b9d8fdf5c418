"""Doc comments and docstrings, without the marks that make them comments."""

from __future__ import annotations

import re

_LONGEST = 2000
_READ = 8 * _LONGEST
"""Characters of a comment that are looked at."""
_STRING = re.compile(r"~?[A-Za-z]{0,3}(\"\"\"|'''|\"|')(.*?)(?:\1)?\Z", re.DOTALL)
_MARKS = re.compile(r"(?:/\*+/|/\*[*!]*<?|\*+/|//[/!]*<?|\*(?!\*)|#+['!]?|--+(?:\[=*\[|[ \t]*[|^](?!\S))?)?[ \t]?")
_OTHER_MARKS = {
    "%": (r"%+!?[ \t]?(?:@doc[ \t]+)?", r""),
    ";": (r";+[ \t]?", r""),
    "(*": (r"(?:\(\*+|\*(?!\)))?[ \t]?", r"\**\*\)"),
    "{-": (r"(?:\{-+[ \t]*[|^]?)?[ \t]?", r"-+\}"),
    "<!--": (r"(?:<!--+)?[ \t]?", r"--+>"),
    "#[[": (r"(?:#\[\[)?[ \t]?", r"\]\]"),
    "#|": (r"(?:#\|+)?[ \t]?", r"\|+#"),
    "/+": (r"(?:/\++)?[ \t]?", r"\++/"),
    "{": (r"\{?[ \t]?", r"\}"),
    "!": (r"!+[<>]?[ \t]?", r""),
    '"': (r'"+[ \t]?', r""),
    "<#": (r"(?:<#+|#+(?!>))?[ \t]?", r"#+>"),
    "=": (r"=(?:head\d|item|over|begin|for|encoding|pod|back|cut)\b[ \t]*", r""),
}
"""What begins and what ends a line of comments that begin with the key, in languages that have other marks."""
_RULER = re.compile(r"[-=*#%;~_+ ]*")
_DIRECTIVE = re.compile(r"\s*(?://[a-z]+:[a-z]|#!|# *(?:type|noqa|pragma|-\*-)\b)")
"""Comments that speak to a tool: `//go:noinline`, `# noqa`."""


_LUA_END = re.compile(r"\]=*\]\s*\Z")
_XML = re.compile(
    r"<(?:see|seealso|paramref|typeparamref)\s+\w+=\"([^\"<>]*)\"\s*/>|<(?:param|typeparam|exception)\s+\w+=\"([^\"<>]*)\"\s*>"
    r"|</?(?:summary|remarks|para|returns|value|param|typeparam|see|c|code|exception|example|inheritdoc)\b[^<>]*>"
)
"""The elements of C#'s documentation; what they refer to is kept."""


def docstring(text: str) -> str:
    """The content of a string literal that documents the definition it stands in."""
    literal = _STRING.match(text[:_READ])
    return _trimmed([line.strip() for line in (literal[2] if literal else text[:_READ]).splitlines()])


def comment(text: str) -> str:
    """The content of one or more comments of one kind, such as `//`, `///`, `/** */`, `#` and `--`."""
    text = text[:_READ]
    for mark, (begins, ends) in _OTHER_MARKS.items():
        if text.startswith(mark):
            lines = [
                re.sub(rf"\s*(?:{ends})?\Z", "", re.sub(begins, "", line.strip(), count=1))
                for line in text.splitlines()
            ]
            return _trimmed([line for line in lines if not line or not _RULER.fullmatch(line)])
    if text.startswith("--["):
        text = _LUA_END.sub("", text)
    lines = [_unmarked(line) for line in text.splitlines() if not _DIRECTIVE.match(line)]
    if "</" in text or "/>" in text:
        lines = [line for line in (_XML.sub(_kept, line).strip() for line in lines) if line]
    return _trimmed(lines)


def _kept(element: re.Match[str]) -> str:
    return element[1] or (f"{element[2]}: " if element[2] else "")


def _unmarked(line: str) -> str:
    line = line.strip()
    marks = _MARKS.match(line)
    line = line[marks.end() :] if marks else line
    return line[:-2].rstrip("*").rstrip() if line.endswith("*/") else line.lstrip()


def _trimmed(lines: list[str]) -> str:
    """The lines without blank ones around them, and no longer than is useful."""
    text = "\n".join(lines).strip()
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(None, 1)[0]
