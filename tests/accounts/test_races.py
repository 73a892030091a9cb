"""Sign-ups at once for one address."""

import pytest

from tests.racing import AT_ONCE, at_once, refusals
from tocsin.access.principal import SYSTEM
from tocsin.accounts.actions import create_user
from tocsin.accounts.models import User
from tocsin.kit.errors import InvalidInput
from tocsin.teams.models import Team


@pytest.mark.django_db(transaction=True)
def test_it_gives_an_address_one_account_and_one_team() -> None:
    found = at_once(lambda _: create_user(SYSTEM, email="ann@example.com", name="Ann"))
    assert refusals(found) == [InvalidInput] * (AT_ONCE - 1)
    assert (User.objects.count(), Team.objects.count()) == (1, 1)
