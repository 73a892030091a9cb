"""Telling a program of one's own, from an empty page to a signed message."""

from playwright.sync_api import Page, expect
from standardwebhooks.webhooks import Webhook

from tests.e2e.axe import PHONE, faults_as_it_is
from tests.e2e.neighbours import Received
from tests.e2e.people import Person


def test_it_adds_a_webhook_that_gets_signed_messages(
    page: Page, person: Person, receiver: tuple[str, Received]
) -> None:
    url, received = receiver
    person.register(page)
    person.verify(page)
    page.get_by_role("complementary").get_by_role("link", name="Destinations").click()
    expect(page.get_by_role("heading", name="No destinations yet")).to_be_visible()
    assert faults_as_it_is(page) == []

    page.get_by_role("link", name="Webhook A program").click()
    page.get_by_label("URL").fill(url)
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("It arrived: answered 204")).to_be_visible()
    received.get(timeout=10)
    assert faults_as_it_is(page) == []

    page.get_by_role("button", name="Add destination").click()
    secret = page.locator("#signing-secret").inner_text()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("It arrived: answered 204")).to_be_visible()
    headers, body = received.get(timeout=10)
    assert Webhook(secret).verify(body, headers)["event"] == "notification.test"

    page.get_by_role("link", name="Manage").click()
    page.get_by_role("link", name="New secret").click()
    person.prove(page)
    page.get_by_role("button", name="Make a new secret").click()
    rotated = page.locator("#signing-secret").inner_text()
    assert faults_as_it_is(page) == []
    page.get_by_role("link", name="Back to the destinations").click()
    page.get_by_role("button", name="Send a test").click()
    expect(page.get_by_text("It arrived: answered 204")).to_be_visible()
    headers, body = received.get(timeout=10)
    for each in (secret, rotated):
        assert Webhook(each).verify(body, headers)

    page.emulate_media(color_scheme="dark")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for name in ("destinations", "deliveries"):
        page.goto(page.url.rpartition("/")[0] + f"/{name}")
        assert faults_as_it_is(page) == []
    page.get_by_text("1 attempt").first.click()
    expect(page.get_by_text("Answered 204").first).to_be_visible()
    assert faults_as_it_is(page) == []

    page.goto(page.url.rpartition("/")[0] + "/destinations")
    page.get_by_role("link", name="Manage").click()
    page.get_by_text("Delete…").click()
    assert faults_as_it_is(page) == []
    page.get_by_role("button", name="Yes, delete").click()
    expect(page.get_by_role("heading", name="No destinations yet")).to_be_visible()
    page.get_by_role("banner").get_by_role("link", name="Notices").click()
    expect(page.get_by_role("heading", name="Nothing to read")).to_be_visible()
    assert faults_as_it_is(page) == []
