"""What PouchDB 9 asks of a server, played the same against every endpoint. Each returns figures by
name; what is `/s` is better when higher, all else when lower."""

from __future__ import annotations

import asyncio
import contextlib
import os
import statistics
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from uuid import uuid4

import orjson

from tests.bench.sync.client import Phone
from tests.bench.sync.endpoint import Endpoint

Figures = dict[str, float]
PHOTO = 300_000
OPEN, CLOSE = b'{"docs":[', b'],"new_edits":false}'


def draft(name: str, photos: int = 4) -> bytes:
    """One document with its photos, inline as PouchDB sends them; random bytes, so that nothing
    is a duplicate."""
    attachments = {
        f"p{n}.jpg": {"content_type": "image/jpeg", "data": b64encode(os.urandom(PHOTO)).decode()}
        for n in range(photos)
    }
    return orjson.dumps(
        {
            "_id": name,
            "_rev": "1-a",
            "_revisions": {"start": 1, "ids": ["a"]},
            "text": "x" * 3000,
            "_attachments": attachments,
        }
    )


async def _database(http: Phone) -> str:
    path = f"/b{uuid4().hex}"
    await http.ask("PUT", f"{path}?q=1")
    return path


async def _measured(
    endpoint: Endpoint, what: str, total: int, work: list[Coroutine[None, None, None]]
) -> Figures:
    cpu, begin = endpoint.cpu_ms, time.perf_counter()
    await asyncio.gather(*work)
    seconds = time.perf_counter() - begin
    figures = {f"{what} /s": total / seconds}
    if endpoint.pid is not None:
        figures[f"{what} CPU-ms each"] = (endpoint.cpu_ms - cpu) / total
    return figures


async def w1_first_sync(endpoint: Endpoint, phones: int = 8, drafts: int = 5) -> Figures:
    made = [[draft(f"d{n}") for n in range(drafts)] for _ in range(phones)]

    async def one(mine: list[bytes]) -> None:
        async with Phone(endpoint) as http:
            db = await _database(http)
            for number, text in enumerate(mine):
                asked = orjson.dumps({f"d{number}": ["1-a"]})
                await http.ask("POST", f"{db}/_revs_diff", asked)
                await http.ask("POST", f"{db}/_bulk_docs", OPEN, text, CLOSE)

    return await _measured(endpoint, "W1 drafts", phones * drafts, [one(mine) for mine in made])


async def w2_small_edits(endpoint: Endpoint, phones: int = 16, edits: int = 30) -> Figures:
    async def one() -> None:
        known = ["0" * 32]
        async with Phone(endpoint) as http:
            db = await _database(http)
            for number in range(2, edits + 2):
                known.insert(0, f"{number:032x}")
                rev = f"{number}-{known[0]}"
                await http.ask("POST", f"{db}/_revs_diff", orjson.dumps({"d": [rev]}))
                revisions = {"start": number, "ids": known}
                document = {"_id": "d", "_rev": rev, "_revisions": revisions, "text": "x" * 3000}
                await http.ask("POST", f"{db}/_bulk_docs", OPEN, orjson.dumps(document), CLOSE)
                found = orjson.loads(await http.ask("GET", f"{db}/_local/c"))
                mark = {"seq": number} | ({"_rev": found["_rev"]} if "_rev" in found else {})
                await http.ask("PUT", f"{db}/_local/c", orjson.dumps(mark))

    return await _measured(endpoint, "W2 edits", phones * edits, [one() for _ in range(phones)])


