"""The command palette's answers, as a fragment to be put into it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tocsin.web import palette
from tocsin.web.doors import place_of, verified


@verified()
@never_cache
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Answer with what fits the words typed so far."""
    query = request.GET.get("q", "")
    groups = palette.find(place_of(request), query)
    return render(request, "palette/results.html", {"groups": groups, "query": query})
