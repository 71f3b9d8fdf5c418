"""What kind of question a query is, and the terms it is looked up by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.errors import BadInput
from sightline.language.terms import stem, term_hash
from sightline.search.question import MOST_TERMS, read


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("parse_config", "identifier"),
        ("HttpClient.send", "identifier"),
        ("HttpClient::send()", "identifier"),
        ("Session", "identifier"),
        ("obj->method", "identifier"),
        ("src/app/main.py", "path"),
        ("settings.toml", "path"),
        ("read a gzip file line by line", "words"),
        ("retry backoff", "words"),
        ("a+b", "words"),
        ("was heißt das", "words"),
        ("what does foo() do", "words"),
        ("how to use x = foo(y)", "words"),
        ("retry (with backoff)", "words"),
        ("list of ints (sorted)", "words"),
        ("regex [a-z]+", "words"),
        ("use http.client.HTTPConnection to send", "words"),
        ("key=value parsing", "words"),
        ("python list[index] = value", "words"),
        ("std::vector of pairs", "words"),
        ("fix the bug\nin the parser", "words"),
        ("read a file, then\nwrite it elsewhere (atomically)", "words"),
        ("x = foo(y)", "code"),
        ("for (int i = 0; i < n; i++) {", "code"),
        ("with open(path) as f: data = json.load(f)", "code"),
        ("std::sort(v.begin(), v.end());", "code"),
        ("const [a, b] = useState(null);", "code"),
        ("return self.transport(request)", "code"),
        ("def area(w, h):\n    return w * h", "code"),
        ("@cached\ndef area(w, h):\n    # the product\n    return w * h", "code"),
        ("func (c *Client) Do(r *Request) error {\n\treturn nil\n}", "code"),
        ("<div class='x'>\n  <p>text</p>\n</div>", "code"),
        ("import os\nimport sys\nfrom a import b\nprint(os.sep)", "code"),
        ("SELECT name\n  FROM users WHERE id = 1;\nDELETE FROM t;", "code"),
        ("  if (a) {\n    b();\n  }", "code"),
        ("error handling in the parser", "words"),
        ("what raises ValueError: bad input", "words"),
        ("ValueError", "identifier"),
        ("class HttpError with a status", "words"),
        ("ValueError: bad input", "error"),
        ("KeyError: 'timeout'", "error"),
        ("Uncaught TypeError: x is not a function", "error"),
        ("main.c:4:10: fatal error: foo.h: No such file or directory", "error"),
        ("error[E0382]: borrow of moved value: `x`", "error"),
        ("fatal: not a git repository (or any of the parent directories): .git", "error"),
        ("2024-01-01 12:00:01,123 ERROR Cannot connect to broker", "error"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert read(text).kind == kind


PYTHON = """\
Traceback (most recent call last):
  File "/home/me/app/main.py", line 12, in <module>
    run()
  File "/home/me/app/config.py", line 40, in parse_config
    raise ConfigError("no such section: 'net'")
app.errors.ConfigError: no such section: 'net'
"""
CHAINED = """\
Traceback (most recent call last):
  File "a/cache.py", line 3, in look_up
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "a/store.py", line 9, in load_rows
StoreError: row 17 at 0x7f3a2b is damaged
"""
NODE = """\
TypeError: Cannot read properties of undefined (reading 'send')
    at HttpClient.send (/srv/app/src/http.js:12:9)
    at async Object.<anonymous> (/srv/app/src/index.js:3:1)
    at node:internal/modules/cjs/loader:1105:14
"""
JAVA = """\
Exception in thread "main" java.lang.IllegalStateException: pool closed
\tat com.acme.pool.ConnectionPool.borrow(ConnectionPool.java:77)
\tat com.acme.Main.main(Main.java:10)
Caused by: java.io.IOException: broken pipe
\tat com.acme.net.Channel.write(Channel.java:3)
\t... 2 more
"""
GO = """\
panic: runtime error: index out of range [5] with length 3

goroutine 1 [running]:
example.com/app/store.(*Table).Row(0xc000012345, 0x5)
\t/home/me/app/store/records.go:88 +0x1d
main.main()
\t/home/me/app/main.go:9 +0x2a
exit status 2
"""
RUST = """\
thread 'main' panicked at src/parser.rs:10:5:
called `Option::unwrap()` on a `None` value
note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
"""
RUBY = """\
app/models/user.rb:12:in `save!': undefined method `title' for nil:NilClass (NoMethodError)
\tfrom app/jobs/import.rb:3:in 'Importer#perform'
"""
C_SHARP = """\
System.NullReferenceException: Object reference not set
   at Acme.Store.Load(String path) in C:\\src\\Warehouse.cs:line 42
