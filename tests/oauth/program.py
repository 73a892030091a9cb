"""A client program: it asks for a code, swaps it, refreshes and revokes."""

import base64
import hashlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from django.test import Client as Http

from tocsin.accounts.queries import session_principal
from tocsin.oauth import authorizing
from tocsin.oauth.resource import resource_url

VERIFIER = "a-verifier-of-forty-three-characters-or-more-0123456789"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()[:-1]


@dataclass
class Program:
    """Speaks OAuth as client programs do; `None` in a change leaves a parameter out."""

    client_id: str
    redirect_uri: str
    http: Http = field(default_factory=Http)

    def query(self, **changes: str | None) -> dict[str, str]:
        """Return what it asks for a code with."""
        return _changed(
            {
                "response_type": "code",
                "client_id": self.client_id,
                "redirect_uri": self.redirect_uri,
                "scope": "teams:read sites:read",
                "state": "a state",
                "code_challenge": CHALLENGE,
                "code_challenge_method": "S256",
                "resource": resource_url(),
            },
            changes,
        )

    def ask(self, **changes: str | None) -> authorizing.Asked | authorizing.Refused:
        """Ask for a code, as far as the person's decision."""
        return authorizing.read(self.query(**changes).items())

    def code(self, user: Any, *scopes: str, **changes: str | None) -> str:
        """Get a code from somebody who agrees, to everything or some scopes."""
        asked = self.ask(**changes)
        assert isinstance(asked, authorizing.Asked), asked
        location = authorizing.allow(session_principal(user), asked, scopes or asked.scopes)
        return parameters(location)["code"]

    def swap(self, code: str, /, **changes: str | None) -> Any:
        """Ask for tokens with a code."""
        return self._post(
            "token",
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self.redirect_uri,
                "client_id": self.client_id,
                "code_verifier": VERIFIER,
                "resource": resource_url(),
            },
            changes,
        )

    def connect(self, user: Any, *scopes: str, **changes: str | None) -> dict[str, Any]:
        """Walk the whole way; return the answer with the tokens."""
        answer = self.swap(self.code(user, *scopes, **changes))
        assert answer.status_code == 200, answer.content
        body: dict[str, Any] = answer.json()
        return body

    def refresh(self, token: str, /, **changes: str | None) -> Any:
        """Ask for the next pair."""
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self.client_id}
        return self._post("token", form, changes)

    def revoke(self, token: str, /, **changes: str | None) -> Any:
        """Give a token back."""
        return self._post("revoke", {"token": token, "client_id": self.client_id}, changes)

    def _post(self, name: str, form: dict[str, str], changes: dict[str, str | None]) -> Any:
        return self.http.post(f"/oauth/{name}", _changed(form, changes))


def parameters(location: str) -> dict[str, str]:
    """Return what a redirect tells the client."""
    return dict(parse_qsl(urlsplit(location).query, keep_blank_values=True))


def _changed(values: dict[str, str], changes: dict[str, str | None]) -> dict[str, str]:
    merged = {**values, **changes}
    return {name: value for name, value in merged.items() if value is not None}
