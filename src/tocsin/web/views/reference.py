"""The API reference: public, as the description is that it is made from."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tocsin.web.doors import View, public
from tocsin.web.reference.reading import read


def reference(describe: Callable[[], Mapping[str, Any]]) -> View:
    """Make the page of a description, which the configuration brings: faces know no other face."""

    @cache
    def operations(_language: str | None) -> Mapping[str, Any]:
        # The same for all who read one language, until the next release.
        groups = read(describe())
        return {
            "groups": groups,
            "count": sum(len(group.operations) for group in groups),
            "operations": render_to_string("reference/operations.html", {"groups": groups}),
        }

    @public
    @require_safe
    def reference_page(request: HttpRequest) -> HttpResponse:
        frame = "frame.html" if request.user.is_authenticated else "reference/open.html"
        return render(
            request, "pages/reference.html", {"frame": frame, **operations(get_language())}
        )

    return reference_page
