"""What people do with sites, from an empty page to settings of their own."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.axe import faults
from tests.e2e.people import Person
from tests.e2e.seeding import seed
from tests.e2e.server import Server

RESULT_MS = 60_000


def test_it_runs_a_check_and_shows_how_it_ended(page: Page, person: Person, server: Server) -> None:
    person.watch(page, f"{server.base}/healthz")
    page.get_by_text("Run check").click()
    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_text("1 check is queued.")).to_be_visible()
    runs = page.get_by_label("Manual runs")
    expect(runs.get_by_role("link", name="See the result")).to_be_visible(timeout=RESULT_MS)
    runs.get_by_role("link", name="See the result").click()
    expect(page.get_by_text("200 OK")).to_be_visible()
    expect(page.get_by_text("by hand")).to_be_visible()

    page.get_by_role("link", name="Overview").click()
    page.get_by_text("Run check").click()
    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_text("status ran too recently")).to_be_visible()


def test_it_overrides_a_setting_and_resets_it(page: Page, person: Person, server: Server) -> None:
    person.watch(page, f"{server.base}/healthz")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Settings").click()
    field = page.get_by_label("An issue opens after failing").first
    expect(field).to_have_attribute("placeholder", "2 in a row")
    field.fill("4")
    page.get_by_role("button", name="Save settings").click()
    expect(page.get_by_text("The settings are saved")).to_be_visible()
    expect(field).to_have_value("4")
    page.get_by_role("button", name="Reset to team default").click()
    expect(page.get_by_text("follows the team's default again")).to_be_visible()
    expect(field).to_have_value("")


def test_it_imports_sites_after_showing_what_would_happen(page: Page, person: Person) -> None:
    person.register(page)
    person.verify(page)
    page.get_by_role("complementary").get_by_role("link", name="Sites").click()
    page.get_by_role("link", name="Import").click()
    page.get_by_label("Paste addresses").fill(
        "http://127.0.0.1:8081, One\nhttp://127.0.0.1:8082\nhttp://127.0.0.1:8083\n"
        "http://127.0.0.1:8081/\nnot an address"
    )
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("Will be added")).to_have_count(3)
    expect(page.get_by_text("Duplicate")).to_have_count(1)
    expect(page.get_by_text("Cannot be added")).to_have_count(1)
    page.get_by_role("button", name="Add 3 sites").click()
    expect(page.get_by_text("3 sites are added.")).to_be_visible()
    page.get_by_label("Choose One").check()
    page.get_by_role("button", name="Pin", exact=True).click()
    expect(page.get_by_text("1 site is pinned.")).to_be_visible()


def test_it_has_no_fault_that_a_machine_can_find(
    page: Page, person: Person, server: Server
) -> None:
    site = person.watch(page, f"{server.base}/healthz")
    team = re.sub(r"sites/.*", "", site)
    full, *checks = seed(person, "panels")
    shop = f"{team}sites/{full}/"
    found: dict[str, list[str]] = {}

    def look(*addresses: str) -> None:
        for address in addresses:
            page.goto(address)
            found[address] = faults(page)

    look(shop, *(f"{shop}checks/{check}" for check in checks))
    look(*(f"{team}{path}" for path in ("", "sites", "sites/import")))
    page.goto(site)
    expect(page.get_by_role("heading", name="Up", exact=True)).to_be_visible(timeout=RESULT_MS)
    look(*(f"{site}{part}" for part in ("", "slots", "checks", "settings", "delete")))
    assert {address: each for address, each in found.items() if each} == {}
