"""Revision trees: conflicts, winners, histories, stemming."""

from __future__ import annotations

from typing import Any

from tests.sync.conformance.play import Request as R
from tests.sync.conformance.play import Scenarios


def replicated(doc_id: str, *path: str, **members: Any) -> dict[str, Any]:
    """A revision as a replicator sends it: `path` newest first."""
    ids = [rev.partition("-")[2] for rev in path]
    start = int(path[0].partition("-")[0])
    return {"_id": doc_id, "_rev": path[0], "_revisions": {"start": start, "ids": ids}, **members}


def bulk(*docs: dict[str, Any], note: str = "") -> R:
    return R("POST", "/_bulk_docs", {"docs": list(docs), "new_edits": False}, note=note)


CONFLICT = bulk(
    replicated("d", "2-b", "1-a", n=2),
    replicated("d", "2-c", "1-a", n=3),
    replicated("d", "3-x", "2-y", "1-a", _deleted=True),
    replicated("d", "1-z", n=4),
)
CHAIN = bulk(
    replicated("d", "1-a", n=1),
    replicated("d", "2-b", "1-a", n=2),
    replicated("d", "3-c", "2-b", "1-a", n=3),
)

SCENARIOS: Scenarios = {
    "conflicts": [
        CONFLICT,
        R("GET", "/d"),
        R("GET", "/d?conflicts=true"),
        R("GET", "/d?deleted_conflicts=true"),
        R("GET", "/d?meta=true"),
        R("GET", "/d?conflicts=true&deleted_conflicts=true&revs=true&revs_info=true"),
        R("GET", "/d?rev=2-b&conflicts=true"),
        R("GET", "/d?rev=2-b&revs=true"),
        R("GET", "/d?rev=3-x"),
        R("GET", "/d?rev=1-a"),
        R("GET", "/d?rev=2-y"),
        R("GET", "/d?rev=9-q"),
        R("GET", "/d?rev=2-b&revs_info=true"),
        R("GET", "/d?local_seq=true"),
        R("GET", "/_changes?style=all_docs"),
        R("GET", "/_changes"),
        R("GET", "/_all_docs?include_docs=true&conflicts=true"),
        R("DELETE", "/d?rev=2-c", keep={"r": "rev"}),
        R("GET", "/d?meta=true"),
        R("PUT", "/d?rev=2-b", {"n": 5}),
        R("GET", "/d?conflicts=true"),
        R("GET", "/_changes?style=all_docs"),
        R("GET", ""),
    ],
    "open_revs": [
        CONFLICT,
        R("GET", "/d?open_revs=all"),
        R("GET", "/d?open_revs=all&revs=true"),
        R("GET", '/d?open_revs=["2-b"]'),
        R("GET", '/d?open_revs=["2-b","2-c"]'),
        R("GET", '/d?open_revs=["2-b","9-q"]'),
        R("GET", '/d?open_revs=["1-a"]'),
        R("GET", '/d?open_revs=["1-a"]&latest=true'),
        R("GET", '/d?open_revs=["2-y"]&latest=true'),
        R("GET", '/d?open_revs=["2-b","1-a"]&latest=true'),
        R("GET", '/d?open_revs=["9-q"]&latest=true'),
        R("GET", "/d?open_revs=[]"),
        R("GET", '/d?open_revs=["nonsense"]'),
        R("GET", "/d?open_revs=nonsense"),
        R("GET", "/none?open_revs=all"),
        R("GET", '/none?open_revs=["1-a"]'),
        R("GET", "/none?open_revs=[]"),
    ],
    "latest": [
        CHAIN,
        R("GET", "/d?rev=1-a"),
        R("GET", "/d?rev=1-a&latest=true"),
        R("GET", "/d?rev=2-b&latest=true&revs=true"),
        R("GET", "/d?rev=3-c&latest=true"),
        R("GET", "/d?rev=9-q&latest=true"),
        R("GET", "/d?revs_info=true"),
        R("GET", "/d?rev=2-b&revs_info=true"),
        R("GET", "/d?rev=1-a&revs=true"),
    ],
    "histories that arrive in parts": [
        bulk(replicated("d", "3-c", n=3)),
        R("GET", "/d?revs=true&revs_info=true"),
        bulk(replicated("d", "3-c", "2-b", "1-a", n=3)),
        R("GET", "/d?revs=true&revs_info=true"),
        bulk(replicated("d", "2-b", "1-a", n=2)),
        R("GET", "/d?rev=2-b"),
        R("GET", "/_changes?style=all_docs"),
        bulk(replicated("d", "5-e", "4-d", "3-c", n=5)),
        R("GET", "/d?revs=true&revs_info=true"),
        bulk(replicated("d", "7-g", "6-f", n=7)),
        R("GET", "/d?conflicts=true&revs=true"),
        R("GET", "/_changes?style=all_docs"),
    ],
    "winners": [
        bulk(replicated("live", "1-a"), replicated("live", "5-b", _deleted=True)),
        R("GET", "/live?meta=true"),
        bulk(replicated("hash", "1-a"), replicated("hash", "1-b"), replicated("hash", "1-ab")),
        R("GET", "/hash?meta=true"),
        bulk(replicated("ten", "9-a"), replicated("ten", "10-a")),
        R("GET", "/ten?meta=true"),
        bulk(replicated("gone", "1-a", _deleted=True), replicated("gone", "2-b", _deleted=True)),
        R("GET", "/gone"),
        R("GET", "/gone?rev=2-b&meta=true"),
        R("GET", "/_changes?style=all_docs"),
    ],
    "a new edit of a losing branch": [
        CONFLICT,
        R("PUT", "/d", {"_rev": "1-z", "n": 9}),
        R("GET", "/d?conflicts=true"),
        R("PUT", "/d", {"_rev": "3-x", "n": 9}),
        R("GET", "/d?meta=true"),
    ],
    "the limit of revisions": [
        R("GET", "/_revs_limit"),
        R("PUT", "/_revs_limit", b"3"),
        R("GET", "/_revs_limit"),
        bulk(replicated("d", "5-e", "4-d", "3-c", "2-b", "1-a", n=5)),
        R("GET", "/d?revs=true&revs_info=true"),
        R("PUT", "/d?rev=5-e", {"n": 6}),
        R("GET", "/d?revs=true"),
        bulk(replicated("d", "4-z", "3-y", "2-b", "1-a", n=4)),
        R("GET", "/d?revs=true&conflicts=true"),
        R("POST", "/_revs_diff", {"d": ["5-e", "1-a", "2-b", "4-z"]}),
        R("PUT", "/_revs_limit", b"0"),
        R("PUT", "/_revs_limit", b"-1"),
        R("PUT", "/_revs_limit", b'"x"'),
        R("PUT", "/_revs_limit", b"1.5"),
        R("PUT", "/_revs_limit", b""),
        R("DELETE", "/_revs_limit"),
        R("GET", "/_revs_limit"),
    ],
    "compaction": [
        CHAIN,
        R("PUT", "/d?rev=3-c", {"n": 4}),
        R("POST", "/_compact", {}),
        R("POST", "/_compact", b"{}"),
        R("GET", "/_compact"),
        R("POST", "/_ensure_full_commit", {}),
        R("POST", "/_ensure_full_commit", b""),
        R("GET", "/_ensure_full_commit"),
        R("POST", "/_view_cleanup", {}),
    ],
    "purge": [
        CONFLICT,
        R("POST", "/_purge", {"d": ["2-b"]}),
        R("GET", "/d?meta=true"),
        R("POST", "/_purge", {"d": ["1-a", "9-q"], "none": ["1-a"]}),
        R("POST", "/_purge", {"d": ["2-c", "3-x", "1-z"]}),
        R("GET", "/d"),
        R("GET", "/_changes"),
        R("GET", ""),
        R("POST", "/_purge", {}),
        R("POST", "/_purge", {"d": []}),
        R("POST", "/_purge", {"d": "1-a"}),
        R("POST", "/_purge", {"d": ["nonsense"]}),
        R("POST", "/_purge", []),
        R("GET", "/_purge"),
        R("GET", "/_purged_infos_limit"),
    ],
}
