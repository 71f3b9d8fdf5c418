"""Questions put to a small repository with the model that ships."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sightline.embedding.queue import EmbeddingQueue
from sightline.errors import BadInput, Cancelled
from sightline.index.index import Duties, Index
from sightline.index.opening import embedding_queue
from sightline.search.answer import Request
from sightline.search.searching import search, similar
from sightline.settings import Settings

FILES = {
    "net/client.py": '''class HttpClient:
    """Talks to a server."""

    def send(self, request):
        """Sends a request, trying again after a growing pause when the server is busy."""
        for attempt in range(5):
            answer = self.transport(request)
            if answer.status != 503:
                return answer
            time.sleep(2**attempt)
''',
    "net/mail.py": '''def send(message):
    """Delivers an electronic letter."""
    return smtp().deliver(message)
''',
    "storage/rows.py": '''def load_rows(path):
    """Yields the lines of a table from disk."""
    with open(path) as file:
        yield from csv.reader(file)


def read_table(path):
    """Yields the records of a table that lies on disk."""
    with open(path) as file:
        yield from csv.DictReader(file)
''',
    "web/geometry.ts": """export const area = (width: number, height: number) => width * height;
""",
    "tests/test_client.py": """def test_send_tries_again_when_the_server_is_busy():
    assert HttpClient().send("x").status == 200
