"""What somebody sees when the connection goes, when others were quicker, when a session ends."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.e2e.axe import faults
from tests.e2e.conftest import PATIENCE_MS
from tests.e2e.looks import in_both_looks, overflow, wear
from tests.e2e.people import PASSWORD, Person
from tests.e2e.seeding import seed
from tests.e2e.server import Server

SESSION = "tocsin_session"
SITE = re.compile(r"/sites/[0-9a-f-]{36}/$")
LIST_RENEWS_MS, SITE_RENEWS_MS = 11_000, 16_000
LOST = "No connection."
GONE = "what it shows is gone"
SIGNED_OUT = "You are signed out"


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A page that may fail to reach the server, and is never to be answered 5xx.

    htmx writes every such failure to the console, so only errors of the script itself count.
    """
    context = browser.new_context(base_url=server.base)
    context.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []

    def look_at(answer: Response) -> None:
        if answer.status >= 500:
            problems.append(f"{answer.status} {answer.url}")

    context.on("response", look_at)
    context.on("weberror", lambda error: problems.append(str(error.error)))
    yield context.new_page()
    context.close()
    assert problems == []


@pytest.fixture
def home(page: Page, person: Person) -> str:
    """The address of the home of somebody who has just come."""
    person.register(page)
    person.verify(page)
    return page.url


def _watch(page: Page, url: str, name: str) -> None:
    page.get_by_label("Address").fill(url)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Watch it").click()


def _mark(page: Page) -> None:
    """Leave a mark that a reload would wipe away."""
    page.evaluate("window.sameDocument = true")


def _is_marked(page: Page) -> bool:
    return bool(page.evaluate("window.sameDocument === true"))


def _end_session(page: Page) -> None:
    page.context.clear_cookies(name=SESSION)


def _sign_in_here(page: Page, person: Person) -> None:
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@in_both_looks
def test_it_says_that_the_connection_is_gone_and_when_it_is_back(
    page: Page, home: str, look: str
) -> None:
    wear(page, look)
    _watch(page, "http://127.0.0.1:8081/", "Far away")
    page.wait_for_url(SITE)
    _mark(page)
    said = page.get_by_text(LOST)
    expect(said).to_be_hidden()

    page.context.set_offline(True)
    expect(said).to_be_visible()
    expect(said).to_be_in_viewport(ratio=1)
    assert overflow(page) == 0
    assert page.get_by_role("status").filter(has=said).count() == 1

    page.context.set_offline(False)
    expect(said).to_be_hidden()
    assert _is_marked(page)


def test_it_shows_what_happened_meanwhile_without_a_reload(page: Page, home: str) -> None:
    _watch(page, "http://127.0.0.1:8081/", "Before")
    page.wait_for_url(SITE)
    page.clock.install()
    page.goto(f"{home}sites")
    _mark(page)
    page.route("**/sites/live?**", lambda route: route.abort())
    page.clock.fast_forward(LIST_RENEWS_MS)
    expect(page.get_by_text(LOST)).to_be_visible()
    assert faults(page) == []

    other = page.context.new_page()
    other.goto(f"{home}sites")
    _watch(other, "http://127.0.0.1:8082/", "Meanwhile")
    other.wait_for_url(SITE)
    page.clock.fast_forward(LIST_RENEWS_MS)
    expect(page.get_by_role("link", name="Meanwhile")).to_have_count(0)
    expect(page.get_by_text(LOST)).to_be_visible()

    page.unroute("**/sites/live?**")
    page.clock.fast_forward(LIST_RENEWS_MS)
    expect(page.get_by_role("link", name="Meanwhile", exact=True)).to_be_visible()
    expect(page.get_by_text(LOST)).to_be_hidden()
    assert _is_marked(page)


def test_it_says_that_a_site_was_deleted_in_another_tab(page: Page, home: str) -> None:
    page.clock.install()
    _watch(page, "http://127.0.0.1:8081/", "Short-lived")
    page.wait_for_url(SITE)
    other = page.context.new_page()
    other.goto(f"{page.url}delete")
    other.get_by_label("Type the site's name").fill("Short-lived")
    other.get_by_role("button", name="Delete it for good").click()
    expect(other.get_by_text("Short-lived is deleted.")).to_be_visible()

    page.clock.fast_forward(SITE_RENEWS_MS)
    expect(page.get_by_text(GONE)).to_be_visible()
    page.get_by_text("Run check").click()
    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    page.get_by_role("link", name="Back to the sites").click()
    page.wait_for_url(home)


def test_it_says_that_an_issue_was_resolved_in_another_tab(
    page: Page, home: str, person: Person
) -> None:
    _site, issue = seed(person, "incident")
    page.route("**/live?**", lambda route: route.fulfill(status=204))  # it does not know yet
    page.goto(f"{home}issues/{issue}")
    listed = page.context.new_page()
    listed.goto(f"{home}issues")
    other = page.context.new_page()
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto(page.url)
    other.get_by_role("button", name="Resolve").click()
    expect(other.get_by_text("It is resolved, and nobody was told.")).to_be_visible()

    page.get_by_role("button", name="Acknowledge").click()
    expect(page.get_by_text("A resolved issue cannot be acknowledged.")).to_be_visible()
    expect(page.get_by_role("button", name="Acknowledge")).to_have_count(0)

    listed.get_by_label("Choose Down, Old shop").check()
    listed.get_by_role("button", name="Acknowledge").click()
    expect(listed.get_by_text("1 was left alone: it is resolved already.")).to_be_visible()


