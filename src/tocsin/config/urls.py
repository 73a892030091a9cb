"""Every address Tocsin answers."""

from django.urls import URLPattern, URLResolver, include, path

from tocsin.api.v1.app import api
from tocsin.api.v1.openapi import view as openapi
from tocsin.api.v1.openapi.document import document
from tocsin.web.views.reference import reference

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("openapi/v1.json", openapi.show, name="openapi"),
    path("api-reference", reference(document), name="api_reference"),
    path("accounts/", include("allauth.urls")),
    path("", include("tocsin.oauth.urls")),
    path("", include("tocsin.web.urls")),
]

handler400 = "tocsin.web.refusals.bad_request"
handler403 = "tocsin.web.refusals.forbidden"
handler404 = "tocsin.web.refusals.not_found"
handler500 = "tocsin.web.refusals.server_error"
