"""Takes the README's pictures of phone, tablet and desk from the running product.

`python -m tests.journey.pictures FOLDER` starts a server of its own with the sample dossiers.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from server.sandbox.samples import sample
from tests.journey.officer import Officer, eventually
from tests.journey.phone import Phone
from tests.journey.processes import Server


def main() -> None:
    parser = argparse.ArgumentParser(description="Takes the README's pictures.")
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        server = Server(Path(scratch) / "data", seeded=True).start()
        phone = Phone(playwright, server.origin, Path(scratch) / "phone").switch_on()
        try:
            _phone(phone, folder)
            _desk(server, phone, folder)
        finally:
            phone.switch_off()
            server.stop()


def _phone(phone: Phone, folder: Path) -> None:
    phone.visit("/")
    _keep(phone.page, folder / "phone-home.png")
    phone.begin()
    phone.context.set_offline(True)
    phone.fill_until(sample(7), "anh-mat-truoc")
    phone.photograph(sample(7).licence_front)
    _keep(phone.page, folder / "phone-photo.png")
    phone.fill_until(sample(7), "gui")
    phone.agree_and_send()
    _keep(phone.page, folder / "phone-offline.png")
    phone.context.set_offline(False)


def _desk(server: Server, phone: Phone, folder: Path) -> None:
    link = server.demo["officer"]
    watching = Officer(server)
    eventually(lambda: watching.queue()["counts"].get("forwarded", 0) >= 4, 180)
    watching.close()
    page = phone.context.new_page()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(link)
    page.locator("[data-begin]").click()
    page.locator("[data-dossier]").first.click()
    page.locator("img").first.wait_for()
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    _keep(page, folder / "desk.png")


def _keep(page: Page, file: Path) -> None:
    """With 128 colours: a quarter of the bytes, and nothing to see of it."""
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").quantize(128).save(file, optimize=True)


if __name__ == "__main__":
    main()
