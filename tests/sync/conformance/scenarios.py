"""All requests, by group; a group's recorded answers are in `fixtures/<group>.json`."""

from __future__ import annotations

from pathlib import Path

from tests.sync.conformance import (
    requests_attachments,
    requests_bulk,
    requests_changes,
    requests_databases,
    requests_documents,
    requests_multipart,
    requests_refusals,
    requests_revisions,
)
from tests.sync.conformance.play import Scenarios

FIXTURES = Path(__file__).parent / "fixtures"
GROUPS: dict[str, Scenarios] = {
    "attachments": requests_attachments.SCENARIOS,
    "bulk": requests_bulk.SCENARIOS,
    "changes": requests_changes.SCENARIOS,
    "databases": requests_databases.SCENARIOS,
    "documents": requests_documents.SCENARIOS,
    "multipart": requests_multipart.SCENARIOS,
    "refusals": requests_refusals.SCENARIOS,
    "revisions": requests_revisions.SCENARIOS,
}
