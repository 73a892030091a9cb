"""Forget what has ended: codes, tokens, grants, and clients that nobody granted anything."""

from datetime import datetime, timedelta

from django.db.models import Q

from tocsin.oauth import lifetimes
from tocsin.oauth.clients import Source
from tocsin.oauth.models import AccessToken, AuthorizationCode, Client, Grant, RefreshToken
from tocsin.oauth.queries import has_live_tokens

# Used codes and dead tokens are kept so long, to notice a second use and to say why one fails.
NOTICED_FOR = timedelta(days=1)
# Time for a person to decide on a client that has just registered.
UNUSED_CLIENT = timedelta(days=1)


def forget_ended(now: datetime) -> int:
    """Delete what is past its time; return how many rows. May be done twice without harm."""
    ended = (
        AuthorizationCode.objects.filter(expires__lt=now - NOTICED_FOR),
        AccessToken.objects.filter(expires__lt=now - NOTICED_FOR),
        RefreshToken.objects.filter(created__lt=now - lifetimes.REFRESH - NOTICED_FOR),
        Grant.objects.filter(
            Q(revoked_at__lt=now - NOTICED_FOR) | ~has_live_tokens(now),
            created_at__lt=now - NOTICED_FOR,
        ),
        Client.objects.filter(grants__isnull=True, created__lt=now - UNUSED_CLIENT).exclude(
            registration_source=Source.OPERATOR
        ),
    )
    return sum(rows.delete()[0] for rows in ended)
