"""Django's cache, in the shared table."""

import os
import subprocess
import sys

import pytest
from django.core.cache import cache as default

from tocsin.kit import shared_table
from tocsin.kit.shared_cache import SharedCache

ADD = """
import sys
from tocsin.kit import shared_table
from tocsin.kit.shared_cache import SharedCache
shared_table.join(int(sys.argv[1]))
cache = SharedCache("", {})
print(sum(cache.add(f"code {number}", True, 60) for number in range(300)))
"""
# What allauth keeps at the most: thirty moments.
MOST = [1.7e9 + number / 7 for number in range(30)]


@pytest.fixture
def cache() -> SharedCache:
    """An empty cache."""
    empty = SharedCache("", {})
    empty.clear()
    return empty


def test_it_keeps_what_it_is_given_for_its_time(cache: SharedCache) -> None:
    assert cache.get("a") is None
    assert cache.get("a", 5) == 5
    for value in (MOST, True, "words", {"a": [1, None]}):
        cache.set("a", value, 60)
        assert cache.get("a") == value
    cache.set("a", MOST, 0)
    assert cache.get("a") is None
    cache.set("a", MOST, -1)
    assert "a" not in cache
    cache.set("a", MOST, None)
    assert cache.get("a") == MOST
    assert cache.delete("a")
    assert not cache.delete("a")
    assert cache.get("a") is None


def test_it_adds_only_what_is_not_there(cache: SharedCache) -> None:
    assert cache.add("a", 1, 60)
    assert not cache.add("a", 2, 60)
    assert cache.get("a") == 1
    cache.set("a", 1, 0)
    assert cache.add("a", 2, 60)
    assert cache.get("a") == 2


def test_it_lets_values_live_longer_and_no_longer(cache: SharedCache) -> None:
    cache.set("a", 1, 60)
    assert cache.touch("a", 120)
    assert cache.get("a") == 1
    assert cache.touch("a", 0)
    assert cache.get("a") is None
    assert not cache.touch("a", 60)


def test_it_keeps_versions_apart(cache: SharedCache) -> None:
    cache.set("a", 1, 60)
    assert cache.get("a", version=2) is None
    cache.incr_version("a")
    assert cache.get("a", version=2) == 1


def test_it_refuses_what_is_too_large(cache: SharedCache) -> None:
    with pytest.raises(ValueError, match="too much"):
        cache.set("a", "x" * 2000, 60)


def test_it_is_the_cache_that_sign_in_counts_in(cache: SharedCache) -> None:
    default.set("a", MOST, 60)
    assert cache.get("a") == MOST
    cache.clear()
    assert default.get("a") is None


def test_one_process_alone_adds_a_key() -> None:
    """So a code of two-factor counts once, whichever process sees it."""
    file = shared_table.create()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ADD, str(file)],
            pass_fds=(file,), stdout=subprocess.PIPE, text=True,
        )
        for _ in range(2)
    ]  # fmt: skip
    os.close(file)
    assert sum(int(process.communicate()[0]) for process in processes) == 300
