"""Browser sessions: noted while in use, ended."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import HttpRequest


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


def forget_ended(now: datetime) -> int:
    """Delete the sessions whose time is over. Returns how many."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]
