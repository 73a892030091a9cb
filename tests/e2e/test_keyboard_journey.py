"""Without a mouse: where the focus is, how the palette behaves, a check run, an issue taken."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.keyboard import go, tab_to, walk
from tests.e2e.people import Person
from tests.e2e.seeding import seed

PAGES = (
    "",
    "sites",
    "issues",
    "issues/{issue}",
    "sites/{site}/",
    "sites/{site}/settings",
    "monitoring",
    "destinations",
    "team",
)


@pytest.fixture
def trouble(page: Page, person: Person) -> dict[str, str]:
    """Somebody at home whose site is down: the addresses of home, site and issue."""
    person.register(page)
    person.verify(page)
    site, issue = seed(person, "incident")
    page.reload()
    return {"home": page.url, "site": site, "issue": issue}


def test_it_skips_to_the_content_of_the_page(page: Page, trouble: dict[str, str]) -> None:
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_it_chooses_in_the_palette_and_gives_the_focus_back(
    page: Page, trouble: dict[str, str]
) -> None:
    opener = page.get_by_role("button", name="Go to…")
    field = page.get_by_role("combobox", name="Sites, pages and actions")
    tab_to(page, opener)
    for key in ("Control+k", "Enter"):
        page.keyboard.press(key)
        expect(field).to_be_focused()
        page.keyboard.press("Escape")
        expect(field).to_be_hidden()
        expect(opener).to_be_focused()

    page.keyboard.press("Control+k")
    options = page.get_by_role("option")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_contain_text("Old shop")
    first, second, last = (options.nth(place) for place in (0, 1, -1))
    for key, wanted in (("ArrowDown", second), ("ArrowUp", first), ("ArrowUp", last)):
        page.keyboard.press(key)
        expect(chosen).to_have_count(1)
        expect(wanted).to_have_attribute("aria-selected", "true")
        expect(field).to_have_attribute("aria-activedescendant", wanted.get_attribute("id") or "")
        expect(wanted).to_be_in_viewport()
        expect(field).to_be_focused()

    page.keyboard.type("nothing is named so")
    expect(page.get_by_text("Nothing fits “nothing is named so”.")).to_be_visible()
    expect(field).to_have_attribute("aria-activedescendant", "")
    page.keyboard.press("Enter")
    expect(field).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("old sh")
    page.keyboard.press("Enter")  # before the results are there: it goes where they say
    page.wait_for_url(re.compile(f"/sites/{trouble['site']}/$"))
    expect(page.get_by_role("heading", name="Old shop", level=1)).to_be_visible()


def test_it_runs_a_check_and_takes_an_issue(page: Page, trouble: dict[str, str]) -> None:
    go(page, "Old shop")
    page.wait_for_url(re.compile(r"/sites/[0-9a-f-]{36}/$"))
    menu = page.locator("summary", has_text="Run check")
    run = page.get_by_role("button", name="Run now")
    tab_to(page, menu)
    page.keyboard.press("Enter")
    expect(run).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(run).to_be_hidden()
    expect(menu).to_be_focused()
    page.keyboard.press("Space")
    tab_to(page, run)
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 check is queued.")).to_be_visible()
    expect(page.get_by_label("Manual runs").get_by_role("listitem")).to_have_count(1)

    go(page, "Issues")
    tab_to(page, page.get_by_role("link", name="Old shop · Down"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Old shop is down")).to_be_visible()
    tab_to(page, page.get_by_role("button", name="Acknowledge"))
    page.keyboard.press("Space")
    expect(page.get_by_text("It is yours.")).to_be_visible()
    expect(page.get_by_text("Nina Newcomer takes care of it.")).to_be_visible()


def test_it_shows_the_focus_on_every_stop_of_every_page(
    page: Page, trouble: dict[str, str]
) -> None:
    unseen: dict[str, list[str]] = {}
    for path in PAGES:
        page.goto(trouble["home"] + path.format(**trouble))
        stops, found = walk(page)
        assert stops > 10, path
        if found:
            unseen[path] = found
    assert unseen == {}
