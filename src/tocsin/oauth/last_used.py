"""Remember when grants were last used without a write for each request."""

from collections.abc import Mapping
from datetime import datetime

from tocsin.access.last_used import UseBuffer, store
from tocsin.oauth.models import Grant


def write(noted: Mapping[int, datetime]) -> None:
    """Store uses of grants."""
    store(Grant.objects, noted)


uses = UseBuffer(write)
