"""From a team's default to an issue that is acknowledged and resolved, without a mouse."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import faults
from tests.e2e.keyboard import go, tab_to
from tests.e2e.neighbours import site_answering
from tests.e2e.people import Person

OPENS_WITHIN_MS = 60_000


@pytest.fixture
def failing_site() -> Iterator[str]:
    """A site that answers 503."""
    with site_answering(503) as url:
        yield url


def _watch(page: Page, url: str) -> None:
    go(page, "Add a site")
    page.get_by_label("Address").fill(url)
    page.get_by_label("Name").fill("Old shop")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Old shop is being watched.")).to_be_visible()


def test_it_triages_an_issue_by_the_keyboard_alone(
    page: Page, person: Person, failing_site: str
) -> None:
    person.register(page)
    person.verify(page)
    go(page, "Monitoring")
    expect(page.get_by_role("heading", name="Monitoring", exact=True)).to_be_visible()
    instant = page.locator("#status").get_by_role("button", name="Instant")
    tab_to(page, instant)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Show what would change"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Status: Failures in a row that open an issue")).to_be_visible()
    assert faults(page) == []
    tab_to(page, page.get_by_role("button", name="Save").first)
    page.keyboard.press("Enter")
    expect(page.get_by_text("The settings are saved.")).to_be_visible()

    _watch(page, failing_site)
    go(page, "Issues")
    row = page.get_by_role("checkbox", name="Choose Down, Old shop")
    _wait_for(page, row)
    tab_to(page, row)
    page.keyboard.press("Space")
    expect(page.get_by_text("1 chosen")).to_be_visible()
    assert faults(page) == []
    tab_to(page, page.get_by_role("button", name="Acknowledge"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 issue acknowledged.")).to_be_visible()

    tab_to(page, page.get_by_role("link", name="Old shop · Down"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Old shop is down")).to_be_visible()
    expect(page.get_by_text("1 check in a row found it; 1 opens an issue.")).to_be_visible()
    assert faults(page) == []
    page.on("dialog", lambda dialog: dialog.accept())
    tab_to(page, page.get_by_role("button", name="Resolve"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("It is resolved, and nobody was told.")).to_be_visible()


def test_it_goes_to_a_site_and_prints_its_report(
    page: Page, person: Person, failing_site: str
) -> None:
    person.register(page)
    person.verify(page)
    _watch(page, failing_site)
    go(page, "Issues")
    page.wait_for_url("**/issues")
    go(page, "Old shop")
    page.wait_for_url(re.compile(r"/sites/[0-9a-f-]{36}/$"))
    site = page.url.rstrip("/").rpartition("/")[2]
    go(page, "Reports")
    page.get_by_role("link", name="Old shop").click()
    page.wait_for_url(f"**/reports/{site}?days=90")
    assert faults(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename.endswith(".csv")

    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (page.get_by_role("complementary"), page.locator(".report-tools")):
        expect(hidden).to_be_hidden()
    expect(page.get_by_role("heading", name="Old shop")).to_be_visible()
    ground = page.evaluate("getComputedStyle(document.documentElement).colorScheme")
    assert ground == "light"
    assert page.pdf().startswith(b"%PDF")


def _wait_for(page: Page, row: Locator) -> None:
    """Look again until the issue is there: the list does not change under one's hands."""
    for _ in range(OPENS_WITHIN_MS // 1000):
        if row.count():
            return
        page.wait_for_timeout(1000)
        page.reload()
    raise AssertionError("no issue opened")
