"""Pages for everybody: by keyboard, by screen reader, on a phone, in both themes."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import PHONE, faults
from tests.e2e.people import PASSWORD, Person
from tests.e2e.server import Server
from tests.web.test_pages import OUTSIDE

INSIDE = (
    "/",
    "/settings/profile",
    "/settings/tokens",
    "/settings/mcp",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/sessions/",
    "/notices/",
    "/notices/read",
    "/settings/account/delete",
    "/teams/new",
)


@pytest.fixture(scope="module")
def resident(server: Server, browser: Browser) -> Any:
    """Somebody who is signed in, gave fresh proof, and watches a site; as stored cookies."""
    with browser.new_context(base_url=server.base) as context:
        page = context.new_page()
        person = Person(server=server, name="Rita Resident", email="rita@example.com")
        person.register(page)
        person.verify(page)
        page.get_by_label("Address").fill("http://127.0.0.1:8099")
        page.get_by_role("button", name="Watch it").click()
        expect(page.get_by_text("is being watched")).to_be_visible()
        page.goto("/settings/tokens")
        person.prove(page)
        expect(page.get_by_role("heading", name="API tokens")).to_be_visible()
        return context.storage_state()


@pytest.fixture
def visitors(server: Server, resident: Any, browser: Browser) -> Iterator[tuple[Page, Page]]:
    """Two pages at phone width: one signed in, one not."""
    look: Any = {"base_url": server.base, "viewport": PHONE}
    inside = browser.new_context(storage_state=resident, **look)
    outside = browser.new_context(**look)
    yield inside.new_page(), outside.new_page()
    inside.close()
    outside.close()


def _team_pages(page: Page) -> tuple[str, ...]:
    page.goto("/")
    return tuple(f"{page.url}{path}" for path in ("sites", "team", "audit"))


def test_it_has_no_fault_that_a_machine_can_find_and_fits_a_phone(
    visitors: tuple[Page, Page],
) -> None:
    inside, outside = visitors
    found: dict[str, list[str]] = {}
    for page, paths in ((outside, OUTSIDE), (inside, (*INSIDE, *_team_pages(inside)))):
        for path in paths:
            page.goto(path)
            found[path] = faults(page)
    assert {path: each for path, each in found.items() if each} == {}


def test_it_switches_teams_on_a_phone(visitors: tuple[Page, Page]) -> None:
    page, _ = visitors
    page.goto("/")
    menu = page.get_by_role("banner")
    menu.get_by_text("Menu").click()
    menu.get_by_label("Team:").click()
    expect(menu.get_by_role("link", name="New team")).to_be_visible()
    page.mouse.click(8, 700)  # beside the menu
    expect(menu.get_by_role("link", name="New team")).to_be_hidden()
    expect(menu.get_by_role("link", name="Audit log")).to_be_hidden()


def test_it_works_by_keyboard(page: Page, person: Person) -> None:
    person.register(page)
    person.verify(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    switch = page.get_by_role("complementary").get_by_label("Team:")
    switch.focus()
    page.keyboard.press("Enter")
    entry = page.get_by_role("complementary").get_by_role("link", name="New team")
    expect(entry).to_be_visible()
    page.keyboard.press("Escape")
    expect(entry).to_be_hidden()
    expect(switch).to_be_focused()


def test_it_signs_in_without_scripts(browser: Browser, server: Server, resident: Any) -> None:
    assert resident
    context = browser.new_context(base_url=server.base, java_script_enabled=False)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill("rita@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="What is wrong now")).to_be_visible()
    context.close()


def test_it_asks_again_for_live_state_while_somebody_looks(
    browser: Browser, server: Server, resident: Any
) -> None:
    context = browser.new_context(base_url=server.base, storage_state=resident)
    page = context.new_page()
    page.clock.install()
    page.goto("/")
    page.goto(f"{page.url}sites")
    page.get_by_role("link", name="http://127.0.0.1:8099").focus()
    with page.expect_response("**/sites/live?page=1") as answered:
        page.clock.run_for(10_000)
    assert answered.value.status == 200
    expect(page.get_by_role("link", name="http://127.0.0.1:8099")).to_be_focused()
    context.close()
