"""The peer of `gates.py`: the least that the framework does to show a row. No middleware."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tocsin.config.settings")

import django
from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, JsonResponse
from django.urls import path

django.setup()
from tocsin.config.asgi import THREADS  # noqa: E402 - needs the apps to be loaded

settings.MIDDLEWARE = []
settings.ROOT_URLCONF = __name__


def show(request: HttpRequest, team: int) -> JsonResponse:
    """One query by primary key."""
    from tocsin.teams.models import Team

    row = Team.objects.get(pk=team)
    return JsonResponse({"data": {"id": row.pk, "name": row.name}})


urlpatterns = [path("teams/<int:team>", show)]
# The same way to the framework as `tocsin.config.asgi` goes.
application = WSGIMiddleware(WSGIHandler(), workers=THREADS)
