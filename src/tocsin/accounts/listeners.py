"""What we do after allauth changed a second factor.

allauth has no other way to tell than its signals; nothing of our own is sent by signal.
"""

from typing import Any

from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.dispatch import receiver
from django.http import HttpRequest

from tocsin.accounts.models import User
from tocsin.accounts.queries import session_principal
from tocsin.accounts.sessions import end_sessions
from tocsin.audit.actions import record

ACTIONS = {
    authenticator_added: "two_factor.added",
    authenticator_removed: "two_factor.removed",
    authenticator_reset: "two_factor.reset",
}


@receiver(list(ACTIONS), dispatch_uid="accounts.two_factor")
def two_factor_changed(
    signal: Any, request: HttpRequest, user: User, authenticator: Any, **_: Any
) -> None:
    """End the other sessions and note the change."""
    end_sessions(user.pk, keep=request.session.session_key)
    record(
        session_principal(user),
        ACTIONS[signal],
        f"user:{user.pk}",
        after={"type": str(authenticator.type)},
    )
