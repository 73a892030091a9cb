"""The content security policy of pages that lead to sign-in providers."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import ResolverMatch

from tocsin.web.middleware import ContentSecurityPolicy


@pytest.mark.parametrize(
    ("route", "form_action"),
    [
        ("google_login", "form-action 'self' https:;"),
        ("openid_connect_login", "form-action 'self' https:;"),
        ("account_login", "form-action 'self';"),
        ("team_sites", "form-action 'self';"),
        (None, "form-action 'self';"),
    ],
)
def test_it_lets_forms_leave_only_for_providers(route: str | None, form_action: str) -> None:
    request = RequestFactory().get("/")
    if route is not None:
        request.resolver_match = ResolverMatch(lambda _: HttpResponse(), (), {}, url_name=route)
    answer = ContentSecurityPolicy(lambda _: HttpResponse())(request)
    assert form_action in answer["Content-Security-Policy"]
