"""The language of whoever is not signed in; everybody else has theirs in the profile."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tocsin.web.doors import public
from tocsin.web.methods import only_forms


@public
@only_forms
def choose(request: HttpRequest) -> HttpResponse:
    """Keep `language` in a cookie and go back to `next`, where that is an address of ours."""
    place = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(place, allowed_hosts=None):
        place = reverse("home")
    answer = HttpResponseRedirect(place)
    language = request.POST.get("language")
    if language in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return answer
