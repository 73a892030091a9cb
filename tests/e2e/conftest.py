"""The distribution's Chromium, driven against a real server."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.neighbours import Received, program_told
from tests.e2e.people import Person
from tests.e2e.server import Server

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 15_000


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all browser tests; each test brings people of its own."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    with Server(tmp_path_factory.mktemp("e2e")) as server:
        yield server


@pytest.fixture(scope="module")
def browser(server: Server) -> Iterator[Browser]:
    """A browser for the tests of a file, each with a profile of its own.

    Never for the whole session: Playwright keeps an event loop running for as long as it is open,
    and tests that come after in the same process want one of their own.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """A page in a profile of its own, which fails the test on any error in its console."""
    context = browser.new_context(base_url=server.base)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda message: problems.append(message.text) if _is_problem(message) else None,
    )
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def receiver() -> Iterator[tuple[str, Received]]:
    """A program's address, and what it was told."""
    with program_told() as told:
        yield told


_numbers = itertools.count(1)


@pytest.fixture
def person(server: Server) -> Person:
    """Somebody who has not registered yet."""
    return Person(server=server, name="Nina Newcomer", email=f"nina{next(_numbers)}@example.com")


# Chromium logs every answer of 4xx that a test asks for on purpose; htmx what a page still asked
# for when it was left or closed.
_NO_PROBLEM = ("Failed to load resource", "htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")


def _is_problem(message: object) -> bool:
    text = getattr(message, "text", "")
    is_expected = any(words in text for words in _NO_PROBLEM)
    return getattr(message, "type", "") == "error" and not is_expected
