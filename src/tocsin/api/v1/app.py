"""Version 1, put together."""

from typing import Any

import msgspec
from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.renderers import BaseRenderer

from tocsin import __version__
from tocsin.api import errors
from tocsin.api.parsing import StrictParser
from tocsin.api.v1 import checks, identity, issues, monitoring, reports, sites, teams

ROUTERS = (
    identity.router,
    teams.router,
    monitoring.router,
    sites.router,
    checks.router,
    reports.router,
    issues.router,
)


class StructRenderer(BaseRenderer):
    """Renders the structs of `schemas` without going through another model."""

    media_type = "application/json"

    def __init__(self) -> None:
        self._encoder = msgspec.json.Encoder()

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """Encode as JSON."""
        return self._encoder.encode(data)


api = NinjaAPI(
    title="Tocsin",
    version=__version__,
    urls_namespace="api-v1",
    openapi_url=None,
    docs_url=None,
    renderer=StructRenderer(),
    parser=StrictParser(),
)
errors.register(api)
for router in ROUTERS:
    api.add_router("", router)
