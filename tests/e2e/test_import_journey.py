"""From a spreadsheet with slips to watched sites, and pinning those that matter, many at once."""

from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import faults_as_it_is
from tests.e2e.looks import in_both_looks, wear
from tests.e2e.people import Person, go

SHEET = """name,url
Shop,http://127.0.0.1:8082/
"Blog
of the shop",http://127.0.0.1:8083/
Shop again,HTTP://127.0.0.1:8082
Known,http://127.0.0.1:8081/#top
Archive,ftp://127.0.0.1/
Mails,http://127.0.0.1:25/
Docs,http://127.0.0.1:8084/
"""
# Line, name, what becomes of it, why.
PREVIEW = (
    ("2", "Shop", "Will be added", ""),
    ("3", "Blog of the shop", "Will be added", ""),
    ("5", "Shop again", "Duplicate", "It stands further up in this list."),
    ("6", "Known", "Duplicate", "This team watches it already."),
    ("7", "Archive", "Cannot be added", "http"),
    ("8", "Mails", "Cannot be added", "Port 25 of 127.0.0.1 is refused"),
    ("9", "Docs", "Will be added", ""),
)


@in_both_looks
def test_it_imports_a_sheet_and_pins_what_matters(page: Page, person: Person, look: str) -> None:
    wear(page, look)
    person.register(page)
    person.verify(page)
    page.get_by_label("Address").fill("http://127.0.0.1:8081/")
    page.get_by_label("Name").fill("Gate")
    page.get_by_role("button", name="Watch it").click()
    expect(page.get_by_text("Gate is being watched.")).to_be_visible()
    _look_at_the_sheet(page)
    _add_what_is_good(page)
    _pin_two(page)
    _find_them_at_home(page)
    _unpin_all(page)


def _look_at_the_sheet(page: Page) -> None:
    go(page, "Sites")
    page.get_by_role("link", name="Import").click()
    assert faults_as_it_is(page) == []
    page.get_by_label("Paste addresses").fill(SHEET)
    page.get_by_role("button", name="Look at it first").click()
    expect(page.get_by_text("3 sites would be added")).to_be_visible()
    rows = page.get_by_role("table").locator("tbody").get_by_role("row")
    expect(rows).to_have_count(len(PREVIEW))
    for row, (line, name, becomes, why) in zip(rows.all(), PREVIEW, strict=True):
        expect(row.get_by_role("cell")).to_contain_text([line, name, becomes])
        expect(row).to_contain_text(why)
    assert faults_as_it_is(page) == []


def _add_what_is_good(page: Page) -> None:
    page.get_by_role("button", name="Add 3 sites").click()
    expect(page.get_by_text("3 sites are added.")).to_be_visible()
    expect(_row(page)).to_have_count(4)
    for name in ("Gate", "Shop", "Blog of the shop", "Docs"):
        expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()


def _pin_two(page: Page) -> None:
    pin = page.get_by_role("button", name="Pin", exact=True)
    expect(pin).to_be_hidden()
    for name in ("Shop", "Docs"):
        page.get_by_label(f"Choose {name}", exact=True).check()
    expect(page.get_by_text("2 chosen")).to_be_visible()
    assert faults_as_it_is(page) == []
    pin.click()
    expect(page.get_by_text("2 sites are pinned.")).to_be_visible()
    pinned = _row(page).filter(has=page.get_by_text("pinned", exact=True))
    expect(pinned).to_have_count(2)
    for name in ("Shop", "Docs"):
        expect(pinned.get_by_role("link", name=name, exact=True)).to_be_visible()
    page.get_by_label("Pinned").select_option("Pinned only")
    page.get_by_role("button", name="Filter").click()
    expect(_row(page)).to_have_count(2)
    assert faults_as_it_is(page) == []


def _find_them_at_home(page: Page) -> None:
    go(page, "Home")
    pinned = page.get_by_role("region", name="Pinned sites").get_by_role("listitem")
    expect(pinned).to_have_count(2)
    expect(pinned.filter(has_text="Docs")).to_have_count(1)
    assert faults_as_it_is(page) == []
    pinned.get_by_role("link", name="Shop").click()
    expect(page.get_by_role("heading", name="Shop", level=1)).to_be_visible()


def _unpin_all(page: Page) -> None:
    go(page, "Sites")
    page.get_by_label("Choose all on this page").check()
    expect(page.get_by_text("4 chosen")).to_be_visible()
    page.get_by_role("button", name="Unpin").click()
    expect(page.get_by_text("no longer pinned.")).to_be_visible()
    expect(page.get_by_text("pinned", exact=True)).to_have_count(0)
    go(page, "Home")
    expect(page.get_by_role("region", name="Newest sites")).to_be_visible()


def _row(page: Page) -> Locator:
    return page.get_by_role("region", name="Sites", exact=True).get_by_role("listitem")
