"""The machine that looks for faults finds those that it is asked for."""

from playwright.sync_api import Page

from tests.e2e.axe import faults

PAGE = """<!doctype html><html lang="en"><title>Small and dark</title>
<style>
  button { width: 10px; height: 10px; padding: 0; border: 0; }
  @media (prefers-color-scheme: dark) { p { color: #333; background: #000; } }
  @media (max-width: 500px) { p { width: 900px; } }
</style>
<main><h1>Small and dark</h1><p>Read this</p>
<button aria-label="One"></button><button aria-label="Two"></button></main></html>"""


def test_it_finds_small_targets_colours_of_one_theme_and_what_is_too_wide(page: Page) -> None:
    page.set_content(PAGE)
    found = [each.partition(" <")[0] + (" dark" * each.endswith("dark")) for each in faults(page)]
    assert found == [
        "color-contrast: dark",
        "target-size:",
        "color-contrast: dark",
        "target-size:",
        "518 pixels too wide",
    ]
