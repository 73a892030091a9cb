"""Queries composed once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet

from tocsin.accounts.models import User
from tocsin.kit import clock
from tocsin.kit.prepared import Prepared


def _build(name: str, pk: int, before: Any) -> "QuerySet[User, Any]":
    wanted = Q(name=name) | Q(pk=pk)
    rows: QuerySet[User, Any] = User.objects.filter(
        wanted, created_at__lt=before, is_active=True
    ).values("email", "pk", "is_active", "created_at")
    return rows.order_by("pk")


def prepared() -> Prepared:
    return Prepared(_build, name=str, pk=int, before=_moment_type())


def _moment_type() -> Any:
    return type(clock.now())


def test_it_answers_as_the_orm_does(alice: Any, mallory: Any) -> None:
    """The same rows, with the same types, for one set of parameters after another."""
    query, now = prepared(), clock.now() + timedelta(seconds=1)
    for name, pk in (("Alice", mallory.pk), ("Mallory", 0), ("nobody", 0)):
        assert query.all(name=name, pk=pk, before=now) == list(_build(name, pk, now))
    assert query.all(name="Alice", pk=0, before=alice.created_at) == []
    assert query.first(name="nobody", pk=0, before=now) is None


def test_it_composes_the_query_once(
    alice: Any, django_assert_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is what it is for."""
    query, now = prepared(), clock.now()
    query.first(name="a", pk=1, before=now)
    monkeypatch.setattr(query, "_build", None)
    with django_assert_num_queries(1):
        query.first(name="Alice", pk=alice.pk, before=now)


def test_postgresql_plans_it_once(alice: Any) -> None:
    """The server keeps one plan for all parameters; ADR 24 and its figures depend on it."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps its statements by their text")
    query, now = prepared(), clock.now()
    for pk in range(3):
        query.all(name="Alice", pk=pk, before=now)
        query.texts(name="Alice", pk=pk, before=now)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE statement LIKE '%%accounts_user%%'"
        )
        assert cursor.fetchall() == [(6, 0)]
