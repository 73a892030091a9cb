"""The main thread: somebody adds a site, and sees how it is without touching anything."""

from playwright.sync_api import Page, expect

from tests.e2e.people import Person
from tests.e2e.server import Server

FIRST_RESULT_MS = 60_000


def test_it_shows_that_a_site_is_up_by_itself(page: Page, person: Person, server: Server) -> None:
    person.register(page)
    person.verify(page)
    page.get_by_label("Address").fill(f"{server.base}/accounts/login/")
    page.get_by_label("Name").fill("Ourselves")
    page.get_by_role("button", name="Watch it").click()
    expect(page.get_by_text("Ourselves is being watched.")).to_be_visible()
    expect(page.get_by_role("heading", name="Ourselves")).to_be_visible()
    expect(page.get_by_role("heading", name="Up", exact=True)).to_be_visible(
        timeout=FIRST_RESULT_MS
    )
    page.get_by_role("link", name="Sites").first.click()
    site = page.get_by_role("listitem").filter(has_text="Ourselves")
    expect(site).to_contain_text("Status: Up")
    expect(site).to_contain_text("200 in")
