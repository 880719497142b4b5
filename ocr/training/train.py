"""Trains the line model for a given time on the processor; stops and goes on from checkpoints."""

from __future__ import annotations

import math
import multiprocessing
import random
import time
from collections.abc import Iterator
from itertools import count
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from ocr.line_image import padded, prepared
from ocr.training import network
from ocr.training.lines import line
from ocr.training.words import letters

BATCH = 16
POOL = 16 * BATCH
"""Lines made at once and sorted by width, so that a batch holds lines of one width."""
WIDTHS = 80
"""Batches come in widths of this many columns: oneDNN prepares itself for each width once."""
CHECKPOINT_SECONDS = 300.0
PEAK_RATE = 2.5e-4
EMA = 0.997
"""The weights that are exported trail those that are trained."""

_Batch = tuple[NDArray[np.float32], list[int], list[str]]


def train(folder: Path, minutes: float) -> None:
    """Until `minutes` of training in all have passed, those before a checkpoint included. Writes
    `checkpoint.pt` and a row of `log.tsv` every five minutes."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    model = network.LineNetwork(network.base(), letters()).to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(model.parameters(), lr=PEAK_RATE, weight_decay=0.01)
    trailing = {name: value.detach().clone() for name, value in model.state_dict().items()}
    spent, seen = _resume(folder, model, optimiser, trailing)
    started, saved, losses = time.monotonic() - spent, time.monotonic(), []
    with _making(seen // BATCH + 1) as batches:
        for batch in batches:
            share = (time.monotonic() - started) / (60 * minutes)
            if share >= 1:
                break
            optimiser.param_groups[0]["lr"] = _rate(share)
            losses.append(_step(model, optimiser, batch))
            seen += len(batch[1])
            for name, value in model.state_dict().items():
                trailing[name].lerp_(value, 1 - EMA)
            if time.monotonic() - saved > CHECKPOINT_SECONDS:
                _save(folder, model, optimiser, trailing, time.monotonic() - started, seen, losses)
                saved, losses = time.monotonic(), []
    _save(folder, model, optimiser, trailing, time.monotonic() - started, seen, losses)


def _rate(share: float) -> float:
    if share < 0.02:
        return PEAK_RATE * max(0.02, share / 0.02)
    return PEAK_RATE * (0.01 + 0.99 * (0.5 + 0.5 * math.cos(math.pi * share)))


def _step(model: network.LineNetwork, optimiser: torch.optim.Optimizer, batch: _Batch) -> float:
    loss = _loss(model, batch)
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimiser.step()
    return float(loss.detach())


def _loss(model: network.LineNetwork, batch: _Batch) -> Tensor:
    """CTC (Graves et al. 2006)."""
    pictures, widths, texts = batch
    lines = torch.from_numpy(pictures).to(memory_format=torch.channels_last)
    logits = model(lines)
    classes = {letter: at for at, letter in enumerate(model.letters, start=1)}
    targets = torch.tensor([classes[letter] for text in texts for letter in text])
    looks = torch.tensor([min(logits.shape[0], math.ceil(width / 8)) for width in widths])
    sizes = torch.tensor([len(text) for text in texts])
    return F.ctc_loss(logits.log_softmax(-1), targets, looks, sizes, zero_infinity=True)


class _making:
    """Batches made by two processes beside the training; they end with it."""

    def __init__(self, seed: int) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._made: Queue[_Batch] = spawn.Queue(64)
        self._makers = [
            spawn.Process(target=_make, args=(self._made, seed + at), daemon=True) for at in (0, 1)
        ]

    def __enter__(self) -> Iterator[_Batch]:
        for maker in self._makers:
            maker.start()
        return (self._made.get() for _ in count())

    def __exit__(self, *_: object) -> None:
        for maker in self._makers:
            maker.kill()
            maker.join()


def _make(made: Queue[_Batch], seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - invented text
    for batch in pools(dice, held_out=False):
        made.put(batch)


def pools(dice: random.Random, held_out: bool) -> Iterator[_Batch]:
    """(pictures, widths, texts), endlessly, each of lines about as wide as each other."""
    while True:
        pairs = [line(dice, held_out) for _ in range(POOL)]
        ready = sorted(((prepared(cut), text) for cut, text in pairs), key=lambda p: p[0].shape[2])
        starts = list(range(0, POOL, BATCH))
        dice.shuffle(starts)
        for at in starts:
            part = ready[at : at + BATCH]
            pictures = [picture for picture, _ in part]
            yield (
                padded(pictures, WIDTHS),
                [p.shape[2] for p in pictures],
                [text for _, text in part],
            )


def _resume(
    folder: Path, model: Any, optimiser: Any, trailing: dict[str, Tensor]
) -> tuple[float, int]:
    path = folder / "checkpoint.pt"
    if not path.exists():
        (folder / "log.tsv").write_text("minutes\tlines\tloss\theld-out lines right\n")
        return 0.0, 0
    kept = torch.load(path, weights_only=True)
    model.load_state_dict(kept["model"])
    optimiser.load_state_dict(kept["optimiser"])
    trailing.update(kept["trailing"])
    return kept["spent"], kept["seen"]


def _save(
    folder: Path, model: Any, optimiser: Any, trailing: dict[str, Tensor],
    spent: float, seen: int, losses: list[float],
) -> None:  # fmt: skip
    kept = {
        "model": model.state_dict(), "optimiser": optimiser.state_dict(), "trailing": trailing,
        "spent": spent, "seen": seen,
    }  # fmt: skip
    torch.save(kept, folder / "checkpoint.new")
    (folder / "checkpoint.new").replace(folder / "checkpoint.pt")
    right = _right(trailing)
    row = f"{spent / 60:.1f}\t{seen}\t{np.mean(losses or [0]):.3f}\t{right:.3f}\n"
    with (folder / "log.tsv").open("a") as log:
        log.write(row)
    print(row, end="", flush=True)


def _right(weights: dict[str, Tensor]) -> float:
    """The share of 128 lines of kept-out typefaces and names that are read without a fault."""
    model = network.LineNetwork(network.base(), letters())
    model.load_state_dict(weights)
    right = total = 0
    batches = pools(random.Random(0), held_out=True)  # noqa: S311
    for _ in range(128 // BATCH):
        pictures, widths, texts = next(batches)
        with torch.no_grad():
            best = model(torch.from_numpy(pictures)).argmax(-1).transpose(0, 1)
        for row, width, text in zip(best.tolist(), widths, texts, strict=True):
            right += _collapsed(row[: math.ceil(width / 8)], model.letters) == text
            total += 1
    return right / total


def _collapsed(classes: list[int], alphabet: str) -> str:
    changed = (now for before, now in zip([0, *classes], classes, strict=False) if now != before)
    return "".join(alphabet[now - 1] for now in changed if now)


def export(folder: Path, out: Path) -> None:
    """The trailing weights as ONNX, stored in half precision: 6 MB, read as single precision."""
    kept = torch.load(folder / "checkpoint.pt", weights_only=True)
    model = network.LineNetwork(network.base(), letters())
    model.load_state_dict(kept["trailing"])
    onnx.save(_halved(model.written()), out)


def _halved(model: onnx.ModelProto) -> onnx.ModelProto:
    casts = []
    for one in model.graph.initializer:
        array = numpy_helper.to_array(one)
        if array.dtype != np.float32 or array.size <= 1:
            continue
        name, short = one.name, f"{one.name}.half"
        one.CopyFrom(numpy_helper.from_array(array.astype(np.float16), short))
        casts.append(helper.make_node("Cast", [short], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    return model
