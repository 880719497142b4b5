"""A phone on which one dossier was filled in with no network, ready to be sent, kept on a disk:
every promise begins from a copy of it, and none pays for the filling again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Playwright, expect

from server.sandbox.samples import Sample, sample
from tests.bench.link import Link
from tests.journey.phone import SLOW, Phone
from tests.journey.processes import Server


def behind(link: Link, folder: Path) -> Server:
    """A server that is reached over `link` only; its data lie in `folder`."""
    folder.mkdir(exist_ok=True)
    server = Server(folder / "data", {"DOIBANG_ORIGIN": link.origin})
    server.origin = link.origin
    link.target = server.port
    link.up = True
    return server.start()


@dataclass(frozen=True)
class Filled:
    """`folder` holds the server's data and the phone's profile as they were when the last page
    asked to send. The phone knows the server as `link.origin`."""

    link: Link
    folder: Path
    sample: Sample
    dossier: str

    @classmethod
    def make(cls, playwright: Playwright, link: Link, folder: Path) -> Filled:
        person = sample(7)
        server = behind(link, folder / "server")
        phone = Phone(playwright, link.origin, folder / "phone").switch_on()
        try:
            phone.begin()
            link.cut()
            phone.fill_until(person, "gui")
            dossier = phone.dossier
        finally:
            phone.switch_off()
            server.stop()
        return cls(link, folder, person, dossier)

    def copy(self, playwright: Playwright, folder: Path) -> Copy:
        return Copy(self, self.copy_server(folder), self.copy_phone(playwright, folder))

    def copy_server(self, folder: Path) -> Server:
        return behind(self.link, self._copied("server", folder))

    def copy_phone(self, playwright: Playwright, folder: Path) -> Phone:
        """One copy at a time may send: to the server they are the same device."""
        return Phone(playwright, self.link.origin, self._copied("phone", folder))

    def _copied(self, part: str, folder: Path) -> Path:
        ignored = shutil.ignore_patterns("Singleton*")
        return Path(shutil.copytree(self.folder / part, folder / part, ignore=ignored))


@dataclass
class Copy:
    """The server and the phone of one promise."""

    filled: Filled
    server: Server
    phone: Phone

    @property
    def link(self) -> Link:
        return self.filled.link

    @property
    def dossier(self) -> str:
        return self.filled.dossier

    def pick_up(self) -> Phone:
        """The phone is switched on and shows the page with the button *Gửi hồ sơ*."""
        self.phone.switch_on()
        return self.return_to("gui")

    def return_to(self, step: str) -> Phone:
        self.phone.visit(f"/to-khai/{self.dossier}/{step}")
        self.phone.unlock()
        expect(self.phone.page.locator("#pin-input")).to_have_count(0, timeout=SLOW)
        return self.phone

    def replaced(self, step: str, take: Callable[[], None]) -> None:
        """Another photo in the place of the one that is there, shown as saved."""
        shot = self.return_to(step).page.locator("img.shot")
        before = shot.get_attribute("src") or ""
        take()
        expect(shot).not_to_have_attribute("src", before, timeout=SLOW)
        expect(self.phone.page.locator(".saved, .note.wait").first).to_be_visible()

    def close(self) -> None:
        self.phone.switch_off()
        self.link.cut()
        self.server.stop()
