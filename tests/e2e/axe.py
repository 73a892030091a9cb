"""axe-core on a page as it is, in both themes and at phone width."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
# Of all that axe looked at only what it found comes back: to write down the rest of a page with a
# thousand elements costs it three times what looking does.
_BRIEF = {"resultTypes": ["violations"]}
# How large a target is (WCAG 2.2 AA) axe looks at only where it is told to.
_ALL = _BRIEF | {"rules": {"target-size": {"enabled": True}}}
# Themes differ in colours and in nothing else.
_COLOURS = _BRIEF | {"runOnly": ["color-contrast", "link-in-text-block"]}
_LOOK = """options => axe.run(options).then(({ violations }) =>
    violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 200)}`))"""


def faults(page: Page) -> list[str]:
    """Return what axe finds, and whether the page is too wide; at both sizes, in both themes."""
    found: list[str] = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        _wear(page, "dark")
        found += [f"{each} dark" for each in _look(page, _COLOURS)]
        _wear(page, "light")
        found += faults_as_it_is(page)
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found


def faults_as_it_is(page: Page) -> list[str]:
    """Return what axe finds in the look that the page has, and whether it is too wide for it."""
    found = _look(page, _ALL)
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found if wider <= 0 else [*found, f"{wider} pixels too wide"]


def _wear(page: Page, theme: Any) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")


def _look(page: Page, options: dict[str, Any]) -> list[str]:
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_LOOK, options)
    return found
