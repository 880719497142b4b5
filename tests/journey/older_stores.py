"""Writes down what a former version of the app keeps on a phone, for `test_older_stores`.

    git worktree add --detach /tmp/former COMMIT && npm ci --prefix /tmp/former/pwa
    npm run build --prefix /tmp/former/pwa
    python -m tests.journey.older_stores /tmp/former tests/journey/stores/NAME.json

The former server and app run from their own checkout; one person sends a dossier without a network
and leaves a second one half filled in, with two photos and a PIN. `keys` are that throw-away
server's: a server keeps its keys for as long as a draft may live.
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Page, Playwright, sync_playwright

from server.sandbox.samples import Sample, sample
from tests.journey import processes
from tests.journey.phone import Phone, Way

SENT, BEGUN = 51, 52  # the seeds of the two people
CARD: Any = ("2008", "A1")  # needs no health certificate
LAST = "chan-dung"  # the page on which the second dossier is left
SMALL = 560  # pixels across: a photo of some 15 KB
STORES = ("vaults", "grants", "docs", "bytes", "dossiers", "meta")
"""Every row, bytes as {"base64": …}."""
DUMP = """async (names) => {
  const db = await new Promise((done, failed) => {
    const opening = indexedDB.open("doibang");
    opening.onsuccess = () => done(opening.result);
    opening.onerror = () => failed(opening.error);
  });
  const plain = (value) => {
    if (value instanceof Uint8Array)
      return { base64: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join("")) };
    if (Array.isArray(value)) return value.map(plain);
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
    return value;
  };
  const rows = (store) => new Promise((done, failed) => {
    const asked = db.transaction(store).objectStore(store).getAll();
    asked.onsuccess = () => done(asked.result.map(plain));
    asked.onerror = () => failed(asked.error);
  });
  const stores = {};
  for (const name of names) stores[name] = await rows(name);
  const version = db.version;
  db.close();
  return { version, stores };
}"""


def person(seed: int) -> Sample:
    return sample(seed, None, CARD)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkout", type=Path, help="of the former version, with its app built")
    parser.add_argument("file", type=Path)
    told = parser.parse_args()
    processes.CHECKOUT = told.checkout.resolve()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        kept = written(playwright, Path(scratch))
    told.file.parent.mkdir(exist_ok=True)
    told.file.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def written(playwright: Playwright, folder: Path) -> dict[str, Any]:
    server = processes.Server(folder / "data").start()
    phone = Phone(playwright, server.origin, folder / "phone").switch_on()
    try:
        phone.begin()
        phone.context.set_offline(True)
        fill(phone, person(SENT), "gui")
        slip, sent = phone.agree_and_send(), phone.dossier
        phone.visit("/to-khai/moi")
        phone.unlock()
        phone.page.wait_for_url("**/giay-to")
        fill(phone, person(BEGUN), LAST)
        kept: dict[str, Any] = phone.page.evaluate(DUMP, list(STORES))
        keys = {file.name: file.read_text() for file in (server.data / "keys").iterdir()}
        sent_one = {"dossier": sent, "slip": slip}
        return kept | {"keys": keys, "sent": sent_one, "begun": {"dossier": phone.dossier}}
    finally:
        phone.switch_off()
        server.stop()


class SmallPhotos(Way):
    """Chooses files instead of taking photos."""

    def _photo(self, picture: bytes) -> None:
        choose(self.page, picture)
        self._next()


def choose(page: Page, picture: bytes) -> None:
    file: FilePayload = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": small(picture)}
    page.locator("[data-file]").set_input_files([file])
    page.locator("img.shot").wait_for()


def small(picture: bytes) -> bytes:
    made = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        image.thumbnail((SMALL, SMALL))
        image.convert("RGB").save(made, "JPEG", quality=60)
    return made.getvalue()


def fill(phone: Phone, sample: Sample, last: str) -> None:
    way = SmallPhotos(phone, sample)
    while phone.step != last:
        here = phone.step
        way.answer(here)
        phone.page.wait_for_url(lambda url, here=here: f"/{here}" not in url)  # type: ignore[misc]


if __name__ == "__main__":
    main()
