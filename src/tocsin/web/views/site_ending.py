"""Snoozing a site, and deleting it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tocsin.access.permissions import Permission
from tocsin.kit import clock
from tocsin.kit.errors import DomainError, NotFound
from tocsin.sites.actions import delete_site
from tocsin.sites.monitoring.actions import snooze as snooze_site
from tocsin.web.doors import Place, in_team
from tocsin.web.methods import only_forms
from tocsin.web.site_place import around, site_in
from tocsin.web.snoozing import snoozed_until


class DeleteSiteForm(forms.Form):
    """A deletion that cannot happen by a slip."""

    name = forms.CharField(
        label=gettext_lazy("Type the site's name to delete it"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, site_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site_name = site_name

    def clean_name(self) -> str:
        """Refuse any other name."""
        name: str = self.cleaned_data["name"]
        if name != self.site_name.strip():
            raise forms.ValidationError(_("This is not the name of the site."))
        return name


@in_team(Permission.UPDATE_SITE)
@only_forms
def snooze(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Open nothing new and tell nobody for a while; an empty choice ends that."""
    found = site_in(place, site)
    try:
        until = snoozed_until(request.POST.get("for", ""), clock.now())
        snooze_site(place.principal, found, until)
    except KeyError:
        messages.error(request, _("Choose for how long."))
    except NotFound as error:
        raise Http404(str(error)) from None
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("The site is snoozed.") if until else _("The site is no longer snoozed.")
        )
    return redirect("site", place.team.id, site)


@in_team(Permission.DELETE_SITE)
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, place: Place, site: UUID) -> HttpResponse:
    """Ask for the site's name, then forget the site with everything recorded about it."""
    found = site_in(place, site)
    form = DeleteSiteForm(request.POST or None, site_name=found.name)
    if form.is_valid():
        delete_site(place.principal, found)
        messages.success(request, _("%(site)s is deleted.") % {"site": found.name})
        return redirect("team_sites", place.team.id)
    variables = {**around(request, place, found), "form": form}
    return render(request, "site/delete.html", variables, status=422 if form.errors else 200)
