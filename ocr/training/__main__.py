"""`python -m ocr.training` train, export, show, calibrate, evaluate, ablate: makes the line model
anew and measures the reader."""

from __future__ import annotations

import argparse
from pathlib import Path

MODEL = Path(__file__).parents[1] / "model" / "lines.onnx"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ocr.training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("train", help="train, or go on from the checkpoint in the folder")
    run.add_argument("--folder", type=Path, required=True, help="of checkpoint and log")
    run.add_argument("--minutes", type=float, default=60.0, help="of training in all")
    write = commands.add_parser("export", help="write the trained model as ONNX")
    write.add_argument("--folder", type=Path, required=True, help="of the checkpoint")
    write.add_argument("--out", type=Path, default=MODEL)
    commands.add_parser("show", help="write drawn photos to look at", add_help=False)
    commands.add_parser("calibrate", help="fit how far a reading is trusted", add_help=False)
    commands.add_parser("evaluate", help="measure readings of drawn photos", add_help=False)
    commands.add_parser("ablate", help="measure what each part brings", add_help=False)
    given, rest = parser.parse_known_args()
    if given.command in ("train", "export"):
        _with_torch(parser.parse_args())
    else:
        _measured(given.command, rest)


def _with_torch(given: argparse.Namespace) -> None:
    from ocr.training import train  # torch is an extra

    if given.command == "train":
        train.train(given.folder, given.minutes)
    else:
        train.export(given.folder, given.out)


def _measured(command: str, arguments: list[str]) -> None:
    from ocr.training import ablation, calibrate, evaluate, show  # these need no torch

    {
        "show": show.main, "calibrate": calibrate.main, "evaluate": evaluate.main,
        "ablate": ablation.main,
    }[command](arguments)  # fmt: skip


if __name__ == "__main__":
    main()
