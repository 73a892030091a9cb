"""Second factors: secrets encrypted at rest, other sessions ended by a change."""

from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.cast import PASSWORD
from tocsin.accounts.listeners import two_factor_changed
from tocsin.accounts.queries import has_two_factor, session_principal
from tocsin.audit.models import Entry
from tocsin.kit.crypto import UndecryptableError


def test_it_keeps_no_secret_in_the_clear(alice: Any) -> None:
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    stored = Authenticator.objects.get().data
    assert secret not in str(stored)
    assert get_adapter().decrypt(stored["secret"]) == secret


def test_it_reads_secrets_from_before_a_rotation(settings: Any) -> None:
    kept = get_adapter().encrypt("JBSWY3DPEHPK3PXP")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key, long enough to be one " * 2
    assert get_adapter().decrypt(kept) == "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(UndecryptableError):
        get_adapter().decrypt(kept)


@pytest.mark.parametrize(
    ("kind", "counts"), [("totp", True), ("webauthn", True), ("recovery_codes", False)]
)
def test_it_counts_as_two_factor(alice: Any, kind: str, counts: bool) -> None:
    Authenticator.objects.create(user=alice, type=kind, data={})
    assert has_two_factor(alice.pk) is counts
    assert session_principal(alice).has_two_factor is counts


def test_it_ends_the_other_sessions(alice: Any, rf: Any) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        client.force_login(alice)
        UserSession.objects.create(
            user=alice, session_key=client.session.session_key, ip="127.0.0.1", user_agent="x"
        )
    request = rf.post("/")
    request.session = here.session
    from allauth.mfa.signals import authenticator_added

    factor = Authenticator(user=alice, type="totp", data={})
    two_factor_changed(
        signal=authenticator_added, request=request, user=alice, authenticator=factor
    )
    assert here.session.get("_auth_user_id") == str(alice.pk)
    assert there.session.get("_auth_user_id") is None
    entry = Entry.objects.get()
    assert (entry.action, entry.after) == ("two_factor.added", {"type": "totp"})


@pytest.mark.parametrize("later", [31, 59])
def test_it_takes_a_code_once_for_as_long_as_it_is_valid(
    alice: Any, monkeypatch: pytest.MonkeyPatch, later: int
) -> None:
    """A phone that is a period ahead shows codes that stay valid for more than one period."""
    start = 1_800_000_000 - 1_800_000_000 % 30
    secret = generate_totp_secret()
    TOTP.activate(alice, secret)
    code = totp.format_hotp_value(totp.hotp_value(secret, start // 30 + 1))

    def sign_in_at(moment: int) -> int:
        monkeypatch.setattr(totp.time, "time", lambda: moment)
        cache.delete(f"allauth.mfa.totp.used?user={alice.pk}&code={code}")  # its own period is over
        visitor = Client()
        given = {"login": alice.email, "password": PASSWORD}
        assert visitor.post(reverse("account_login"), given).status_code == 302
        typed = f"{code[:3]} {code[3:]}" if moment > start else code
        return int(visitor.post(reverse("mfa_authenticate"), {"code": typed}).status_code)

    assert [sign_in_at(start), sign_in_at(start + later)] == [302, 200]
