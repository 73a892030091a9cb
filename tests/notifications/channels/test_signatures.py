"""Our signatures before an independent judge."""

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.notifications.channels.rendering import SECRET, render
from tests.notifications.messages_cast import AT, DELIVERY, NASTY, opened, with_text
from tocsin.notifications.channels.contract import HttpRequest
from tocsin.notifications.signing import new_secret, signature_headers


def rendered(name: str, *secrets: str) -> HttpRequest:
    made = render(name, with_text(opened(), NASTY), *secrets)
    assert isinstance(made, HttpRequest)
    return made


def judged(secret: str, request: HttpRequest) -> bool:
    """Tell whether one of the signatures is the one that the library makes."""
    content = request.body.decode() if request.body else request.url.partition("?")[2]
    expected = Webhook(secret).sign(str(DELIVERY), AT, content)
    return expected in dict(request.headers)["webhook-signature"].split(" ")


@pytest.mark.parametrize("name", ["webhook", "webhook_get"])
def test_it_signs_what_is_sent(name: str) -> None:
    request = rendered(name, SECRET)
    assert judged(SECRET, request)
    assert not judged(new_secret(), request)


def test_it_signs_with_both_secrets_while_they_are_rotated() -> None:
    new = new_secret()
    request = rendered("webhook", new, SECRET)
    assert judged(new, request)
    assert judged(SECRET, request)


def test_the_library_takes_a_body_of_now_and_refuses_a_changed_one() -> None:
    from tocsin.kit import clock

    body = b'{"event": "issue.opened"}'
    headers = dict(signature_headers("id-1", clock.now(), body, [SECRET]))
    assert Webhook(SECRET).verify(body, headers) == {"event": "issue.opened"}
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body + b" ", headers)


def test_it_names_event_and_delivery() -> None:
    headers = dict(rendered("webhook", SECRET).headers)
    assert headers["X-Tocsin-Event"] == "issue.opened"
    assert headers["X-Tocsin-Delivery"] == headers["webhook-id"] == str(DELIVERY)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_short", "whsec_???"])
def test_it_signs_with_no_secret_that_is_none(secret: str) -> None:
    with pytest.raises(ValueError, match="secret"):
        signature_headers("id-1", AT, b"", [secret])
