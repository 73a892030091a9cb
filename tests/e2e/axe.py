"""axe-core on a page as it is, in both themes and at phone width."""

from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def faults(page: Page) -> list[str]:
    """Return what axe finds, and whether the page is wider than a phone."""
    found: list[str] = []
    for theme in ("light", "dark"):
        for size in (DESK, PHONE):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
            page.set_viewport_size(size)  # type: ignore[arg-type]
            found += [f"{each} {theme}" for each in faults_as_it_is(page)]
    page.set_viewport_size(DESK)  # type: ignore[arg-type]
    return found


def faults_as_it_is(page: Page) -> list[str]:
    """Return what axe finds in the look that the page has, and whether it is too wide for it."""
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = [each["id"] for each in page.evaluate("axe.run()")["violations"]]
    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return found if wider <= 0 else [*found, f"{wider} pixels too wide"]
