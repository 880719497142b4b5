"""The pages for whoever runs the server name only what is there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent.parent
PAGES = ["README.md", "infra/RUNBOOK.md", "infra/SECURITY.md", "infra/TABLET.md"]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)|(?:src|href)=\"(?!https?:)([^\"]+)\"")
PLACE = re.compile(r"`((?:server|sync|ocr|pwa|infra|tests)/[\w./-]*\w/?)`")


@pytest.mark.parametrize("name", PAGES)
def test_links_and_places_exist(name: str) -> None:
    page = CHECKOUT / name
    text = page.read_text(encoding="utf-8")
    links = {page.parent / (one or other) for one, other in LINK.findall(text)}
    places = {CHECKOUT / place for place in PLACE.findall(text)}
    missing = sorted(str(path) for path in links | places if not path.exists())
    assert missing == []
    assert links or places


def test_every_line_of_the_standard_says_whether_it_is_met() -> None:
    text = (CHECKOUT / "infra/SECURITY.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in text.splitlines() if re.match(r"\| V\d", line)]
    assert len(rows) > 40
    said = {row[2].strip() for row in rows}
    assert said == {"met", "mostly", "partly", "**not met**"}
    assert all(row[3].strip() for row in rows)


def test_the_policy_file_is_one() -> None:
    text = (CHECKOUT / "infra/TABLET.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    policies = json.loads(block)
    assert policies["URLBlocklist"] == ["*"]
    harmful = {"BrowsingDataLifetime", "ClearBrowsingDataOnExitList", "CookiesSessionOnlyForUrls"}
    assert not harmful & policies.keys()
