import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from server.auth import sealing
from server.auth.sealing import b64u, unb64u
from server.errors import Unreadable

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "sealing.json").read_text("utf-8")
)
KEY = unb64u(VECTORS["data_key"])
DRAFT = VECTORS["json"]
CHUNK = VECTORS["chunk"]
INTAKE = ec.derive_private_key(int.from_bytes(unb64u(VECTORS["intake"]["private"])), ec.SECP256R1())


def test_vector_of_additional_data() -> None:
    assert sealing.aad(DRAFT["id"], "draft/1").decode() == DRAFT["aad"]
    assert sealing.aad(CHUNK["id"], "chunk/1", CHUNK["count"]).decode() == CHUNK["aad"]


def test_vector_of_sealed_json_opens() -> None:
    opened = sealing.open_json(KEY, DRAFT["id"], "draft/1", DRAFT["sealed"])
    assert opened == DRAFT["value"]
    assert sealing.sealed_digest(DRAFT["sealed"]) == DRAFT["digest"]


def test_vector_of_chunk_opens() -> None:
    attachment = unb64u(CHUNK["attachment"])
    opened = sealing.open_chunk(KEY, CHUNK["id"], CHUNK["count"], attachment)
    assert opened == unb64u(CHUNK["plain"])
    assert sealing.digest(attachment) == CHUNK["digest"]


def test_vector_of_wrapped_key_opens() -> None:
    key = VECTORS["wrapped_key"]["key"]
    owner, dossier = VECTORS["owner"], VECTORS["dossier"]
    assert sealing.key_info(owner, dossier, key["kid"]).decode() == VECTORS["wrapped_key"]["info"]
    assert sealing.unwrap_key(INTAKE, key["kid"], owner, dossier, key["wrapped"]) == KEY


def test_round_trip_of_a_fresh_seal() -> None:
    sealed = sealing.seal_json(KEY, "draft:a:b", "draft/1", {"tên": "Bé"})
    assert sealing.open_json(KEY, "draft:a:b", "draft/1", sealed) == {"tên": "Bé"}
    assert sealed != sealing.seal_json(KEY, "draft:a:b", "draft/1", {"tên": "Bé"})


@pytest.mark.parametrize(
    ("doc_id", "schema"), [("draft:other:x", "draft/1"), (DRAFT["id"], "submission/1")]
)
def test_json_moved_to_another_document_is_unreadable(doc_id: str, schema: str) -> None:
    with pytest.raises(Unreadable):
        sealing.open_json(KEY, doc_id, schema, DRAFT["sealed"])


@pytest.mark.parametrize(
    "sealed",
    [None, 7, "", "AAAA", "a=", "a b", DRAFT["sealed"][:-4], DRAFT["sealed"] + "=", "é" * 40],
)
def test_nonsense_in_sealed_is_unreadable(sealed: object) -> None:
    with pytest.raises(Unreadable):
        sealing.open_json(KEY, DRAFT["id"], "draft/1", sealed)


@pytest.mark.parametrize("where", [0, 12, -1])
def test_one_altered_byte_is_unreadable(where: int) -> None:
    altered = bytearray(unb64u(CHUNK["attachment"]))
    altered[where] ^= 1
    with pytest.raises(Unreadable):
        sealing.open_chunk(KEY, CHUNK["id"], CHUNK["count"], bytes(altered))


def test_chunk_of_another_count_or_place_is_unreadable() -> None:
    attachment = unb64u(CHUNK["attachment"])
    for doc_id, count in [(CHUNK["id"], 4), (CHUNK["id"][:-1] + "1", CHUNK["count"])]:
        with pytest.raises(Unreadable):
            sealing.open_chunk(KEY, doc_id, count, attachment)


def test_chunk_sizes() -> None:
    whole = sealing.seal_chunk(KEY, "chunk:a:b:0", 1, bytes(sealing.MAX_CHUNK_PLAIN))
    assert len(whole) == sealing.MAX_ATTACHMENT
    for part in (b"", bytes(sealing.MAX_CHUNK_PLAIN + 1)):
        with pytest.raises(ValueError, match="32740"):
            sealing.seal_chunk(KEY, "chunk:a:b:0", 1, part)
    with pytest.raises(Unreadable):
        sealing.open_chunk(KEY, "chunk:a:b:0", 1, bytes(sealing.MAX_ATTACHMENT + 1))


def _sealed_plain(plain: bytes) -> str:
    return b64u(sealing._seal(KEY, plain, sealing.aad("x", "draft/1")))


def _deflated(data: bytes) -> bytes:
    deflate = zlib.compressobj(level=9, wbits=-15)
    return deflate.compress(data) + deflate.flush()


@pytest.mark.parametrize(
    "plain",
    [
        _deflated(b'"' + b"a" * sealing.MAX_INFLATED + b'"'),
        _deflated(bytes(64 * 1024 * 1024)),
        _deflated(b"{}")[:-1],
        _deflated(b"{}") + b"x",
        _deflated(b"{'a': 1}"),
        _deflated(b'{"a": NaN}'),
        _deflated(b"\xff\xfe"),
        _deflated(b"[" * 100_000),
        b"\xff\xff\xff",
    ],
)
def test_hostile_plain_text_is_unreadable(plain: bytes) -> None:
    with pytest.raises(Unreadable):
        sealing.open_json(KEY, "x", "draft/1", _sealed_plain(plain))


def test_json_of_just_the_limit_opens() -> None:
    text = "a" * (sealing.MAX_INFLATED - 2)
    sealed = sealing.seal_json(KEY, "x", "draft/1", text)
    assert sealing.open_json(KEY, "x", "draft/1", sealed) == text


@pytest.mark.parametrize("change", ["owner", "dossier", "kid"])
def test_key_wrapped_for_someone_else_is_unreadable(change: str) -> None:
    names = {"owner": VECTORS["owner"], "dossier": VECTORS["dossier"]}
    names["kid"] = VECTORS["intake"]["kid"]
    names[change] = "f" * len(names[change])
    with pytest.raises(Unreadable):
        sealing.unwrap_key(
            INTAKE,
            names["kid"],
            names["owner"],
            names["dossier"],
            VECTORS["wrapped_key"]["key"]["wrapped"],
        )


@pytest.mark.parametrize("wrapped", [None, "", "AA", b64u(bytes(113)), b64u(b"\x04" * 113)])
def test_nonsense_as_wrapped_key_is_unreadable(wrapped: object) -> None:
    with pytest.raises(Unreadable):
        sealing.unwrap_key(INTAKE, "k", "o", "d", wrapped)
