"""What the answers of a CouchDB mean."""

from __future__ import annotations

import httpx2
import pytest

from sync.couch_http import Couch
from sync.model import Unavailable

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("method", "segments"),
    [
        ("PUT", ("db", "doc")),
        ("PUT", ("db", "_local", "device")),
        ("DELETE", ("db", "_local", "device")),
        ("POST", ("db", "_bulk_docs")),
    ],
)
async def test_below_the_quorum_is_not_acknowledged(method: str, segments: tuple[str, ...]) -> None:
    """202: fewer nodes have written than must (CouchDB, "Cluster Theory")."""
    couch = Couch("http://couch.invalid", "", "")
    answers = httpx2.MockTransport(lambda _: httpx2.Response(202, json=[]))
    couch._client = httpx2.AsyncClient(transport=answers)
    with pytest.raises(Unavailable) as refused:
        await couch.json(method, *segments, body=b"{}")
    assert refused.value.retry_after
    await couch.close()
