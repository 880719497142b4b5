"""The line model as a PyTorch module: the graph of rapidocr's small recogniser (PP-OCRv6,
Apache-2.0) with Vietnamese letters in place of its own.

The graph is run operator by operator, its weights as parameters, so that what was trained is
written back into the same graph. GELU and layer norm, spread over many operators in the file, are
run as one each: training takes half the time.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

LAST_WEIGHT, LAST_BIAS = "linear_8.w_0", "linear_8.b_0"
_SAME = {"Identity", "Cast", "Dropout"}


def base() -> onnx.ModelProto:
    """What training starts from."""
    spec = importlib.util.find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise RuntimeError("rapidocr is not installed: pip install '.[training]'")
    return onnx.load(Path(spec.origin).parent / "models" / "PP-OCRv6_rec_small.onnx")


class LineNetwork(nn.Module):
    """(n, 3, 48, width) → (width / 8, n, 1 + letters) logits; class 0 is CTC's blank."""

    def __init__(self, model: onnx.ModelProto, letters: str) -> None:
        super().__init__()
        self.letters = letters
        self._model = model
        arrays = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
        if arrays[LAST_BIAS].shape[0] != len(letters) + 1:
            _speak(arrays, _written(model), letters)
        norms = [node for node in model.graph.node if node.op_type == "BatchNormalization"]
        settled = {name for node in norms for name in node.input[3:]}
        self._constants: dict[str, Tensor] = {}
        self._names: dict[str, str] = {}
        for name, array in arrays.items():
            value = torch.from_numpy(np.array(array))
            if value.is_floating_point() and value.numel() > 1 and name not in settled:
                self._names[name] = f"w{len(self._names)}"
                self.register_parameter(self._names[name], nn.Parameter(value))
            else:
                self._constants[name] = value
        self._steps = _plan(model.graph)

    def forward(self, lines: Tensor) -> Tensor:
        known: dict[str, Any] = {**self._constants, "x": lines}
        known |= {name: getattr(self, own) for name, own in self._names.items()}
        for run, inputs, output in self._steps:
            known[output] = run(*(known[name] for name in inputs))
        logits: Tensor = known[self._steps[-1][2]]
        return logits.transpose(0, 1)

    def written(self) -> onnx.ModelProto:
        """The graph with the weights as they are, and the letters in its metadata."""
        model = onnx.ModelProto()
        model.CopyFrom(self._model)
        for one in model.graph.initializer:
            own = self._names.get(one.name)
            if own:
                array = getattr(self, own).detach().float().numpy()
                one.CopyFrom(numpy_helper.from_array(array, one.name))
        del model.metadata_props[:], model.graph.value_info[:]
        onnx.helper.set_model_props(model, {"character": "\n".join(self.letters)})
        shape = model.graph.output[0].type.tensor_type.shape
        shape.dim[2].dim_value = len(self.letters) + 1
        return model


def _written(model: onnx.ModelProto) -> list[str]:
    """The letters of the file's classes 1, 2, …"""
    said = {one.key: one.value for one in model.metadata_props}["character"]
    return [*said.split("\n"), " "]


def _speak(arrays: dict[str, NDArray[Any]], before: list[str], letters: str) -> None:
    """New rows of the last layer, each begun from the same letter or its nearest kin."""
    at = {letter: row for row, letter in enumerate(before, start=1)}
    rows = [0] + [at[_kin(letter, at)] for letter in letters]
    arrays[LAST_WEIGHT] = arrays[LAST_WEIGHT][:, rows].copy()
    arrays[LAST_BIAS] = arrays[LAST_BIAS][rows].copy()
    rng = np.random.default_rng(1)
    arrays[LAST_WEIGHT] += rng.normal(0, 0.02, arrays[LAST_WEIGHT].shape).astype(np.float32)


def _kin(letter: str, known: dict[str, int]) -> str:
    """ "ấ" → "ấ", "â", "a", whichever comes first among the known."""
    apart = unicodedata.normalize("NFD", letter)
    shorter = (unicodedata.normalize("NFC", apart[:size]) for size in range(len(apart), 0, -1))
    plain = {"Đ": "D", "đ": "d"}.get(letter, apart[0])
    return next((one for one in (*shorter, plain) if one in known), "-")


_Step = tuple[Callable[..., Any], list[str], str]
"""what to run, on what, giving what"""
_Plan = tuple[Callable[[], Callable[..., Any]], list[str], str]


def _plan(graph: onnx.GraphProto) -> list[_Step]:
    """The operators in order, without what a fused one covers and the softmax at the end."""
    nodes = list(graph.node)
    by_output = {node.output[0]: node for node in nodes}
    steps: list[_Plan] = []
    for node in nodes:
        fused = _gelu(node, by_output) or _layer_norm(node, by_output)
        if fused:
            run, inputs = fused
            steps.append((partial(_itself, run), inputs, node.output[0]))
        elif node is nodes[-1]:
            break
        else:
            inputs = [name for name in node.input if name]
            steps.append((partial(_operator, node), inputs, node.output[0]))
    return [(make(), inputs, output) for make, inputs, output in _needed(steps)]


def _itself(run: Callable[..., Any]) -> Callable[..., Any]:
    return run


def _needed(steps: list[_Plan]) -> list[_Plan]:
    wanted = {steps[-1][2]}
    kept = []
    for step in reversed(steps):
        if step[2] in wanted:
            kept.append(step)
            wanted.update(step[1])
    return kept[::-1]


def _behind(name: str, by_output: dict[str, onnx.NodeProto]) -> onnx.NodeProto | None:
    node = by_output.get(name)
    while node is not None and node.op_type in _SAME:
        node = by_output.get(node.input[0])
    return node


