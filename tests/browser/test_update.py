"""A new version of the app: it waits for the person, and nothing that is open notices it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.releases import Release, Site, release
from tests.journey.phone import Phone
from tests.journey.processes import CHECKOUT
from tests.server.sandbox.served import served

Releases = Callable[[str], Release]
OFFER = "Dùng bản mới"
HALF, WHOLE = "Nguyễn Văn M", "Nguyễn Văn Mẫu"
# As the browser does by itself on a navigation or once a day; the state the new worker ends in.
LOOK_FOR_UPDATE = """async () => {
  const registration = await navigator.serviceWorker.ready;
  const found = new Promise((tell) =>
    registration.addEventListener("updatefound", () => tell(registration.installing)));
  await registration.update();
  const worker = await found;
  while (worker.state === "installing")
    await new Promise((next) => worker.addEventListener("statechange", next, { once: true }));
  return worker.state;
}"""
CACHED = """async (name) =>
  (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)"""


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    made: dict[str, Release] = {}

    def make(brand: str) -> Release:
        if brand not in made:
            folder = tmp_path_factory.mktemp("release") / "dist"
            made[brand] = release(CHECKOUT / "pwa/dist", folder, brand)
        return made[brand]

    return make


@pytest.fixture
def site(releases: Releases) -> Site:
    return Site(releases("Bản một"))


@pytest.fixture
def phone(playwright: Playwright, site: Site, tmp_path: Path) -> Iterator[Phone]:
    """On the home page with the first version installed."""
    with served(site) as address:
        made = Phone(playwright, address.replace("127.0.0.1", "localhost"), tmp_path).switch_on()
        try:
            made.visit()
            in_charge(made.page)
            yield made
        finally:
            made.switch_off()


def in_charge(page: Page) -> None:
    page.wait_for_function("() => navigator.serviceWorker.controller?.state === 'activated'")


def entry(page: Page) -> str | None:
    """The address of the script that this tab runs."""
    return page.locator("script[type=module]").get_attribute("src")


def never_reloads(page: Page) -> Callable[[], None]:
    page.evaluate("() => { window.untouched = true }")

    def check() -> None:
        assert page.evaluate("() => window.untouched === true"), "the tab was reloaded"

    return check


def half_typed(phone: Phone) -> None:
    """On the page of one's name and birth date, in the middle of a name."""
    phone.begin()
    dossier = phone.dossier
    phone.page.locator("input[name=licence_held][value=card]").check()
    phone.page.locator("[data-next]").click()
    phone.page.wait_for_url(lambda url: "/giay-to" not in url)
    phone.page.goto(f"/to-khai/{dossier}/ban-than")
    phone.unlock()
    phone.page.locator("#full_name").press_sequentially(HALF)


def test_a_form_that_is_open_is_left_alone(phone: Phone, site: Site, releases: Releases) -> None:
    half_typed(phone)
    page, form = phone.page, phone.page.url
    name, offer = page.locator("#full_name"), page.get_by_role("button", name=OFFER)
    one, untouched = entry(page), never_reloads(page)
    site.show(releases("Bản hai"))
    assert page.evaluate(LOOK_FOR_UPDATE) == "installed"

    expect(name).to_have_value(HALF)
    expect(offer).to_have_count(0)
    name.press_sequentially(WHOLE.removeprefix(HALF))
    expect(page.locator(".saved")).to_contain_text("✓")
    untouched()

    page.reload()
    phone.unlock()
    expect(name).to_have_value(WHOLE)
    assert (entry(page), page.url) == (one, form)
    expect(offer).to_have_count(0)

    page.goto("/")
    expect(page.locator(".brand")).to_have_text("Bản một")
    offer.click()
    expect(page.locator(".brand")).to_have_text("Bản hai")
    expect(offer).to_have_count(0)
    assert entry(page) not in (one, None)
    page.goto(form)
    phone.unlock()
    expect(name).to_have_value(WHOLE)
    page.goto(form.replace("ban-than", "giay-to"))
    phone.unlock()
    expect(page.locator("input[name=licence_held][value=card]")).to_be_checked()


def test_another_tab_stays_on_its_version(phone: Phone, site: Site, releases: Releases) -> None:
    """Also when the version in between was never taken. The version before the last one goes."""
    one, two, three = (releases(f"Bản {word}") for word in ("một", "hai", "ba"))
    other, page = phone.page, phone.context.new_page()
    untouched = never_reloads(other)
    page.goto("/")
    site.show(two)
    assert page.evaluate(LOOK_FOR_UPDATE) == "installed"
    site.show(three)
    assert page.evaluate(LOOK_FOR_UPDATE) == "installed"
    page.get_by_role("button", name=OFFER).click()
    expect(page.locator(".brand")).to_have_text("Bản ba")
    assert set(shells(page)) == {one.cache, three.cache}

    site.asked.clear()
    parts: list[str] = []
    other.on("response", lambda answer: parts.append(re.sub("^https?://[^/]+", "", answer.url)))
    other.locator("a[href='/tro-giup']").click()
    expect(other).to_have_url(re.compile("/tro-giup$"))
    expect(other.locator("db-help h1")).to_be_visible()
    untouched()
    lazy = {part for part in parts if part.startswith("/assets/")}
    assert lazy & (one.files - three.files), "nothing was loaded that the site no longer has"
    assert lazy.isdisjoint(site.asked)

    other.close()
    site.show(releases("Bản bốn"))
    assert page.evaluate(LOOK_FOR_UPDATE) == "installed"
    page.get_by_role("button", name=OFFER).click()
    expect(page.locator(".brand")).to_have_text("Bản bốn")
    assert set(shells(page)) == {three.cache, releases("Bản bốn").cache}


def shells(page: Page) -> list[str]:
    names: list[str] = page.evaluate("() => caches.keys()")
    return [name for name in names if name.startswith("shell-")]


def test_an_install_that_is_cut_goes_on(phone: Phone, site: Site, releases: Releases) -> None:
    page, one, two = phone.page, releases("Bản một"), releases("Bản hai")
    had = one.files.intersection(page.evaluate(CACHED, one.cache))
    site.show(two)
    site.cut = 6
    assert page.evaluate(LOOK_FOR_UPDATE) == "redundant"
    page.reload()
    expect(page.locator(".brand")).to_have_text("Bản một")
    expect(page.get_by_role("button", name=OFFER)).to_have_count(0)

    finished = two.files.intersection(page.evaluate(CACHED, two.cache))
    assert finished - one.files, "no new file had arrived before the cut"
    assert not (two.files - one.files) <= finished
    phone.context.new_cdp_session(page).send("Network.clearBrowserCache")
    site.asked.clear()
    site.cut = None
    page.reload()
    page.get_by_role("button", name=OFFER).click()
    expect(page.locator(".brand")).to_have_text("Bản hai")
    assert finished.isdisjoint(site.asked)
    assert had.isdisjoint(site.asked), "what both versions share was fetched again"


def test_a_phone_offers_to_install_it(phone: Phone) -> None:
    session = phone.context.new_cdp_session(phone.page)
    assert session.send("Page.getInstallabilityErrors") == {"installabilityErrors": []}
