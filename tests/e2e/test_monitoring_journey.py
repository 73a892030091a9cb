"""From a team's default to a site's own setting and back, and a site that is left alone a while."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import faults_as_it_is
from tests.e2e.looks import in_both_looks, wear
from tests.e2e.people import Person, go
from tests.e2e.server import Server

SETTING = "An issue opens after failing"
DEFAULT = "Failures in a row that open an issue"


@in_both_looks
def test_it_overrides_a_teams_default_and_goes_back_to_it(
    page: Page, person: Person, server: Server, look: str
) -> None:
    wear(page, look)
    site = person.watch(page, f"http://127.0.0.1:{server.port}/healthz")
    _change_the_default(page)

    page.goto(f"{site}settings")
    status = _group(page)
    expect(status).to_contain_text("as the team")
    field = status.get_by_label(SETTING)
    expect(field).to_have_value("")
    expect(field).to_have_attribute("placeholder", "5 in a row")
    reset = status.get_by_role("button", name="Reset to team default")
    expect(reset).to_have_count(0)
    assert faults_as_it_is(page) == []

    field.fill("3")
    page.get_by_role("button", name="Save settings").click()
    expect(
        page.get_by_text("The settings are saved and hold from the next check on.")
    ).to_be_visible()
    expect(status).to_contain_text("1 set here")
    expect(field).to_have_value("3")
    assert faults_as_it_is(page) == []
    _see_that_the_team_keeps_off(page)

    page.goto(f"{site}settings")
    reset.click()
    expect(page.get_by_text("It follows the team's default again.")).to_be_visible()
    expect(status).to_contain_text("as the team")
    expect(field).to_have_value("")
    expect(field).to_have_attribute("placeholder", "5 in a row")


@in_both_looks
def test_it_leaves_a_site_alone_for_a_while(
    page: Page, person: Person, server: Server, look: str
) -> None:
    wear(page, look)
    site = person.watch(page, f"http://127.0.0.1:{server.port}/healthz")
    page.goto(f"{site}settings")
    page.get_by_role("region", name="Snooze").get_by_role("button", name="1 hour").click()
    expect(page.get_by_text("The site is snoozed.")).to_be_visible()
    notice = page.get_by_text("checks run, but nothing opens and nobody is told.")
    expect(notice).to_contain_text(re.compile(r"Snoozed until \d+ \w+, \d\d:\d\d UTC"))
    assert faults_as_it_is(page) == []
    go(page, "Sites")
    mark = page.get_by_role("listitem").filter(has_text="Ourselves").get_by_text("snoozed")
    expect(mark).to_have_count(1)

    page.get_by_role("link", name="Ourselves", exact=True).click()
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("The site is no longer snoozed.")).to_be_visible()
    expect(notice).to_have_count(0)
    go(page, "Sites")
    expect(mark).to_have_count(0)


def _change_the_default(page: Page) -> None:
    go(page, "Monitoring")
    page.locator("#status").get_by_label(DEFAULT).fill("5")
    page.get_by_role("button", name="Show what would change").click()
    change = page.get_by_role("status", name="What would change").get_by_role("listitem")
    expect(change).to_have_count(1)
    expect(change).to_contain_text(f"Status: {DEFAULT}")
    expect(change).to_contain_text("2 → 5")
    expect(change).to_contain_text("1 site follows")
    assert faults_as_it_is(page) == []
    page.get_by_role("button", name="Save").first.click()
    expect(
        page.get_by_text("The settings are saved. Every site that inherits follows.")
    ).to_be_visible()


def _see_that_the_team_keeps_off(page: Page) -> None:
    go(page, "Monitoring")
    expect(page.locator("#status").get_by_text("Set otherwise by Ourselves")).to_be_visible()
    page.locator("#status").get_by_label(DEFAULT).fill("4")
    page.get_by_role("button", name="Show what would change").click()
    change = page.get_by_role("status", name="What would change").get_by_role("listitem")
    expect(change).to_contain_text("Kept by Ourselves")
    expect(change).to_contain_text("0 sites follow")


def _group(page: Page) -> Locator:
    return page.locator("details").filter(has=page.get_by_role("heading", name="Status"))
