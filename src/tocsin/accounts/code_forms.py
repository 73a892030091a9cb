"""The forms that ask for a code of two-factor: a code counts once for as long as it could.

allauth forgets after one period which codes were used, but a code is taken for one period before
its own and one after it as well.
"""

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from django.core.cache import cache


class _Once(forms.BaseAuthenticateForm):  # type: ignore[misc] # allauth has no types
    def clean_code(self) -> str:
        """Refuse a code of an authenticator app that was taken before."""
        code: str = super().clean_code()
        if self.authenticator.type == Authenticator.Type.TOTP:
            digits = "".join(code.split())
            periods = 2 * app_settings.TOTP_TOLERANCE + 1
            key = f"tocsin.code.used?user={self.user.pk}&code={digits}"
            if not cache.add(key, 1, timeout=periods * app_settings.TOTP_PERIOD):
                raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_Once, forms.AuthenticateForm):  # type: ignore[misc] # allauth has no types
    """The second step of a sign-in."""


class ReauthenticateForm(_Once, forms.ReauthenticateForm):  # type: ignore[misc] # allauth has none
    """A second look at who it is."""
