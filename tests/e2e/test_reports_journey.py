"""Reports: the same numbers on the screen, on paper and in the file."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import faults_as_it_is
from tests.e2e.looks import in_both_looks, wear
from tests.e2e.people import Person, go
from tests.e2e.seeding import seed

FORMULA = '=HYPERLINK("https://evil.example","Pay")'
PAPER = {"width": 718, "height": 1000}  # A4 within its margins, at 96 dots per inch
NOTHING = "–"


@pytest.fixture
def home(page: Page, person: Person) -> str:
    """The home of somebody with two sites that have a history."""
    person.register(page)
    person.verify(page)
    seed(person, "history")
    return page.url


def _download(page: Page) -> list[dict[str, str]]:
    """Take the file that the page offers."""
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert re.fullmatch(r"tocsin-[a-z0-9-]+\.csv", download.value.suggested_filename)
    text = Path(download.value.path()).read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _shown(table: Locator) -> list[list[str]]:
    """Return the table's body as it is read, without its first column."""
    rows = table.locator("tbody tr").all()
    return [
        [" ".join(cell.split()) for cell in row.locator("td").all_inner_texts()] for row in rows
    ]


def _percent(value: str) -> str:
    if not value:
        return NOTHING
    return "100 %" if float(value) == 100 else f"{float(value):.2f} %"


def _milliseconds(value: str) -> str:
    return f"{float(value):.0f} ms" if value else NOTHING


def _score(value: str) -> str:
    return f"{float(value):.0f}" if value else NOTHING


def _seconds(value: str) -> str:
    return f"{float(value):.1f} s" if value else NOTHING


def _team_row(row: dict[str, str]) -> list[str]:
    """Say a row of the team's file as the page says it."""
    return [
        _percent(row["uptime_percentage"]),
        f"{int(row['failing_checks']):,} / {int(row['checks']):,}",
        f"{int(row['unobserved_checks']):,}",
        _milliseconds(row["average_response_time_ms"]),
        _milliseconds(row["slowest_response_time_ms"]),
        _score(row["performance_score"]),
    ]


def _day_row(row: dict[str, str]) -> list[str]:
    """Say a row of a site's file as the page says it."""
    return [
        _percent(row["uptime_percentage"]),
        f"{row['up_checks']} / {row['total_checks']}",
        row["unobserved_checks"],
        _milliseconds(row["slowest_response_time_ms"]),
        _score(row["performance_score"]),
        _seconds(row["speed_index_seconds"]),
    ]


@in_both_looks
def test_it_shows_and_files_the_same_of_the_team(page: Page, home: str, look: str) -> None:
    wear(page, look)
    go(page, "Reports")
    table = page.get_by_role("table")
    expect(table.get_by_role("rowheader")).to_have_count(2)
    assert ["90.00 %", "1 / 10", "7", "100 ms", "250 ms", "80"] in _shown(table)
    assert faults_as_it_is(page) == []

    filed = _download(page)
    assert [_team_row(row) for row in filed] == _shown(table)
    names = table.get_by_role("rowheader").get_by_role("link").all_inner_texts()
    assert FORMULA in names
    assert [row["site"].removeprefix("'") for row in filed] == names
    cells = [cell for row in filed for cell in row.values()]
    assert f"'{FORMULA}" in cells
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []


@in_both_looks
def test_it_shows_and_files_the_same_of_every_day(page: Page, home: str, look: str) -> None:
    wear(page, look)
    go(page, "Reports")
    page.get_by_role("link", name="Shop", exact=True).click()
    expect(page.get_by_role("heading", name="Shop", level=1)).to_be_visible()
    expect(page.get_by_text("1 of 10 checks failed")).to_be_visible()
    for days in (90, 7):
        page.get_by_role("navigation", name="Period").get_by_role("link", name=f"{days} d").click()
        current = page.get_by_role("navigation", name="Period").locator("[aria-current]")
        expect(current).to_have_text(f"{days} days")
        filed = _download(page)
        assert len(filed) == days
        told = [
            row
            for row in filed[::-1]
            if int(row["total_checks"]) or row["unobserved_checks"] != "0"
        ]
        assert [_day_row(row) for row in told] == _shown(page.get_by_role("table"))
        assert _day_row(told[0]) == ["90.00 %", "9 / 10", "0", "250 ms", "80", "1.5 s"]
        assert _day_row(told[1]) == [NOTHING, "0 / 0", "7", NOTHING, NOTHING, NOTHING]
    assert faults_as_it_is(page) == []


@in_both_looks
def test_it_prints_the_table_and_nothing_to_press(page: Page, home: str, look: str) -> None:
    wear(page, look)
    for path, heading in (("reports", "Reports"), ("reports", "Shop")):
        page.goto(home + path)
        if heading == "Shop":
            page.get_by_role("link", name="Shop", exact=True).click()
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        page.set_viewport_size(PAPER)  # type: ignore[arg-type]
        page.emulate_media(media="print")
        for hidden in ("complementary", "banner", "button"):
            expect(page.get_by_role(hidden).locator("visible=true")).to_have_count(0)
        expect(page.get_by_role("link", name="CSV")).to_be_hidden()
        expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
        expect(page.get_by_role("table")).to_be_visible()
        table = page.get_by_role("table").locator("xpath=..")
        assert table.evaluate("it => it.scrollWidth - it.clientWidth") <= 0
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
        assert page.pdf().startswith(b"%PDF")
        page.emulate_media(media="screen")
