"""What holds for every page: policy, structure, plain refusals, no dependence on built assets."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tocsin.accounts.emails import set_verified
from tocsin.web import assets

OUTSIDE = (
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/api-reference",
    "/nowhere",
)
INSIDE = (
    "/settings/profile",
    "/settings/tokens",
    "/settings/mcp",
    "/settings/account/delete",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/sessions/",
    "/accounts/3rdparty/",
    "/accounts/logout/",
    "/accounts/reauthenticate/",
    "/teams/new",
    "/teams/{team}/",
    "/teams/{team}/team",
    "/teams/{team}/sites",
    "/teams/{team}/sites/import",
    "/teams/{team}/sites/{site}/",
    "/teams/{team}/sites/{site}/checks",
    "/teams/{team}/sites/{site}/slots",
    "/teams/{team}/sites/{site}/settings",
    "/teams/{team}/sites/{site}/delete",
    "/teams/{team}/audit",
)
DATA_BLOCK = r'<script[^>]*type="application/json"[^>]*>'


def _pages(client: Client, paths: tuple[str, ...], site: Any) -> dict[str, Any]:
    return {path: client.get(path.format(team=site.team_id, site=site.pk)) for path in paths}


@pytest.fixture
def pages(sign_in: SignIn, alice: Any, site: Any) -> dict[str, Any]:
    set_verified(alice, verified=True)
    return _pages(Client(), OUTSIDE, site) | _pages(sign_in(alice, proven=True), INSIDE, site)


def test_it_answers_all(pages: dict[str, Any]) -> None:
    unexpected = {
        path: answer.status_code
        for path, answer in pages.items()
        if answer.status_code != (404 if path == "/nowhere" else 200)
    }
    assert unexpected == {}


def test_it_needs_no_inline_script_or_style(pages: dict[str, Any]) -> None:
    for path, answer in pages.items():
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        text = re.sub(DATA_BLOCK, "", answer.content.decode())
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), path


def test_it_names_every_control_and_gives_one_heading(pages: dict[str, Any]) -> None:
    for path, answer in pages.items():
        text = answer.content.decode()
        assert len(re.findall(r"<h1[ >]", text)) == 1, path
        assert 'lang="en"' in text
        assert 'href="#main"' in text
        assert 'id="main"' in text
        labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', text))
        for control in re.findall(r"<(?:input|select|textarea)[^>]*>", text):
            if 'type="hidden"' in control or 'type="submit"' in control:
                continue
            identity = re.search(r'\sid="([^"]+)"', control)
            assert identity is not None, (path, control)
            assert identity[1] in labelled, (path, control)


def test_it_works_unstyled_where_nothing_was_built(
    sign_in: SignIn, alice: Any, team: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(assets, "DIST", tmp_path)
    answer = sign_in(alice).get(f"/teams/{team.pk}/sites")
    assert answer.status_code == 200
    assert "/static/dist/" not in answer.content.decode()


def test_it_loads_styles_and_script_with_their_integrity(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, db: None
) -> None:
    entry = '{"file": "%s-0a1b2c3d.%s", "integrity": "sha384-abc"}'
    manifest = f'{{"app.css": {entry % ("style", "css")}, "app.js": {entry % ("app", "js")}}}'
    (tmp_path / "manifest.json").write_text(manifest, encoding="utf-8")
    monkeypatch.setattr(assets, "DIST", tmp_path)
    text = Client().get("/accounts/login/").content.decode()
    assert 'href="/static/dist/style-0a1b2c3d.css" integrity="sha384-abc"' in text
    assert 'src="/static/dist/app-0a1b2c3d.js" integrity="sha384-abc"' in text


def test_it_explains_a_stale_form(alice: Any, team: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
    assert "This form was too old" in answer.content.decode()


def test_it_refuses_a_forged_host(db: None) -> None:
    answer = Client().get("/accounts/login/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "made no sense" in answer.content.decode()


def test_it_says_sorry_without_a_trace(
    sign_in: SignIn, alice: Any, team: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tocsin.web.views import sites

    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(sites, "site_board", broken)
    client = sign_in(alice)
    client.raise_request_exception = False
    answer = client.get(f"/teams/{team.pk}/sites")
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
    assert "secret detail" not in answer.content.decode()


def test_it_gives_every_answer_a_request_id(db: None) -> None:
    first, second = (Client().get("/accounts/login/")["X-Request-Id"] for _ in range(2))
    assert first
    assert first != second
