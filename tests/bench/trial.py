"""One server behind a slow link, and phones with slow processors that use it."""

from __future__ import annotations

import io
import time
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from server.sandbox.samples import Sample, camera_clip, camera_frame, sample
from tests.bench.link import Exchange, Link
from tests.bench.probes import DECODER, KEPT, MOVE, STORE
from tests.journey.officer import eventually
from tests.journey.phone import Phone, Way
from tests.journey.processes import Server, free_port

PATIENCE = 90.0  # seconds until an awaited event counts as missing
PHOTO = 150_000  # bytes that a photo shall have
SLOW_CPU = 4


class Trial:
    """Lives in `folder`; `link` is the only way from a phone to `server`."""

    def __init__(self, playwright: Playwright, folder: Path) -> None:
        self._playwright = playwright
        self._folder = folder
        port = free_port()
        (folder / "server").mkdir()
        self.server = Server(
            folder / "server" / "data", {"DOIBANG_ORIGIN": f"http://localhost:{port}"}
        )
        self.link = Link(self.server.port, port)
        self.server.start()
        self._phones: list[Phone] = []

    def close(self) -> None:
        for phone in self._phones:
            phone.switch_off()
        self.link.close()
        self.server.stop()

    def phone(self) -> Phone:
        """A new one: nothing of the app is on it."""
        folder = self._folder / f"phone-{len(self._phones)}"
        self._phones.append(Phone(self._playwright, self.link.origin, folder).switch_on())
        return self._phones[-1]

    def ready_phone(self) -> Phone:
        """The app and its decoder are installed over a fast link."""
        self.link.fast()
        phone = self.phone()
        phone.visit("/")
        phone.become_offline_ready()
        eventually(lambda: phone.page.evaluate(DECODER), PATIENCE)
        return phone

    def part(self, phone: Phone) -> None:
        """The phone leaves the network's reach."""
        phone.context.set_offline(True)
        self.link.cut()

    def rejoin(self, phone: Phone) -> float:
        """Back in reach; returns when."""
        self.link.up = True
        self.link.forget()
        now = time.monotonic()
        phone.context.set_offline(False)
        return now

    def await_exchanges(
        self, phone: Phone, enough: Callable[[list[Exchange]], bool]
    ) -> list[Exchange]:
        """Returns those since the last `forget()`, as soon as there are `enough` of them and the
        last byte has reached the phone."""
        deadline = time.monotonic() + PATIENCE
        while not enough(seen := list(self.link.exchanges)):
            if time.monotonic() > deadline:
                raise TimeoutError(f"still waiting after {PATIENCE:.0f} s: {seen}")
            phone.page.wait_for_timeout(20)  # lets the browser's events through
        return seen

    def await_synced(self, phone: Phone) -> None:
        """Everything of this phone is at the server."""
        deadline = time.monotonic() + PATIENCE
        while (state := store(phone.page))["due"]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"still not at the server: {state}")
            phone.page.wait_for_timeout(100)


def slow_processor(page: Page) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_CPU})


def store(page: Page) -> dict[str, Any]:
    """due: documents to send · chunks: photo parts · sealed: bytes of the parts on this phone ·
    texts: bytes of the other documents"""
    state: dict[str, Any] = page.evaluate(STORE)
    return state


def move(page: Page, address: str) -> None:
    """To another page of the app without a reload, which would lock the vault."""
    page.evaluate(MOVE, address)


@lru_cache
def somebody() -> Sample:
    """Who needs a health certificate, so sends four photos."""
    return next(made for made in map(sample, range(1, 50)) if made.certificate)


def camera_picture(phone: Phone, picture: bytes) -> None:
    """What the camera sees, in the size that the app asks a camera for."""
    clip = camera_clip([camera_frame(picture, size=(1920, 1080))], repeat=15)
    (phone.profile.parent / "camera.mjpeg").write_bytes(clip)


class Picker(Way):
    """Chooses each photo from the gallery, made so that about PHOTO bytes are kept of it."""

    def _photo(self, picture: bytes) -> None:
        file = {"name": "anh.jpg", "mimeType": "image/jpeg", "buffer": weighing(self.page, picture)}
        self.page.locator("[data-file]").set_input_files(file)  # type: ignore[arg-type]
        self.page.locator("[data-use]").wait_for()
        self._next()

    def fill_until(self, last: str) -> None:
        while self.phone.step != last:
            here = f"{self.phone.origin}/to-khai/{self.phone.dossier}/{self.phone.step}"
            self.answer(self.phone.step)
            expect(self.page).not_to_have_url(here)


_weighed: dict[bytes, bytes] = {}


def weighing(page: Page, picture: bytes) -> bytes:
    """The picture as large, and with as much grain, as makes the browser's JPEG of it PHOTO bytes
    long."""
    if picture not in _weighed:
        for long_side in (1600, 1440, 1280, 1120):
            found = _grained(page, picture, long_side)
            if found:
                _weighed[picture] = found
                break
    return _weighed[picture]


def _grained(page: Page, picture: bytes, long_side: int) -> bytes | None:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    scale = long_side / max(image.size)
    image = image.resize((round(image.width * scale), round(image.height * scale)))
    grain = Image.effect_noise(image.size, 120).convert("RGB")
    low, high, found = 0.0, 1.0, None
    for _ in range(11):
        share = (low + high) / 2
        made = _jpeg(Image.blend(image, grain, share))
        if page.evaluate(KEPT, b64encode(made).decode()) > PHOTO:
            high = share
        else:
            low, found = share, made
    return found


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=95)
    return out.getvalue()
