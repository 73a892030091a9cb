"""Browser sessions: noted while in use, ended."""

from datetime import datetime

from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from tocsin.kit import clock


def end_sessions(user_id: int, *, keep: str | None = None) -> int:
    """End the user's sessions, except the one whose key is `keep`. Returns how many."""
    sessions = UserSession.objects.filter(user_id=user_id)
    if keep is not None:
        sessions = sessions.exclude(session_key=keep)
    ended = list(sessions)
    for session in ended:
        session.end()
    return len(ended)


def note_use(request: HttpRequest) -> None:
    """Note that the session of a request is in use now, from which address and browser."""
    UserSession.objects.create_from_request(request)


def is_proof_fresh(request: HttpRequest, seconds: int) -> bool:
    """Say whether somebody has signed in, or given proof anew, in this session so lately."""
    moments = [each["at"] for each in get_authentication_records(request, request.user)]
    return bool(moments) and clock.timestamp() - max(moments) < seconds


def forget_ended(now: datetime) -> int:
    """Delete the sessions whose time is over. Returns how many."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]
