"""Measures a candidate by the cosine alone: how well it finds, and its weights against its file."""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from sightline.embedding.wording import FORMS
from training.joining import joining, unit
from training.networks import embed, load, tokenizer

if TYPE_CHECKING:
    from sightline.embedding.gguf import GgufEmbedder

LONGEST = 256
Embed = Callable[[Sequence[str]], np.ndarray]


def of_weights(folder: Path, form: str, device: str = "cpu", longest: int = LONGEST) -> Embed:
    """Vectors by the trained weights in `folder`, of texts in `form`, cut to `longest` tokens."""
    encoder, words = load(folder, device), tokenizer(folder, longest)
    return lambda texts: embed(encoder, words, [FORMS[form](text) for text in texts])


def of_file(path: Path) -> GgufEmbedder:
    """The product's embedder of a GGUF file; without the product, weights can be measured all the same."""
    from sightline.embedding.fingerprint import Recipe
    from sightline.embedding.gguf import GgufEmbedder

    return GgufEmbedder(path, threads=1, recipe=Recipe(max_tokens=LONGEST))


def remembering(embedded: Embed) -> Embed:
    """`embedded`, asked once for each text."""
    known: dict[str, np.ndarray] = {}

    def found(texts: Sequence[str]) -> np.ndarray:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known.update(zip(new, embedded(new), strict=True))
        return np.stack([known[text] for text in texts])

    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """Queries, the functions that are searched, and the place of the right one for each query."""

    queries: list[str]
    functions: list[str]
    right: np.ndarray


def cosqa(data: Path, others: int | None = None) -> Asked:
    """CoSQA's development queries over all of the functions in `data`.

    With `others`, over the right ones of all queries and as many others alone, which is quicker, and easier.
    """
    queries = json.loads((data / "queries_dev.json").read_text(encoding="utf-8"))
    functions = json.loads((data / "functions.json").read_text(encoding="utf-8"))
    right = list(dict.fromkeys(each["relevant"] for each in queries))
    rest = [number for number in range(len(functions)) if number not in set(right)]
    random.Random(0).shuffle(rest)
    places = {number: place for place, number in enumerate(right)}
    return Asked(
        [each["query"] for each in queries],
        [functions[number] for number in right + rest[:others]],
        np.array([places[each["relevant"]] for each in queries]),
    )


def written(examples: Path, count: int, others: int) -> tuple[Asked, Asked]:
    """The first and the second questions written for the last `count` examples that have any.

    Searched are their texts, and those of the first `others` that have questions. Whoever trains on the examples before
    them has not seen them.
    """
    with examples.open(encoding="utf-8") as lines:
        asked = [example for example in map(json.loads, lines) if example["asked"]]
    searched = asked[-count:] + asked[: min(others, len(asked) - count)]
    texts, right = [example["text"] for example in searched], np.arange(count)
    first, second = zip(*(example["asked"] for example in searched[:count]), strict=True)
    return Asked(list(first), texts, right), Asked(list(second), texts, right)


def ranks(queries: np.ndarray, functions: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The rank of the right function for each query by the cosine, 1 for the first."""
    scores = queries @ functions.T
    best = scores[np.arange(len(queries)), right]
    found: np.ndarray = (scores > best[:, None]).sum(1) + 1
    return found


def gains(found: np.ndarray) -> np.ndarray:
    """NDCG@10 of each query from the rank of its one right answer."""
    return np.where(found <= 10, 1 / np.log2(found + 1), 0)


def report(embedders: Mapping[str, Embed], asked: Asked, cuts: Sequence[int] = ()) -> Iterator[str]:
    """A line for each of `embedders`; of several, also for the mean of their cosines and for their vectors joined.

    After the first line, with the difference to it: its mean over the queries, and 1.96 standard errors of that. `cuts`
    are dimensions that the vectors of the first are cut to, with a line for each.
    """
    vectors = {name: (embedded(asked.queries), embedded(asked.functions)) for name, embedded in embedders.items()}
    of_first = next(iter(vectors.values()))
    shorter = {f"its first {most} dimensions": tuple(unit(part[:, :most]) for part in of_first) for most in cuts}
    if len(vectors) > 1:
        queries, functions = zip(*vectors.values(), strict=True)
        joined = joining([np.concatenate(both) for both in vectors.values()])
        vectors["mean of cosines"] = (np.hstack(queries), np.hstack(functions))
        vectors["joined, fitted on these vectors"] = (joined(queries), joined(functions))
    vectors |= shorter
    first: np.ndarray | None = None
    for name, (of_queries, of_functions) in vectors.items():
        found = ranks(of_queries, of_functions, asked.right)
        gained = gains(found)
        line = f"{name}: NDCG@10 {gained.mean():.4f}, MRR {(1 / found).mean():.4f}"
        if first is None:
            first = gained
        else:
            more = gained - first
            line += f", {more.mean():+.4f} ± {1.96 * more.std() / np.sqrt(len(more)):.4f}"
        yield line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    quality = commands.add_parser("cosqa", help="NDCG@10 and MRR of the cosine alone")
    quality.add_argument("data", type=Path)
    _add_candidates(quality)
    quality.add_argument("--others", type=int, help="wrong functions to search; all where it is not given")
    quality.add_argument("--cut", type=int, nargs="+", default=[], help="dimensions to cut the first one's vectors to")
    questions = commands.add_parser("questions", help="the same of the questions written for the last examples")
    questions.add_argument("examples", type=Path)
    _add_candidates(questions)
    questions.add_argument("--count", type=int, default=800, help="examples whose questions are asked")
    questions.add_argument("--others", type=int, default=2_000, help="texts that are searched besides theirs")
    agreement = commands.add_parser("agreement", help="least and mean cosine of a GGUF file to its weights")
    agreement.add_argument("folder", type=Path)
    agreement.add_argument("file", type=Path)
    agreement.add_argument("examples", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.command == "cosqa":
        for line in report(_candidates(options), cosqa(options.data, options.others), options.cut):
            print(line, flush=True)
    elif options.command == "questions":
        embedders = {name: remembering(embedded) for name, embedded in _candidates(options).items()}
        both = written(options.examples, options.count, options.others)
        for kind, asked in zip(("first", "second"), both, strict=True):
            for line in report(embedders, asked):
                print(f"{kind} questions, {line}", flush=True)
    else:
        texts = _sample(options.examples, 200)
        file = of_file(options.file)
        weights = of_weights(options.folder, file.info.text_form)
        cosines = (weights(texts) * file.embed_documents(texts)).sum(1)
        print(f"cosine: least {cosines.min():.5f}, mean {cosines.mean():.5f}")


def _add_candidates(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "candidates", type=Path, nargs="+", help="folders of weights, or GGUF files; several are joined, too"
    )
    parser.add_argument("--form", default="words", choices=sorted(FORMS), help="of texts, for folders of weights")
    parser.add_argument("--longest", type=int, default=LONGEST, help="tokens of a text, for folders of weights")
    parser.add_argument("--device", default="cpu", help="cpu or cuda, for folders of weights")


def _candidates(options: argparse.Namespace) -> dict[str, Embed]:
    folders = partial(of_weights, form=options.form, device=options.device, longest=options.longest)
    return {path.name: folders(path) if path.is_dir() else of_file(path).embed_documents for path in options.candidates}


def _sample(examples: Path, count: int) -> list[str]:
    with examples.open(encoding="utf-8") as lines:
        texts = [json.loads(line)["text"] for line in lines]
    return random.Random(3).sample(texts, count)


if __name__ == "__main__":
    main()
