"""The two looks that journeys are taken in: a desk by day, a phone by night."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.axe import DESK, PHONE

LOOKS: dict[str, tuple[Any, Any]] = {
    "desktop-light": (DESK, "light"),
    "phone-dark": (PHONE, "dark"),
}
in_both_looks = pytest.mark.parametrize("look", LOOKS)


def wear(page: Page, look: str) -> None:
    """Give the page a size and a theme."""
    size, theme = LOOKS[look]
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than its window; 0 where it fits."""
    widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    needed, given = page.evaluate(widths)
    return max(0, int(needed) - int(given))