async def w3_waiting(endpoint: Endpoint, connections: int = 2000, wakes: int = 100) -> Figures:
    """Long polls, one a database; then a write to each of some of them, one after the other."""
    async with AsyncExitStack() as stack:
        phones, paths = [], []
        for _ in range(connections):
            phone = await stack.enter_async_context(Phone(endpoint))
            paths.append(await _database(phone))
            phones.append(phone)
        before = endpoint.memory_kb()
        for phone, db in zip(phones, paths, strict=True):
            phone.send("GET", f"{db}/_changes?feed=longpoll&since=now&heartbeat=60000")
        for phone in phones:
            await phone.head_of_feed()
        figures: Figures = {}
        if endpoint.pid is not None:
            figures["W3 KB a waiting phone"] = (endpoint.memory_kb() - before) / connections
        writer = await stack.enter_async_context(Phone(endpoint))
        times, lost = [], 0
        for number in range(0, connections, max(1, connections // wakes)):
            begin = time.perf_counter()
            await writer.ask("PUT", f"{paths[number]}/d", b"{}")
            try:
                async with asyncio.timeout(5):
                    await phones[number]._reader.readuntil(b"last_seq")
            except TimeoutError:
                lost += 1
            else:
                times.append((time.perf_counter() - begin) * 1000)
        figures["W3 wake p50 ms"] = statistics.median(times)
        figures["W3 wakes lost"] = lost
        return figures


async def w4_pull(endpoint: Endpoint, phones: int = 4, documents: int = 1000) -> Figures:
    async with Phone(endpoint) as http:
        db = await _database(http)
        for begin in range(0, documents, 500):
            made = [{"_id": f"d{n:05}", "text": "x" * 1000} for n in range(begin, begin + 500)]
            await http.ask("POST", f"{db}/_bulk_docs", orjson.dumps({"docs": made}))
        photos = await _database(http)
        for number in range(10):
            await http.ask("POST", f"{photos}/_bulk_docs", OPEN, draft(f"d{number}"), CLOSE)

    async def text() -> None:
        async with Phone(endpoint) as http:
            since, left = "0", 1
            while left:
                path = f"{db}/_changes?style=all_docs&limit=100&since={since}"
                page = orjson.loads(await http.ask("GET", path))
                asked = [{"id": r["id"], "rev": r["changes"][0]["rev"]} for r in page["results"]]
                body = orjson.dumps({"docs": asked})
                await http.ask("POST", f"{db}/_bulk_get?revs=true&latest=true", body)
                since, left = page["last_seq"], page["pending"]

    async def pictures() -> None:
        async with Phone(endpoint) as http:
            for number in range(10):
                for photo in range(4):
                    await http.ask("GET", f"{photos}/d{number}/p{photo}.jpg?rev=1-a")

    found = await _measured(
        endpoint, "W4 documents", phones * documents, [text() for _ in range(phones)]
    )
    return found | await _measured(
        endpoint, "W4 photos", phones * 40, [pictures() for _ in range(phones)]
    )


async def w5_cut(endpoint: Endpoint, drafts: int = 10, at: float = 0.65) -> Figures:
    """PouchDB's default batch, cut; then what `_revs_diff` asks for once more."""
    made = [draft(f"d{n}") for n in range(drafts)]
    whole = OPEN + b",".join(made) + CLOSE
    http = Phone(endpoint)
    await http.connect()
    db = await _database(http)
    cut = int(len(whole) * at)
    http.send("POST", f"{db}/_bulk_docs", len(whole))
    for begin in range(0, cut, 1 << 16):
        await http.write(whole[begin : min(begin + (1 << 16), cut)])
    http.hang_up()
    await asyncio.sleep(1)  # a phone needs longer than that to come back
    await http.connect()
    asked = orjson.dumps({f"d{n}": ["1-a"] for n in range(drafts)})
    missing = orjson.loads(await http.ask("POST", f"{db}/_revs_diff", asked))
    rest = b",".join(text for n, text in enumerate(made) if f"d{n}" in missing)
    await http.ask("POST", f"{db}/_bulk_docs", OPEN, rest, CLOSE)
    assert orjson.loads(await http.ask("POST", f"{db}/_revs_diff", asked)) == {}
    http.hang_up()
    again = cut + len(rest) - len(whole)
    return {
        "W5 % sent again": max(again, 0) / len(whole) * 100,
        "W5 drafts again": again / len(made[0]),
    }


async def w6_one_large_request(endpoint: Endpoint) -> Figures:
    made = [(b"," if n else b"") + draft(f"d{n}") for n in range(40)]
    async with Phone(endpoint) as http:
        db = await _database(http)
        if endpoint.pid is not None:
            endpoint.forget_peak()
        base, begin = endpoint.memory_kb(), time.perf_counter()
        await http.ask("POST", f"{db}/_bulk_docs", OPEN, *made, CLOSE)
        seconds = time.perf_counter() - begin
    figures = {"W6 MB/s": 64 / seconds}
    if endpoint.pid is not None:
        figures["W6 MB over base"] = (endpoint.memory_kb("VmHWM") - base) / 1024
    return figures


Workload = Callable[[Endpoint], Awaitable[Figures]]
WORKLOADS: dict[str, Workload] = {
    "w1": w1_first_sync,
    "w2": w2_small_edits,
    "w3": w3_waiting,
    "w4": w4_pull,
    "w5": w5_cut,
    "w6": w6_one_large_request,
}


async def clear(endpoint: Endpoint) -> None:
    """Takes the databases of the workloads away again."""
    async with Phone(endpoint) as http:
        for name in orjson.loads(await http.ask("GET", "/_all_dbs")):
            if len(name) == 33 and name[0] == "b":
                with contextlib.suppress(Exception):
                    await http.ask("DELETE", f"/{name}")