def test_it_shows_how_an_issue_goes_on_and_keeps_the_focus(
    page: Page, home: str, person: Person
) -> None:
    _site, issue = seed(person, "incident")
    page.clock.install()
    page.goto(f"{home}issues/{issue}")
    _mark(page)
    link = page.locator(".issue-head").get_by_role("link")
    link.focus()
    other = page.context.new_page()
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto(page.url)
    other.get_by_role("button", name="Acknowledge").click()
    expect(other.get_by_text("It is yours.")).to_be_visible()
    page.clock.fast_forward(LIST_RENEWS_MS)
    expect(page.get_by_text("takes care of it")).to_be_visible()
    expect(link).to_be_focused()

    page.get_by_role("button", name="Resolve").focus()
    other.get_by_role("button", name="Resolve").click()
    expect(other.get_by_text("It is resolved, and nobody was told.")).to_be_visible()
    page.clock.fast_forward(LIST_RENEWS_MS)
    expect(page.get_by_role("heading", name="Old shop was down")).to_be_visible()
    expect(page).to_have_title("Old shop was down · Tocsin")
    expect(page.locator("#main")).to_be_focused()
    assert _is_marked(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.fast_forward(LIST_RENEWS_MS)
    page.clock.fast_forward(LIST_RENEWS_MS)
    assert [url for url in asked if "/live?" in url] == []


@in_both_looks
def test_it_adds_one_site_however_often_the_button_is_pressed(
    page: Page, home: str, look: str
) -> None:
    wear(page, look)
    page.get_by_label("Address").fill("http://127.0.0.1:8081/")
    page.get_by_label("Name").fill("Only once")
    page.get_by_role("button", name="Watch it").dblclick()
    expect(page.get_by_text("Only once is being watched.")).to_be_visible()
    page.goto(f"{home}sites")
    expect(page.get_by_role("link", name="Only once", exact=True)).to_have_count(1)
    expect(page.get_by_text("· 1 site")).to_be_visible()


def test_it_adds_one_site_of_two_requests_at_the_same_moment(page: Page, home: str) -> None:
    page.get_by_label("Address").fill("http://127.0.0.1:8081/")
    page.get_by_label("Name").fill("Only once")
    statuses = page.locator("#add-site form").evaluate(
        """form => Promise.all([1, 2].map(() => fetch(form.action, {
            method: 'post', body: new URLSearchParams(new FormData(form)),
        }).then(answer => answer.status)))"""
    )
    assert sorted(statuses) == [200, 422]
    page.goto(f"{home}sites")
    expect(page.get_by_role("link", name="Only once", exact=True)).to_have_count(1)


def test_it_runs_one_check_however_often_the_button_is_pressed(page: Page, home: str) -> None:
    _watch(page, "http://127.0.0.1:8081/", "Far away")
    page.wait_for_url(SITE)
    page.get_by_text("Run check").click()
    page.get_by_role("button", name="Run now").dblclick()
    expect(page.get_by_text("1 check is queued.")).to_be_visible()
    expect(page.get_by_text("ran too recently")).to_have_count(0)
    expect(page.get_by_label("Manual runs").get_by_role("listitem")).to_have_count(1)


def test_it_goes_on_from_where_the_back_button_leads(page: Page, home: str) -> None:
    page.goto(f"{home}sites")
    _watch(page, "http://127.0.0.1:8081/", "First")
    page.wait_for_url(SITE)
    page.go_back()
    page.wait_for_url(f"{home}sites")
    _watch(page, "http://127.0.0.1:8081/", "First again")
    expect(page.get_by_text("already")).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("First again")
    page.goto(page.url)  # as by Enter in the browser's own bar
    _watch(page, "http://127.0.0.1:8082/", "Second")
    expect(page.get_by_text("Second is being watched.")).to_be_visible()


def test_it_says_that_a_form_came_to_nothing_after_the_session_ended(
    page: Page, home: str, person: Person
) -> None:
    _end_session(page)
    _watch(page, "http://127.0.0.1:8081/", "Too late")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_text("so nothing was changed")).to_be_visible()
    assert faults(page) == []
    _sign_in_here(page, person)
    page.wait_for_url(home)
    expect(page.get_by_role("heading", name="Add your first site")).to_be_visible()
    _watch(page, "http://127.0.0.1:8081/", "In time")
    expect(page.get_by_text("In time is being watched.")).to_be_visible()


@in_both_looks
def test_it_keeps_what_was_typed_when_a_session_ends_and_leads_back(
    page: Page, home: str, person: Person, look: str
) -> None:
    wear(page, look)
    _watch(page, "http://127.0.0.1:8081/", "Far away")
    page.wait_for_url(SITE)
    page.clock.install()
    page.goto(f"{home}sites?sort=name")
    page.get_by_label("Address").fill("http://half.typed")
    _end_session(page)
    page.clock.fast_forward(LIST_RENEWS_MS)
    said = page.get_by_text(SIGNED_OUT)
    expect(said).to_be_visible()
    expect(said).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Address")).to_have_value("http://half.typed")
    expect(page.get_by_role("heading", name="Sites")).to_be_visible()

    page.locator("#not-live").get_by_role("link", name="Sign in").click()
    _sign_in_here(page, person)
    page.wait_for_url(f"{home}sites?sort=name")
    expect(page.get_by_text(SIGNED_OUT)).to_be_hidden()


def test_it_closes_the_palette_to_say_that_a_session_ended(
    page: Page, home: str, person: Person
) -> None:
    _end_session(page)
    page.keyboard.press("Control+k")
    expect(page.get_by_text(SIGNED_OUT)).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator("#not-live").get_by_role("link", name="Sign in").click()
    _sign_in_here(page, person)
    page.wait_for_url(home)
