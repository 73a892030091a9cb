"""From an empty team to the first alert: where it goes, what it says, and why it was sent."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from standardwebhooks.webhooks import Webhook

from tests.e2e.axe import faults_as_it_is
from tests.e2e.looks import in_both_looks, wear
from tests.e2e.neighbours import Received, site_answering
from tests.e2e.people import Person, go

ALERT_SECONDS = 60
MOST_RELOADS = 50


@pytest.fixture
def broken_shop() -> Iterator[str]:
    """A site that answers 500."""
    with site_answering(500) as url:
        yield url


@in_both_looks
def test_it_leads_a_newcomer_to_the_first_alert(
    page: Page, person: Person, broken_shop: str, receiver: tuple[str, Received], look: str
) -> None:
    wear(page, look)
    url, received = receiver
    person.register(page)
    person.verify(page)
    _make_a_team(page)
    secret = _add_a_webhook(page, url)
    assert _message(received, secret)["event"] == "notification.test"
    _open_at_the_first_failure(page)
    _watch(page, broken_shop)

    told = _message(received, secret)
    assert (told["event"], told["site"]["name"]) == ("issue.opened", "Old shop")
    assert told["issue"]["summary"] == "The site answers with status 500."
    _see_it_at_home(page)
    page.goto(told["issue"]["link"])
    _read_why_it_opened(page, broken_shop)
    _read_who_was_told(page)


def _make_a_team(page: Page) -> None:
    page.goto("/teams/new")
    page.get_by_label("Team name").fill("Night watch")
    page.get_by_role("button", name="Create team").click()
    expect(page.get_by_role("heading", name="No sites yet")).to_be_visible()
    go(page, "Home")
    expect(page.get_by_role("heading", name="Night watch", level=1)).to_be_visible()
    assert faults_as_it_is(page) == []


def _add_a_webhook(page: Page, url: str) -> str:
    """Add it and send it a test; return the secret that it verifies with."""
    go(page, "Destinations")
    expect(page.get_by_role("heading", name="No destinations yet")).to_be_visible()
    expect(page.get_by_text("Nobody would be told")).to_be_visible()
    page.get_by_role("link", name="Webhook A program").click()
    page.get_by_label("Name").fill("On call")
    page.get_by_label("URL").fill(url)
    page.get_by_role("button", name="Add destination").click()
    secret = page.locator("#signing-secret").inner_text()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("It arrived: answered 204")).to_be_visible()
    expect(page.get_by_text("Nobody would be told")).to_have_count(0)
    assert faults_as_it_is(page) == []
    return secret


def _open_at_the_first_failure(page: Page) -> None:
    go(page, "Monitoring")
    page.locator("#status").get_by_role("button", name="Instant").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible()


def _watch(page: Page, url: str) -> None:
    go(page, "Home")
    page.get_by_label("Address").fill(url)
    page.get_by_label("Name").fill("Old shop")
    page.get_by_role("button", name="Watch it").click()
    expect(page.get_by_text("Old shop is being watched.")).to_be_visible()


def _see_it_at_home(page: Page) -> None:
    go(page, "Home")
    wrong = page.get_by_role("region", name="What is wrong now")
    expect(wrong.get_by_role("link", name="Old shop")).to_contain_text(
        "The site answers with status 500."
    )
    assert faults_as_it_is(page) == []


def _read_why_it_opened(page: Page, site: str) -> None:
    expect(page.get_by_role("heading", name="Old shop is down", level=1)).to_be_visible()
    why = page.get_by_role("region", name="Why it opened")
    expect(why).to_contain_text("1 check in a row found it; 1 opens an issue.")
    expect(why.get_by_role("definition")).to_contain_text(["500", site, re.compile(r"^\d+ ms$")])
    expect(why.get_by_role("listitem")).to_have_count(1)
    expect(why.get_by_role("listitem")).to_contain_text(re.compile(r"Down\s+500 in \d+ ms"))


def _read_who_was_told(page: Page) -> None:
    who = page.get_by_role("region", name="Who was told")
    told = who.get_by_role("listitem").filter(has_text="On call")
    _reload_until(page, told.filter(has_text="Delivered"))
    expect(who).to_contain_text("Opening")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("Webhook · http://127.0.0.1")
    assert faults_as_it_is(page) == []


def _reload_until(page: Page, wanted: Locator) -> None:
    """Look again until it is there: an answer is written down after it was given."""
    for _ in range(MOST_RELOADS):
        if wanted.count():
            return
        page.reload()
    raise AssertionError(f"{wanted} does not come")


def _message(received: Received, secret: str) -> dict[str, Any]:
    """Wait for the next message, and return what it says once its signature is verified."""
    headers, body = received.get(timeout=ALERT_SECONDS)
    message: dict[str, Any] = Webhook(secret).verify(body, headers)
    return message
