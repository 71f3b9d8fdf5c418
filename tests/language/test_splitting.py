"""Splitting never fails, loses nothing, and says where everything stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.language.test_corpora import ALL

from sightline.language import splitting
from sightline.language.chunk import KINDS
from sightline.language.grammars import GrammarError, Overrun, chunk_query, grammar, parse
from sightline.language.languages import Language, TableError, catalogue, read
from sightline.language.parsing import is_read
from sightline.language.source import Lines, normalise
from sightline.language.splitting import CHUNKER_VERSION, Split, split

CODE = [language for language in catalogue().values() if language.kind == "code"]
PARSED = [language for language in CODE if is_read(language)]
SOURCES = {
    language.name: "\n".join(case.source for case in ALL if case.language == language.name).encode()
    for language in PARSED
}
TOLERANCE = 8
"""A piece may be an eighth over the budget."""
FEW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def check(source: bytes, result: Split, budget: int) -> None:
    """What holds for the chunks of any file."""
    lines = Lines(source)
    covered = bytearray(len(lines) + 1)
    order = []
    for chunk in result.chunks:
        assert chunk.language == result.language or chunk.language in catalogue()
        assert chunk.kind in KINDS
        assert chunk.spans
        joined = b"\n".join(source[span.start_byte : span.end_byte] for span in chunk.spans)
        assert chunk.text == joined.decode("utf-8", "replace")
        at = chunk.whole.start_byte
        for span in chunk.spans:
            assert at <= span.start_byte < span.end_byte <= chunk.whole.end_byte <= len(source)
            at = span.end_byte
            covered[span.start_line : span.end_line + 1] = b"\1" * (span.end_line + 1 - span.start_line)
        for span in (*chunk.spans, chunk.whole):
            assert span == lines.span(span.start_byte, span.end_byte)
        assert chunk.whole.start_line <= chunk.line <= chunk.whole.end_line
        assert 0 <= chunk.piece < chunk.pieces
        assert len(joined) <= budget + budget // TOLERANCE
        assert "\n" not in chunk.signature
        order.append(chunk.spans[0].start_byte)
    assert order == sorted(order)
    for line in range(len(lines)):
        said = re.search(rb"[\w\x80-\xff]", lines.content(line))
        assert covered[line] or not said, f"line {line + 1} is in no chunk: {lines.content(line)!r}"


@pytest.mark.parametrize("language", PARSED, ids=lambda language: language.name)
def test_examples_are_split_without_loss(language: Language) -> None:
    source = SOURCES[language.name]
    for budget in (200, 600, 1800):
        check(source, split(f"a.{language.extensions[0]}", source, budget=budget, deadline=60), budget)


@FEW
@given(language=st.sampled_from(CODE), data=st.binary(max_size=400))
def test_any_bytes_are_split(language: Language, data: bytes) -> None:
    source = normalise(data)
    check(source, split(f"a.{language.extensions[0]}", source, budget=100), 100)


@FEW
@given(language=st.sampled_from(CODE), data=st.binary(max_size=200))
def test_bytes_that_are_not_normalised_do_no_harm(language: Language, data: bytes) -> None:
    check(data, split(f"a.{language.extensions[0]}", data, budget=100), 100)


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Language, bytes]:
    """A language's examples with stretches cut out, doubled, or replaced by what opens and closes things."""
    language = draw(st.sampled_from(PARSED))
    source = SOURCES[language.name]
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(source)))
        end = min(len(source), start + draw(st.integers(0, 200)))
        other = draw(st.integers(0, len(source)))
        put = draw(
            st.sampled_from([b"", b"(", b"{", b"}", b'"', b"/*", b"\n\n", b"\0", "é„".encode(), b"\r\n", b"=>", b"#"])
            | st.just(source[other : other + 80])
        )
        source = source[:start] + put + source[end:]
    return language, source


@settings(FEW, max_examples=120)
@given(mutated(), st.sampled_from([120, 500, 1800]))
def test_broken_code_is_split_without_loss(given: tuple[Language, bytes], budget: int) -> None:
    language, source = given
    check(source, split(f"a.{language.extensions[0]}", source, budget=budget, deadline=60), budget)


@pytest.mark.parametrize("language", PARSED, ids=lambda language: language.name)
def test_windows_line_ends_change_nothing_but_bytes(language: Language) -> None:
    path = f"a.{language.extensions[0]}"
    source = SOURCES[language.name]
    unix = split(path, source, deadline=60, budget=10_000).chunks
    windows = split(path, source.replace(b"\n", b"\r\n"), deadline=60, budget=10_000).chunks
    check(source.replace(b"\n", b"\r\n"), Split(language.name, windows), 10_000)
    named = [[(each.qualified_name, each.line, each.doc, each.signature) for each in it] for it in (unix, windows)]
    assert named[0] == named[1]


def test_a_file_without_time_falls_back_to_windows_and_says_so() -> None:
    result = split("a.py", b"def f():\n    return 1\n", deadline=0)
    assert [chunk.kind for chunk in result.chunks] == ["lines"]
    assert result.note == "It was not read as python: parsing did not end in time."


def test_a_grammar_may_be_left_out() -> None:
    result = split("a.py", b"def f():\n    return 1\n", use_grammar=False)
    assert [chunk.kind for chunk in result.chunks] == ["lines"]
    assert result.note


def test_a_file_that_is_one_error_falls_back_to_windows() -> None:
    result = split("a.py", b"((((\n" * 3)
    assert [chunk.kind for chunk in result.chunks] == ["lines"]
    assert "does not parse" in result.note


