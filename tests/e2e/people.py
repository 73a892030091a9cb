"""What somebody does in a browser, in words that tests can use."""

import base64
import hashlib
import hmac
import re
import struct
import time
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.e2e.server import Server

HOME = re.compile(r"/teams/\d+/$")
PASSWORD = "seven quiet herons at dusk"
STEP_SECONDS = 30


@dataclass
class Person:
    """Somebody with an address and a password."""

    server: Server
    name: str
    email: str

    def register(self, page: Page, start: str = "/accounts/signup/") -> None:
        """Fill in the form for a new account."""
        page.goto(start)
        page.get_by_label("Name").fill(self.name)
        page.get_by_label("Email").fill(self.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Create account").click()
        page.wait_for_url(lambda url: "/accounts/signup/" not in url)

    def verify(self, page: Page) -> None:
        """Follow the mailed link."""
        page.goto(self.server.link_to(self.email, "/confirm-email/"))
        page.get_by_role("button", name="Yes, verify it").click()
        page.wait_for_url(HOME)

    def watch(self, page: Page, address: str) -> str:
        """Register, and watch a site called "Ourselves"; return the address of its page."""
        self.register(page)
        self.verify(page)
        page.get_by_label("Address").fill(address)
        page.get_by_label("Name").fill("Ourselves")
        page.get_by_role("button", name="Watch it").click()
        expect(page.get_by_role("heading", name="Ourselves", level=1)).to_be_visible()
        return page.url

    def sign_in(self, page: Page) -> None:
        """Give address and password."""
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(self.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()

    def prove(self, page: Page) -> None:
        """Give the password once more where fresh proof is asked for."""
        expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()


def sign_out(page: Page) -> None:
    """Sign out by the sidebar."""
    sidebar = page.get_by_role("complementary")
    sidebar.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/accounts/login/"))


def go(page: Page, name: str) -> None:
    """Follow a link of the navigation, which a phone keeps in a menu."""
    menu = page.get_by_role("banner").get_by_text("Menu")
    place = page.get_by_role("complementary")
    if menu.is_visible():
        menu.click()
        place = page.get_by_role("banner")
    place.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()


def totp(secret: str, *, steps_ahead: int = 0) -> str:
    """Return the six digits an authenticator app shows (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    counter = int(time.time()) // STEP_SECONDS + steps_ahead
    digest = hmac.digest(key, struct.pack(">Q", counter), hashlib.sha1)
    offset = digest[-1] & 15
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"
