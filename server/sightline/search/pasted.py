"""What people paste instead of a question: an error with its trace, or a piece of code. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_FRAMES = 6
"""Innermost frames of a trace that count; further out stand the frameworks and `main`."""

_NAMED = re.compile(
    r"""^\s*(?:Exception\ in\ thread\ "[^"]*"\ |Caused\ by:\ |Uncaught\ |Unhandled\ exception\.\ |E\ +)*
    (?P<name>(?:[\w$]+\.)*[A-Z]\w*(?:Error|Exception|Warning|Interrupt|Failure|Fault))(?:\ \[\w+\])?
    (?::\s*(?P<said>\S.*)|\s*)$""",
    re.VERBOSE,
)
"""`ValueError: no such section`, `Caused by: java.io.IOException: closed`."""
_LABELLED = re.compile(
    r"^\s*(?:\S+:\d+(?::\d+)?:\s+)?(?:fatal error|error|fatal|panic|exception)(?:\[\w+\])?:\s+(?P<said>\S.*)$",
    re.IGNORECASE,
)
"""`main.c:4:1: error: expected ';'`, `fatal: not a git repository`, `panic: index out of range`."""
_LOGGED = re.compile(r"^(?:\S+\s+){0,4}\[?(?:ERROR|FATAL|CRITICAL)\]?:?\s+(?P<said>\S.*)$")
_RUST_PANIC = re.compile(r"^thread '[^']*' panicked at (?:'(?P<said>.*)', )?(?P<file>[^\s:]+):\d+(?::\d+)?:?$")
_RUBY_ERROR = re.compile(
    r"^\s*(?P<file>[^\s:]+\.\w+):\d+:in [`'](?P<function>[^']+)': (?P<said>.*?)(?: \((?P<name>[\w:]+)\))?$"
)
_MESSAGES = (_RUST_PANIC, _RUBY_ERROR, _NAMED, _LABELLED, _LOGGED)

_PYTHON_FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line \d+(?:, in (?P<function>\S+))?')
_FRAMES = (
    _PYTHON_FRAME,
    re.compile(r"^\s*at (?:[\w.$@-]+/)*(?P<function>[\w.$<>]+)\((?P<file>[\w$-]+\.\w+)(?::\d+)?\)$"),
    re.compile(
        r"^\s*at (?:async |new )*(?:(?P<function>[^\s(]+)(?: \[as [^\]]+\])? \()?(?P<file>[^()\s]+?):\d+:\d+\)?$"
    ),
    re.compile(r"^\s*at (?P<function>[\w.`<>]+)\(.*\) in (?P<file>.+):line \d+$"),
    re.compile(r"^\s*(?:from )?(?P<file>[^\s:]+\.rb):\d+:in [`'](?P<function>[^']+)'"),
    re.compile(r"^\s+(?P<file>\S+\.go):\d+(?: \+0x[0-9a-f]+)?$"),
)
"""Python, Java, JavaScript (and places of Rust), C#, Ruby, and places of Go."""
_GO_FUNCTION = re.compile(r"^(?:created by )?(?P<function>[\w./*()-]+?)(?:\([^()]*\))?(?: in goroutine \d+)?$")

_MARKS = re.compile(r"[{}\[\]<>=]=?|;|\w\(|\)\.|::|->|&&|\|\|")
_TELLING_MARK = re.compile(r"[=;{}]|\w\(|::|&&|</?\w")
"""Brackets and angles alone stand in prose and in patterns too."""
_KEYWORD_LINE = re.compile(
    r"^\s*(?:@\w|#include\b|(?:async |export |default |public |private |protected |static |pub )*"
    r"(?:def|class|func|function|fn|return|import|from|const|let|var|if|elif|else|for|while|try|except|catch|struct|"
    r"interface|package|use|impl|raise|throw|void|int)\b.*[:;{}()=.\"'/])"
)
_IMPORT = re.compile(r"^\s*(?:from\s+[\w.]+\s+)?import\s+[\w.]+(?:\s+as\s+\w+)?;?\s*$")
_STATEMENT = re.compile(r"^(?:return|def|func|fn|const|let|var|public|private|static|await|#include|@\w+)\b")
_ENDS_LIKE_CODE = re.compile(r"[;{}(\[,:)\]]\s*$")
_ASKS = re.compile(
    r"^(?:how|what|where|why|which|when|who|find|is|are|does|can|should|show|get|convert|python|java|code|function)\s+\w"
    r"|\?$",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"\b(?:def|class|func|function|fn|struct|interface|trait|enum|module)\s+(?:\([^)]*\)\s*)?(?P<name>[A-Za-z_$][\w$]*)"
)


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """A pasted error, read."""

    message: str
    """Its last message line, the name of the exception with it; empty where there are only frames."""
    names: tuple[str, ...]
    """The exception's own name, then functions, their classes and file stems of the trace, innermost first."""