def _chain(
    node: onnx.NodeProto, kinds: tuple[str, ...], by_output: dict[str, onnx.NodeProto]
) -> list[onnx.NodeProto] | None:
    """`node` and those before it along one input each, when they are of these kinds."""
    if node.op_type != kinds[0]:
        return None
    if len(kinds) == 1:
        return [node]
    for name in node.input:
        before = _behind(name, by_output)
        rest = _chain(before, kinds[1:], by_output) if before else None
        if rest:
            return [node, *rest]
    return None


def _gelu(
    node: onnx.NodeProto, by_output: dict[str, onnx.NodeProto]
) -> tuple[Callable[..., Any], list[str]] | None:
    """x · (1 + erf(x / √2)) · ½"""
    found = _chain(node, ("Mul", "Mul", "Add", "Erf", "Div"), by_output)
    return (F.gelu, [found[-1].input[0]]) if found else None


def _layer_norm(
    node: onnx.NodeProto, by_output: dict[str, onnx.NodeProto]
) -> tuple[Callable[..., Any], list[str]] | None:
    found = _chain(node, ("Add", "Mul", "Div", "Sub", "ReduceMean"), by_output)
    if not found:
        return None
    add, mul, _, sub, mean = found
    if list(onnx.helper.get_node_attr_value(mean, "axes")) != [-1]:
        return None

    def run(x: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
        return F.layer_norm(x, (x.shape[-1],), scale, shift, 1e-6)

    return run, [sub.input[0], _other(mul, by_output), _other(add, by_output)]


def _other(node: onnx.NodeProto, by_output: dict[str, onnx.NodeProto]) -> str:
    """The input that is a weight."""
    weights: list[str] = [name for name in node.input if _behind(name, by_output) is None]
    return weights[0]


def _operator(node: onnx.NodeProto) -> Callable[..., Any]:
    given = {one.name: onnx.helper.get_attribute_value(one) for one in node.attribute}
    if node.op_type in _SAME:
        return lambda x: x
    return _OPERATORS[node.op_type](given)


def _conv(given: dict[str, Any]) -> Callable[..., Any]:
    same = given.get("auto_pad", b"") == b"SAME_UPPER"
    pads = given.get("pads", [0, 0, 0, 0])

    def run(x: Tensor, weight: Tensor) -> Tensor:
        if same:
            x = F.pad(x, (0, weight.shape[3] - 1, 0, weight.shape[2] - 1))
        return F.conv2d(
            x, weight, None, given["strides"], pads[:2], given["dilations"], given["group"]
        )

    return run


def _pool(given: dict[str, Any]) -> Callable[..., Any]:
    size = given["kernel_shape"]

    def run(x: Tensor) -> Tensor:
        if given.get("auto_pad", b"") == b"SAME_UPPER":
            x = F.pad(x, (0, size[1] - 1, 0, size[0] - 1), value=-torch.inf)
        return F.max_pool2d(x, size, given["strides"])

    return run


def _batch_norm(given: dict[str, Any]) -> Callable[..., Any]:
    """With the means and variances of the file: batches here are small."""
    return lambda x, scale, shift, mean, variance: F.batch_norm(
        x, mean, variance, scale, shift, eps=given.get("epsilon", 1e-5)
    )


def _slice(given: dict[str, Any]) -> Callable[..., Any]:
    def run(
        x: Tensor, starts: Tensor, ends: Tensor, axes: Tensor, steps: Tensor | None = None
    ) -> Tensor:
        for start, end, axis in zip(starts.tolist(), ends.tolist(), axes.tolist(), strict=True):
            x = x.narrow(axis, start, min(end, x.shape[axis]) - start)
        return x

    return run


def _reshape(x: Tensor, shape: Tensor) -> Tensor:
    sizes = [x.shape[at] if size == 0 else size for at, size in enumerate(shape.tolist())]
    return x.reshape(sizes)


def _hard_sigmoid(given: dict[str, Any]) -> Callable[..., Any]:
    alpha, beta = given.get("alpha", 0.2), given.get("beta", 0.5)
    return lambda x: (x * alpha + beta).clamp(0, 1)


_OPERATORS: dict[str, Callable[[dict[str, Any]], Callable[..., Any]]] = {
    "Add": lambda _: torch.add,
    "AveragePool": lambda given: lambda x: F.avg_pool2d(x, given["kernel_shape"], given["strides"]),
    "BatchNormalization": _batch_norm,
    "Concat": lambda given: lambda *xs: torch.cat([torch.atleast_1d(x) for x in xs], given["axis"]),
    "Conv": _conv,
    "Div": lambda _: torch.div,
    "HardSigmoid": _hard_sigmoid,
    "MatMul": lambda _: torch.matmul,
    "MaxPool": _pool,
    "Mul": lambda _: torch.mul,
    "ReduceMean": lambda given: lambda x: x.mean(given["axes"], keepdim=bool(given["keepdims"])),
    "Relu": lambda _: F.relu,
    "Reshape": lambda _: _reshape,
    "Shape": lambda _: lambda x: torch.tensor(x.shape),
    "Sigmoid": lambda _: torch.sigmoid,
    "Slice": _slice,
    "Softmax": lambda given: lambda x: x.softmax(given.get("axis", -1)),
    "Sqrt": lambda _: torch.sqrt,
    "Squeeze": lambda given: lambda x: x.squeeze(tuple(given["axes"])),
    "Sub": lambda _: torch.sub,
    "Transpose": lambda given: lambda x: x.permute(given["perm"]),
    "Unsqueeze": lambda given: lambda x: x.unsqueeze(given["axes"][0]),
}
