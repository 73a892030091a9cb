"""Names that want to be more than names, and names that want more room than there is."""

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.e2e.looks import LOOKS, in_both_looks, overflow, wear
from tests.e2e.people import Person

NAMES = (
    '</title><script>window.owned = 1; alert(1)</script>"><img src=x onerror="owned=1;alert(2)">',
    'O\'Brien & "Söhne" {{ 7|add:7 }} ${7*7} %s %(site)s',
    "متجر שלום مرحبا",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467\U0001f989" * 30,
    "W" * 255,
)
TOO_LONG = "0123456789" * 1000
TURNING = "shop \u202egpj.exe"
ADDRESS = "http://127.0.0.1:80{}/"


@pytest.fixture
def home(page: Page, person: Person) -> str:
    """The home of somebody who has just come."""
    person.register(page)
    person.verify(page)
    return page.url


def _faults(page: Page) -> list[str]:
    """Return whether a name ran, and where the page is wider than its window."""
    found = [] if page.evaluate("window.owned") is None else [f"{page.url}: it ran"]
    for look in LOOKS:
        wear(page, look)
        if (wider := overflow(page)) > 0:
            found.append(f"{page.url}: {wider} pixels too wide for {look}")
    return found


def _name_team(page: Page, home: str, name: str) -> None:
    page.goto(f"{home}team")
    page.get_by_label("Team name", exact=True).fill(name)
    page.get_by_role("button", name="Rename").click()


def _add_site(page: Page, home: str, address: str, name: str) -> None:
    page.goto(f"{home}sites")
    page.get_by_label("Address").fill(address)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Watch it").click()


def _add_destination(page: Page, home: str, address: str, name: str) -> None:
    page.goto(f"{home}destinations/new/webhook")
    page.get_by_label("Name").fill(name)
    page.get_by_label("URL").fill(address)
    page.get_by_role("button", name="Add destination").click()


@pytest.mark.parametrize("name", NAMES, ids=("script", "quotes", "rtl", "emoji", "long"))
def test_it_shows_names_as_they_were_typed(page: Page, home: str, name: str) -> None:
    ran: list[str] = []
    found: list[str] = []

    def note(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    _name_team(page, home, name)
    expect(page.get_by_label("Team name", exact=True)).to_have_value(name)
    found += _faults(page)

    _add_site(page, home, ADDRESS.format(81), name)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.get_by_text(f"{name} is being watched.")).to_be_visible()
    found += _faults(page)
    site = page.url
    _add_destination(page, home, ADDRESS.format(82), name)
    expect(page.get_by_role("region", name="Destinations").get_by_text(name)).to_be_visible()
    found += _faults(page)

    for address, shown in (
        (f"{site}delete", page.get_by_role("strong")),
        (f"{site}settings", page.get_by_role("heading", level=1)),
        (home, page.get_by_role("heading", level=1)),
        (f"{home}sites", page.get_by_role("main").get_by_role("link").get_by_text(name)),
        (f"{home}reports", page.get_by_role("rowheader").get_by_role("link")),
        (f"{home}audit", page.get_by_role("main").get_by_text(name).first),
    ):
        page.goto(address)
        expect(shown.first).to_have_text(name)
        found += _faults(page)
    page.keyboard.press("Control+k")
    expect(page.locator("#palette").get_by_role("option").first).to_contain_text(name)
    found += _faults(page)
    assert (ran, found) == ([], [])


def _is_refused(page: Page, field: Locator, typed: str, why: str) -> None:
    """See what was typed where it was typed, and beside it what is wrong."""
    expect(field).to_have_value(typed)
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text(why)).to_be_visible()
    assert overflow(page) == 0


@in_both_looks
def test_it_refuses_what_is_too_long_and_keeps_it(page: Page, home: str, look: str) -> None:
    wear(page, look)
    limit = "at most 255 characters (it has 10000)"
    page.goto(f"{home}sites")
    page.get_by_label("Address").fill(ADDRESS.format(81))
    name = page.get_by_label("Name")
    name.focus()
    page.keyboard.insert_text(TOO_LONG)  # as by pasting: browsers cut that at a field's limit
    page.get_by_role("button", name="Watch it").click()
    _is_refused(page, name, TOO_LONG, limit)
    expect(page.get_by_label("Address")).to_have_value(ADDRESS.format(81))
    name.fill("")
    page.get_by_role("button", name="Watch it").click()
    expect(page.get_by_text("127.0.0.1 is being watched.")).to_be_visible()

    _name_team(page, home, TOO_LONG)
    _is_refused(page, page.get_by_label("Team name", exact=True), TOO_LONG, limit)
    _add_destination(page, home, ADDRESS.format(82), TOO_LONG)
    _is_refused(page, page.get_by_label("Name"), TOO_LONG, limit)
    expect(page.get_by_label("URL")).to_have_value(ADDRESS.format(82))


def test_it_refuses_what_would_turn_the_text_around(page: Page, home: str) -> None:
    why = "Leave out characters that change the direction of the text."
    _add_site(page, home, ADDRESS.format(81), TURNING)
    _is_refused(page, page.get_by_label("Name"), TURNING, why)
    _name_team(page, home, TURNING)
    _is_refused(page, page.get_by_label("Team name", exact=True), TURNING, why)
    _add_destination(page, home, ADDRESS.format(82), TURNING)
    _is_refused(page, page.get_by_label("Name"), TURNING, why)
