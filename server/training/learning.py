"""Trains a small encoder: towards the teacher's vectors, and to tell the right function from those most like it.

The losses: the cosine to the teacher's vectors; the divergence of the scores within a batch from the teacher's; and the
cross entropy of each question over the texts of its batch, whole and cut to 64 and 128 dimensions (Matryoshka
representation learning, Kusupati et al. 2022). A batch is made of groups of neighbours in the teacher's space, so that
what a question has to be told from is like its answer; texts that are all but the same are not held against each other.

Started by `torchrun --nproc-per-node N`, N processes learn together: each from batches of its own, all by the mean of
their gradients.
"""

from __future__ import annotations

import argparse
import math
import os
import shutil
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as together
from torch.nn.functional import cross_entropy, kl_div, log_softmax, normalize, softmax

from sightline.embedding.wording import FORMS
from training.joining import Teachers
from training.networks import AT_ONCE, Encoder, beginning, load, vectors, vocabulary
from training.pairs import SAME, Batch, Pairs, Shape

SCALE = 20.0
CUT_DIMENSIONS = (64, 128)
_REPORTED = 50
"""Steps between two lines that say how it goes."""


def loss_of(encoder: Encoder, batch: Batch, options: argparse.Namespace) -> tuple[torch.Tensor, list[float]]:
    """The weighted sum of the losses of a batch, and each of them alone."""
    texts = vectors(encoder, batch.texts, options.at_once)
    questions = vectors(encoder, batch.questions, options.at_once)
    taught, taught_texts = batch.taught_questions, batch.taught_texts
    right = torch.arange(len(texts), device=texts.device)
    same = (taught_texts @ taught_texts.T > SAME) & ~torch.eye(len(texts), dtype=torch.bool, device=texts.device)
    scores = (questions @ texts.T).masked_fill(same, -1.0) * SCALE
    contrast = cross_entropy(scores, right) + 0.5 * cross_entropy(scores.T, right)
    for dimensions in CUT_DIMENSIONS:
        cut = normalize(questions[:, :dimensions], dim=-1) @ normalize(texts[:, :dimensions], dim=-1).T
        contrast = contrast + 0.25 * cross_entropy(cut.masked_fill(same, -1.0) * SCALE, right)
    cosine = (1 - (texts * taught_texts).sum(1)).mean() + (1 - (questions * taught).sum(1)).mean()
    divergence = kl_div(
        log_softmax(scores, 1),
        softmax((taught @ taught_texts.T).masked_fill(same, -1.0) * SCALE, 1),
        reduction="batchmean",
    ) + kl_div(
        log_softmax(texts @ texts.T * SCALE / 2, 1),
        softmax(taught_texts @ taught_texts.T * SCALE / 2, 1),
        reduction="batchmean",
    )
    total = options.contrast * contrast + options.cosine * cosine + options.divergence * divergence
    return total, [contrast.item(), cosine.item(), divergence.item()]


def learn(encoder: Encoder, pairs: Pairs, options: argparse.Namespace) -> None:
    """Train `encoder` until steps or minutes are over, the rate rising at first and falling to nothing."""
    learned = [weights for weights in encoder.parameters() if weights.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=options.rate, betas=(0.9, 0.98), weight_decay=0.01)
    encoder.train()
    began, parts = time.monotonic(), []
    for step, batch in zip(range(1, options.steps + 1), pairs.batches(), strict=False):
        left = _agreed(1 - max((step - 1) / options.steps, (time.monotonic() - began) / (60 * options.minutes)))
        if left <= 0:
            break
        for group in optimizer.param_groups:
            group["lr"] = options.rate * min(1.0, step / options.rising) * max(0.01, left)
        loss, part = loss_of(encoder, batch, options)
        optimizer.zero_grad()
        loss.backward()
        _share_gradients(encoder)
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()
        parts.append(part)
        if step % _REPORTED == 0:
            contrast, cosine, divergence = np.mean(parts, 0)
            rate = step * options.batch * _processes() / (time.monotonic() - began)
            parts = []
            if _is_first():
                print(
                    f"step {step}: {rate:.0f} pairs/s, contrast {contrast:.3f}, cosine {cosine:.3f}, "
                    f"divergence {divergence:.3f}",
                    flush=True,
                )
        if step % options.save_every == 0 and _is_first():
            encoder.save_pretrained(options.out)
    encoder.eval()


