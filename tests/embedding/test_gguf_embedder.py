import ctypes
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from gguf_bytes import causal_embedder
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.embedding import native
from sightline.embedding.fingerprint import Recipe, model_info
from sightline.embedding.gguf import GgufEmbedder
from sightline.embedding.models import default_model, open_embedder
from sightline.embedding.native import Decoder, abort_callback
from sightline.errors import Cancelled, ModelError
from sightline.settings import Settings

CLS, SEP = 101, 102
TEXTS = [
    "def read_lines(path): return open(path).read().splitlines()",
    "",
    "banana bread with walnuts",
    "close the connection and give its socket back to the pool " * 30,
    "parse a configuration file",
    "x",
    "sort a list of numbers " * 9,
    "Straße, naïve, 日本語, 🦊",
] + [f"function number {number} " * (number % 23) for number in range(60)]


@pytest.fixture(scope="module")
def embedder():
    made = open_embedder(Settings(threads=1))
    yield made
    made.close()


@pytest.fixture(scope="module")
def causal_path(tmp_path_factory):
    path = tmp_path_factory.mktemp("model") / "causal é.gguf"
    path.write_bytes(causal_embedder())
    return path


@pytest.fixture(scope="module")
def causal(causal_path):
    made = GgufEmbedder(causal_path, threads=1, recipe=Recipe(max_tokens=48))
    yield made
    made.close()


def cosines(left, right):
    return np.sum(left * right, axis=1)


@pytest.mark.parametrize("name", ["embedder", "causal"])
def test_neighbours_in_a_batch_change_nothing(name, request):
    model = request.getfixturevalue(name)
    together = model.embed_documents(TEXTS)
    assert together.shape == (len(TEXTS), model.dimensions)
    assert together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.concatenate([model.embed_documents([text]) for text in TEXTS])
    assert cosines(together, alone).min() >= 0.999
    backwards = model.embed_documents(TEXTS[::-1])[::-1]
    assert cosines(together, backwards).min() >= 0.999
    assert np.array_equal(model.embed_documents(TEXTS), together)


def test_a_paraphrase_is_nearer_than_something_else(embedder):
    question = embedder.embed_query("read a compressed file line by line")
    documents = ["iterate over the lines of a gzip archive", "draw a circle on the canvas", "send an email message"]
    scores = (embedder.embed_documents(documents) @ question.T).ravel()
    assert scores[0] > scores[1:].max() + 0.2


COMMENTS = {
    "Cyrillic": "отправить письмо всем подписчикам",
    "Chinese": "计算两点之间的距离",
    "Japanese": "ファイルを一行ずつ読み込む",
    "Korean": "사용자 비밀번호를 확인한다",
    "Greek": "ταξινόμησε τη λίστα κατά ημερομηνία",
    "Arabic": "إغلاق الاتصال بقاعدة البيانات",
    "Hebrew": "מחק את כל הקבצים הזמניים",
    "Devanagari": "उपयोगकर्ता का नाम बदलें",
    "Thai": "แปลงวันที่เป็นข้อความ",
    "Turkish": "önbelleği boşalt ve yeniden başlat",
    "Vietnamese": "tính tổng tiền của đơn hàng",
    "German": "Prüft, ob die Schlüssel übereinstimmen",
}
"""What twelve functions of no telling name say of themselves, each in another language."""


@pytest.mark.parametrize("script", COMMENTS)
def test_a_comment_in_any_script_is_found_by_its_words(embedder, script):
    functions = [f"def step(value):\n    # {comment}\n    return run(value)" for comment in COMMENTS.values()]
    scores = (embedder.embed_documents(functions) @ embedder.embed_query(COMMENTS[script]).T).ravel()
    assert list(COMMENTS)[int(scores.argmax())] == script


@pytest.mark.parametrize("most", [8, 63, 100, 193, 300, 511, 512])
def test_any_number_of_tokens_may_be_read(most):
    made = GgufEmbedder(default_model(), threads=1, recipe=Recipe(max_tokens=most))
    assert np.allclose(np.linalg.norm(made.embed_documents(TEXTS[:4]), axis=1), 1, atol=1e-5)
    made.close()


def test_no_texts_give_no_vectors(embedder):
    assert embedder.embed_documents([]).shape == (0, 384)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_has_a_vector(embedder, text):
    vectors = embedder.embed_documents([text, "\0" + text])
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=())))
def test_any_text_has_a_vector_of_a_byte_level_model(causal, text):
    assert np.isclose(np.linalg.norm(causal.embed_documents([text])), 1, atol=1e-5)


def test_a_cut_text_keeps_its_special_tokens():
    decoder = Decoder(model_info(default_model(), Recipe(max_tokens=64)), threads=1)
    short, long = decoder.tokens("word"), decoder.tokens("word " * 5000)
    decoder.close()
    assert (short[0], short[-1], len(short)) == (CLS, SEP, 3)
    assert (long[0], long[-1], len(long)) == (CLS, SEP, 64)


def test_a_cut_text_keeps_the_end_that_a_causal_model_is_read_at(causal_path):
    decoder = Decoder(model_info(causal_path, Recipe(max_tokens=16)), threads=1)
    end = decoder.tokens("")
    short, long = decoder.tokens("abc"), decoder.tokens("abc" * 100)
    decoder.close()
    assert len(end) == 1
    assert short[-1] == long[-1] == end[0]
    assert (len(short), len(long)) == (4, 16)


def test_what_is_beyond_the_cut_does_not_matter(embedder):
    head = "close the connection " * 200
    vectors = embedder.embed_documents([head + "banana", head + "quantum physics"])
    assert cosines(vectors[:1], vectors[1:])[0] > 0.9999


