"""Tocsin in German: chosen at the door, kept through registration, changed in the profile."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.axe import faults
from tests.e2e.people import HOME, PASSWORD, Person


def test_it_speaks_german_from_the_door_on_until_the_profile_says_otherwise(
    page: Page, person: Person
) -> None:
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Deutsch").click()
    expect(page.get_by_role("heading", name="Anmelden")).to_be_visible()
    assert faults(page) == []
    page.get_by_role("link", name="Konto anlegen").click()
    page.get_by_label("Name").fill(person.name)
    page.get_by_label("E-Mail").fill(person.email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Konto anlegen").click()
    page.wait_for_url(lambda url: "/accounts/signup/" not in url)
    page.goto(person.server.link_to(person.email, "/confirm-email/"))
    page.get_by_role("button", name="Ja, bestätigen").click()
    page.wait_for_url(HOME)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    assert faults(page) == []
    page.get_by_role("link", name="Überwachung", exact=True).first.click()
    expect(page.get_by_role("heading", name="Überwachung", exact=True)).to_be_visible()
    assert faults(page) == []
    page.goto("/settings/profile")
    page.get_by_label("Sprache").select_option("en")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_label("Language")).to_have_value("en")
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/teams/\d+/$"))
    expect(page.get_by_role("link", name="Monitoring").first).to_be_visible()
