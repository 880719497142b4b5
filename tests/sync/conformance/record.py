"""`python -m tests.sync.conformance.record --couchdb URL` writes what a real CouchDB answers.

The address has an administrator's name and password in it. A database named `conformance` there
is deleted."""

from __future__ import annotations

import argparse
import json
import sys

from tests.sync.conformance.play import Answer, Scenarios, client, play
from tests.sync.conformance.scenarios import FIXTURES, GROUPS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--couchdb", required=True, metavar="URL")
    parser.add_argument("groups", nargs="*", help="which ones; all when none is named")
    given = parser.parse_args()
    with client(given.couchdb) as http:
        version = http.get("/").json()["version"]
        for name in given.groups or GROUPS:
            recorded = {
                title: list(play(http, requests)) for title, requests in GROUPS[name].items()
            }
            text = written(version, GROUPS[name], recorded)
            (FIXTURES / f"{name}.json").write_text(text, encoding="utf-8")
            print(f"{name}: {sum(map(len, recorded.values()))} answers")
    return 0


def written(version: str, scenarios: Scenarios, recorded: dict[str, list[Answer]]) -> str:
    """JSON with one answer a line, beside the request that it answers."""
    blocks = []
    for title, answers in recorded.items():
        lines = [
            f" [{_json(request.title)}, {_json(answer)}]"
            for request, answer in zip(scenarios[title], answers, strict=True)
        ]
        blocks.append(f"{_json(title)}: [\n" + ",\n".join(lines) + "\n]")
    return f'{{"couchdb": {_json(version)},\n' + ",\n".join(blocks) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


if __name__ == "__main__":
    sys.exit(main())
