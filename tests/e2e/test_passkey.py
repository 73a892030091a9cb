"""Signing in without a password, with a virtual authenticator."""

from playwright.sync_api import Page, expect

from tests.e2e.people import HOME, Person, sign_out


def test_it_signs_in_with_a_passkey(page: Page, person: Person) -> None:
    _plug_in_authenticator(page)
    person.register(page)
    person.verify(page)

    page.goto("/accounts/2fa/webauthn/add/")
    person.prove(page)
    page.get_by_label("Name").fill("Laptop")
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()

    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(HOME)
    expect(page.get_by_role("complementary")).to_contain_text(person.email)


def _plug_in_authenticator(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
