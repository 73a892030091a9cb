"""Reads of people."""

from datetime import datetime

import msgspec
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext

from tocsin.access.credentials import SECOND_FACTORS
from tocsin.access.principal import Principal, PrincipalKind
from tocsin.accounts.models import User
from tocsin.kit.errors import NotFound
from tocsin.kit.text import clean_email


class UserView(msgspec.Struct, frozen=True):
    """A user as the contract shows one; `role` is the free job title, not a team role."""

    id: int
    name: str
    role: str | None
    email: str
    email_verified_at: datetime | None
    is_active: bool


def view_of(user: User) -> UserView:
    """Show a user."""
    return UserView(
        id=user.pk,
        name=user.name,
        role=user.job_title or None,
        email=user.email,
        email_verified_at=user.email_verified_at,
        is_active=user.is_active,
    )


def get_user(user_id: int) -> User:
    """Find a user by id. Raises NotFound."""
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        raise NotFound(gettext("There is no user %(user)s.") % {"user": user_id})
    return user


def user_by_email(email: str) -> User:
    """Find a user by address, however it is written. Raises NotFound."""
    try:
        address = clean_email(email)
    except ValueError:
        address = email
    user = User.objects.filter(email=address).first()
    if user is None:
        raise NotFound(gettext("There is no user with the address %(email)s.") % {"email": email})
    return user


def language_of_address(email: str) -> str:
    """Return the language that whoever has an address chose; empty where nobody did."""
    chosen = User.objects.filter(email=email.lower()).values_list("language", flat=True).first()
    return chosen or ""


def has_two_factor(user_id: int) -> bool:
    """Say whether the user has set up a second factor: an authenticator app or a passkey."""
    factors = Authenticator.objects.filter(user_id=user_id, type__in=SECOND_FACTORS)
    return bool(factors.exists())


def session_principal(user: User) -> Principal:
    """Describe a person who acts through a browser session. One query."""
    return Principal(
        kind=PrincipalKind.SESSION,
        user_id=user.pk,
        active=user.is_active,
        email_verified=user.email_verified_at is not None,
        has_two_factor=has_two_factor(user.pk),
    )
