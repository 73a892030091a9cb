"""Keeps our verification time and allauth's address rows saying the same."""

from allauth.account.models import EmailAddress

from tocsin.accounts.models import User
from tocsin.kit import clock


def set_verified(user: User, *, verified: bool) -> None:
    """Mark the user's address as verified, or as not."""
    EmailAddress.objects.update_or_create(
        user=user,
        email=user.email,
        defaults={"verified": verified, "primary": True},
    )
    _set_time(user, verified=verified)


def sync_from_allauth(user: User) -> None:
    """Take over what allauth knows of the user's address after one of its own flows."""
    user.refresh_from_db(fields=("email", "email_verified_at"))
    verified = EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()
    _set_time(user, verified=verified)


def _set_time(user: User, *, verified: bool) -> None:
    if verified == (user.email_verified_at is not None):
        return
    user.email_verified_at = clock.now() if verified else None
    user.save(update_fields=("email_verified_at", "updated_at"))
