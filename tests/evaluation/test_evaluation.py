"""The whole evaluation in small: two dozen functions, and a repository of three files."""

from __future__ import annotations

import json
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from sightline.search.weights import WEIGHTS, Weights
from tests.evaluation.__main__ import main
from tests.evaluation.ablation import ALL, variants

FUNCTIONS = {
    "average of a list of numbers": """\
def mean(xs):
    return sum(xs) / len(xs)
""",
    "check whether a year is a leap year": """\
def is_leap(y):
    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)
""",
    "reverse the order of words in a sentence": """\
def flip(text):
    return " ".join(reversed(text.split()))
""",
    "remove duplicates but keep order": """\
def unique(items):
    return list(dict.fromkeys(items))
""",
    "read json from a file": """\
def load(path):
    with open(path) as stream:
        return json.load(stream)
""",
    "write rows to a csv file": """\
def save(rows, path):
    with open(path, 'w') as out:
        csv.writer(out).writerows(rows)
""",
    "greatest common divisor": """\
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a
""",
    "fetch a web page": """\
def fetch(url):
    return urllib.request.urlopen(url).read().decode()
""",
    "convert celsius to fahrenheit": """\
def to_fahrenheit(celsius):
    return celsius * 9 / 5 + 32
""",
    "flatten nested lists": """\
def flatten(nested):
    return [item for inner in nested for item in inner]
""",
    "count how often each word occurs": """\
def frequencies(text):
    return Counter(text.lower().split())
""",
    "md5 checksum of a file": """\
def digest(path):
    return hashlib.md5(open(path, 'rb').read()).hexdigest()
""",
    "current time as an iso string": """\
def now():
    return datetime.datetime.now().isoformat()
""",
    "is the string a palindrome": """\
def mirrored(s):
    return s == s[::-1]
""",
    "transpose a matrix": """\
def transpose(matrix):
    return [list(row) for row in zip(*matrix)]
""",
    "wait until the thread has ended": """\
def finish(thread):
    thread.join()
""",
    "kill a process by its id": """\
def stop(pid):
    os.kill(pid, signal.SIGTERM)
""",
    "random password of a given length": """\
def password(n):
    return ''.join(secrets.choice(LETTERS) for _ in range(n))
""",
    "list the files in a folder by extension": """\
def glob_all(folder, ext):
    return list(Path(folder).glob('*' + ext))
""",
    "parse an integer or fall back to a default": """\
def to_int(text, default):
    try:
        return int(text)
    except ValueError:
        return default
""",
    "split a list into chunks of equal size": """\
def batches(xs, n):
    for i in range(0, len(xs), n):
        yield xs[i:i + n]
""",
    "merge two dictionaries": """\
def merged(a, b):
    return {**a, **b}
""",
    "resize an image to a width": """\
def scale(image, width):
    return image.resize((width, image.height * width // image.width))
""",
    "connect to a sqlite database": """\
def connect(path):
    return sqlite3.connect(path)
""",
}


