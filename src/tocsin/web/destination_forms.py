"""What people fill in about a destination; one form, with the fields of its channel."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tocsin.kit.text import MAX_LINE
from tocsin.notifications.channels.contract import ChannelKind
from tocsin.notifications.queries.destinations import DestinationView
from tocsin.notifications.vocabulary import Subscription
from tocsin.probes.contract import Tool
from tocsin.web.forms import URL_LENGTH

EVENTS = [
    (Subscription.OPEN.value, _("Something opens, and reminders while it stays open")),
    (Subscription.RESOLVE.value, _("It recovers")),
]
TOOLS = [
    (Tool.STATUS.value, _("Status")),
    (Tool.SSL.value, _("SSL")),
    (Tool.DNS.value, _("DNS")),
    (Tool.BROKEN_LINKS.value, _("Broken links")),
    (Tool.PERFORMANCE.value, _("Performance")),
]
METHODS = [("post", _("POST, with a JSON body")), ("get", _("GET, with a query string"))]
ADDRESS_HELP = {
    ChannelKind.SLACK: _("Slack: Apps → Incoming Webhooks → Add to a channel, then copy its URL."),
    ChannelKind.MICROSOFT_TEAMS: _(
        "Teams: the channel's … menu → Workflows → “Post to a channel when a webhook request is "
        "received”, then copy its URL."
    ),
    ChannelKind.DISCORD: _(
        "Discord: Channel settings → Integrations → Webhooks, then copy its URL."
    ),
    ChannelKind.WEBHOOK: _("Any address of yours that takes HTTP. Messages are signed."),
}


class DestinationForm(forms.Form):
    """A new destination, or one that is edited: then blank keeps the address it has."""

    label = forms.CharField(
        label=_("Name"),
        max_length=MAX_LINE,
        required=False,
        help_text=_("So that you know it again, such as “On call”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    addresses = forms.CharField(
        label=_("Addresses"),
        help_text=_(
            "One a line, at most 20. Whoever is not a verified member gets a link to confirm"
            " before the first mail."
        ),
        widget=forms.Textarea(attrs={"autocomplete": "off", "spellcheck": "false", "rows": 3}),
    )
    url = forms.CharField(
        label=_("URL"),
        max_length=URL_LENGTH,
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    method = forms.ChoiceField(label=_("Method"), choices=METHODS)
    events = forms.MultipleChoiceField(
        label=_("Tell it when"), choices=EVENTS, widget=forms.CheckboxSelectMultiple
    )
    tools = forms.MultipleChoiceField(
        label=_("About"), choices=TOOLS, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: ChannelKind,
        present: DestinationView | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(present))
        for name in {"addresses", "url", "method"} - _fields_of(kind):
            del self.fields[name]
        if kind in ADDRESS_HELP:
            self.fields["url"].help_text = ADDRESS_HELP[kind]
        address = self.fields["addresses" if kind is ChannelKind.EMAIL else "url"]
        if present is not None:
            address.required = False
            address.help_text = gettext("Now %(to)s. Leave it blank to keep that.") % {
                "to": present.to
            }

    @property
    def config(self) -> dict[str, Any]:
        """Return what was typed for the channel."""
        wanted = ("addresses", "url", "method")
        return {name: self.cleaned_data[name] for name in wanted if name in self.fields}

    @property
    def scope(self) -> dict[str, Any]:
        """Return what is told and under which name; all tools are those that come later, too."""
        tools = self.cleaned_data["tools"]
        return {
            "label": self.cleaned_data["label"],
            "events": self.cleaned_data["events"],
            "tools": None if len(tools) == len(TOOLS) else tools,
        }


def _fields_of(kind: ChannelKind) -> set[str]:
    if kind is ChannelKind.EMAIL:
        return {"addresses"}
    return {"url", "method"} if kind is ChannelKind.WEBHOOK else {"url"}


def _initial(present: DestinationView | None) -> dict[str, Any]:
    every_tool = [value for value, _label in TOOLS]
    if present is None:
        return {
            "events": [value for value, _label in EVENTS],
            "tools": every_tool,
            "method": "post",
        }
    return {
        "label": present.label,
        "events": list(present.events),
        "tools": every_tool if present.tools is None else list(present.tools),
        "method": present.method or "post",
    }
