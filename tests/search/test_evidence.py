"""What a result says of why it is there."""

from __future__ import annotations

from sightline.index.mirror import Mirror
from sightline.index.snapshot import Place
from sightline.index.tables import rows, segment
from sightline.index.vectors import VectorMatrix
from sightline.language.chunk import Chunk, Span
from sightline.search.answer import Matches
from sightline.search.evidence import matches, why
from sightline.search.question import read


def matched(query: str, path: str = "net/retrying.py") -> Matches:
    span = Span(0, 60, 0, 2)
    text = "def send(request):\n    parse_header(request)\n    return HttpServer"
    chunk = Chunk(
        "python", "function", "send", "Client.send", span, 0, (span,), text, signature="def send(request)", doc="Waits."
    )
    mirror = Mirror(VectorMatrix(2))
    mirror.replace([path], segment([rows(path, b"x" * 16, [chunk])]))
    (found,) = matches(mirror.snapshot(), [Place(0, 0)], read(query).said())
    return found


def test_words_are_told_as_they_were_typed_by_where_their_forms_stand() -> None:
    found = matched("sending and retries while waiting for the client")
    assert found == Matches(
        name=("sending", "client"), path=("retries",), doc=("sending", "waiting"), body=("sending",)
    )


def test_an_identifier_is_one_word_whatever_of_it_matched() -> None:
    assert matched("parseHeaders everywhere").body == ("parseHeaders",)
    assert matched("httpServer please").body == ("httpServer",)


def test_each_chunk_has_its_own_matches_in_the_order_they_were_asked_for() -> None:
    mirror = Mirror(VectorMatrix(2))
    for path, text in {"a.py": "open gate", "b.py": "close gate"}.items():
        span = Span(0, len(text), 0, 0)
        chunk = Chunk("python", "lines", "", "", span, 0, (span,), text)
        mirror.replace([path], segment([rows(path, b"x" * 16, [chunk, chunk])]))
    snapshot = mirror.snapshot()
    places = [place for path in ("b.py", "a.py") for place in snapshot.places_in(path)]
    found = matches(snapshot, places, read("gates open and close").said())
    assert [each.body for each in found] == [("gates", "close")] * 2 + [("gates", "open")] * 2
    assert matches(snapshot, [], read("gates").said()) == []


def test_nothing_matched() -> None:
    assert matched("zebra crossing") == Matches()


def test_why_names_each_word_where_it_weighs_most() -> None:
    found = Matches(name=("retry",), doc=("backoff", "retry"), body=("retry", "backoff", "server"))
    assert why(found, 0.618) == "words: retry (name), backoff (doc), server (body); similarity 0.62"


def test_why_tells_everything_there_is_and_no_more() -> None:
    assert why(Matches(), 0.5) == "similarity 0.50"
    assert why(Matches(path=("a", "b")), None) == "words: a, b (path)"
    assert why(Matches(), None) == ""
    found = why(Matches(name=("send",)), 0.1, defines="send", reranked=0.914)
    assert found == "defines send; words: send (name); similarity 0.10; reranker 0.91"


def test_why_stays_one_line_for_a_pasted_text() -> None:
    words = tuple(f"word{number}" for number in range(50))
    assert why(Matches(body=words), None) == "words: word0, word1, word2, word3, word4, word5 (body), and 44 more"
