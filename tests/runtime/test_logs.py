"""Secrets stay out of the logs."""

from tocsin.runtime.logs import HIDDEN, hide_secrets


def test_it_hides_what_is_named_like_a_secret() -> None:
    event = {"event": "signed in", "user": 7, "Authorization": "Bearer x", "api_token": "toc_pat_x"}
    assert hide_secrets(None, "info", event) == {
        "event": "signed in", "user": 7, "Authorization": HIDDEN, "api_token": HIDDEN,
    }  # fmt: skip
