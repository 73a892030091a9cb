"""Writes of people: sign-up, switching on and off, profile."""

from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from tocsin.access import actions as access
from tocsin.access.principal import Principal
from tocsin.accounts import emails, hooks, photos, validators
from tocsin.accounts.models import Theme, User
from tocsin.accounts.queries import get_user, session_principal
from tocsin.accounts.sessions import end_sessions
from tocsin.audit.actions import record
from tocsin.kit.choosing import choose_one_of
from tocsin.kit.errors import invalid


def create_user(
    principal: Principal,
    *,
    email: str,
    name: str,
    password: str | None = None,
    verified: bool = False,
) -> User:
    """Create a user with the personal team.

    Without a password the user cannot sign in until one is set by mail. Raises InvalidInput.
    """
    user = User(email=validators.checked_email(email), name=validators.checked_name(name))
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(validators.checked_password(password, user))
    if User.objects.filter(email=user.email).exists():
        raise _email_taken()
    try:
        with transaction.atomic():
            user.save()
            _announce(principal, user)
            emails.set_verified(user, verified=verified)
    except IntegrityError:  # somebody took the address since we looked
        raise _email_taken() from None
    return user


def register(user: User) -> None:
    """Save somebody who signs up by themselves, with the personal team."""
    with transaction.atomic():
        user.save()
        _announce(session_principal(user), user)


@transaction.atomic
def set_user(
    principal: Principal, user_id: int, *, active: bool | None = None, verified: bool | None = None
) -> User:
    """Switch an account on or off, or its address to verified or not; None leaves it.

    Switching off ends all sessions and revokes all tokens. Raises NotFound.
    """
    user = get_user(user_id)
    before = _switches(user)
    if verified is not None:
        emails.set_verified(user, verified=verified)
    if active is not None:
        user.is_active = active
        if active:
            user.deletion_requested_at = None
        user.save()
    if active is False:
        end_access(principal, user, reason="account_disabled")
    record(principal, "user.changed", f"user:{user.pk}", before=before, after=_switches(user))
    return user


@transaction.atomic
def update_profile(
    principal: Principal,
    user_id: int,
    *,
    name: str | None = None,
    job_title: str | None = None,
    theme: str | None = None,
    language: str | None = None,
) -> User:
    """Change what a person says of themselves; None leaves it. Raises InvalidInput, NotFound."""
    user = get_user(user_id)
    changes: dict[str, str] = {}
    if name is not None:
        changes["name"] = validators.checked_name(name)
    if job_title is not None:
        blank = not job_title.strip()
        changes["job_title"] = "" if blank else validators.checked_name(job_title, "job_title")
    if theme is not None:
        if theme not in Theme.values:
            raise invalid("theme", choose_one_of(Theme.values))
        changes["theme"] = theme
    if language is not None:
        offered = dict(settings.LANGUAGES)
        if language and language not in offered:
            raise invalid("language", choose_one_of(offered))
        changes["language"] = language
    before = {field: getattr(user, field) for field in changes}
    for field, value in changes.items():
        setattr(user, field, value)
    user.save()
    record(principal, "user.changed", f"user:{user.pk}", before=before, after=changes)
    return user


def set_photo(principal: Principal, user_id: int, upload: "File[bytes] | None") -> User:
    """Set the photo, or remove it with None. Raises InvalidInput, NotFound."""
    user = get_user(user_id)
    picture = None if upload is None else photos.checked_photo(upload)
    old = user.photo.name
    with transaction.atomic():
        if picture is None:
            user.photo = ""
        else:
            user.photo.save(str(picture.name), picture, save=False)
        user.save(update_fields=("photo", "updated_at"))
        record(principal, "user.photo_changed", f"user:{user.pk}")
    if old:
        user.photo.storage.delete(old)
    return user


def password_changed(principal: Principal, user: User, *, revoke_tokens: bool) -> None:
    """Note a new password; end what the old one may have let in.

    Sessions other than the one at work end by themselves: their key depends on the password.
    """
    if revoke_tokens:
        _revoke_access(principal, user, "password_changed")
    record(principal, "user.password_changed", f"user:{user.pk}")


def end_access(principal: Principal, user: User, *, reason: str) -> None:
    """End every session, token and connected client of a user."""
    end_sessions(user.pk)
    _revoke_access(principal, user, reason)


def _revoke_access(principal: Principal, user: User, reason: str) -> None:
    access.revoke_all(user, reason, principal=principal)
    for hook in hooks.access_revoked:
        hook(principal, user, reason)


def _announce(principal: Principal, user: User) -> None:
    record(
        principal, "user.created", f"user:{user.pk}", after={"email": user.email, "name": user.name}
    )
    for hook in hooks.user_created:
        hook(principal, user)


def _switches(user: User) -> dict[str, Any]:
    return {"active": user.is_active, "verified": user.email_verified_at is not None}


def _email_taken() -> Exception:
    return invalid("email", gettext("Somebody with this address has an account already."))