""",
    "README.md": "# Tool\n\nA tool.\n\n## Install\n\nRun make.\n",
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(cache_directory=str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="module")
def embedding(settings: Settings) -> Iterator[EmbeddingQueue]:
    queue = embedding_queue(settings)
    assert queue is not None
    yield queue
    queue.close()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("root")
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def index(root: Path, settings: Settings, embedding: EmbeddingQueue) -> Iterator[Index]:
    index = Index(root, settings, embedding)
    index.refresh().result()
    index.embedded().result()
    yield index
    index.close()


def names(index: Index, text: str, **more: object) -> list[str]:
    answer = search(index, Request(text, **more))  # type: ignore[arg-type]
    return [f"{hit.path}:{hit.qualified_name}" for hit in answer.hits]


def test_a_question_in_other_words_finds_the_function(index: Index) -> None:
    assert names(index, "retry with exponential backoff")[0] == "net/client.py:HttpClient.send"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("HttpClient.send", "net/client.py:HttpClient.send"),
        ("mail.send", "net/mail.py:send"),
        ("load_rows", "storage/rows.py:load_rows"),
        ("loadRows", "storage/rows.py:load_rows"),
        ("HttpClient", "net/client.py:HttpClient"),
    ],
)
def test_an_identifier_finds_its_definition(index: Index, query: str, first: str) -> None:
    assert names(index, query)[0] == first


def test_a_test_comes_after_what_it_tests_unless_tests_are_asked_for(index: Index) -> None:
    plain = names(index, "send tries again when the server is busy")
    assert plain[0] == "net/client.py:HttpClient.send"
    asked = names(index, "test that send tries again when the server is busy")
    assert asked[0].startswith("tests/test_client.py")


def test_modes(index: Index) -> None:
    assert names(index, "retry with exponential backoff", mode="lexical") == []
    assert names(index, "retry with exponential backoff", mode="semantic")[0] == "net/client.py:HttpClient.send"


def test_filters(index: Index) -> None:
    assert {name.split(":")[0] for name in names(index, "send", paths=("net/",))} <= {"net/client.py", "net/mail.py"}
    assert names(index, "area of a rectangle", languages=("typescript",)) == ["web/geometry.ts:area"]
    assert all(hit.kind == "section" for hit in search(index, Request("install", kinds=("section",))).hits)
    assert names(index, "send", paths=("*.py", "!net/**", "!storage/**")) == [
        "tests/test_client.py:" + names_of_test(index)
    ]


def test_filters_typed_in_the_query(index: Index) -> None:
    answer = search(index, Request("send lang:python path:net/ -letter"))
    assert [hit.path for hit in answer.hits] == ["net/client.py", "net/client.py"]
    assert answer.query == "send lang:python path:net/ -letter"
    assert names(index, "area of a rectangle -lang:py -kind:section,lines") == ["web/geometry.ts:area"]
    assert not any(name.startswith("tests/") for name in names(index, "send busy server -testing"))
    assert not any(name.startswith("net/") for name in names(index, "send -path:net/"))


def test_a_hit_says_why_it_is_there(index: Index) -> None:
    hit = search(index, Request("electronics letters by mail")).hits[0]
    assert (hit.path, hit.matches.path, hit.matches.doc) == ("net/mail.py", ("mail",), ("electronics", "letters"))
    assert hit.similarity is not None
    assert hit.why == f"words: mail (path), electronics, letters (doc); similarity {hit.similarity:.2f}"
    shown = hit.preview.split("\n")
    marked = {shown[each.line - hit.preview_line][each.start : each.end] for each in hit.highlights}
    assert marked == {"electronic", "letter"}
    assert search(index, Request("load_rows")).hits[0].why.startswith("defines load_rows; ")


def test_copies_answer_once_and_resembling_code_is_listed_whole(settings: Settings, tmp_path: Path) -> None:
    body = "".join(f"    step_{number}(value, {number})\n" for number in range(40))
    copies = {"src/steps.py": body, "other/steps.py": body + "    last(value)\n", "vendor/steps.py": body}
    for path, text in copies.items():
        (tmp_path / path).parent.mkdir()
        (tmp_path / path).write_text(f"def run_steps(value):\n{text}", encoding="utf-8")
    words = Index(tmp_path, settings, None, Duties(embed_all=False))
    try:
        words.refresh().result()
        (hit,) = search(words, Request("run the steps")).hits
        assert (hit.path.split("/")[0] in ("src", "other"), hit.duplicates) == (True, 2)
        found = similar(words, "src/steps.py", 0, 0, Request(""))
        assert {hit.path for hit in found.hits} == {"other/steps.py", "vendor/steps.py"}
        assert all(hit.highlights == () for hit in found.hits)
    finally:
        words.close()


def names_of_test(index: Index) -> str:
    return search(index, Request("test_send_tries_again_when_the_server_is_busy")).hits[0].qualified_name


def test_limit(index: Index) -> None:
    assert len(names(index, "send", limit=1)) == 1
    with pytest.raises(BadInput, match="1 or more"):
        search(index, Request("send", limit=0))


def test_a_hit_says_where_to_go(index: Index) -> None:
    hit = search(index, Request("load_rows")).hits[0]
    assert (hit.path, hit.start_line, hit.end_line, hit.line) == ("storage/rows.py", 0, 3, 0)
    assert hit.preview.splitlines()[hit.line - hit.preview_line] == "def load_rows(path):"
    assert (hit.language, hit.kind, hit.signature) == ("python", "function", "def load_rows(path)")
    assert 0 < hit.score <= 1


def test_an_answer_says_how_complete_it_is(index: Index, root: Path, settings: Settings) -> None:
    answer = search(index, Request("send"))
    assert answer.completeness.state == "complete"
    assert answer.completeness.chunks == answer.completeness.embedded > 0
    fresh = Settings(cache_directory=settings.cache_directory + "-words")
    words = Index(root, fresh, None, Duties(embed_all=False))
    try:
        words.refresh().result()
        answer = search(words, Request("send a request"))
        assert (answer.completeness.state, answer.completeness.embedded) == ("partial", 0)
        assert "words alone" in answer.note
        assert answer.hits
    finally:
        words.close()


def test_the_first_question_is_answered_by_meaning_too(root: Path, tmp_path: Path) -> None:
    settings = Settings(cache_directory=str(tmp_path))
    queue = embedding_queue(settings)
    assert queue is not None
    index = Index(root, settings, queue, Duties(embed_all=False))
    try:
        index.refresh().result()
        assert index.snapshot().embedded == 0
        answer = search(index, Request("yield each record of a table on disk"))
        assert answer.hits[0].path == "storage/rows.py"
        assert answer.completeness.embedded > 0
        assert queue.embedded_texts > 0
    finally:
        index.close()
        queue.close()


def test_similar_code_without_itself(index: Index) -> None:
    answer = similar(index, "storage/rows.py", 1, 1, Request("", limit=3))
    assert answer.hits[0].qualified_name == "read_table"
    assert all(hit.qualified_name != "load_rows" for hit in answer.hits)
    assert answer.query == "load_rows"


def test_similar_where_there_is_no_code(index: Index) -> None:
    with pytest.raises(BadInput, match="no indexed code at line 100"):
        similar(index, "storage/rows.py", 99, 99, Request(""))
    with pytest.raises(BadInput, match=r"gone\.py"):
        similar(index, "gone.py", 0, 0, Request(""))


def test_an_unsaved_buffer_is_found_and_forgotten(index: Index) -> None:
    index.edit("net/mail.py", "def encode_base64_attachment(data):\n    return data\n").result()
    try:
        assert names(index, "encode_base64_attachment")[0] == "net/mail.py:encode_base64_attachment"
        assert "net/mail.py:send" not in names(index, "mail.send")
    finally:
        index.revert("net/mail.py").result()
    assert names(index, "mail.send")[0] == "net/mail.py:send"


def test_a_withdrawn_search_ends(index: Index) -> None:
    withdrawn = threading.Event()
    withdrawn.set()
    with pytest.raises(Cancelled):
        search(index, Request("a question that was never asked before"), withdrawn.is_set)


def test_nothing_found_is_an_answer(index: Index) -> None:
    assert search(index, Request("qqqq", mode="lexical")).hits == ()
