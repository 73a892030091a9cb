"""Deleting an account: switched off at once, removed for good a month later."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext

from tocsin.access.principal import Principal
from tocsin.accounts import hooks
from tocsin.accounts.actions import end_access
from tocsin.accounts.models import User
from tocsin.accounts.queries import get_user
from tocsin.audit.actions import record
from tocsin.kit import clock
from tocsin.kit.errors import Conflict, invalid

GRACE = timedelta(days=30)


@transaction.atomic
def request_deletion(principal: Principal, user_id: int, password: str) -> User:
    """Switch an account off; `purge_deleted` removes it after 30 days.

    Raises InvalidInput for a wrong password, Conflict while the user owns a team that is not the
    personal one.
    """
    user = User.objects.select_for_update().get(pk=get_user(user_id).pk)
    if not user.check_password(password):
        raise invalid("password", gettext("This is not your password."))
    for obstacle in hooks.deletion_obstacles:
        sentence = obstacle(user)
        if sentence is not None:
            raise Conflict(sentence)
    user.is_active = False
    user.deletion_requested_at = clock.now()
    user.save()
    end_access(principal, user, reason="account_deleted")
    record(principal, "user.deletion_requested", f"user:{user.pk}")
    return user


def purge_deleted(principal: Principal, now: datetime) -> int:
    """Remove the accounts whose 30 days are over, with their personal teams. Returns how many."""
    due = User.objects.filter(deletion_requested_at__lte=now - GRACE, is_active=False)
    purged = 0
    for user_id in list(due.values_list("pk", flat=True)):
        purged += _purge(principal, user_id, now)
    return purged


@transaction.atomic
def _purge(principal: Principal, user_id: int, now: datetime) -> int:
    # Looked up again under a lock: an operator may have switched the account on since.
    user = (
        User.objects.select_for_update()
        .filter(pk=user_id, is_active=False, deletion_requested_at__lte=now - GRACE)
        .first()
    )
    if user is None:
        return 0
    for hook in hooks.user_purged:
        hook(principal, user)
    photo = user.photo
    user.delete()
    if photo:
        transaction.on_commit(lambda: photo.storage.delete(str(photo.name)))
    record(principal, "user.purged", f"user:{user_id}")
    return 1
