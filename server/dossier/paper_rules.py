"""Do the forms of the papers hold together with the other rules?"""

import json
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

Load = Callable[[str], dict[str, Any]]
KINDS = ("form", "receipt", "supplement", "refusal", "apology", "payment", "slip")
_NAME = re.compile(r"\{([a-z_0-9]+)!?(?::[0-9]+)?\}")


def series(load: Load) -> Iterator[tuple[str, list[dict[str, Any]], bool]]:
    """Yield (name, rows, must still hold today) of every dated table of papers."""
    yield "paper_offices", load("paper_offices")["offices"], True
    yield "apology", load("apology")["editions"], True
    for kind in KINDS:

        def used_by(row: dict[str, Any]) -> str:
            return " ".join(row.get("procedures", ()))

        rows = sorted(load(f"paper_{kind}")["editions"], key=used_by)
        for procedures, same in groupby(rows, used_by):
            yield f"paper_{kind}: {procedures or 'all'}", list(same), True


def paper_rules(load: Load) -> Iterator[str]:
    """Yield one line per form that a rule names otherwise, per regime without one, per name that
    nothing stands for, and per reason of an exchange that no form can print."""
    known = set(load("paper_names")["names"])
    begins = min(row["from"] for row in load("regimes")["regimes"])
    for kind in KINDS:
        if min(row["from"] for row in load(f"paper_{kind}")["editions"]) > begins:
            yield f"paper_{kind}: no form for all regimes, which begin {begins}"
        for row in load(f"paper_{kind}")["editions"]:
            text = json.dumps(row["blocks"], ensure_ascii=False)
            named = set(_NAME.findall(text)) | {b["list"] for b in row["blocks"] if "list" in b}
            for name in sorted(named - known):
                yield f"paper_{kind}: the form from {row['from']} has the unknown name {name}"
            for block in row["blocks"]:
                for name in block.get("when", {}).keys() - known:
                    yield f"paper_{kind}: a block from {row['from']} asks for unknown {name}"
    yield from _forms(load)
    reasons = load("submission.schema")["$defs"]["answers"]["properties"]["reason"]["enum"]
    for reason in set(reasons) ^ load("paper_offices")["reasons"].keys():
        yield f"paper_offices: the reason {reason} is not in both the forms and the answers"
    states = load("states")["states"]
    for state in {*load("apology")["states"], *load("apology")["decided"]} - states.keys():
        yield f"apology: unknown state {state}"


def _forms(load: Load) -> Iterator[str]:
    forms = load("paper_form")["editions"]
    begins = min(row["from"] for row in load("regimes")["regimes"])
    for procedure in load("procedures")["procedures"]:
        mine = [row for row in forms if procedure["id"] in row["procedures"]]
        if any(row["value"] for row in procedure["online"]) and not mine:
            yield f"paper_form: no form for {procedure['id']}"
        if mine and min(row["from"] for row in mine) > begins:
            yield f"paper_form: no form for {procedure['id']} from {begins}"
        for limit in procedure["limits"]:
            for row in mine:
                over = (row["to"] or "9") >= limit["from"] and row["from"] <= (limit["to"] or "9")
                if over and limit["form"] and row["form"] != limit["form"]:
                    yield (
                        f"paper_form: {row['form']} from {row['from']}, but {procedure['id']}"
                        f" is filed with {limit['form']} from {limit['from']}"
                    )
