"""Settings → Profile: name, photo, theme, and the account's end."""

import io
import struct
import zlib
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.cast import PASSWORD
from tests.web.conftest import SignIn


@pytest.fixture
def client(sign_in: SignIn, alice: Any) -> Client:
    return sign_in(alice, proven=True)


def _picture() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "red").save(out, "PNG")
    return SimpleUploadedFile("me.png", out.getvalue(), "image/png")


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


@pytest.mark.parametrize("theme", ["light", "dark", "system"])
def test_it_saves_and_wears_the_theme(client: Client, theme: str) -> None:
    fields = {"name": "Alice A.", "job_title": "Keeper", "theme": theme}
    page = client.post("/settings/profile", fields, follow=True).content.decode()
    assert "Your profile is saved." in page
    assert f'class="theme-{theme}"' in page
    assert "Alice A." in page


@pytest.mark.parametrize("name", ["", "x" * 256, "a\u202eb", "a\nb"])
def test_it_refuses_names_that_cannot_be_shown(client: Client, alice: Any, name: str) -> None:
    answer = client.post("/settings/profile", {"name": name, "theme": "dark"})
    assert answer.status_code == 422
    alice.refresh_from_db()
    assert (alice.name, alice.theme) == ("Alice", "system")


def test_it_keeps_a_photo_and_sends_it_to_its_owner_alone(
    client: Client, sign_in: SignIn, bob: Any
) -> None:
    assert client.post("/settings/profile/photo", {"photo": _picture()}).status_code == 302
    sent = client.get("/settings/profile/photo.webp")
    assert sent["Content-Type"] == "image/webp"
    with Image.open(io.BytesIO(b"".join(sent.streaming_content))) as picture:
        assert picture.size == (256, 256)
    assert sign_in(bob).get("/settings/profile/photo.webp").status_code == 404
    client.post("/settings/profile/photo", {"remove": "1"})
    assert client.get("/settings/profile/photo.webp").status_code == 404


@pytest.mark.parametrize(
    "content", [b"", b"<svg onload=alert(1)>", b"\x89PNG broken", b"x" * (1024 * 1024 + 1)]
)
def test_it_refuses_what_is_no_small_picture(client: Client, content: bytes) -> None:
    upload = SimpleUploadedFile("me.png", content, "image/png")
    answer = client.post("/settings/profile/photo", {"photo": upload})
    assert answer.status_code == 422
    assert 'id="id_photo_error"' in answer.content.decode()


@pytest.mark.parametrize("side", [5_001, 14_000, 60_000])
def test_it_refuses_pictures_that_would_fill_the_memory(client: Client, side: int) -> None:
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    picture = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", b"")
    upload = SimpleUploadedFile("me.png", picture, "image/png")
    answer = client.post("/settings/profile/photo", {"photo": upload})
    assert answer.status_code == 422
    assert "fewer pixels" in answer.content.decode()


def test_it_deletes_the_account_only_with_its_password(client: Client, alice: Any) -> None:
    wrong = client.post("/settings/account/delete", {"password": "not this one"})
    assert wrong.status_code == 422
    assert client.get("/settings/profile").status_code == 200
    done = client.post("/settings/account/delete", {"password": PASSWORD}, follow=True)
    assert "will be removed in 30 days" in done.content.decode()
    alice.refresh_from_db()
    assert not alice.is_active
    assert client.get("/settings/profile").status_code == 302


def test_it_says_why_an_owner_cannot_leave(client: Client, team: Any, alice: Any) -> None:
    answer = client.post("/settings/account/delete", {"password": PASSWORD})
    assert answer.status_code == 422
    assert "notice-failing" in answer.content.decode()
    alice.refresh_from_db()
    assert alice.is_active
