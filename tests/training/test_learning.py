"""Learning, with an encoder of two small layers; runs where PyTorch is, in the environment that trains."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training's own requirements: server/training/requirements.txt")
pytest.importorskip("transformers", reason="training's own requirements: server/training/requirements.txt")

from tokenizers import BertWordPieceTokenizer  # noqa: E402
from transformers import BertConfig, BertModel  # noqa: E402

from sightline.embedding.wording import words as words_of  # noqa: E402
from training import learning, teaching  # noqa: E402
from training.blocks import stored  # noqa: E402
from training.joining import Teachers  # noqa: E402
from training.networks import embed, load, tokenizer, vectors  # noqa: E402
from training.pairs import Pairs, Shape, parts_of, read  # noqa: E402

WHOLE = Path(learning.__file__).with_name("whole.sh")
VERBS, NOUNS = ("open", "close", "read", "write", "sort", "count"), ("file", "socket", "list", "word", "tree", "table")
MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def _example(verb: str, noun: str, number: int) -> dict[str, Any]:
    text = f"def {verb}_{noun}(self):\n    return {noun}.{verb}()"
    asked = [f"{verb} a {noun}", f"how to {verb} {noun}"] if number % 2 else []
    return {
        "path": f"a/{noun}.py",
        "name": f"{noun}.{verb}",
        "sentence": f"Can {verb} the {noun}",
        "asked": asked,
        "text": text,
        "undocumented": text,
        "source": "s",
        "language": "python",
    }


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a teacher of two layers and `examples.jsonl`."""
    folder = tmp_path_factory.mktemp("training")
    examples = [_example(verb, noun, n) for n, (verb, noun) in enumerate((v, n) for v in VERBS for n in NOUNS)]
    lines = [json.dumps(example) for example in examples]
    (folder / "examples.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    words = [*MARKS, *VERBS, *NOUNS, "def", "self", "return", "can", "the", "a", "how", "to", "(", ")", ".", ":", "_"]
    teacher = folder / "teacher"
    teacher.mkdir()
    (teacher / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    BertWordPieceTokenizer(str(teacher / "vocab.txt"), lowercase=True).save(str(teacher / "tokenizer.json"))
    torch.manual_seed(2)
    config = BertConfig(
        vocab_size=len(words), hidden_size=24, num_hidden_layers=2, num_attention_heads=12, intermediate_size=48
    )
    encoder = BertModel(config, add_pooling_layer=False)
    for parameter in encoder.parameters():
        parameter.data.mul_(4)
    encoder.save_pretrained(teacher)
    return folder


def _run(module: Any, monkeypatch: pytest.MonkeyPatch, *arguments: object) -> None:
    monkeypatch.setattr(sys, "argv", ["training", *map(str, arguments)])
    module.main()


def test_vectors_do_not_depend_on_what_is_embedded_with_them(there: Path) -> None:
    encoder, words = load(there / "teacher"), tokenizer(there / "teacher", 64)
    texts = ["open file", "sort the list and count", "tree", "read a word", ""]
    alone = np.concatenate([embed(encoder, words, [text]) for text in texts])
    for at_once in (1, 12, 4_096):
        assert np.allclose(embed(encoder, words, texts, at_once), alone, atol=0.02)


def test_nothing_is_dropped_out_in_training_whatever_the_folder_asks_for(there: Path) -> None:
    assert json.loads((there / "teacher" / "config.json").read_text(encoding="utf-8"))["hidden_dropout_prob"] > 0
    encoder, words = load(there / "teacher").train(), tokenizer(there / "teacher", 64)
    rows = [words.encode("open the file").ids] * 2
    first, second = vectors(encoder, rows).detach().numpy()
    assert first == pytest.approx(second, abs=1e-6)
    assert vectors(encoder, rows).detach().numpy()[0] == pytest.approx(first, abs=1e-6)


def test_gradients_reach_the_encoder_in_the_order_of_the_texts(there: Path) -> None:
    encoder, words = load(there / "teacher"), tokenizer(there / "teacher", 64)
    rows = [words.encode(text).ids for text in ("sort the list and count", "open")]
    found = vectors(encoder, rows, 6)
    found[1].sum().backward()
    gradient = encoder.get_input_embeddings().weight.grad
    assert gradient is not None
    touched = {int(number) for number in gradient.abs().sum(1).nonzero()}
    assert touched == set(rows[1])


def test_an_example_is_read_as_its_parts(there: Path) -> None:
    example = _example("open", "file", 1)
    found = read([example], there / "teacher", "words", 64)[0]
    words = tokenizer(there / "teacher", 64)
    said = [words.decode(list(part)) for part in (found.head, found.sentence, *found.asked)]
    assert said == ["file file", "can open the file", "open a file", "how to open file"]
    assert words.decode(list(found.texts[0])) == "def open file self return file open"
    assert len(parts_of(example)) == 6


def test_a_block_is_taught_once_and_with_one_vector_for_each_text(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = there / "taught-once"
    _run(teaching, monkeypatch, there / "teacher", there / "examples.jsonl", out)
    (block,) = stored(out)
    assert [len(part) for part in (block.texts, block.sentences, *block.asked)] == [36] * 4
    assert np.array_equal(block.asked[0][0], block.sentences[0])
    assert not np.array_equal(block.asked[0][1], block.sentences[1])
    written = (out / "0000.npz").stat().st_mtime_ns
    _run(teaching, monkeypatch, there / "teacher", there / "examples.jsonl", out)
    assert (out / "0000.npz").stat().st_mtime_ns == written


@pytest.mark.parametrize("group", [1, 4])
def test_batches_hold_each_example_once_with_its_own_vectors(
    there: Path, monkeypatch: pytest.MonkeyPatch, group: int
) -> None:
    out = there / "taught-batches"
    _run(teaching, monkeypatch, there / "teacher", there / "examples.jsonl", out)
    shape = Shape(size=12, group=group, asked_share=0.5, longest=32, form="words")
    batch = next(Pairs(there / "examples.jsonl", Teachers([out]), there / "teacher", shape).batches())
    assert len(batch.texts) == len(batch.questions) == 12
    assert len({tuple(row.tolist()) for row in batch.taught_texts}) == 12
    words = tokenizer(there / "teacher", 64)
    block = next(stored(out))
    for question, taught in zip(batch.questions, batch.taught_questions, strict=True):
        said = words.decode(question)
        verb, noun = (next(word for word in some if word in said.split()) for some in (VERBS, NOUNS))
        number = VERBS.index(verb) * len(NOUNS) + NOUNS.index(noun)
        known = [block.sentences[number], block.asked[0][number], block.asked[1][number]]
        assert any(np.allclose(taught.numpy(), each) for each in known)


def test_examples_with_questions_with_a_sentence_and_with_but_a_name_all_come_into_batches(
    there: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = [{"asked": [], "sentence": ""}, {"asked": []}, {}]
    examples = [
        _example(verb, noun, 1) | kinds[number % 3]
        for number, (verb, noun) in enumerate(zip(VERBS, NOUNS, strict=True))
    ]
    lines = tmp_path / "examples.jsonl"
    lines.write_text("".join(json.dumps(example) + "\n" for example in examples), encoding="utf-8")
    _run(teaching, monkeypatch, there / "teacher", lines, tmp_path / "taught")
    shape = Shape(size=2, group=1, asked_share=0.3, longest=32, form="words")
    batches = Pairs(lines, Teachers([tmp_path / "taught"]), there / "teacher", shape, workers=2).batches()
    words = tokenizer(there / "teacher", 64)
    said = {words.decode(question) for _ in range(40) for question in next(batches).questions}
    assert {"file open", "can close the socket", "read a list", "how to read list", "word write"} <= said


def test_no_batch_without_a_teachers_vectors(there: Path) -> None:
    shape = Shape(size=4, group=1, asked_share=0.5, longest=32, form="words")
    pairs = Pairs(there / "examples.jsonl", Teachers([there / "nothing"]), there / "teacher", shape)
    with pytest.raises(ValueError, match="not there yet"):
        next(pairs.batches())


def test_a_student_of_two_teachers_comes_nearer_to_them(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, learned = there / "taught", there / "learned"
    _run(teaching, monkeypatch, there / "teacher", there / "examples.jsonl", out)
    settings = [there / "examples.jsonl", learned, "--taught", out, out, "--teacher", there / "teacher"]
    settings += ["--words", there / "teacher", "--layers", "0", "--batch", 18, "--group", 3, "--save-every", 10]

    def distance(steps: int) -> float:
        _run(learning, monkeypatch, *settings, "--steps", steps, "--rate", 3e-3)
        encoder, words = load(learned), tokenizer(learned, 64)
        examples = [json.loads(line) for line in (there / "examples.jsonl").open(encoding="utf-8")]
        found = embed(encoder, words, [words_of(example["text"]) for example in examples])
        return float((1 - (found * next(stored(out)).texts).sum(1)).mean())

    assert distance(60) < 0.5 * distance(1)


def test_vectors_of_words_can_stay_as_they_are(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, learned = there / "taught-but-words", there / "but-words"
    _run(teaching, monkeypatch, there / "teacher", there / "examples.jsonl", out)
    settings = [there / "examples.jsonl", learned, "--taught", out, "--begin", there / "teacher", "--batch", 4]
    _run(learning, monkeypatch, *settings, "--steps", 3, "--keep-words")
    before, after = load(there / "teacher").state_dict(), load(learned).state_dict()
    changed = {name for name, weights in before.items() if not torch.equal(weights, after[name])}
    assert changed
    assert "embeddings.word_embeddings.weight" not in changed


def test_learning_stops_when_its_minutes_are_over(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, learned = there / "taught-in-time", there / "stopped"
    _run(teaching, monkeypatch, there / "teacher", there / "examples.jsonl", out)
    settings = [there / "examples.jsonl", learned, "--taught", out, "--begin", there / "teacher", "--batch", 4]
    _run(learning, monkeypatch, *settings, "--steps", 1_000_000, "--minutes", 0.01)
    assert (learned / "model.safetensors").exists()


def test_a_teacher_reads_texts_in_the_form_that_it_wants(there: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = there / "taught-in-words"
    _run(teaching, monkeypatch, there / "teacher", there / "examples.jsonl", out, "--form", "words")
    examples = [json.loads(line) for line in (there / "examples.jsonl").open(encoding="utf-8")]
    encoder, words = load(there / "teacher"), tokenizer(there / "teacher", 64)
    alone = embed(encoder, words, [words_of(example["text"]) for example in examples])
    assert np.allclose(next(stored(out)).texts, alone, atol=0.02)


def test_processes_that_learn_together_share_their_gradients_and_stop_after_the_same_step(
    there: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, each = there / "taught-together", tmp_path / "each.py"
    _run(teaching, monkeypatch, there / "teacher", there / "examples.jsonl", out)
    each.write_text(
        "import os, sys, torch\n"
        "from training import learning\n"
        "learn, sharing, own = learning.learn, learning._share_gradients, []\n"
        "def share(encoder):\n"
        "    own.append(next(encoder.parameters()).grad.clone())\n"
        "    sharing(encoder)\n"
        "def kept(encoder, *rest):\n"
        "    learn(encoder, *rest)\n"
        "    torch.save((own, encoder.state_dict()), f'{sys.argv[2]}-{os.environ[\"RANK\"]}')\n"
        "learning._share_gradients, learning.learn = share, kept\n"
        "learning.main()\n"
    )
    launcher = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", str(each)]
    settings: list[object] = [there / "examples.jsonl", tmp_path / "learned", "--taught", out]
    settings += ["--begin", there / "teacher", "--batch", 8, "--steps", 1_000_000, "--minutes", 0.05]
    subprocess.run([*launcher, *map(str, settings)], check=True, capture_output=True, timeout=300)
    (own, first), (others, second) = (torch.load(tmp_path / f"learned-{rank}") for rank in (0, 1))
    assert len(own) == len(others) > 1
    assert not torch.equal(own[0], others[0])
    kept = load(tmp_path / "learned").state_dict()
    for name, weights in first.items():
        assert torch.equal(weights, second[name])
        assert torch.equal(weights, kept[name])


def test_the_whole_run_goes_on_where_it_was_cut_off(there: Path, tmp_path: Path) -> None:
    examples = [json.loads(line) for line in (there / "examples.jsonl").open(encoding="utf-8")]
    (tmp_path / "functions.json").write_text(json.dumps([example["text"] for example in examples]))
    queries = [{"query": f"how to {VERBS[n // 6]} {NOUNS[n % 6]}", "relevant": n} for n in range(36)]
    (tmp_path / "queries_dev.json").write_text(json.dumps(queries))
    second = tmp_path / "second"
    second.symlink_to(there / "teacher")
    python = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    few = {
        "LAYERS": "1",
        "NEW_WORDS": "yes",
        "BATCH": "12",
        "DISTILL_STEPS": "20",
        "CONTRAST_STEPS": "3",
        "CONTRAST_GROUP": "3",
    }
    command = [WHOLE, there / "examples.jsonl", tmp_path, tmp_path / "out", there / "teacher", second]

    def run(**environment: str) -> subprocess.CompletedProcess[str]:
        settings = os.environ | few | environment | {"PATH": python}
        return subprocess.run([*map(str, command)], env=settings, capture_output=True, text=True, check=False)

    assert run(CONTRAST_STEPS="none").returncode != 0
    distilled = (tmp_path / "out" / "distilled" / "model.safetensors").stat().st_mtime_ns
    finished = run()
    assert finished.returncode == 0, finished.stderr
    assert [line.partition(" NDCG@10 0.")[0] for line in finished.stdout.splitlines()[-2:]] == [
        "distilled:",
        "trained:",
    ]
    assert (tmp_path / "out" / "distilled" / "model.safetensors").stat().st_mtime_ns == distilled


def test_half_way_back_lies_between_what_was_known_and_what_was_learned(there: Path, tmp_path: Path) -> None:
    from training.averaging import average

    before, after = load(there / "teacher"), load(there / "teacher")
    with torch.no_grad():
        for weights in after.parameters():
            weights.add_(1.0)
        mixed = average(before, after, 0.25)
    for name, weights in load(there / "teacher").state_dict().items():
        assert torch.allclose(mixed.state_dict()[name], weights + 0.25 * weights.is_floating_point())


def test_weights_come_back_from_the_file_that_was_written_of_them(
    there: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training import exporting, restoring

    file, restored = tmp_path / "teacher.gguf", tmp_path / "restored"
    monkeypatch.setattr("sys.argv", ["exporting", str(there / "teacher"), str(file), "F16", "F16", "--form", ""])
    exporting.main()
    monkeypatch.setattr("sys.argv", ["restoring", str(file), str(there / "teacher"), str(restored)])
    restoring.main()
    again = load(restored).state_dict()
    for name, weights in load(there / "teacher").state_dict().items():
        assert torch.allclose(again[name], weights, atol=1e-3)
    assert (restored / "tokenizer.json").read_bytes() == (there / "teacher" / "tokenizer.json").read_bytes()