def read_error(text: str) -> ErrorReport | None:
    """The error message or trace that `text` is; None where it is something else."""
    lines = text.splitlines()
    number, said, exception, where = _message(lines)
    frames = list(_frames(lines))
    if not frames and not said:
        return None
    # Python lists the innermost frame last; elsewhere it follows the message, that of the cause the last of them.
    outer, inner = [[frame for at, frame in frames if (at >= number) == after] for after in (False, True)]
    if any(_PYTHON_FRAME.match(line) for line in lines):
        outer.reverse()
    own = re.split(r"[.:]", exception)[-1]
    names = [own, _file_stem(where)]
    for function, file in [*inner, *outer][:MOST_FRAMES]:
        names += [*_function_names(function), _file_stem(file)]
    message = f"{own}: {said}" if own and said else said or own
    return ErrorReport(message, tuple(dict.fromkeys(name for name in names if name)))


def is_code(text: str) -> bool:
    """Whether `text` is a piece of source code rather than words about it."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        alike = sum(_is_line_of_code(line) for line in lines)
        return alike * 2 >= len(lines) or _marks(text) >= len(lines) * 2
    if _ASKS.search(text.strip()):
        return False
    marks = _marks(text) + (_STATEMENT.match(text.strip()) is not None)
    return _TELLING_MARK.search(text) is not None and marks >= max(2, len(text.split()) * 0.4)


def _is_line_of_code(line: str) -> bool:
    if _KEYWORD_LINE.match(line) or _IMPORT.match(line):
        return True
    return _ENDS_LIKE_CODE.search(line) is not None and _marks(line) > 0


def defined_name(text: str) -> str:
    """The name of the first definition in a piece of code; empty where it defines nothing."""
    found = _DEFINES.search(text)
    return found["name"] if found else ""


def _marks(text: str) -> int:
    return len(_MARKS.findall(text))


def _message(lines: Sequence[str]) -> tuple[int, str, str, str]:
    """Number and text of the last message line, and the exception and the file that it names; -1 if there is none."""
    for number in range(len(lines) - 1, -1, -1):
        for pattern in _MESSAGES:
            found = pattern.match(lines[number])
            if found is None:
                continue
            groups = found.groupdict("")
            said, name = groups["said"].strip(), groups.get("name", "")
            if pattern is _RUST_PANIC and not said:
                said = " ".join(lines[number + 1 : number + 2]).strip()
            if said or len(lines) > 1:
                return number, said, name, groups.get("file", "")
    return -1, "", "", ""


def _frames(lines: Sequence[str]) -> Iterator[tuple[int, tuple[str, str]]]:
    """Line number, and function and file, of each frame."""
    for number, line in enumerate(lines):
        found = next((match for pattern in _FRAMES if (match := pattern.match(line))), None)
        if found is None:
            continue
        groups = found.groupdict("")
        function = groups.get("function", "")
        if not function and groups["file"].endswith(".go") and number:
            above = _GO_FUNCTION.match(lines[number - 1].strip())
            function = above["function"] if above else ""
        yield number, (function, groups["file"])


def _function_names(function: str) -> list[str]:
    """A function and what it belongs to: `net/http.(*Client).Do` → Do, Client; none for `<module>`."""
    parts = [part.strip("()*`!?") for part in re.split(r"[./#]|::", function)]
    named = parts[:-3:-1] if len(parts) > 1 else parts
    return [part for part in named if re.fullmatch(r"[A-Za-z_$][\w$]*", part) and part not in ("Object", "main")]


def _file_stem(file: str) -> str:
    """The file's name without folder and extension; empty for what lies in no file."""
    if "<" in file or file.startswith("node:"):
        return ""
    stem = re.split(r"[/\\]", file)[-1].partition(".")[0]
    return "" if stem in ("__init__", "__main__", "index", "main", "mod", "lib") else stem
