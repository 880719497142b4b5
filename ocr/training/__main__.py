"""`python -m ocr.training train|export`: makes the line model anew."""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr.training import train

MODEL = Path(__file__).parents[1] / "model" / "lines.onnx"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m ocr.training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("train", help="train, or go on from the checkpoint in the folder")
    run.add_argument("--folder", type=Path, required=True, help="of checkpoint and log")
    run.add_argument("--minutes", type=float, default=85.0, help="of training in all")
    write = commands.add_parser("export", help="write the trained model as ONNX")
    write.add_argument("--folder", type=Path, required=True, help="of the checkpoint")
    write.add_argument("--out", type=Path, default=MODEL)
    given = parser.parse_args()
    if given.command == "train":
        train.train(given.folder, given.minutes)
    else:
        train.export(given.folder, given.out)


if __name__ == "__main__":
    main()
