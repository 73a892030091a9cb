"""Asking somebody into a team, and their joining it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.people import Person
from tests.e2e.server import Server


@pytest.fixture
def other_page(browser: Browser, server: Server) -> Iterator[Page]:
    """Somebody else's browser."""
    context = browser.new_context(base_url=server.base)
    yield context.new_page()
    context.close()


def test_it_lets_somebody_join_by_a_mailed_link(
    page: Page, other_page: Page, person: Person, server: Server
) -> None:
    person.register(page)
    person.verify(page)
    page.goto("/teams/new")
    page.get_by_label("Team name").fill("Lighthouse keepers")
    page.get_by_role("button", name="Create team").click()
    page.get_by_role("complementary").get_by_role("link", name="Team", exact=True).click()
    guest = Person(server=server, name="Otto Other", email=f"guest-of-{person.email}")
    page.get_by_label("Email").fill(guest.email)
    page.get_by_label("Role", exact=True).select_option("viewer")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("on its way to")).to_be_visible()

    other_page.goto(server.link_to(guest.email, "/invitations/"))
    expect(other_page.get_by_role("heading", name="Join Lighthouse keepers")).to_be_visible()
    other_page.get_by_role("link", name="Create an account").click()
    guest.register(other_page, start=other_page.url)
    other_page.get_by_role("button", name="Join the team").click()
    expect(other_page.get_by_text("Welcome to the team.")).to_be_visible()
    expect(other_page.get_by_role("heading", name="No sites yet")).to_be_visible()

    page.reload()
    expect(page.get_by_text(guest.email)).to_be_visible()
