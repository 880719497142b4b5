"""What the app costs a phone, against its budgets: `python -m tests.bench.phone [--rounds N]
[--only NAME]`. Needs a built PWA (`npm run build`) and Chromium.

NAME is one of
  size    gzip bytes of the first load's JavaScript and of the precache, as `npm run size` says
  usable  first visit on a slow link and a slow processor, in a browser that was open on another
          site: from the start of the navigation to home, home's tile, "own phone", until the first
          typed character is in the PIN field, the first that the way asks for. The pages are gone
          through as soon as they can be used.
  start   the app installed, the browser started anew, no server and no network: from the start of
          the navigation until home's heading is painted
  photo   from the press on the shutter to the committed transaction with the sealed photo; the
          camera gives 1920 × 1080
  look    one look of the camera at a card: brightness, glare, sharpness, movement, its four edges
  send    everything filled in and sent without a network, never a server seen before. From the
          moment the network is back to the last photo part's 201 (4 photos of about 150 KB), and to
          the submission's answer, which carries the form and comes before the photos. Payload are
          the sealed documents and photo parts; over it is all else, both ways, until that last 201
  edit    one text changed after everything else arrived: bytes of all requests it causes

Slow link: 400 kbps each way, 400 ms round trip, one bottleneck for page and worker (link.py).
Slow processor: Chromium's 4× throttle of the page. Bytes are HTTP with headers, without TCP/IP.
Exit status 1 when a median misses its budget. What else runs on the machine makes times longer;
`chrt -r 1 .venv/bin/python -m tests.bench.phone` (as root) gives the phone the processor first.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.bench.budget import Figure, machine, table
from tests.bench.link import Exchange
from tests.bench.probes import FIRST_FIELD, HEADING, LOOKS, SHUTTER
from tests.bench.trial import (
    PATIENCE,
    Picker,
    Trial,
    camera_picture,
    move,
    slow_processor,
    somebody,
    store,
)
from tests.journey.processes import CHECKOUT

Measure = Callable[[Trial, int], list[Figure]]


def size(_: Trial, __: int) -> list[Figure]:
    done = subprocess.run(
        ["node", "build/size.mjs"], cwd=CHECKOUT / "pwa", capture_output=True, text=True
    )
    found = re.findall(r"^(.+): ([\d.]+) kB of ([\d.]+) kB gzip$", done.stdout, re.MULTILINE)
    if not found:
        raise RuntimeError(f"nothing was weighed; is the PWA built?\n{done.stderr}")
    return [
        Figure(name, "kB gzip", float(limit), [float(weight)], digits=1)
        for name, weight, limit in found
    ]


def usable(trial: Trial, rounds: int) -> list[Figure]:
    home = Figure("first visit: home can be tapped", "s", 3, digits=2)
    field = Figure("first visit: first field takes a character", "s", 3, digits=2)
    for _ in range(rounds):
        trial.link.fast()
        phone = trial.phone()
        phone.page.goto(f"http://127.0.0.1:{trial.server.port}/healthz")
        slow_processor(phone.page)
        phone.context.add_init_script(FIRST_FIELD)
        trial.link.slow()
        phone.page.goto("/", wait_until="commit")
        phone.page.wait_for_function("() => window.asked")
        phone.page.keyboard.type("2")
        phone.page.wait_for_function("() => window.usable")
        expect(phone.page.locator("#pin-input")).to_have_value("2")
        home.values.append(phone.page.evaluate("() => window.home") / 1000)
        field.values.append(phone.page.evaluate("() => window.usable") / 1000)
        phone.switch_off()
    return [home, field]


def start(trial: Trial, rounds: int) -> list[Figure]:
    """Cold: the browser itself has only just been started, and takes its share of the machine."""
    cold = Figure("start without network, after the browser's own", "s", 1.5, digits=2)
    warm = Figure("start without network", "s", 1, digits=2)
    phone = trial.ready_phone()
    phone.switch_off()
    trial.server.stop()
    trial.link.cut()
    for _ in range(rounds):
        phone.switch_on()
        phone.context.set_offline(True)
        phone.context.add_init_script(HEADING)
        for figure, page in ((cold, phone.page), (warm, phone.context.new_page())):
            slow_processor(page)
            with page.expect_console_message(lambda said: said.text.startswith("painted")) as said:
                page.goto("/", wait_until="commit")
            figure.values.append(float(said.value.text.split()[1]) / 1000)
        phone.switch_off()
    trial.server.start()
    trial.link.up = True
    return [warm, cold]


def photo(trial: Trial, rounds: int) -> list[Figure]:
    figure = Figure("photo: shutter to committed", "ms", 700)
    phone = trial.ready_phone()
    phone.context.add_init_script(SHUTTER)
    phone.begin()
    page = phone.page
    camera_picture(phone, somebody().licence_front)
    slow_processor(page)
    move(page, f"/to-khai/{phone.dossier}/anh-mat-truoc")
    for _ in range(rounds * 3):
        page.evaluate("() => { window.pressed = window.saved = undefined; }")
        page.locator("[data-camera], [data-again]").first.click()
        page.locator("[data-shoot]").click()
        page.wait_for_function("() => window.saved", timeout=PATIENCE * 1000)
        page.locator("[data-use]").wait_for()
        if page.evaluate("() => window.pressed < window.saved"):  # else it shot by itself first
            figure.values.append(page.evaluate("() => window.saved - window.pressed"))
        if len(figure.values) == rounds:
            break
    figure.note = f"{store(page)['sealed'] / 1000:.0f} kB"
    return [figure]


def look(trial: Trial, rounds: int) -> list[Figure]:
    figure = Figure("camera: one look at a card", "ms", 25, digits=1)
    phone = trial.ready_phone()
    phone.begin()
    page = phone.page
    camera_picture(phone, somebody().licence_front)
    page.evaluate("() => localStorage.setItem('doibang.camera.by_hand', '1')")
    move(page, f"/to-khai/{phone.dossier}/anh-mat-truoc")
    page.locator("[data-camera], [data-again]").first.click()
    expect(page.locator("svg.guide.good")).to_be_visible(timeout=PATIENCE * 1000)
    slow_processor(page)
    page.evaluate(LOOKS)
    page.wait_for_function(
        "many => window.looks.length >= many", arg=rounds * 10, timeout=PATIENCE * 1000
    )
    figure.values += page.evaluate("() => window.looks")
    return [figure]


def send(trial: Trial, rounds: int) -> list[Figure]:
    form = Figure("form at the server after reconnecting", "s", 3, digits=2)
    whole = Figure("everything at the server", "s", 20, digits=1)
    over = Figure("bytes over the payload", "%", 5, digits=2)
    for _ in range(rounds):
        phone = trial.ready_phone()
        trial.part(phone)
        phone.begin()
        Picker(phone, somebody()).fill_until("gui")
        phone.agree_and_send()
        state = store(phone.page)
        payload = state["sealed"] + state["texts"]
        trial.link.slow()
        began = trial.rejoin(phone)
        seen = trial.await_exchanges(phone, _has_chunks(state["chunks"]))
        parts = [one for one in seen if "/chunk:" in one.path]
        ended = max(one.ended for one in parts)
        sent = [one for one in seen if one.began <= ended and _is_sync(one)]
        form.values.append(min(one.ended for one in sent if _carries_form(one)) - began)
        whole.values.append(ended - began)
        over.values.append((sum(one.up + one.down for one in sent) / payload - 1) * 100)
        whole.note = f"{state['chunks']} parts, {state['sealed'] / 1000:.0f} kB"
        phone.switch_off()
        trial.link.fast()
    return [form, whole, over]


def _has_chunks(count: int) -> Callable[[list[Exchange]], bool]:
    def enough(seen: list[Exchange]) -> bool:
        now = time.monotonic()
        stored = [one for one in seen if one.status == 201 and one.ended <= now]
        return len({one.path for one in stored if "/chunk:" in one.path}) >= count

    return enough


def _is_sync(one: Exchange) -> bool:
    return one.path.startswith(("/db/", "/api/"))


def _carries_form(one: Exchange) -> bool:
    return one.status == 201 and ("/_bulk_docs" in one.path or "/submission:" in one.path)


def edit(trial: Trial, rounds: int) -> list[Figure]:
    up = Figure("text edit: sent", "B", 2000)
    down = Figure("text edit: received", "B", 2000)
    phone = trial.ready_phone()
    page = phone.page
    phone.begin()
    Picker(phone, somebody()).fill_until("xem-lai")
    trial.await_synced(phone)
    for turn in range(rounds):
        trial.link.forget()
        move(page, f"/to-khai/{phone.dossier}/dien-thoai?sua=1")
        page.locator("#phone").fill(f"09123450{turn:02}")
        page.locator("[data-next]").click()
        expect(page).to_have_url(re.compile("/xem-lai$"))
        trial.await_exchanges(phone, lambda seen: any(one.status == 201 for one in seen))
        trial.await_synced(phone)
        seen = [one for one in trial.link.exchanges if _is_sync(one)]
        up.values.append(sum(one.up for one in seen))
        down.values.append(sum(one.down for one in seen))
        up.note = ", ".join(f"{one.method} {one.path.split(':')[0][-12:]}" for one in seen)
    return [up, down]


MEASURES: dict[str, Measure] = {
    measure.__name__: measure for measure in (size, usable, start, photo, look, send, edit)
}


def main() -> int:
    parser = argparse.ArgumentParser(description="What the app costs a phone.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=sorted(MEASURES))
    asked = parser.parse_args()
    chosen = [MEASURES[asked.only]] if asked.only else list(MEASURES.values())
    before = machine()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="phone-bench-") as folder, sync_playwright() as play:
        trial = Trial(play, Path(folder))
        try:
            for measure in chosen:
                print(f"… {measure.__name__}", file=sys.stderr, flush=True)
                figures += measure(trial, asked.rounds)
        finally:
            trial.close()
    print(table(figures))
    print(f"machine: {before} before, {machine()} after")
    return 0 if all(figure.met for figure in figures) else 1


if __name__ == "__main__":
    raise SystemExit(main())
