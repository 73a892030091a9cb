"""Hands that have a keyboard and no mouse, and eyes that follow the focus."""

import re

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 200
# Why the focused element cannot be seen as such; "" where it can, or where nothing has the focus.
UNSEEN = """() => {
  const it = document.activeElement;
  if (!it || it === document.body) return "";
  const name = `<${it.localName} id="${it.id}"> ${it.textContent.trim().slice(0, 40)}`;
  const style = getComputedStyle(it), box = it.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 1;
  if (!ring) return `no ring: ${name}`;
  if (!box.width || !box.height) return `no size: ${name}`;
  const middle = [box.left + box.width / 2, box.top + Math.min(box.height / 2, 20)];
  const top = document.elementFromPoint(...middle);
  if (!top) return `out of the window: ${name}`;
  return it.contains(top) || top.contains(it) ? "" : `covered by <${top.localName}>: ${name}`;
}"""
STOP = "document.activeElement === document.body ? '' : document.activeElement.outerHTML"


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Move the focus by keyboard until it is there; it is to be seen at every stop."""
    for _ in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press(key)
        assert page.evaluate(UNSEEN) == ""
    raise AssertionError(f"{wanted} is not reached by {key}")


def walk(page: Page) -> tuple[int, list[str]]:
    """Press Tab from top to end; return the number of stops, and what was not to be seen."""
    unseen = []
    for stops in range(MOST_TABS):
        page.keyboard.press("Tab")
        if not page.evaluate(STOP):
            return stops, unseen
        if (why := page.evaluate(UNSEEN)) != "":
            unseen.append(why)
    raise AssertionError(f"{page.url} has no end for Tab, or it holds the focus")


def go(page: Page, words: str) -> None:
    """Go somewhere by the command palette."""
    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Sites, pages and actions")).to_be_focused()
    hit = page.get_by_role("option", name=re.compile(words)).first
    page.keyboard.type(words)
    expect(hit).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