@pytest.fixture
def evaluate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the evaluation with arguments, and gives back its JSON."""

    def run(*arguments: str) -> dict[str, Any]:
        out = tmp_path / "out" / "figures.json"
        shared = ["--json", str(out), "--cache", str(tmp_path / "cache")]
        monkeypatch.setattr(sys, "argv", ["evaluation", *arguments, *shared])
        assert main() == 0
        record: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return record

    return run


def test_web_queries_over_functions(evaluate: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "functions.json").write_text(json.dumps(list(FUNCTIONS.values())))
    queries = [{"query": query, "relevant": number} for number, query in enumerate(FUNCTIONS)]
    (data / "queries_dev.json").write_text(json.dumps(queries))
    record = evaluate("cosqa", str(data))
    figures = {mode: summary["mean"] for mode, summary in record["modes"].items()}
    assert set(figures) == {"lexical", "semantic", "hybrid"}
    assert figures["semantic"]["recall_5"] >= 0.9
    assert figures["hybrid"]["ndcg"] >= figures["lexical"]["ndcg"]
    assert figures["hybrid"]["recall_5"] >= 0.9
    assert len(record["questions"]) == len(FUNCTIONS)

    old = tmp_path / "old.json"
    old.write_text(json.dumps(record))
    evaluate("cosqa", str(data), "--compare", str(old), "--modes", "lexical")
    assert "0 moved" in capsys.readouterr().out


def test_questions_over_repositories(evaluate: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "checkouts" / "shop" / "src"
    root.mkdir(parents=True)
    (root / "cart.py").write_text("class Cart:\n    def add(self, item):\n        self.items.append(item)\n")
    (root / "tax.py").write_text("def value_added_tax(amount, rate):\n    return amount * rate\n")
    (root / "mail.py").write_text("def send_receipt(address, order):\n    smtp.send(address, order.text())\n")
    data = tmp_path / "data"
    (data / "queries").mkdir(parents=True)
    here = {"name": "shop", "language": "python", "root": "src", "published": {"semble": 0.5}}
    (data / "repositories.json").write_text(json.dumps([here, {**here, "name": "absent"}]))
    questions = [
        {"query": "value_added_tax", "category": "symbol", "relevant": ["src/tax.py"], "secondary": []},
        {"query": "email a receipt to the customer", "category": "semantic", "relevant": ["mail.py"], "secondary": []},
        {"query": "put an item into the cart", "category": "semantic", "relevant": ["src/cart.py"], "secondary": []},
    ]
    (data / "queries" / "shop.json").write_text(json.dumps(questions))
    record = evaluate("repositories", str(data), str(tmp_path / "checkouts"), "--modes", "hybrid")
    assert record["modes"]["hybrid"]["mean"]["ndcg"] == 1
    assert record["modes"]["hybrid"]["groups"]["category"]["symbol"]["questions"] == 1
    printed = capsys.readouterr()
    assert "category" in printed.out
    assert "symbol" in printed.out
    assert "absent: there is no folder" in printed.err


def test_what_is_lost_without_each_signal(evaluate: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "checkouts" / "shop"
    root.mkdir(parents=True)
    (root / "cart.py").write_text("def add(item):\n    return [item]\n")
    (root / "other.py").write_text("def other(cart):\n    for cart in cart:\n        cart(cart)\n")
    data = tmp_path / "data"
    (data / "queries").mkdir(parents=True)
    (data / "repositories.json").write_text(json.dumps([{"name": "shop", "language": "python", "root": ""}]))
    question = {"query": "how the cart works", "category": "semantic", "relevant": ["cart.py"], "secondary": []}
    (data / "queries" / "shop.json").write_text(json.dumps([question]))
    record = evaluate("repositories", str(data), str(tmp_path / "checkouts"), "--modes", "lexical", "--ablate")
    assert record["all"]["lexical"] == {"mean": 1.0, "semantic": 1.0}
    assert set(record["without"]) == set(variants()) - {ALL}
    assert record["without"]["file_named"]["lexical"]["mean"] < 0
    assert record["without"]["elsewhere"]["lexical"]["mean"] == 0
    assert "file_named" in capsys.readouterr().out


def test_every_weight_of_the_ranking_is_ablated_or_says_how_much() -> None:
    neutral = {name for variant in variants().values() for name in changed(variant)}
    amounts = {"saturation", "clue", "usual_similarity", "least_meaning", "most_meaning", "similar_that_count"}
    amounts |= {"unrelated", "unknown_meaning", "reranker", "neighbours"}
    assert neutral | amounts >= {field.name for field in fields(Weights)}


def changed(variant: Weights) -> set[str]:
    return {field.name for field in fields(Weights) if getattr(variant, field.name) != getattr(WEIGHTS, field.name)}


def test_models_beside_one_another(evaluate: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "checkouts" / "shop"
    root.mkdir(parents=True)
    (root / "tax.py").write_text(FUNCTIONS["greatest common divisor"])
    (root / "mail.py").write_text(FUNCTIONS["md5 checksum of a file"])
    data = tmp_path / "data"
    (data / "queries").mkdir(parents=True)
    (data / "functions.json").write_text(json.dumps(list(FUNCTIONS.values())))
    (data / "queries_dev.json").write_text(json.dumps([{"query": "greatest common divisor", "relevant": 6}]))
    (data / "repositories.json").write_text(json.dumps([{"name": "shop", "language": "python", "root": ""}]))
    question = {"query": "checksum of a file", "category": "semantic", "relevant": ["mail.py"], "secondary": []}
    (data / "queries" / "shop.json").write_text(json.dumps([question]))
    record = evaluate("models", str(data), str(data), str(tmp_path / "checkouts"), "default", "default@8")
    whole, short = record["models"]
    assert whole["model"] == "sightline-minilm-Q8_0, 48 tokens"
    assert short["model"] == "sightline-minilm-Q8_0, 8 tokens"
    assert whole["times"] == 1
    assert min(whole["chunks_a_second"], short["chunks_a_second"]) > 0
    assert whole["megabytes"] == 19.4
    assert whole["ndcg"]["repositories"] == {"semantic": 1, "hybrid": 1}
    assert whole["ndcg"]["cosqa"]["semantic"] == 1
    assert "8 tokens" in capsys.readouterr().out
