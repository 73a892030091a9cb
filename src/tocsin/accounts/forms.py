"""The account forms that differ from allauth's own."""

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy

from tocsin.accounts import actions, emails
from tocsin.accounts.models import User
from tocsin.accounts.queries import session_principal
from tocsin.kit.text import MAX_LINE, clean_line


class NameField(forms.CharField):
    """A person's name."""

    def clean(self, value: Any) -> str:
        """Refuse what cannot be shown on one line."""
        name = super().clean(value)
        try:
            return clean_line(name)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc] # allauth has no types
    """Name, address, password."""

    field_order = ("name", "email", "password1")
    name = NameField(
        label=gettext_lazy("Name"),
        max_length=MAX_LINE,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def save(self, request: HttpRequest) -> User:
        """Save the user, the address and the personal team, or nothing."""
        with transaction.atomic():
            user: User = super().save(request)
            # Whoever follows a mailed invitation has proven the address already.
            emails.sync_from_allauth(user)
        return user

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Save; somebody else may have taken the address since the form was checked."""
        try:
            return super().try_save(request)  # type: ignore[no-any-return]
        except IntegrityError:
            messages.error(request, gettext("Somebody with this address has an account already."))
            return None, redirect("account_signup")


class _RevokesTokens(forms.Form):
    """Offers to end what else has access when the password changes."""

    revoke_tokens = forms.BooleanField(
        label=gettext_lazy("Revoke all my API and MCP tokens"), required=False, initial=True
    )
    user: User

    def save(self) -> None:
        """Save the password; end other sessions and, if wanted, all tokens."""
        with transaction.atomic():
            super().save()  # type: ignore[misc] # the allauth form beside this one
            actions.password_changed(
                session_principal(self.user),
                self.user,
                revoke_tokens=self.cleaned_data["revoke_tokens"],
            )


class ChangePasswordForm(_RevokesTokens, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """The new password of someone who knows the old one."""


class ResetPasswordKeyForm(_RevokesTokens, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password of someone who followed the mailed link."""
