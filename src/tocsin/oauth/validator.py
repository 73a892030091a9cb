"""What oauthlib asks of us while it walks through a request for tokens.

The toolkit answers for clients and scopes; codes and tokens are ours: stored as digests, bound to
a grant, the MCP endpoint and an active user, and swapped exactly once.
"""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.oauth2.rfc6749.errors import CustomOAuth2Error, InvalidGrantError

from tocsin.access.principal import SYSTEM
from tocsin.kit import clock
from tocsin.oauth import actions, issuing
from tocsin.oauth.clients import is_possible_id
from tocsin.oauth.issuing import Pair
from tocsin.oauth.models import AccessToken, AuthorizationCode
from tocsin.oauth.resource import is_resource
from tocsin.oauth.token_text import digest

# oauthlib's signatures: a request stands last and what comes after it is not used.


class Validator(OAuth2Validator):  # type: ignore[misc] # the toolkit has no types
    """Answers for one request. `request.held` is what is swapped: a code or a refresh token."""

    def _load_application(self, client_id: str | None, request: Any) -> Any:
        """Find the client; whatever no client could be called is not looked up."""
        return super()._load_application(client_id, request) if is_possible_id(client_id) else None

    def validate_code(
        self, client_id: str, code: str, client: Any, request: Any, *_: Any, **__: Any
    ) -> bool:
        """Find an unused code of this client; a second use revokes what the first one gave."""
        held = issuing.find_code(code, client)
        if held is None:
            return False
        if held.used_at is not None:
            actions.revoke_grant(SYSTEM, held.grant_id, actions.CODE_REUSED)
            return False
        if not issuing.is_usable(held, clock.now()):
            return False
        request.held = held
        request.user = held.user
        request.scopes = held.scope.split()
        return True

    def get_code_challenge(self, code: str, request: Any) -> str:
        """Return the PKCE challenge that the code is bound to."""
        return str(request.held.code_challenge)

    def get_code_challenge_method(self, code: str, request: Any) -> str:
        """Return S256: nothing else is ever stored."""
        return str(request.held.code_challenge_method)

    def get_default_redirect_uri(self, client_id: str, request: Any, *_: Any, **__: Any) -> str:
        """Return the code's own redirect URI to those who leave it out (OAuth 2.1)."""
        held = getattr(request, "held", None)
        if isinstance(held, AuthorizationCode):
            return str(held.redirect_uri)
        return str(super().get_default_redirect_uri(client_id, request))

    def confirm_redirect_uri(
        self, client_id: str, code: str, redirect_uri: str, client: Any, request: Any, **_: Any
    ) -> bool:
        """Hold the client to the very redirect URI that it asked for the code with.

        oauthlib would call another one an invalid request, RFC 6749 an invalid grant.
        """
        if request.held.redirect_uri != redirect_uri:
            raise InvalidGrantError(request=request)
        return True

    def invalidate_authorization_code(self, *_: Any, **__: Any) -> None:
        """Do nothing: the code was used up when the tokens were stored."""

    def validate_refresh_token(
        self, refresh_token: str, client: Any, request: Any, *_: Any, **__: Any
    ) -> bool:
        """Find an unused refresh token of this client; a second use revokes the whole grant."""
        held = issuing.find_refresh_token(refresh_token, client)
        if held is None:
            return False
        if held.revoked is not None:
            actions.revoke_grant(SYSTEM, held.grant_id, actions.REFRESH_REUSED)
            return False
        if not issuing.is_usable(held, clock.now()):
            return False
        request.held = held
        request.user = held.user
        return True

    def get_original_scopes(self, refresh_token: str, request: Any, *_: Any, **__: Any) -> Any:
        """Return the scopes of the grant: a narrower access token does not narrow what follows."""
        return request.held.grant.scopes

    def save_bearer_token(self, token: dict[str, Any], request: Any, *_: Any, **__: Any) -> None:
        """Store a new pair in place of what it was swapped for."""
        _check_resource(request)
        pair = Pair(
            access=token["access_token"],
            refresh=token["refresh_token"],
            scope=token["scope"],
            seconds=token["expires_in"],
        )
        if isinstance(request.held, AuthorizationCode):
            swapped = issuing.redeem(request.held, pair)
            if not swapped:
                actions.revoke_grant(SYSTEM, request.held.grant_id, actions.CODE_REUSED)
        else:
            swapped = issuing.rotate(request.held, pair)
        if not swapped:
            raise InvalidGrantError(request=request)

    def revoke_token(self, token: str, token_type_hint: str, request: Any, *_: Any) -> None:
        """Revoke the grant of a token (RFC 7009); unknown and foreign ones are passed over."""
        access = AccessToken.objects.filter(
            token_checksum=digest(token), application=request.client
        ).first()
        held = access or issuing.find_refresh_token(token, request.client)
        if held is not None:
            actions.revoke_grant(SYSTEM, held.grant_id, actions.BY_CLIENT)


def _check_resource(request: Any) -> None:
    asked = [value for name, value in request.decoded_body or [] if name == "resource"]
    if not all(is_resource(each) for each in asked):
        raise CustomOAuth2Error(
            error="invalid_target", description="There is no such resource here.", request=request
        )
