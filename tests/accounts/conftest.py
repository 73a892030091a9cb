"""What the tests of accounts share."""

from collections.abc import Callable

import pytest
from django.core.cache import cache

from tocsin.audit.models import Entry


@pytest.fixture(autouse=True)
def _fresh_throttles() -> None:
    """Forget the attempts of other tests."""
    cache.clear()


@pytest.fixture
def audited() -> Callable[[], list[str]]:
    """List the recorded actions, oldest first."""
    return lambda: list(Entry.objects.order_by("id").values_list("action", flat=True))
