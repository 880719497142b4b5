"""How a dossier's parts are sealed: AES-256-GCM, one data key a dossier, HPKE to carry it.

The phone does the same in TypeScript; both sides are held together by tests/vectors/sealing.json.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import zlib
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from server.errors import Unreadable

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16
MAX_ATTACHMENT = 32_768
MAX_CHUNK_PLAIN = MAX_ATTACHMENT - NONCE_BYTES - TAG_BYTES
MAX_INFLATED = 256 * 1024
_WRAPPED_BYTES = 65 + KEY_BYTES + TAG_BYTES
_B64U = re.compile(r"[A-Za-z0-9_-]*")
_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def b64u(data: bytes) -> str:
    """Base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def unb64u(text: object) -> bytes:
    """The bytes of unpadded base64url; `Unreadable` for any other text, padded ones included."""
    if not isinstance(text, str) or not _B64U.fullmatch(text):
        raise Unreadable("not_base64url")
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError) as error:
        raise Unreadable("not_base64url") from error
    if b64u(data) != text:
        raise Unreadable("not_base64url")
    return data


def aad(doc_id: str, schema: str, count: int = 0) -> bytes:
    """Additional data that ties sealed bytes to their document; `count` is a photo's number of
    chunks for chunk documents and 0 for all others."""
    return f"doibang/1\n{doc_id}\n{schema}\n{count}".encode()


def new_data_key() -> bytes:
    """A random AES-256 key for one dossier."""
    return os.urandom(KEY_BYTES)


def seal_json(key: bytes, doc_id: str, schema: str, value: Any) -> str:
    """`value` as the text of a `sealed` field: nonce, then the sealed raw-deflated UTF-8 JSON."""
    deflate = zlib.compressobj(level=9, wbits=-15)
    plain = deflate.compress(orjson.dumps(value)) + deflate.flush()
    return b64u(_seal(key, plain, aad(doc_id, schema)))


def open_json(key: bytes, doc_id: str, schema: str, sealed: object) -> Any:
    """The value of a `sealed` field; `Unreadable` when altered, moved, too large or not JSON."""
    plain = _open(key, unb64u(sealed), aad(doc_id, schema))
    try:
        return orjson.loads(_inflate(plain))
    except orjson.JSONDecodeError as error:
        raise Unreadable("not_json") from error


def seal_chunk(key: bytes, doc_id: str, count: int, part: bytes) -> bytes:
    """The attachment of one chunk document, from at most `MAX_CHUNK_PLAIN` bytes of a photo."""
    if not 0 < len(part) <= MAX_CHUNK_PLAIN:
        raise ValueError(f"a chunk holds 1 to {MAX_CHUNK_PLAIN} bytes")
    return _seal(key, part, aad(doc_id, "chunk/1", count))


def open_chunk(key: bytes, doc_id: str, count: int, attachment: bytes) -> bytes:
    """The plain bytes of one chunk; `Unreadable` when altered or sealed for another place."""
    if len(attachment) > MAX_ATTACHMENT:
        raise Unreadable("too_large")
    return _open(key, attachment, aad(doc_id, "chunk/1", count))


def digest(data: bytes) -> str:
    """SHA-256 as lower-case hex, as receipts and manifests write it."""
    return hashlib.sha256(data).hexdigest()


def sealed_digest(sealed: object) -> str:
    """SHA-256 of a `sealed` field's bytes, as `status.submission_digest` names it."""
    return digest(unb64u(sealed))


def key_info(owner: str, dossier: str, kid: str) -> bytes:
    """HPKE `info` (RFC 9180): a wrapped key opens only for this owner, dossier and intake key."""
    return f"doibang/1\nkey\n{owner}\n{dossier}\n{kid}".encode()


def wrap_key(
    public: ec.EllipticCurvePublicKey, kid: str, owner: str, dossier: str, data_key: bytes
) -> dict[str, str]:
    """A document's `key` field: the data key sealed to an intake key in HPKE base mode."""
    if len(data_key) != KEY_BYTES:
        raise ValueError("a data key has 32 bytes")
    wrapped = _SUITE.encrypt(data_key, public, key_info(owner, dossier, kid))
    return {"kid": kid, "wrapped": b64u(wrapped)}


def wrap_for_device(point: bytes, owner: str, dossier: str, device: str, data_key: bytes) -> str:
    """The data key for one device that may have the dossier: HPKE base mode to the key pair it made
    for this answer. `point`: its uncompressed P-256 point. `Unreadable` for another one."""
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError as error:
        raise Unreadable("bad_key") from error
    info = f"doibang/1\nclaim\n{owner}\n{dossier}\n{device}".encode()
    return b64u(_SUITE.encrypt(data_key, public, info))


def unwrap_key(
    private: ec.EllipticCurvePrivateKey, kid: str, owner: str, dossier: str, wrapped: object
) -> bytes:
    """The 32-byte data key of a `wrapped` text; `Unreadable` if made for anyone else."""
    data = unb64u(wrapped)
    if len(data) != _WRAPPED_BYTES:
        raise Unreadable("foreign_key")
    try:
        return _SUITE.decrypt(data, private, key_info(owner, dossier, kid))
    except (InvalidTag, ValueError) as error:
        raise Unreadable("foreign_key") from error


def _seal(key: bytes, plain: bytes, additional: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, additional)


def _open(key: bytes, sealed: bytes, additional: bytes) -> bytes:
    if len(sealed) < NONCE_BYTES + TAG_BYTES:
        raise Unreadable("altered")
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], additional)
    except InvalidTag as error:
        raise Unreadable("altered") from error


def _inflate(data: bytes) -> bytes:
    """At most `MAX_INFLATED` bytes are ever produced, whatever the deflated data promise."""
    inflate = zlib.decompressobj(wbits=-15)
    try:
        plain = inflate.decompress(data, MAX_INFLATED + 1)
    except zlib.error as error:
        raise Unreadable("not_deflate") from error
    if len(plain) > MAX_INFLATED:
        raise Unreadable("too_large")
    if not inflate.eof or inflate.unused_data:
        raise Unreadable("not_deflate")
    return plain
