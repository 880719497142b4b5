"""Notices: who is told of a dossier outside the app, and by which channel. Off until asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from server.auth.keys import KeyRing, public_point
from server.auth.sealing import b64u
from server.auth.tokens import new_id
from server.dossier.consents import digest, newest, texts, told
from server.dossier.notices import CHANNELS, QuietHours, Standing, worth_telling
from server.dossier.retention import rows
from server.errors import Conflict, InvalidInput, Message, NotFound
from server.flow.admitted import Asker, admitted
from server.ports import Clock
from server.record import consents as agreements
from server.record import consignments, notices, payments, people
from server.record.columns import iso
from server.record.consents import Consent
from server.record.dossiers import Dossier
from server.record.notices import Subscription
from server.record.store import Connection, Record

OTHER_TEXT = Message(
    "Nội dung đồng ý vừa thay đổi. Tải lại trang, đọc lại rồi chọn.",
    "What is agreed to has just changed. Load the page again, read it and choose.",
)
NO_SERVICE = Message(
    "Trình duyệt này dùng dịch vụ tin báo chưa được hỗ trợ. Khi mở ứng dụng vẫn thấy tin.",
    "This browser uses a push service that is not supported. The app tells you when it is opened.",
)
SHARED = Message(
    "Máy của điểm tiếp nhận không nhận tin báo thay người nộp hồ sơ.",
    "A device of an intake point is not told in place of the applicant.",
)


@dataclass(frozen=True)
class OptIn:
    """`version`: of the text that was read. `subscription`: what the browser's push service gave,
    {endpoint, p256dh, auth}; None for the phone number in the dossier."""

    channel: str
    version: str
    language: str
    subscription: Mapping[str, str] | None = field(default=None, repr=False)


class Notices:
    """`channels`: those that are set up. `takes`: whether a push endpoint is one to send to."""

    def __init__(
        self,
        record: Record,
        keys: KeyRing,
        clock: Clock,
        channels: Collection[str],
        takes: Callable[[str], bool],
        quiet: QuietHours,
    ) -> None:
        self._record = record
        self._keys = keys
        self._clock = clock
        self._channels = channels
        self._takes = takes
        self._quiet = quiet

    async def shown(self, dossier: str, askers: list[Asker]) -> dict[str, Any]:
        """{code, key, quiet, channels: [{channel, on, elsewhere, since, consent}], consents:
        [{purpose, version, given_at, helped, withdrawn_at, vi, en}], told: [{vi, en, law}], kept:
        [{vi, en}]}.
        `key`: what the browser's push service is to know this server by; `elsewhere`: on how many
        other devices."""

        def look(conn: Connection) -> dict[str, Any]:
            return self._body(conn, *admitted(conn, dossier, askers))

        return await self._record.read(look)

    async def opt_in(self, dossier: str, askers: list[Asker], asked: OptIn) -> dict[str, Any]:
        """As `shown`. `Conflict` consent_changed, shared_device; `InvalidInput` no_push_service;
        `NotFound` for a channel that is not offered."""
        if asked.channel not in self._channels:
            raise NotFound()
        text = newest(f"notice_{asked.channel}")
        if asked.version != text["version"]:
            raise Conflict("consent_changed", OTHER_TEXT)
        if asked.subscription and not self._takes(asked.subscription["endpoint"]):
            raise InvalidInput("subscription.endpoint", "no_push_service", NO_SERVICE)

        def work(conn: Connection) -> dict[str, Any]:
            actor, row = admitted(conn, dossier, askers)
            helper = people.account_of(conn, row.owner) if _helped(conn, row) else None
            if asked.subscription and helper:
                raise Conflict("shared_device", SHARED)
            self._subscribe(conn, row, actor, helper, text, asked)
            return self._body(conn, actor, row)

        return await self._record.run(work)

    async def opt_out(self, dossier: str, askers: list[Asker], channel: str) -> dict[str, Any]:
        """As `shown`. Of the device's push messages where it has some, else of everybody's."""

        def work(conn: Connection) -> dict[str, Any]:
            actor, row = admitted(conn, dossier, askers)
            on = [one for one in notices.of_dossier(conn, dossier) if one.channel == channel]
            here = [one for one in on if one.device == actor]
            notices.unsubscribe(conn, self._clock(), actor, here or on)
            return self._body(conn, actor, row)

        return await self._record.run(work)

    def _subscribe(
        self,
        conn: Connection,
        row: Dossier,
        actor: str,
        helper: str | None,
        text: Mapping[str, str],
        asked: OptIn,
    ) -> None:
        now, push = self._clock(), asked.subscription
        device = actor if push else ""
        mine = notices.of_dossier(conn, row.id)
        before = [one for one in mine if (one.channel, one.device) == (asked.channel, device)]
        given = agreements.of_dossier(conn, row.id)
        held = [one for one in given if before and one.id == before[0].consent]
        consent = next((one for one in held if one.version == text["version"]), None)
        if consent is None:
            purpose, version = text["purpose"], text["version"]
            consent = Consent(new_id(), row.id, purpose, version, digest(text), now, actor, helper)
            agreements.give(conn, consent)
        sealed = None
        if push:
            sealed = self._keys.wrap_at_rest(row.id, json.dumps(dict(push)).encode())
        new = Subscription(
            id=new_id(),
            dossier=row.id,
            channel=asked.channel,
            device=device,
            address=sealed,
            language=asked.language,
            consent=consent.id,
            created_at=now,
        )
        notices.subscribe(conn, new, _known(conn, row))

    def _body(self, conn: Connection, actor: str, row: Dossier) -> dict[str, Any]:
        on = notices.of_dossier(conn, row.id)
        channels = []
        for channel in CHANNELS:
            if channel not in self._channels:
                continue
            here = [one for one in on if one.channel == channel and one.device in ("", actor)]
            channels.append(
                {
                    "channel": channel,
                    "on": bool(here),
                    "elsewhere": sum(one.channel == channel for one in on) - len(here),
                    "since": iso(here[0].created_at) if here else None,
                    "consent": newest(f"notice_{channel}"),
                }
            )
        key = b64u(public_point(self._keys.push.public_key()))
        return {
            "code": row.code,
            "key": key,
            "quiet": {"from": f"{self._quiet.start:%H:%M}", "to": f"{self._quiet.end:%H:%M}"},
            "channels": channels,
            "told": told(),
            "kept": [{"vi": row["vi"], "en": row["en"]} for row in rows()],
            "consents": [consent_body(one) for one in agreements.of_dossier(conn, row.id)],
        }


def consent_body(one: Consent) -> dict[str, Any]:
    """As the applicant reads it."""
    text = texts()[one.purpose, one.version]
    return {
        "purpose": one.purpose,
        "version": one.version,
        "digest": one.digest,
        "given_at": iso(one.given_at),
        "helped": one.helper is not None,
        "withdrawn_at": iso(one.withdrawn_at) if one.withdrawn_at else None,
        "vi": text["vi"],
        "en": text["en"],
    }


def standing(row: Dossier, parcel: str | None, fetched: bool) -> Standing:
    """What of a dossier decides whether there is something to tell."""
    wait = str(row.wait["what"]) if row.wait else None
    fetched = fetched or parcel == "pick_up"
    return Standing(row.state, row.n, wait, payments.owes(row), fetched, parcel)


def _known(conn: Connection, row: Dossier) -> list[tuple[str, str]]:
    """What is so already and is not told to who subscribes now."""
    item = consignments.find(conn, row.id)
    parcel = item.state if item else None
    both = [worth_telling(standing(row, parcel, fetched)) for fetched in (False, True)]
    return list(dict.fromkeys(both[0] + both[1]))


def _helped(conn: Connection, row: Dossier) -> bool:
    """The database it lies in is a clerk's."""
    owner = people.account_of(conn, row.owner)
    account = people.account(conn, owner) if owner else None
    return account is not None and account.role == "clerk"
