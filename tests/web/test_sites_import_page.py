"""Importing sites: what would happen is shown first, and then it happens."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.web.conftest import SignIn
from tests.web.watching import NASTY
from tocsin.sites.models import Site

LIST = """url,name
https://one.example,One
https://example.com
ftp://two.example
https://ONE.example/
https://three.example,"Three, the last"
"""


@pytest.fixture
def client(sign_in: SignIn, alice: Any, team: Any) -> Client:
    return sign_in(alice)


def _post(client: Client, team: Any, **fields: Any) -> Any:
    return client.post(f"/teams/{team.pk}/sites/import", fields, follow=True)


def test_it_shows_what_would_happen_and_creates_nothing(client: Client, site: Any) -> None:
    page = _post(client, site.team, text=LIST).content.decode()
    assert page.count("Will be added") == 2
    assert page.count("Duplicate") == 2
    assert page.count("Cannot be added") == 1
    assert "Three, the last" in page
    assert "Add 2 sites" in page
    assert Site.objects.count() == 1


def test_it_creates_what_it_showed_and_nothing_twice(client: Client, site: Any) -> None:
    page = _post(client, site.team, text=LIST, step="create").content.decode()
    assert "2 sites are added." in page
    assert set(Site.objects.values_list("name", flat=True)) == {
        "Example", "One", "Three, the last",
    }  # fmt: skip
    again = _post(client, site.team, text=LIST, step="create").content.decode()
    assert "0 sites are added." in again
    assert Site.objects.count() == 3


def test_it_reads_a_file(client: Client, team: Any) -> None:
    content = b"\xef\xbb\xbfName;Address\r\nShop;https://shop.example\r\n"
    page = _post(client, team, text="", file=SimpleUploadedFile("sites.csv", content))
    assert "Add 1 site" in page.content.decode()
    assert "https://shop.example" in page.content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xfe\x00", "no UTF-8 text"), (b"x" * 500_001, "too large"), (b" \n", "no address")],
)
def test_it_explains_files_that_it_cannot_read(
    client: Client, team: Any, content: bytes, words: str
) -> None:
    answer = _post(client, team, text="", file=SimpleUploadedFile("sites.csv", content))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_it_marks_what_the_plan_has_no_room_for(client: Client, team: Any) -> None:
    team.plan = "starter"
    team.save()
    text = "\n".join(f"https://{number}.example" for number in range(7))
    page = _post(client, team, text=text).content.decode()
    assert page.count("No room") == 2
    assert "Add 5 sites" in page


def test_it_escapes_hostile_lines(client: Client, team: Any) -> None:
    hostile = f'"{NASTY.replace(chr(34), chr(34) * 2)}",x\nhttps://a.example,{"x" * 10_000}'
    page = _post(client, team, text=hostile).content.decode()
    assert "<script>alert" not in page
    assert "{{ 7|add:7 }}" in page
    assert page.count("Cannot be added") == 2


def test_it_is_for_those_who_may_create(sign_in: SignIn, vera: Any, team: Any) -> None:
    assert _post(sign_in(vera), team, text=LIST, step="create").status_code == 403
    assert not Site.objects.exists()
