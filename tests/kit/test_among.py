"""Many keys in one parameter, and rows as texts."""

import json
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.models import F, QuerySet

from tocsin.checks.models import Check
from tocsin.kit import clock
from tocsin.kit.among import Among, AmongParts
from tocsin.kit.prepared import Keys, Prepared
from tocsin.sites.models import Site

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


def sites_among(keys: Any) -> "QuerySet[Site, Any]":
    found = Site.objects.filter(Among(F("uuid"), keys))
    return found.values_list("uuid", "created_at", "pinned_at")


def checks_among(keys: Any) -> "QuerySet[Check, Any]":
    return Check.objects.filter(AmongParts(F("uuid"), keys)).values_list("uuid", "result", "error")


@pytest.fixture
def more(site: Any) -> list[Site]:
    """Three sites of one team."""
    urls = ("https://a.example", "https://b.example")
    return [site, *(Site.objects.create(team=site.team, name=url, url=url) for url in urls)]


def test_it_finds_the_rows_of_the_keys_alone(more: list[Site]) -> None:
    """Whatever their number, and in whichever form: UUIDs or their texts."""
    found = Prepared(sites_among, keys=Keys)
    first, second, _ = (site.pk for site in more)
    for keys in ([], [first], [second, first, uuid4()], [str(first), str(second)]):
        rows = {row[0] for row in found.texts(keys=keys)}
        assert rows == {str(each) for each in (first, second)} & set(map(str, keys))


def test_rows_are_texts_as_the_contract_writes_them(more: list[Site]) -> None:
    ((uuid, created, pinned),) = Prepared(sites_among, keys=Keys).texts(keys=[more[0].pk])
    assert uuid == str(more[0].pk)
    assert MOMENT.fullmatch(created)
    assert created == more[0].created_at.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    assert pinned is None


def test_it_finds_checks_in_whichever_part_they_lie(site: Any) -> None:
    """Of a table that is parted by its keys, with their JSON as it is stored."""
    early, late = (
        Check.objects.create(
            uuid=UUID(int=(int(at * 1000) << 80) | 0x7000_8000_0000_0000_0000),
            site=site,
            type="status",
            status="completed",
            automatic=True,
            result={"up": True, "code": at},
            updated_at=clock.now(),
        )
        for at in (1_000_000_000, 1_790_000_000)
    )
    found = Prepared(checks_among, keys=Keys)
    rows = {row[0]: row[1:] for row in found.texts(keys=[late.pk, early.pk, uuid4()])}
    assert set(rows) == {str(early.pk), str(late.pk)}
    result, error = rows[str(early.pk)]
    assert (json.loads(result), error) == ({"up": True, "code": 1_000_000_000}, None)
    assert found.texts(keys=[uuid4()]) == []
