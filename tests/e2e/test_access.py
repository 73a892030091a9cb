"""Pages for everybody: by keyboard, by screen reader, on a phone, in both themes."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.people import PASSWORD, Person
from tests.e2e.server import Server

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PHONE = {"width": 390, "height": 844}
OUTSIDE = ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nowhere")
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


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, server: Server, resident: Any, browser: Browser) -> Any:
    """Two phones in one theme: one signed in, one not."""
    look = {"base_url": server.base, "color_scheme": request.param, "viewport": PHONE}
    inside = browser.new_context(storage_state=resident, **look)
    outside = browser.new_context(**look)
    yield inside.new_page(), outside.new_page()
    inside.close()
    outside.close()


def _team_pages(page: Page) -> tuple[str, ...]:
    page.goto("/")
    return tuple(f"{page.url}{path}" for path in ("sites", "team", "audit"))


def test_it_has_no_fault_that_a_machine_can_find(themed: tuple[Page, Page]) -> None:
    inside, outside = themed
    axe = AXE.read_text(encoding="utf-8")
    faults: dict[str, list[str]] = {}
    for page, paths in ((outside, OUTSIDE), (inside, (*INSIDE, *_team_pages(inside)))):
        for path in paths:
            page.goto(path)
            page.evaluate(axe)
            found = page.evaluate("axe.run()")["violations"]
            if found:
                faults[path] = [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]
    assert faults == {}


def test_it_fits_a_phone(themed: tuple[Page, Page]) -> None:
    inside, outside = themed
    too_wide = [
        path
        for page, paths in ((outside, OUTSIDE), (inside, (*INSIDE, *_team_pages(inside))))
        for path in paths
        if page.goto(path) and page.evaluate("document.documentElement.scrollWidth") > 390
    ]
    assert too_wide == []


def test_it_switches_teams_on_a_phone(themed: tuple[Page, Page]) -> None:
    page, _ = themed
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
