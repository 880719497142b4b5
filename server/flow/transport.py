"""What the transport status says after a look: what is missing, what was refused and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from server.flow.arrivals import Arrival
from server.record.intakes import Intake


def told(
    dossier: str,
    owner: str,
    before: Intake | None,
    shown: Arrival | None,
    refused: Mapping[str, str],
    birth_hash: str,
    now: datetime,
) -> Intake | None:
    """`shown`: the submission that was accepted by this look or still misses parts; without one,
    what was told before stands. None while there is nothing to tell."""
    if shown is None:
        if before is None and not refused:
            return None
        known = before or Intake(dossier, owner, "draft", "draft", now, detail=_detail(None, {}))
        submissions = [code for i, code in refused.items() if i.startswith("submission:")]
        if known.group != "accepted" and submissions:
            known = replace(known, group="refused_input", code=submissions[-1])
        return replace(known, updated_at=now, detail={**known.detail, "refused": dict(refused)})
    submission = shown.submission
    return Intake(
        dossier,
        owner,
        "incomplete" if shown.missing else "accepted",
        "incomplete" if shown.missing else "received",
        now,
        submission["slip"],
        birth_hash,
        submission["answers"].get("full_name"),
        submission.get("helper", {}).get("account"),
        _detail(shown, refused),
    )


def differs(before: Intake, after: Intake) -> bool:
    """Is there something that the device does not know yet?"""
    known = before.group, before.code, before.detail
    return known != (after.group, after.code, after.detail)


def _detail(arrival: Arrival | None, refused: Mapping[str, str]) -> dict[str, Any]:
    return {
        "n": arrival.n if arrival else 0,
        "submission": arrival.doc_id if arrival else None,
        "submission_digest": arrival.digest if arrival else None,
        "receipts": dict(arrival.receipts) if arrival else {},
        "missing": list(arrival.missing) if arrival else [],
        "refused": dict(refused),
    }