def test_special_tokens_spelled_in_source_stay_text():
    decoder = Decoder(model_info(default_model()), threads=1)
    tokens = decoder.tokens("split at [SEP] and [CLS]").tolist()
    decoder.close()
    assert (tokens.count(SEP), tokens.count(CLS)) == (1, 1)


def test_dimensions_are_cut_then_made_unit_again(embedder):
    cut = GgufEmbedder(default_model(), threads=1, recipe=Recipe(max_tokens=embedder.max_tokens, dimensions=64))
    vectors, whole = cut.embed_documents(TEXTS[:5]), embedder.embed_documents(TEXTS[:5])[:, :64]
    cut.close()
    assert vectors.shape == (5, 64)
    assert np.allclose(vectors, whole / np.linalg.norm(whole, axis=1, keepdims=True), atol=1e-5)
    assert cut.fingerprint != embedder.fingerprint


def test_templates_surround_the_text():
    recipe = Recipe(max_tokens=64, document_template="title: {text}", query_template="query: {text} {text}")
    templated = GgufEmbedder(default_model(), threads=1, recipe=recipe)
    # The model's form would take the second of two words out of a text; a template it leaves as it is.
    plain = GgufEmbedder(default_model(), threads=1, recipe=Recipe(max_tokens=64, query_template="query: a a"))
    assert np.array_equal(templated.embed_documents(["a {b}"]), plain.embed_documents(["title: a {b}"]))
    assert np.array_equal(templated.embed_query("a"), plain.embed_query("whatever"))
    templated.close()
    plain.close()


class Announced(list):
    """Texts that tell when they were read."""

    def __init__(self, texts):
        super().__init__(texts)
        self.read = threading.Event()

    def __iter__(self):
        yield from super().__iter__()
        self.read.set()


def test_documents_give_way_when_interrupted(embedder):
    many = Announced(["close the connection " * 60] * 600)
    interrupter = threading.Thread(target=lambda: many.read.wait(20) and embedder.interrupt())
    interrupter.start()
    with pytest.raises(Cancelled):
        embedder.embed_documents(many)
    interrupter.join()
    assert embedder.embed_documents(["again"]).shape == (1, 384)


def test_an_interruption_is_for_documents_alone(embedder):
    embedder.interrupt()
    assert embedder.embed_query("question").shape == (1, 384)
    embedder.interrupt()
    with pytest.raises(Cancelled):
        embedder.embed_documents(["a"])
    assert embedder.embed_documents(["a"]).shape == (1, 384)


def test_the_abort_callback_reads_the_flag():
    import llama_cpp

    flag = ctypes.create_string_buffer(2)
    callback = abort_callback(llama_cpp)
    assert not callback(ctypes.cast(flag, ctypes.c_void_p))
    flag[0] = b"x"
    assert callback(ctypes.cast(flag, ctypes.c_void_p))


@pytest.mark.skipif(sys.platform != "linux", reason="Linux lists what a process maps")
def test_a_small_model_in_use_may_be_cut_short(tmp_path):
    path = tmp_path / "model.gguf"
    path.write_bytes(default_model().read_bytes())
    embedder = GgufEmbedder(path, threads=1)
    before = embedder.embed_documents(["one text"])
    # Were it mapped, the next embedding would end the process rather than fail.
    assert str(path) not in Path("/proc/self/maps").read_text()
    path.write_bytes(b"")
    assert np.array_equal(embedder.embed_documents(["one text"]), before)
    embedder.close()


def test_a_file_cut_short_is_refused_with_the_reason(tmp_path):
    path = tmp_path / "cut.gguf"
    path.write_bytes(default_model().read_bytes()[:2_000_000])
    with pytest.raises(ModelError, match=r"cut\.gguf could not be loaded \(.*incomplete.*sightline\.model"):
        GgufEmbedder(path, threads=1)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ModelError, match="There is no model file"):
        open_embedder(Settings(model=str(tmp_path / "absent.gguf")))


LOUD = """
import sys
import sightline.embedding.gguf, sightline.embedding.queue, sightline.embedding.models
assert "llama_cpp" not in sys.modules
from sightline.settings import Settings
from sightline.errors import ModelError
embedder = sightline.embedding.models.open_embedder(Settings(threads=1))
embedder.embed_documents(["one", "two"])
embedder.close()
try:
    sightline.embedding.models.open_embedder(Settings(model=sys.argv[1]))
except ModelError:
    print("refused")
"""


def test_nothing_is_written_to_the_terminal_and_llama_is_imported_late(tmp_path):
    path = tmp_path / "cut.gguf"
    path.write_bytes(default_model().read_bytes()[:2_000_000])
    done = subprocess.run([sys.executable, "-c", LOUD, str(path)], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr, done.returncode) == ("refused\n", "", 0)


@pytest.mark.skipif(sys.platform != "linux", reason="as Linux lists what is mapped")
def test_a_small_model_is_read_and_a_large_one_mapped(causal_path, tmp_path, monkeypatch):
    path = tmp_path / "looked-for.gguf"
    path.write_bytes(causal_path.read_bytes())

    def mapped():
        model = GgufEmbedder(path, threads=1)
        vectors = model.embed_documents(TEXTS[:3])
        found = "looked-for.gguf" in Path("/proc/self/maps").read_text()
        model.close()
        return found, vectors

    small, read = mapped()
    monkeypatch.setattr(native, "MOST_COPIED", 0)
    large, shared = mapped()
    assert (small, large) == (False, True)
    assert np.array_equal(read, shared)
