"""Where django-allauth asks us: rules of sign-up, addresses, mails, second factors."""

from typing import Any
from urllib.parse import urljoin

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation

from tocsin.accounts import actions, emails, validators
from tocsin.accounts.models import User
from tocsin.accounts.queries import language_of_address
from tocsin.kit import crypto
from tocsin.kit.context import client_address
from tocsin.kit.text import clean_email, clean_line

SITE = {"name": "Tocsin"}
TOTP_PURPOSE = "totp"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Accounts with a password."""

    def clean_email(self, email: str) -> str:
        """Bring an address into its stored form."""
        try:
            return clean_email(email)
        except ValueError as error:
            raise ValidationError(str(error)) from None

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Refuse a password that is too long before it is hashed or compared."""
        if len(password) > validators.MAX_PASSWORD:
            raise ValidationError(validators.too_long_message())
        return str(super().clean_password(password, user))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Check credentials; no account has a password longer than the limit."""
        if len(credentials.get("password", "")) > validators.MAX_PASSWORD:
            self.pre_authenticate(request, **credentials)
            return None
        user: User | None = super().authenticate(request, **credentials)
        return user

    def save_user(
        self,
        request: HttpRequest,
        user: User,
        form: BaseForm,
        commit: bool = True,  # noqa: FBT001, FBT002 - allauth's signature
    ) -> User:
        """Save a new user with its personal team, or neither."""
        user.name = form.cleaned_data.get("name") or user.name or _name_from(user.email)
        super().save_user(request, user, form, commit=False)
        if commit:
            actions.register(user)
        return user

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Mark an address as verified, here as at allauth."""
        with transaction.atomic():
            confirmed = bool(super().confirm_email(request, email_address))
            emails.sync_from_allauth(email_address.user)
        return confirmed

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address that throttles count by; as everywhere, past the trusted proxies.

        allauth's own answers a request that comes around the proxies with an error.
        """
        proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
        return client_address(request.META, trusted_proxies=proxies)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail that names the product and not the host the request came by.

        In its reader's language; whoever chose none asked for it in the language of the page.
        """
        reader = context.get("user")
        chosen = reader.language if isinstance(reader, User) else language_of_address(email)
        with translation.override(chosen or translation.get_language()):
            super().send_mail(template_prefix, email, {"current_site": SITE, **context})

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Link to our own address, whatever Host the request named."""
        path = reverse("account_confirm_email", args=(emailconfirmation.key,))
        return urljoin(settings.BASE_URL, path)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Link to our own address, whatever Host the request named."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return urljoin(settings.BASE_URL, path)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Accounts that come from Google, GitHub or an OpenID provider."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        """Take over the name, as far as it is one."""
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name"), data.get("last_name"))
        name = data.get("name") or " ".join(part for part in parts if part)
        try:
            user.name = clean_line(name)
        except ValueError:
            user.name = _name_from(user.email)
        return user

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        """Save a new user with its personal team, or neither."""
        with transaction.atomic():
            user: User = super().save_user(request, sociallogin, form)
            if form is None:  # with a form, AccountAdapter.save_user has done it
                actions.register(user)
            emails.sync_from_allauth(user)
        return user


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Second factors; their secrets are encrypted at rest."""

    def encrypt(self, text: str) -> str:
        """Encrypt a secret under a key of its own."""
        return crypto.encrypt(TOTP_PURPOSE, text)

    def decrypt(self, encrypted_text: str) -> str:
        """Decrypt a secret, also one from before the secret key was rotated."""
        return crypto.decrypt(TOTP_PURPOSE, encrypted_text)


def _name_from(email: str) -> str:
    return email.partition("@")[0] or "Someone"