def _processes() -> int:
    """How many learn together."""
    return together.get_world_size() if together.is_initialized() else 1


def _is_first() -> bool:
    return not together.is_initialized() or together.get_rank() == 0


def _agreed(number: float) -> float:
    """The mean of `number` over all that learn together, so that all of them stop after the same step."""
    if not together.is_initialized():
        return number
    mean = torch.tensor(number, dtype=torch.float64)
    together.all_reduce(mean)
    return mean.item() / _processes()


def _share_gradients(encoder: Encoder) -> None:
    """Put the mean over all that learn together in place of each gradient."""
    if not together.is_initialized():
        return
    for weights in encoder.parameters():
        if weights.grad is not None:
            together.all_reduce(weights.grad)
            weights.grad /= _processes()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("examples", type=Path)
    parser.add_argument("out", type=Path, help="folder for the trained encoder")
    parser.add_argument(
        "--taught", type=Path, nargs="+", required=True, help="folders of the teachers' vectors, the first one's first"
    )
    parser.add_argument("--teacher", type=Path, help="folder of the first teacher, to begin at its layers")
    parser.add_argument("--layers", default="0,2,5", help="which of the teacher's layers to begin with")
    parser.add_argument("--words", type=Path, help="folder of the tokenizer, where training begins at the teacher")
    parser.add_argument("--begin", type=Path, help="folder of an encoder to go on with, instead of the teacher")
    parser.add_argument(
        "--keep-words",
        action="store_true",
        help="leave the vectors of words as they are: those read back from a quantized file lose nothing in the next",
    )
    parser.add_argument("--form", default="words", choices=sorted(FORMS), help="the form in which texts are read")
    parser.add_argument("--steps", type=int, default=1_000)
    parser.add_argument("--minutes", type=float, default=math.inf, help="stop after so many, where steps are left")
    parser.add_argument("--save-every", type=int, default=500, help="steps after which the encoder is saved")
    parser.add_argument("--rate", type=float, default=3e-4)
    parser.add_argument("--rising", type=int, default=60, help="steps over which the rate rises")
    parser.add_argument("--batch", type=int, default=96)
    parser.add_argument("--longest", type=int, default=160, help="tokens of a text")
    parser.add_argument("--group", type=int, default=1, help="neighbours that come into a batch together")
    parser.add_argument(
        "--asked-share", type=float, default=0.3, help="share of examples with questions written for them"
    )
    parser.add_argument("--contrast", type=float, default=0.3)
    parser.add_argument("--cosine", type=float, default=1.0)
    parser.add_argument("--divergence", type=float, default=1.0)
    parser.add_argument("--at-once", type=int, default=AT_ONCE, help="tokens that go through the encoder together")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1, help="processes that break texts into tokens")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    options = _options()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    if "WORLD_SIZE" in os.environ:
        together.init_process_group("gloo")
        options.seed += together.get_rank()
    if options.begin:
        words, encoder = options.begin, load(options.begin)
    else:
        words = options.words
        layers = [int(layer) for layer in options.layers.split(",")]
        encoder = beginning(options.teacher, layers, vocabulary(words))
    options.out.mkdir(parents=True, exist_ok=True)
    shutil.copy(words / "tokenizer.json", options.out)
    shape = Shape(options.batch, options.group, options.asked_share, options.longest, options.form, options.seed)
    pairs = Pairs(options.examples, Teachers(options.taught), words, shape, options.device, options.workers)
    encoder.get_input_embeddings().weight.requires_grad_(not options.keep_words)
    learn(encoder.to(options.device), pairs, options)
    if _is_first():
        encoder.save_pretrained(options.out)


if __name__ == "__main__":
    main()