"""


@pytest.mark.parametrize(
    ("text", "message", "clues"),
    [
        (PYTHON, "ConfigError: no such section: 'net'", ("ConfigError", "parse_config", "config")),
        (
            CHAINED,
            "StoreError: row 17 at 0x7f3a2b is damaged",
            ("StoreError", "load_rows", "store", "look_up", "cache"),
        ),
        (
            NODE,
            "TypeError: Cannot read properties of undefined (reading 'send')",
            ("TypeError", "send", "HttpClient", "http"),
        ),
        (
            JAVA,
            "IOException: broken pipe",
            ("IOException", "write", "Channel", "borrow", "ConnectionPool", "Main"),
        ),
        (GO, "runtime error: index out of range [5] with length 3", ("Row", "Table", "records")),
        (RUST, "called `Option::unwrap()` on a `None` value", ("parser",)),
        (
            RUBY,
            "NoMethodError: undefined method `title' for nil:NilClass",
            ("NoMethodError", "user", "save", "perform", "Importer", "import"),
        ),
        (
            C_SHARP,
            "NullReferenceException: Object reference not set",
            ("NullReferenceException", "Load", "Store", "Warehouse"),
        ),
        ("E   AssertionError: assert 3 == 4", "AssertionError: assert 3 == 4", ("AssertionError",)),
        ('  File "a/rows.py", line 3, in load_rows', "load_rows rows", ("load_rows", "rows")),
        ("thread 'main' panicked at 'too far', src/walk.rs:4:5", "too far", ("walk",)),
        ("x.c:1:2: error: expected ';'", "expected ';'", ()),
    ],
)
def test_a_pasted_error_is_its_last_message_and_the_innermost_frames(
    text: str, message: str, clues: tuple[str, ...]
) -> None:
    question = read(text)
    assert (question.kind, question.text) == ("error", message)
    assert question.clues == clues


def test_what_an_error_tells_of_one_run_is_not_looked_up() -> None:
    assert read(CHAINED).words == ("row", "damaged")
    assert read("IndexError: 5 0xff").words == ("IndexError", "5", "0xff")


def test_what_an_error_quotes_counts_more_and_its_frames_less() -> None:
    terms = read(PYTHON).terms(1.5, clue=0.25)
    assert terms[term_hash("net")] == 1.5
    assert terms[term_hash(stem("section"))] == 1.0
    assert terms[term_hash("parseconfig")] == 0.25
    assert term_hash("pars") not in terms
    assert term_hash("main") not in terms


def test_only_the_innermost_frames_count() -> None:
    frames = "".join(f'  File "f{number}.py", line 1, in step_{number}\n' for number in range(40))
    clues = read(f"Traceback (most recent call last):\n{frames}ValueError: x").clues
    assert clues[:3] == ("ValueError", "step_39", "f39")
    assert "step_30" not in clues


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("def parse_config(path):\n    return open(path)", ("parse_config",)),
        ("func (c *Client) Do(r *Request) error {\n\treturn nil\n}", ("Do",)),
        ("export class HttpClient {\n  send() {}\n}", ("HttpClient",)),
        ("x = foo(y)", ()),
    ],
)
def test_a_piece_of_code_asks_for_what_it_defines(text: str, names: tuple[str, ...]) -> None:
    assert read(text).names == names


def test_a_piece_of_code_is_not_called_by_every_word_in_it() -> None:
    assert read("def parse_config(path):\n    return json.load(open(path))").stems == {"pars", "config"}
    assert read("data = json.load(open(path))").stems == frozenset()


def test_the_words_of_a_query_are_told_for_their_terms() -> None:
    said = read("parsing parseConfig").said()
    assert said[term_hash("pars")] == "parsing"
    assert said[term_hash("config")] == said[term_hash("parseconfig")] == "parseConfig"
    assert said.keys() == read("parsing parseConfig").terms(1.5).keys()


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        question = read(text)
    except BadInput:
        return
    assert question.words
    assert question.terms(1.5).keys() == question.said().keys()


def test_stop_words_are_not_looked_up_unless_they_are_all_there_is() -> None:
    assert read("how does the parser work").words == ("parser", "work")
    assert read("how to do it").words == ("how", "to", "do", "it")


def test_a_compound_name_is_looked_up_whole_and_in_parts() -> None:
    terms = read("parseConfigFile").terms(1.5)
    assert terms == {
        term_hash("pars"): 1.0,
        term_hash("config"): 1.0,
        term_hash("fil"): 1.0,
        term_hash("parseconfigfile"): 1.5,
    }


def test_every_style_of_a_name_asks_for_the_same() -> None:
    assert read("parse_config_file").terms(1.5) == read("parseConfigFile").terms(1.5)


def test_names_come_innermost_first() -> None:
    assert read("http.Client.send").names == ("send", "Client", "http")
    assert read("send a request").names == ()


def test_a_pasted_file_asks_for_a_bounded_number_of_terms() -> None:
    assert len(read(" ".join(f"w{number}x" for number in range(5_000))).terms(1.0)) == MOST_TERMS


@pytest.mark.parametrize("text", ["", "   ", "\n", "?!", "+-*"])
def test_nothing_to_look_for_is_said(text: str) -> None:
    with pytest.raises(BadInput, match="nothing to search for"):
        read(text)
