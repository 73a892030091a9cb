"""What people fill in. Forms ask for shape only; the rules are those of the actions."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.access.roles import Role
from tocsin.access.scopes import DESCRIPTIONS, Scope
from tocsin.accounts.models import Theme
from tocsin.kit.errors import DomainError, InvalidInput
from tocsin.kit.text import MAX_LINE

URL_LENGTH = 2048
GIVABLE_ROLES = [
    (Role.ADMIN.value, _("Admin")),
    (Role.MEMBER.value, _("Member")),
    (Role.VIEWER.value, _("Viewer")),
]


def show_refusal(
    form: forms.Form, error: DomainError, rename: Mapping[str, str] | None = None
) -> None:
    """Put what an action refused beside the field it concerns, else above the form."""
    if not isinstance(error, InvalidInput):
        form.add_error(None, str(error))
        return
    for name, messages in error.errors.items():
        field = (rename or {}).get(name, name)
        for message in messages:
            form.add_error(field if field in form.fields else None, message)


class SiteForm(forms.Form):
    """A new site."""

    url = forms.CharField(
        label=_("Address"),
        max_length=URL_LENGTH,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "url", "spellcheck": "false"}
        ),
    )
    name = forms.CharField(label=_("Name"), max_length=MAX_LINE, required=False)


def _languages() -> list[tuple[str, str]]:
    return [("", gettext("As the browser asks")), *settings.LANGUAGES]


class ProfileForm(forms.Form):
    """What a person says of themselves."""

    name = forms.CharField(
        label=_("Name"), max_length=MAX_LINE, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    job_title = forms.CharField(
        label=_("Job title"),
        max_length=MAX_LINE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    theme = forms.ChoiceField(label=_("Theme"), choices=Theme.choices)
    language = forms.ChoiceField(label=_("Language"), choices=_languages, required=False)


class PhotoForm(forms.Form):
    """A new photo."""

    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG, PNG, WebP or GIF, at most 1 MB. It is cut square."),
        widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
    )


class DeleteAccountForm(forms.Form):
    """The last word."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class TokenForm(forms.Form):
    """A new token."""

    name = forms.CharField(
        label=_("Name"),
        max_length=MAX_LINE,
        help_text=_("What it is for, so that you know it again."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(label=_("Scopes"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, offered: frozenset[Scope], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = [  # type: ignore[attr-defined]
            (scope.value, gettext(DESCRIPTIONS[scope])) for scope in Scope if scope in offered
        ]


class InvitationForm(forms.Form):
    """Somebody to ask into a team."""

    email = forms.CharField(
        label=_("Email"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    role = forms.ChoiceField(label=_("Role"), choices=GIVABLE_ROLES, initial=Role.MEMBER.value)


class TeamForm(forms.Form):
    """A team's name."""

    name = forms.CharField(label=_("Team name"), max_length=MAX_LINE)


class TransferForm(forms.Form):
    """Who owns the team from now on."""

    user_id = forms.TypedChoiceField(label=_("New owner"), coerce=int)

    def __init__(self, *args: Any, members: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user_id"].choices = members  # type: ignore[attr-defined]


class DeleteTeamForm(forms.Form):
    """A deletion that cannot happen by a slip."""

    name = forms.CharField(label=_("Type the team's name to delete it"), max_length=MAX_LINE)

    def __init__(self, *args: Any, team_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team_name = team_name

    def clean_name(self) -> str:
        """Refuse any other name."""
        name: str = self.cleaned_data["name"]
        if name != self.team_name:
            raise forms.ValidationError(gettext("This is not the name of the team."))
        return name
