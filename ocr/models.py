"""The networks that read print, opened when first needed: one thread each, on the CPU.

The detector is PP-OCRv6 small (Apache-2.0) as the `rapidocr` package carries it, of which only that
file is used; the line reader is our own.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path

import onnxruntime

LINES = Path(__file__).parent / "model" / "lines.onnx"
DETECTOR = "PP-OCRv6_det_small.onnx"


class NoModel(Exception):
    """A network's file is not installed: print cannot be read, codes can."""


def detector() -> onnxruntime.InferenceSession:
    return session(packaged(DETECTOR))


def packaged(name: str) -> Path:
    """A network's file that rapidocr brings. `NoModel` without that package."""
    found = importlib.util.find_spec("rapidocr")
    if found is None or found.origin is None:
        raise NoModel("rapidocr")
    return Path(found.origin).parent / "models" / name


@cache
def session(path: Path) -> onnxruntime.InferenceSession:
    """`NoModel` when there is no such file. Without an arena: memory goes back after a picture."""
    if not path.is_file():
        raise NoModel(path.name)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
