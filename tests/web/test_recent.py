"""What was seen within a minute."""

import pytest

from tocsin.web import recent


def test_it_is_news_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 0.0
    monkeypatch.setattr(recent.time, "monotonic", lambda: moment)
    seen = recent.RecentlySeen()
    assert [seen.is_news("a"), seen.is_news("a"), seen.is_news("b")] == [True, False, True]
    moment = recent.WINDOW_SECONDS
    assert seen.is_news("a")


def test_it_forgets_the_oldest_rather_than_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent, "MOST", 2)
    seen = recent.RecentlySeen()
    for key in "abc":
        seen.is_news(key)
    assert seen.is_news("a")
    assert not seen.is_news("c")
