"""Vaults where only a browser can tell: authenticators, quota, the bytes on the disk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page

from tests.browser.conftest import fill, ready
from tests.journey.phone import add_authenticator
from tests.journey.processes import Server

CODE_OF = "(error) => error.code ?? error.key ?? String(error)"


@pytest.fixture
def cdp(context: BrowserContext, page: Page) -> CDPSession:
    return context.new_cdp_session(page)


def test_a_passkey_opens_it_offline_and_is_registered_later(
    context: BrowserContext, page: Page, cdp: CDPSession
) -> None:
    phone = add_authenticator(cdp, prf=True)
    context.set_offline(True)
    name = page.evaluate(
        f"""async () => {{
          const guard = {{ kind: "passkey" }};
          const made = await core.vault.createVault({{ mode: "own", guard }});
          window.draft = await core.drafts.create({{ full_name: "Nguyễn Văn Mẫu" }});
          core.vault.lock();
          const locked = await core.drafts.open(draft.dossier).catch({CODE_OF});
          await core.vault.unlock(made.id, guard);
          const opened = await core.drafts.open(draft.dossier);
          return [locked, opened.values().full_name];
        }}"""
    )
    assert name == ["locked", "Nguyễn Văn Mẫu"]

    context.set_offline(False)
    bodies: list[str] = []
    context.on("request", lambda sent: bodies.append(sent.post_data or "") if _api(sent) else None)
    session = page.evaluate(
        """async () => {
          await core.identity.register({ name: "Mẫu" });
          return core.identity.session("applicant");
        }"""
    )
    assert session["role"] == "applicant"
    assert any("attestationObject" in body for body in bodies)
    assert not any('"prf"' in body for body in bodies)

    cdp.send("WebAuthn.setUserVerified", {"authenticatorId": phone, "isUserVerified": False})
    refused = page.evaluate(
        f"""async () => {{
          const [made] = await core.vault.listVaults();
          core.vault.lock();
          return core.vault.unlock(made.id, {{ kind: "passkey" }}).catch({CODE_OF});
        }}"""
    )
    assert refused == "cancelled"


def _api(sent: Any) -> bool:
    return "/api/" in sent.url and sent.method == "POST"


def test_an_authenticator_without_prf_says_so(page: Page, cdp: CDPSession) -> None:
    add_authenticator(cdp, prf=False)
    code = page.evaluate(
        f"""() => core.vault
          .createVault({{ mode: "own", guard: {{ kind: "passkey" }} }})
          .catch({CODE_OF})"""
    )
    assert code == "no_prf"
    assert page.evaluate("() => core.vault.listVaults()") == []


def test_a_full_disk_is_said_plainly_and_loses_nothing(
    context: BrowserContext, server: Server, jpeg: Callable[[int], list[int]]
) -> None:
    page = context.new_page()
    session = context.new_cdp_session(page)
    # Before the first write: Chromium remembers for minutes how much room there was.
    quota = {"origin": server.origin, "quotaSize": 3_000_000}
    session.send("Storage.overrideQuotaForOrigin", quota)
    ready(page)
    saved, told, sizes = page.evaluate(
        f"""async (bytes) => {{
          await core.vault.createVault({{ mode: "own", guard: {{ kind: "pin", pin: "250861" }} }});
          const picture = new Blob([new Uint8Array(bytes)], {{ type: "image/jpeg" }});
          const drafts = [];
          let told;
          for (let tries = 0; !told && tries < 40; tries++) {{
            try {{
              const draft = await core.drafts.create();
              drafts.push(draft);
              await draft.addPhoto("portrait", picture, {{ width: 9, height: 9 }});
            }} catch (error) {{
              told = ({CODE_OF})(error);
            }}
          }}
          const photos = drafts.flatMap((draft) => draft.photos().map((one) => [draft, one.id]));
          const sizes = [];
          for (const [draft, id] of photos) sizes.push((await draft.photo(id)).size);
          return [photos.length, told, [...new Set(sizes)]];
        }}""",
        jpeg(250_000),
    )
    assert told == "error.quota"
    assert saved > 0
    assert sizes == [250_000]


def test_a_reload_keeps_every_answer_and_photo(
    page: Page, jpeg: Callable[[int], list[int]]
) -> None:
    dossier = fill(page, jpeg(70_000))
    page.evaluate("() => draft.setPosition('phone')")
    page.reload()
    found = page.evaluate(
        """async (id) => {
          window.core = await import("/core.js");
          const [made] = await core.vault.listVaults();
          await core.vault.unlock(made.id, { kind: "pin", pin: "250861" });
          const draft = await core.drafts.open(id);
          const sizes = [];
          for (const { id: photo } of draft.photos()) sizes.push((await draft.photo(photo)).size);
          return [draft.values().full_name, draft.position, sizes];
        }""",
        dossier,
    )
    assert found == ["Nguyễn Văn Mẫu", "phone", [70_000, 70_000, 70_000]]
