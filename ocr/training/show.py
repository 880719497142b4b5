"""Writes drawn photos to look at: `python -m ocr.training show FOLDER`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from ocr.training.photos import LEVELS, photo


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m ocr.training show", description=__doc__)
    parser.add_argument("folder", type=Path, help="one JPEG and one JSON with the truth each")
    parser.add_argument("--photos", type=int, default=5, help="of each level")
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    parser.add_argument("--held-out", action="store_true", help="faces and damage kept out")
    given = parser.parse_args(arguments)
    given.folder.mkdir(parents=True, exist_ok=True)
    for level in LEVELS:
        for seed in range(given.first, given.first + given.photos):
            shot = photo(seed, level, given.held_out)
            path = given.folder / f"{level}-{seed}.jpg"
            path.write_bytes(shot.jpeg)
            told = {"fields": shot.truth, "hidden": sorted(shot.hidden)}
            said = json.dumps(told, ensure_ascii=False, indent=1)
            path.with_suffix(".json").write_text(said + "\n", encoding="utf-8")
