"""Switching accounts on and off, verified or not; profile and photo."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tocsin.access.actions import create_token
from tocsin.access.models import Token
from tocsin.access.principal import SYSTEM
from tocsin.access.tokens import TokenKind
from tocsin.accounts.actions import set_photo, set_user, update_profile
from tocsin.kit.errors import InvalidInput, NotFound


def test_it_ends_sessions_and_tokens_when_switched_off(
    alice: Any, client: Client, audited: Callable[[], list[str]]
) -> None:
    create_token(SYSTEM, user=alice, kind=TokenKind.API, name="ci", scopes=["sites:read"])
    client.force_login(alice)
    set_user(SYSTEM, alice.pk, active=False)
    alice.refresh_from_db()
    assert not alice.is_active
    assert Token.objects.get().revoke_reason == "account_disabled"
    assert audited() == ["token.created", "token.revoked", "user.changed"]


def test_it_leaves_what_is_not_named(alice: Any) -> None:
    before = alice.email_verified_at
    user = set_user(SYSTEM, alice.pk)
    assert (user.is_active, user.email_verified_at) == (True, before)


def test_it_cancels_a_deletion_when_switched_on(alice: Any) -> None:
    type(alice).objects.filter(pk=alice.pk).update(
        is_active=False, deletion_requested_at=alice.created_at
    )
    user = set_user(SYSTEM, alice.pk, active=True)
    assert (user.is_active, user.deletion_requested_at) == (True, None)


def test_it_changes_the_verification_at_allauth_too(alice: Any) -> None:
    assert set_user(SYSTEM, alice.pk, verified=False).email_verified_at is None
    assert not EmailAddress.objects.get(user=alice).verified
    assert set_user(SYSTEM, alice.pk, verified=True).email_verified_at is not None
    assert EmailAddress.objects.get(user=alice).verified


def test_it_needs_a_user(db: None) -> None:
    with pytest.raises(NotFound):
        set_user(SYSTEM, 404, active=True)


def test_it_changes_the_profile(alice: Any) -> None:
    user = update_profile(SYSTEM, alice.pk, name="Al", job_title="SRE", theme="dark")
    assert (user.name, user.job_title, user.theme) == ("Al", "SRE", "dark")
    assert update_profile(SYSTEM, alice.pk, job_title="  ").job_title == ""
    assert user.name == "Al"


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"job_title": "x" * 256}, {"theme": "pink"}, {"name": "a\u2066b"}]
)
def test_it_refuses(alice: Any, changes: dict[str, str]) -> None:
    with pytest.raises(InvalidInput) as refusal:
        update_profile(SYSTEM, alice.pk, **changes)  # type: ignore[arg-type]
    assert list(refusal.value.errors) == list(changes)


def _picture(side: int = 600) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side // 2), "red").save(out, "PNG")
    return out.getvalue()


def test_it_keeps_a_square_photo_and_forgets_the_old(
    alice: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    first = set_photo(SYSTEM, alice.pk, SimpleUploadedFile("me.png", _picture())).photo
    with Image.open(first.path) as image:
        assert (image.format, image.size) == ("WEBP", (256, 256))
    set_photo(SYSTEM, alice.pk, SimpleUploadedFile("../../me.svg", _picture()))
    assert len(list(tmp_path.rglob("*.webp"))) == 1
    assert set_photo(SYSTEM, alice.pk, None).photo.name == ""
    assert not list(tmp_path.rglob("*.webp"))


@pytest.mark.parametrize(
    "content",
    [b"", b"<svg onload=alert(1)/>", _picture()[:200], b"\x89PNG\r\n\x1a\n" + b"\0" * 2**20],
)
def test_it_refuses_what_is_no_small_picture(alice: Any, content: bytes) -> None:
    with pytest.raises(InvalidInput) as refusal:
        set_photo(SYSTEM, alice.pk, SimpleUploadedFile("me.png", content))
    assert list(refusal.value.errors) == ["photo"]
