"""What a client asks a person for, and what becomes of the answer (RFC 6749, section 4.1).

The whole request stands in the address of the consent page and is read anew when the person has
decided: nothing of it comes from the form.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.db import transaction
from django.utils.translation import gettext, gettext_noop
from oauth2_provider.oauth2_backends import get_oauthlib_core
from oauthlib.common import add_params_to_uri
from oauthlib.oauth2.rfc6749.errors import (
    FatalClientError,
    InvalidClientIdError,
    MismatchingRedirectURIError,
    MissingRedirectURIError,
    OAuth2Error,
)

from tocsin.access.principal import Principal
from tocsin.access.scopes import Scope
from tocsin.kit.errors import invalid
from tocsin.oauth import actions, issuing, redirects
from tocsin.oauth.models import Client
from tocsin.oauth.resource import is_resource, issuer

Query = Iterable[tuple[str, str]]

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_FATAL = {
    InvalidClientIdError: gettext_noop(
        "The client is not known here. Connect it again from where you use it."
    ),
    MismatchingRedirectURIError: gettext_noop(
        "The client did not register where it wants you sent back to."
    ),
    MissingRedirectURIError: gettext_noop(
        "The client does not say where you should be sent back to."
    ),
}
_UNREADABLE = gettext_noop("The request of the client cannot be read.")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that a person can decide on."""

    client: Client
    redirect_uri: str
    scopes: frozenset[Scope]
    state: str | None
    challenge: str

    @property
    def redirect_host(self) -> str:
        """Return the host that the person is sent back to."""
        return redirects.host_of(self.redirect_uri)

    @property
    def form_target(self) -> str:
        """Return what the page's form may end at, as Content Security Policy writes it."""
        return redirects.form_target(self.redirect_uri)


@dataclass(frozen=True, slots=True)
class Refused:
    """A request that cannot be decided on.

    `location` tells the client; it is None where nothing says that the address is the client's,
    and the person is told instead.
    """

    description: str
    location: str | None = None


def read(query: Query) -> Asked | Refused:
    """Read what a client asks for, from the names and values in the address.

    May fetch the client's document.
    """
    pairs = list(query)
    try:
        scopes, details = _server().validate_authorization_request(f"/?{urlencode(pairs)}")
    except FatalClientError as error:
        return Refused(gettext(_FATAL.get(type(error), _UNREADABLE)))
    except OAuth2Error as error:
        return _told(error.redirect_uri, error.state, error.error, error.description or "")
    request = details["request"]
    problem = _problem_of(pairs, details)
    if problem is not None:
        return _told(request.redirect_uri, request.state, *problem)
    return Asked(
        client=request.client,
        redirect_uri=request.redirect_uri,
        scopes=frozenset(Scope(scope) for scope in scopes),
        state=request.state,
        challenge=details["code_challenge"],
    )


@transaction.atomic
def allow(principal: Principal, asked: Asked, chosen: Iterable[str]) -> str:
    """Grant the chosen among the scopes asked for; return where to send the person.

    Raises InvalidInput where none is chosen, or one that was not asked for.
    """
    wanted = set(chosen)
    if not wanted:
        raise invalid("scopes", gettext("Choose at least one scope, or decline."))
    if not wanted <= {scope.value for scope in asked.scopes}:
        raise invalid("scopes", gettext("The client did not ask for this."))
    grant = actions.create_grant(
        principal,
        asked.client,
        frozenset(Scope(scope) for scope in wanted),
        redirect_host=asked.redirect_host,
    )
    code = issuing.new_code(grant, redirect_uri=asked.redirect_uri, challenge=asked.challenge)
    return _location(asked.redirect_uri, asked.state, [("code", code)])


def deny(asked: Asked) -> str:
    """Return where to send the person who declined."""
    return _location(asked.redirect_uri, asked.state, [("error", "access_denied")])


def _server() -> Any:
    return get_oauthlib_core().server


def _problem_of(pairs: list[tuple[str, str]], details: dict[str, Any]) -> tuple[str, str] | None:
    if details["code_challenge_method"] != "S256":
        return "invalid_request", "The code_challenge_method must be S256."
    if _CHALLENGE.fullmatch(details["code_challenge"]) is None:
        return "invalid_request", "The code_challenge is not a SHA-256 in base64url."
    if not all(is_resource(value) for name, value in pairs if name == "resource"):
        return "invalid_target", "There is no such resource here."
    return None


def _told(redirect_uri: str, state: str | None, code: str, description: str) -> Refused:
    answer = [("error", code), ("error_description", description)]
    return Refused(description, _location(redirect_uri, state, answer))


def _location(redirect_uri: str, state: str | None, answer: list[tuple[str, str]]) -> str:
    # RFC 9207: the client learns who answers, on success and on error.
    named = [*answer, *([] if state is None else [("state", state)]), ("iss", issuer())]
    return cast("str", add_params_to_uri(redirect_uri, named))
