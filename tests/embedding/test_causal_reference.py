"""A model of Qwen3's architecture gives the vectors that numpy computes from the same weights."""

import numpy as np
import pytest
from gguf_bytes import causal_parts, gguf
from qwen3_reference import tokens, vector

from sightline.embedding.fingerprint import Recipe
from sightline.embedding.gguf import GgufEmbedder

CONTEXT = 400
INSTRUCTION = "Instruct: Given a question, find code\nQuery: {text}"
TEXTS = [
    "def decode(data): return data",
    "",
    "x",
    "class Decoder:\n    code = 1\n" * 20,
    "Straße, naïve, 日本語, 🦊",
    "for index in range(10): handle(index)",
    "longer than what is read at once, " * 10,
    "longer than the context " * 30,
]
NEIGHBOURS = [f"text number {number} " * (number % 9) for number in range(90)]


@pytest.fixture(scope="module")
def parts():
    return causal_parts(width=64, layers=3, seed=7, context=CONTEXT)


@pytest.fixture(scope="module")
def path(parts, tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "qwen3.gguf"
    path.write_bytes(gguf(*parts))
    return path


@pytest.fixture
def opened(path):
    """Opens the model with a recipe, and closes it."""
    made = []

    def make(**recipe):
        made.append(GgufEmbedder(path, threads=1, recipe=Recipe(**recipe)))
        return made[-1]

    yield make
    for embedder in made:
        embedder.close()


def expected(parts, texts, most=CONTEXT, dimensions=64):
    return np.stack([vector(tokens(text, parts[0], most), *parts, dimensions) for text in texts])


def alike(left, right):
    """The least cosine of two rows."""
    assert left.shape == right.shape
    return float(np.sum(left * right, axis=1).min())


def test_the_texts_try_what_they_should(parts):
    lengths = [len(tokens(text, parts[0], 10**6)) for text in TEXTS]
    assert 256 < lengths[6] < CONTEXT < lengths[7]
    assert {1, 2} < set(lengths)


def test_vectors_are_those_of_the_end_of_text_token(parts, opened):
    found = opened(max_tokens=CONTEXT).embed_documents(TEXTS)
    assert alike(found, expected(parts, TEXTS)) >= 0.999
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)


def test_one_by_one_or_whatever_the_neighbours(parts, opened):
    embedder = opened(max_tokens=CONTEXT)
    wanted = expected(parts, TEXTS)
    alone = np.concatenate([embedder.embed_documents([text]) for text in TEXTS])
    among = embedder.embed_documents([*NEIGHBOURS[:50], *TEXTS, *NEIGHBOURS[50:]])[50 : 50 + len(TEXTS)]
    backwards = embedder.embed_documents([*TEXTS[::-1], *NEIGHBOURS])[: len(TEXTS)][::-1]
    assert min(alike(found, wanted) for found in (alone, among, backwards)) >= 0.999
    again = embedder.embed_documents(NEIGHBOURS)
    assert alike(again, expected(parts, NEIGHBOURS)) >= 0.999


@pytest.mark.parametrize("most", [8, 33, 257, CONTEXT])
def test_a_text_is_cut_before_its_end_token(parts, opened, most):
    embedder = opened(max_tokens=most)
    assert embedder.max_tokens == most
    assert alike(embedder.embed_documents(TEXTS), expected(parts, TEXTS, most)) >= 0.999


def test_no_text_is_read_beyond_the_context(parts, opened):
    embedder = opened(max_tokens=10 * CONTEXT)
    assert embedder.max_tokens == CONTEXT
    assert alike(embedder.embed_documents(TEXTS[-1:]), expected(parts, TEXTS[-1:])) >= 0.999


@pytest.mark.parametrize("dimensions", [1, 32, 33, 63])
def test_vectors_are_cut_then_made_unit(parts, opened, dimensions):
    found = opened(max_tokens=CONTEXT, dimensions=dimensions).embed_documents(TEXTS)
    assert alike(found, expected(parts, TEXTS, dimensions=dimensions)) >= 0.999


def test_questions_carry_their_instruction_and_documents_none(parts, opened):
    embedder = opened(max_tokens=CONTEXT, query_template=INSTRUCTION)
    assert alike(embedder.embed_documents(TEXTS), expected(parts, TEXTS)) >= 0.999
    question = "where is the {text} decoded"
    asked = embedder.embed_query(question)
    assert alike(asked, expected(parts, [INSTRUCTION.replace("{text}", question)])) >= 0.999
    assert alike(asked, expected(parts, [question])) < 0.9
