"""The record of who did what."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tocsin.access.principal import SYSTEM, Principal, PrincipalKind
from tocsin.audit import actions, queries
from tocsin.audit.masking import masked
from tocsin.audit.models import AppendOnlyError, Entry
from tocsin.kit import context
from tocsin.kit.context import RequestContext

TOKEN = "toc_pat_" + "a1B2" * 11 + "zz"


def session_of(user: Any) -> Principal:
    return Principal(PrincipalKind.SESSION, user.pk)


def test_it_records_who_what_where_and_by_which_request(team: Any, bob: Any) -> None:
    """The request under way says id and address."""
    by_token = Principal(PrincipalKind.PERSONAL_TOKEN, bob.pk, frozenset(), 5)
    with context.entered(RequestContext("request-1", "192.0.2.7")):
        actions.record(
            by_token, "site.updated", "site:1", team.pk, before={"name": "a"}, after={"name": "b"}
        )
    entry = Entry.objects.get()
    assert (entry.kind, entry.user_id, entry.token_id) == ("personal_token", bob.pk, 5)
    assert (entry.action, entry.target, entry.team_id) == ("site.updated", "site:1", team.pk)
    assert (entry.before, entry.after) == ({"name": "a"}, {"name": "b"})
    assert (entry.request_id, entry.address) == ("request-1", "192.0.2.7")


def test_it_masks_secrets_before_they_are_stored(team: Any) -> None:
    """By the name of a key, and by the look of a value."""
    after = {
        "password": "hunter2",
        "request_header": {"name": "X", "value": "v"},
        "nested": [{"webhook_url": "https://hooks.example.com/x"}, TOKEN],
        "require_two_factor": True,
        "token_id": 7,
        "name": "plain",
    }
    actions.record(SYSTEM, "team.updated", f"token {TOKEN}", team.pk, after=after)
    entry = Entry.objects.get()
    assert entry.after == {
        "password": "********",
        "request_header": "********",
        "nested": [{"webhook_url": "********"}, "toc_pat_********"],
        "require_two_factor": True,
        "token_id": 7,
        "name": "plain",
    }
    assert entry.target == "token toc_pat_********"


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(plain, st.sampled_from(["{}", "x {} y", "{}{}"]))
def test_it_lets_no_token_through_at_any_depth(value: Any, around: str) -> None:
    """Wherever it stands."""
    text = around.format(TOKEN, TOKEN)
    assert TOKEN[12:] not in str(masked({"a": [value, {"b": (text, value)}]}))


def test_it_adds_and_never_changes(team: Any) -> None:
    """Neither row by row nor at once."""
    entry = actions.record(SYSTEM, "team.created", "team:1", team.pk)
    with pytest.raises(AppendOnlyError):
        entry.save()
    with pytest.raises(AppendOnlyError):
        entry.delete()
    with pytest.raises(AppendOnlyError):
        Entry.objects.filter(pk=entry.pk).delete()
    with pytest.raises(AppendOnlyError):
        Entry.objects.update(action="nothing")
    with transaction.atomic(), pytest.raises(AppendOnlyError):
        Entry.objects.bulk_update([entry], ["action"])
    assert Entry.objects.get().action == "team.created"


def test_it_outlives_what_it_tells_of(team: Any, alice: Any) -> None:
    """A deleted team or user leaves its entries."""
    actions.record(session_of(alice), "team.deleted", "team:1", team.pk)
    team_id, user_id = team.pk, alice.pk
    team.delete()
    alice.delete()
    entry = Entry.objects.get()
    assert (entry.team_id, entry.user_id) == (team_id, user_id)


def test_it_is_read_by_members_newest_first(team: Any, adam: Any, mallory: Any) -> None:
    """Somebody outside the team sees nothing of it."""
    for action in ("site.created", "site.deleted"):
        actions.record(SYSTEM, action, "site:1", team.pk)
    actions.record(SYSTEM, "team.created", "team:2", team.pk + 1)
    seen = [entry.action for entry in queries.entries_for(session_of(adam), team.pk)]
    assert seen == ["site.deleted", "site.created"]
    assert not queries.entries_for(session_of(mallory), team.pk)
    assert len(queries.entries_for(SYSTEM, team.pk)) == 2
