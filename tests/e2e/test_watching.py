"""The main thread: somebody adds a site, and sees how it is without touching anything."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import PHONE
from tests.e2e.people import Person
from tests.e2e.seeding import seed
from tests.e2e.server import Server

FIRST_RESULT_MS = 60_000
STEPS = 10


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


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Page]:
    """A page that fingers touch."""
    context = browser.new_context(
        base_url=server.base,
        viewport=PHONE,
        has_touch=True,
        is_mobile=True,  # type: ignore[arg-type]
    )
    yield context.new_page()
    context.close()


Finger = tuple[tuple[float, float], tuple[float, float]]


def _move(phone: Page, *fingers: Finger) -> None:
    """Bring the chart into sight and move fingers on it; places are shares of its sides."""
    phone.evaluate("document.querySelector('.chart-svg').scrollIntoView({block: 'center'})")
    box = phone.locator(".chart-svg").bounding_box()
    assert box is not None
    session = phone.context.new_cdp_session(phone)

    def send(kind: str, part: float) -> None:
        points = [
            {"id": number, "x": box["x"] + box["width"] * (x + (to_x - x) * part),
             "y": box["y"] + box["height"] * (y + (to_y - y) * part)}
            for number, ((x, y), (to_x, to_y)) in enumerate(fingers)
        ]  # fmt: skip
        points = [] if kind == "touchEnd" else points
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", 0)
    for step in range(1, STEPS + 1):
        send("touchMove", step / STEPS)
    send("touchEnd", 1)


def _shown(phone: Page) -> int:
    """Return how many seconds the chart shows."""
    chart = phone.locator(".chart-svg")
    return int(chart.get_attribute("data-to") or 0) - int(chart.get_attribute("data-from") or 0)


def test_it_zooms_by_finger_where_the_page_still_scrolls(phone: Page, person: Person) -> None:
    person.register(phone)
    person.verify(phone)
    site, *_ = seed(person, "panels")
    phone.goto(f"{phone.url}sites/{site}/")
    reset, whole = phone.get_by_role("link", name="Reset zoom"), _shown(phone)
    shorter = """most => {
        const { from, to } = document.querySelector(".chart-svg").dataset;
        return to - from < most;
    }"""

    _move(phone, ((0.5, 0.9), (0.5, 0.1)))
    phone.wait_for_function("document.querySelector('.chart-svg').getBoundingClientRect().y < 250")
    assert reset.count() == 0

    _move(phone, ((0.5, 0.5), (0.9, 0.5)))
    phone.wait_for_function(shorter, arg=whole / 2)
    drawn = _shown(phone)
    _move(phone, ((0.4, 0.5), (0.2, 0.5)), ((0.6, 0.5), (0.8, 0.5)))
    phone.wait_for_function(shorter, arg=drawn / 2)
    reset.tap()
    expect(reset).to_have_count(0)
    assert _shown(phone) == whole
