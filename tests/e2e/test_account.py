"""From nothing to a token, as a person does it."""

from playwright.sync_api import Page, expect

from tests.e2e.people import HOME, Person, sign_out, totp


def test_it_leads_from_registration_to_a_revoked_token(page: Page, person: Person) -> None:
    person.register(page)
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    page.goto("/settings/tokens")
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()

    person.verify(page)
    expect(page.get_by_role("heading", name="No sites yet")).to_be_visible()
    sign_out(page)
    person.sign_in(page)
    page.wait_for_url(HOME)

    secret = _turn_on_totp(page, person)
    sign_out(page)
    person.sign_in(page)
    page.get_by_label("Code").fill(totp(secret, steps_ahead=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(HOME)

    _make_and_revoke_a_token(page, person)


def _turn_on_totp(page: Page, person: Person) -> str:
    page.goto("/accounts/2fa/")
    page.get_by_role("link", name="Set up").click()
    person.prove(page)
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Authenticator code").fill(totp(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator("#recovery_codes li")).to_have_count(10)
    return secret


def _make_and_revoke_a_token(page: Page, person: Person) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/settings/tokens")
    person.prove(page)
    page.get_by_label("Name", exact=True).fill("Deploy script")
    page.get_by_role("button", name="Read-only monitoring").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(4)
    page.get_by_role("button", name="Create token").click()

    shown = page.locator("#new-token").inner_text()
    assert shown.startswith("toc_pat_")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == shown
    assert _status(page, shown) == 200

    page.goto("/settings/tokens")
    expect(page.locator("#new-token")).to_have_count(0)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Revoke Deploy script").click()
    expect(page.get_by_role("heading", name="No tokens yet")).to_be_visible()
    assert _status(page, shown) == 401


def _status(page: Page, token: str) -> int:
    answer = page.request.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    return answer.status