def test_text_without_a_language_is_cut_into_windows() -> None:
    result = split("notes", b"one\ntwo\n")
    assert [(chunk.kind, chunk.text) for chunk in result.chunks] == [("lines", "one\ntwo")]
    assert not result.note


@pytest.mark.parametrize("source", [b"", b"\n", b" \t\r\n\n"])
def test_what_is_blank_has_no_chunks(source: bytes) -> None:
    assert [split(path, source).chunks for path in ("a.py", "a.go", "a.md", "a", "a.php")] == [()] * 5


def test_a_function_before_thousands_of_stray_brackets_is_found() -> None:
    """Such an error node is queried child by child, or the query would be quadratic in them."""
    result = split("a.js", b"function before() {}\n" + b"(" * 5_000, deadline=60)
    assert [(chunk.kind, chunk.name) for chunk in result.chunks if chunk.name] == [("function", "before")]


def test_deep_nesting_is_split() -> None:
    for opening in (b"(", b"{", b"function f() {", b"class A { m() {"):
        source = opening * 2_000
        check(source, split("a.js", source, deadline=60), 1800)


def test_an_overrun_is_reported_while_parsing() -> None:
    language = catalogue()["python"]
    query = chunk_query(language)
    assert query is not None
    with pytest.raises(Overrun):
        parse(language, query, b"x = 1\n" * 50_000, 0)


@pytest.mark.parametrize("language", CODE, ids=lambda language: language.name)
def test_queries_compile_and_use_known_captures(language: Language) -> None:
    query = chunk_query(language)
    if query is None:
        pytest.skip("no query yet")
    known = {
        *("function", "method", "macro", "class", "interface", "enum", "type", "module", "value", "overload"),
        *("section", "block", "embedded", "language"),
        *("name", "declarator", "scope", "head", "body", "doc", "comment", "attribute", "outer", "inner"),
        *("package", "reparse", "arity", "name.part", "comment.loose", "comment.after"),
    }
    used = {query.capture_name(index) for index in range(query.capture_count)}
    plain = {re.sub(r"\.(?:minor|large|open|free|always|clause)$|(?<=^embedded)\.\w+$", "", name) for name in used}
    assert {name for name in plain if not name.startswith("_")} <= known


def test_a_query_that_does_not_compile_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "python").mkdir()
    (tmp_path / "base").mkdir()
    (tmp_path / "python" / "chunks.scm").write_text("; inherits: base\n(comment) @comment\n")
    (tmp_path / "base" / "chunks.scm").write_text("(comment) @comment\n(no_such_node) @function\n")
    monkeypatch.setattr("sightline.language.grammars.data_folder", lambda: tmp_path)
    language = Language("python", "code", "python", ("py",))
    with pytest.raises(GrammarError, match=r"base.chunks\.scm:2"):
        chunk_query(language)
    monkeypatch.setattr(splitting, "catalogue", lambda: {"python": language})
    result = split("a.py", b"def f(): pass\n")
    assert [chunk.kind for chunk in result.chunks] == ["lines"]
    assert "chunks.scm:2" in result.note


@pytest.mark.parametrize("name", ["cobol", "no_such_language"])
def test_grammars_that_hang_or_are_missing_are_refused(name: str) -> None:
    with pytest.raises(GrammarError, match=name):
        grammar(name)


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ('kind = "code"\nextension = ["x"]', "x.extension"),
        ('kind = "poem"', "x.kind"),
        ('kind = "code"\nextensions = "x"', "x.extensions"),
        ('kind = "code"\ngrammar = 1', "x.grammar"),
        ('kind = "code"\nfilenames = [1]', "x.filenames"),
        ('kind = "code"\nunseen = ["("]', "x.unseen"),
        ('extensions = ["x"]', "x.kind"),
        ('kind = "code"\nextensions = ["y"]\n[y]\nkind = "code"\nextensions = ["y"]', "“y” in extensions of y"),
        ("kind =", "TOML"),
    ],
)
def test_a_wrong_table_is_an_error_that_names_file_and_key(tmp_path: Path, entry: str, named: str) -> None:
    file = tmp_path / "languages.toml"
    file.write_text(f"[x]\n{entry}\n", encoding="utf-8")
    with pytest.raises(TableError) as raised:
        read(file)
    assert str(file) in str(raised.value)
    assert named in str(raised.value)


def test_the_version_names_everything_that_chunks_depend_on() -> None:
    assert re.fullmatch(r"\d+, tree-sitter \S+ tree-sitter-language-pack \S+, grammars [0-9a-f]{16}", CHUNKER_VERSION)


def test_documentation_full_of_blanks_is_read() -> None:
    """White space inside a comment is no reason to look at it more than once."""
    blank = " " * 200_000
    comment = f"/** Adds{blank}two.\n *{blank}* */\n".encode()
    chunks = split("a.js", comment + b"function add() {}\n", deadline=60).chunks
    assert [chunk.doc for chunk in chunks if chunk.piece == 0] == ["Adds"]


@pytest.mark.parametrize("directive", ["//go:noinline", "//nolint:all"])
def test_what_a_comment_tells_a_tool_is_no_documentation(directive: str) -> None:
    chunks = split("a.go", f"package a\n\n// F adds.\n{directive}\nfunc F() {{}}\n".encode()).chunks
    assert [chunk.doc for chunk in chunks if chunk.name] == ["F adds."]
