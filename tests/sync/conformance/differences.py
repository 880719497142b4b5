"""What we answer otherwise than CouchDB 3.4 on purpose; the test finds exactly these.

One row: which requests (a regular expression over `group: METHOD path`), what of our answer is
otherwise (`...`: whatever it says; None: it is not there), and why."""

from __future__ import annotations

from typing import Any

Said = dict[str, Any]
REFUSED: Said = {"status": 400, "body.error": "bad_request", "body.reason": ...}
CRASHED: Said = REFUSED | {"body.ref": None, "headers.x-couch-stack-hash": None}
NOT_WRITTEN: Said = {"status": 400, "body.id": None, "body.ok": None, "body.rev": None}
NOT_OFFERED: Said = {"status": 501, "body.error": "not_implemented", "body.reason": ...}
NO_LIST: Said = {"body.offset": None, "body.rows": None, "body.total_rows": None}
NO_FEED: Said = {"body.last_seq": None, "body.pending": None, "body.results": None}
TEXT: Said = {"headers.etag": ..., "body._rev": ...}

DIFFERENCES: list[tuple[str, Said, str]] = [
    # what is not offered
    (r"/_view/v$", NOT_OFFERED | NO_LIST, "views need server-side JavaScript"),
    (r"/queries$", NOT_OFFERED | {"body.results": None}, "views need server-side JavaScript"),
    (r"/_(show|list|update|rewrite|temp_view)", NOT_OFFERED, "these need server-side JavaScript"),
    (
        r"/_design/app/_info$",
        NOT_OFFERED | {"body.name": None, "body.view_index": None},
        "views need server-side JavaScript",
    ),
    (
        r"/_find$",
        NOT_OFFERED | {"body.bookmark": None, "body.docs": None, "body.warning": None},
        "Mango is not offered",
    ),
    (
        r"POST /_index$",
        NOT_OFFERED | {"body.id": None, "body.name": None, "body.result": None},
        "Mango is not offered",
    ),
    (
        r"GET /_index$",
        NOT_OFFERED | {"body.indexes": None, "body.total_rows": None},
        "Mango is not offered",
    ),
    (
        r"/_changes\?filter=_selector",
        NOT_OFFERED | NO_FEED | {"headers.etag": None},
        "Mango is not offered",
    ),
    (r"/_partition/", NOT_OFFERED, "databases have no partitions"),
    (r"/_purged_infos_limit$", {"status": 501, "body": ...}, "purges are not remembered"),
    (r"//_active_tasks$", {"status": 501, "body": ...}, "there are no background tasks"),
    (
        r"//_utils$",
        {
            "status": 501,
            "body": ...,
            "headers.cache-control": None,
            "headers.content-length": None,
            "headers.content-type": None,
            "headers.location": None,
        },
        "there is no administration in the browser",
    ),
    (
        r"(POST|DELETE) //_session$",
        {
            "status": 404,
            "body.error": "not_found",
            "body.reason": ...,
            "headers.set-cookie": None,
        },
        "no cookies: the gate knows its callers by what each request brings",
    ),
    (r"DELETE //_session$", {"body.ok": None}, "no cookies"),
    (
        r"POST /(d|_local/x)$",
        {
            "status": 405,
            "body.error": "method_not_allowed",
            "body.reason": ...,
            "headers.allow": ...,
        },
        "documents are not taken from HTML forms",
    ),
    # who and what this server is
    (
        r"GET //$",
        {"body.features": [], "body.git_sha": None, "body.uuid": None, "body.vendor": ...},
        "it is another program",
    ),
    (
        r"GET //_session$",
        {"body.info": {"authenticated": "default"}, "body.userCtx": {"name": "post", "roles": []}},
        "the gate decides, roles do not",
    ),
    (
        r"GET /_security$",
        {"body.admins": None, "body.members": None},
        "nothing is said in a new database: the gate decides",
    ),
    (r"(PATCH|OPTIONS) ", {"body.reason": ..., "headers.allow": ...}, "what is allowed, exactly"),
    # where CouchDB fails, or takes what it should not
    (r"", CRASHED, "CouchDB fails (500) on what is only badly formed"),
    (r"PUT /_local/x$", {"status": 400, "body.error": "bad_request"}, "CouchDB fails (500)"),
    (r"PUT /_security$", REFUSED, "CouchDB fails (500)"),
    (
        r"multipart: PUT /o$",
        {**CRASHED, "body.error": "content_md5_mismatch"},
        "CouchDB fails (500) on a torn attachment",
    ),
    (
        r"\(torn\)$",
        NOT_WRITTEN
        | {"body.error": "content_md5_mismatch", "body.reason": ..., "headers.location": None},
        "a digest that comes with an attachment is verified, however it comes",
    ),
    (
        r"\((a number|no name)\)$|PUT /u\?new_edits=nonsense$",
        NOT_WRITTEN
        | {
            "body.error": "bad_request",
            "body.reason": ...,
            "headers.etag": None,
            "headers.location": None,
        },
        "what cannot be understood is refused, not left out",
    ),
    (
        r"/_changes\?(limit=-1|descending=nonsense|include_docs=nonsense)$",
        REFUSED | NO_FEED | {"headers.etag": None},
        "what cannot be understood is refused, not left out",
    ),
    (
        r"GET /d\?rev=9-q&latest=true$",
        {
            "status": 404,
            "body.error": "not_found",
            "body.reason": "missing",
            "body._id": None,
            "body._rev": None,
            "body.n": None,
            "headers.etag": None,
        },
        "a revision that is not known is not there; CouchDB answers with another",
    ),
    (
        r"/_changes\?since=(nonsense|-1|3|)$",
        {
            "status": 200,
            "body.error": None,
            "body.reason": None,
            "body.last_seq": ...,
            "body.pending": 0,
            "body.results": ...,
            "headers.etag": '"*"',
        },
        "a seq that was never given here is the beginning: nothing is skipped, nobody is stuck",
    ),
    (
        r"POST /_bulk_docs.* \((unknown parent|illegal id|stub)\)$",
        {"body": ...},
        "a refused document (also one of an unknown parent) does not disturb the others",
    ),
    (
        r"POST /_bulk_docs \((illegal id|stub)\)$",
        {"status": 201},
        "as above",
    ),
    (r"bulk: GET /p$", {"body._rev": "2-b", "headers.etag": '"2-b"'}, "its stub was found"),
    (
        r"bulk: GET /_changes\?style=all_docs$",
        {"body.results": ...},
        "the two rows above are here, and one is not",
    ),
    (
        r"refusals: (PUT|GET) /l$",
        {"headers.etag": ...},
        "`_revisions` of an edit of one's own says nothing",
    ),
    (r"refusals: PUT /l$", {"body.rev": ...}, "as above"),
    (r"refusals: GET /l$", {"body._rev": ...}, "as above"),
    (r"POST /_revs_diff \(twice\)$", {"body.d": ...}, "each missing revision is named once"),
    (
        r"\(the last 99 of 50\)$",
        {"body": ..., "headers.content-length": "50", "headers.content-range": "bytes 0-49/50"},
        "`bytes=-99` of 50 is the whole (RFC 9110); CouchDB leaves out the first byte",
    ),
    (
        r"\(two ranges\)$",
        {
            "status": 200,
            "body": ...,
            "headers.accept-ranges": "bytes",
            "headers.cache-control": None,
            "headers.content-length": "50",
            "headers.content-security-policy": "sandbox",
            "headers.content-type": "image/jpeg",
            "headers.etag": ...,
        },
        "several ranges at once are answered with the whole, as RFC 9110 allows",
    ),
    # what this store does otherwise
    (
        r"(GET|HEAD) /.+/.+",
        {"headers.x-content-type-options": "nosniff"},
        "an upload must not be taken for a page",
    ),
    (
        r"attachments: PUT /d/t$",
        {"body.rev": ...},
        "attachments are kept as they come: CouchDB zips text, and digests and revisions follow",
    ),
    (r"attachments: GET /d(\?.*)?$", TEXT | {"body._attachments": ...}, "as above"),
    (
        r"(GET|HEAD) /(d|i)/t$",
        {"headers.accept-ranges": "bytes", "headers.etag": ...},
        "as above",
    ),
    (r"GET /(i|y)\?att_encoding_info=true$", {"body._attachments": ...}, "as above"),
    (r"GET /y/u$", {"headers.content-length": "250"}, "the unzipped length is known"),
    (
        r"GET /m\?atts_since",
        {"headers.cache-control": None},
        "CouchDB leaves the header out where an answer might have been multipart",
    ),
    (
        r"/_all_docs(\?.*key.*)?$",
        {"body.offset": 0},
        "`offset` is what `skip` says: counting what lies before would cost a scan",
    ),
    (
        r"/_all_docs\?startkey_docid",
        {"body.rows": ...},
        "ids are the keys; there is no second one",
    ),
    (
        r"/_changes\?filter=_(doc_ids|design)",
        {"body.pending": ...},
        "`pending` counts what is to come, not what was left out",
    ),
    (r"/_changes\?seq_interval", {"body.results": ...}, "every row has its seq"),
    (
        r"local_seq=true$",
        {"body._local_seq": None, "headers.etag": '"2-c"'},
        "seqs belong to the feed",
    ),
    (r"revisions: GET /_changes$", {"body.last_seq": "n-*"}, "a purge does not turn the feed back"),
    (
        r"GET /_design%2Fapp$",
        {
            "status": 200,
            "body": ...,
            "headers.cache-control": None,
            "headers.content-length": None,
            "headers.content-type": None,
            "headers.etag": ...,
            "headers.location": None,
        },
        "answered at once, not sent elsewhere",
    ),
]
