"""A phone in a person's hand: Chromium with a profile on a disk, a camera and, if wished, a screen
lock. What it does goes through the pages as a person would."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Error, Locator, Page, Playwright, expect

from server.sandbox.samples import Sample, camera_clip, camera_frame
from tests.journey.officer import eventually

PIN = "270945"
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
]
SLOW = 30_000.0  # ms a page may take on a busy machine
expect.set_options(timeout=SLOW)


def add_authenticator(session: CDPSession, prf: bool = True) -> str:
    """A platform authenticator whose user says yes; returns its id."""
    session.send("WebAuthn.enable", {"enableUI": False})
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
        "hasPrf": prf,
    }
    made: dict[str, Any] = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return str(made["authenticatorId"])


class Phone:
    """One profile in `folder`; `page` is its one open tab.

    With `types` set, every text goes in key by key and no paper is scanned: what a browser records
    of a person's typing, it can record.
    """

    def __init__(self, playwright: Playwright, origin: str, folder: Path) -> None:
        self.origin = origin
        self.profile = folder / "profile"
        self._playwright = playwright
        self._camera = folder / "camera.mjpeg"
        self._context: BrowserContext | None = None
        self.page: Page
        self.types = False

    @property
    def context(self) -> BrowserContext:
        assert self._context is not None, "the phone is off"
        return self._context

    def switch_on(self, width: int = 360, height: int = 640, restore: bool = False) -> Phone:
        """`restore`: the browser brings back the tab that was open, as after a crash."""
        self._camera.parent.mkdir(parents=True, exist_ok=True)
        if not self._camera.exists():
            self._camera.write_bytes(b"")
        if restore:
            self._accept_restore()
        video = f"--use-file-for-fake-video-capture={self._camera}"
        self._context = self._playwright.chromium.launch_persistent_context(
            str(self.profile),
            executable_path="/usr/bin/chromium",
            args=[*ARGS, "--use-fake-device-for-media-stream", video]
            + ["--restore-last-session"] * restore,
            ignore_default_args=["--disable-breakpad"],  # a crash writes its dump as elsewhere
            env={**os.environ, "BREAKPAD_DUMP_LOCATION": str(self.profile / "Crash Reports")},
            viewport={"width": width, "height": height},
            locale="vi-VN",
            base_url=self.origin,
        )
        self._context.set_default_timeout(SLOW)
        self.page = self._context.pages[0] if self._context.pages else self._context.new_page()
        if restore:
            self.page = self._restored()
        return self

    def _accept_restore(self) -> None:
        """After a crash Chromium asks before it brings tabs back; headless, nobody is asked."""
        kept = json.loads(self._preferences.read_text(encoding="utf-8"))
        kept["profile"]["exit_type"] = "Normal"
        self._preferences.write_text(json.dumps(kept), encoding="utf-8")

    def _in_session(self) -> bool:
        sessions = (self.profile / "Default/Sessions").glob("Session_*")
        return any(self.page.url.encode() in file.read_bytes() for file in sessions)

    @property
    def _preferences(self) -> Path:
        return self.profile / "Default/Preferences"

    def _restored(self) -> Page:
        """A tab that is brought back begins as an empty one and goes to its address when it is
        looked at, if a busy machine let it wait till then."""
        until = time.monotonic() + 60
        while True:
            for page in self.context.pages:
                if page.url.startswith(self.origin):
                    return page
            assert time.monotonic() < until, [page.url for page in self.context.pages]
            for page in self.context.pages:
                page.bring_to_front()
                page.wait_for_timeout(500)  # lets the browser's events through

    def switch_off(self) -> None:
        if self._context is not None:
            self._context.close()
            self._context = None

    def power_cut(self) -> None:
        """The whole browser dies at once; nothing is tidied up.

        Not before it wrote its first preferences (ten seconds after a start) and the tab's address
        into its session: without them it takes the profile for a new one and brings no tab back.
        """
        eventually(lambda: self._preferences.exists() and self._in_session())
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                if f"--user-data-dir={self.profile}".encode() in (
                    (process / "cmdline").read_bytes().split(b"\0")
                ):
                    os.kill(int(process.name), signal.SIGKILL)
        with contextlib.suppress(Error):
            self.context.close()
        self._context = None

    def crash(self) -> None:
        """The renderer dies, as when a phone runs out of memory."""
        dead, self.page = self.page, self.context.new_page()
        with dead.expect_event("crash"), contextlib.suppress(Error):
            dead.goto("chrome://crash")
        dead.close()

    def with_screen_lock(self, prf: bool = True) -> Phone:
        """A platform authenticator whose user says yes."""
        session = self.context.new_cdp_session(self.page)
        add_authenticator(session, prf)
        return self

    def hold(self, picture: bytes) -> None:
        """What the camera sees from its next opening on."""
        beside = self._camera.with_suffix(".new")
        beside.write_bytes(camera_clip([camera_frame(picture)]))
        beside.replace(self._camera)

    # What a person does

    def visit(self, path: str = "/") -> None:
        self.page.goto(path)
        expect(self.page.locator("h1").first).to_be_visible()

    def enter(self, field: Locator, text: str) -> None:
        if not self.types:
            field.fill(text)
            return
        field.clear()
        field.press_sequentially(text)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def become_offline_ready(self) -> None:
        """The worker has installed the app, so that it starts without a server."""
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")

    def begin(self, whose: str = "own", guard: str = "pin") -> None:
        """Home → whose phone is this → the first question."""
        self.visit("/")
        self.become_offline_ready()
        self.page.get_by_role("link", name=re.compile("Đổi giấy phép lái xe")).click()
        self.page.locator(f"input[name=mode][value={whose}]").check()
        chosen = self.page.locator(f"input[name=guard][value={guard}]")
        if chosen.count():
            chosen.check()
        if guard == "pin":
            self.enter(self.page.locator("#pin-input"), PIN)
            self.enter(self.page.locator("#again-input"), PIN)
        self.press("Tiếp tục")
        expect(self.page).to_have_url(re.compile("/to-khai/[0-9a-f]{32}/giay-to"))

    def unlock(self, guard: str = "pin") -> None:
        """Where the vault is closed: after a reload, or after *Khóa*."""
        if guard == "pin":
            self.enter(self.page.locator("#pin-input"), PIN)
        self.page.locator("[data-open]").click()

    def leave_app(self) -> None:
        """No tab of the app is left: what is sent now, the service worker sends."""
        self.page.goto("about:blank")

    def lock(self) -> None:
        self.press("Khóa")

    @property
    def step(self) -> str:
        return last_part(self.page.url)

    @property
    def dossier(self) -> str:
        found = re.search("/(?:to-khai|ho-so)/([0-9a-f]{32})", self.page.url)
        assert found, self.page.url
        return found[1]

    def fill_until(self, sample: Sample, last: str) -> None:
        """Answers page after page as `sample` would, and stops on the page `last`."""
        way = Way(self, sample)
        while self.step != last:
            here = self.step
            # The address changes first; until the new page is drawn the old one takes answers.
            shown = "here => document.querySelector('db-step')?.step?.id === here"
            self.page.wait_for_function(shown, arg=here)
            way.answer(here)
            self.page.wait_for_url(lambda url, here=here: last_part(url) != here)  # type: ignore[misc]

    def agree_and_send(self) -> str:
        """Ticks every box, presses the button; returns the slip code."""
        self.page.locator("[data-send]").wait_for()
        for box in self.page.locator("input[type=checkbox]").all():
            expect(box).not_to_be_checked()
            box.check()
        self.press("Gửi hồ sơ")
        slip = self.page.locator("[data-slip]")
        expect(slip).to_be_visible()
        return (slip.text_content() or "").replace(" ", "").strip()

    def photograph(self, picture: bytes) -> None:
        """Opens the camera on the open photo page; it shoots by itself or by the button."""
        self.hold(picture)
        self.page.locator("[data-camera], [data-again]").first.click()
        self.page.wait_for_function(
            "() => document.querySelector('video')?.videoWidth"
            " || document.querySelector('[data-use]')"
        )
        with contextlib.suppress(Error):  # it may shoot by itself just now
            self.page.locator("[data-shoot]").click(timeout=2000)
        self.page.locator("[data-use]").wait_for()

    def scan(self, code_png: bytes) -> None:
        self.hold(code_png)
        self.page.locator("[data-scan]").click()


class Way:
    """How one invented person answers each page. Keys are the pages' addresses."""

    def __init__(self, phone: Phone, sample: Sample) -> None:
        self.phone = phone
        self.page = phone.page
        self.sample = sample
        self.answers: dict[str, Any] = sample.truth["answers"]

    def answer(self, step: str) -> None:
        special: dict[str, Callable[[], None]] = {
            "can-cuoc": self._identity_card,
            "dung-nguoi": self._next,
            "xem-lai": self._next,
            "anh-mat-truoc": lambda: self._photo(self.sample.licence_front),
            "anh-mat-sau": lambda: self._photo(self.sample.licence_back),
            "chan-dung": lambda: self._photo(self.sample.portrait),
            "anh-giay-kham": lambda: self._photo(self.sample.certificate or b""),
            "giay-kham": self._certificate,
        }
        special.get(step, self._fields)()

    def _next(self) -> None:
        self.page.locator("[data-next]").click()

    def _photo(self, picture: bytes) -> None:
        self.phone.photograph(picture)
        self._next()

    def _identity_card(self) -> None:
        if self.phone.types:
            self.page.locator("[data-type]").click()
            return
        self.phone.scan(self.sample.id_qr_png)

    def _certificate(self) -> None:
        if self.phone.types:
            return self._fields()
        assert self.sample.certificate_qr_png is not None
        self.phone.scan(self.sample.certificate_qr_png)
        expect(self.page.locator("#certificate_number")).to_have_value(
            self.answers["certificate_number"]
        )
        return self._fields()

    def _fields(self) -> None:
        """Whatever the page asks, in its own order; a choice may bring up further fields."""
        expect(self.page.locator("db-field").first).to_be_visible()
        done: set[str] = set()
        while asked := [name for name in self._asked() if name not in done]:
            self._one(asked[0])
            done.add(asked[0])
        self._next()

    def _asked(self) -> list[str]:
        names: list[str] = self.page.locator("db-field").evaluate_all(
            "fields => fields.map(field => field.question.name)"
        )
        return names

    def _one(self, name: str) -> None:
        value = self.answers.get(name)
        if value is None:
            return
        text = str(value).lower() if isinstance(value, bool) else str(value)
        field = self.page.locator("db-field").filter(has=self.page.locator(f"[id='{name}']"))
        search = field.locator("input[type=search]")
        if search.count():
            if not field.locator(f"input[value='{text}']").count():
                self.phone.enter(search, self.sample.person.commune.split(maxsplit=1)[1])
            field.locator(f"input[type=radio][value='{text}']").check()
        elif field.locator("input[type=radio]").count():
            field.locator(f"input[type=radio][value='{text}']").check()
        elif field.locator("select").count():
            field.locator("select").select_option(text)
        elif field.locator("input[type=checkbox]").count():
            field.locator("input[type=checkbox]").set_checked(value is True)
        else:
            self.phone.enter(field.locator(f"[id='{name}']"), typed(text))


def last_part(url: str) -> str:
    return url.split("?")[0].rsplit("/", 1)[-1]


def typed(value: str) -> str:
    """A date as a person types it; anything else as it is."""
    day = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", value)
    return f"{day[3]}/{day[2]}/{day[1]}" if day else value
