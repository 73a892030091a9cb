"""Which host names a certificate stands for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.probes.certificates import covers

label = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)


@pytest.mark.parametrize(
    ("name", "host", "expected"),
    [
        ("example.com", "example.com", True),
        ("EXAMPLE.com", "example.com.", True),
        ("*.example.com", "www.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "a.b.example.com", False),
        ("*.com", "example.com", False),
        ("*", "localhost", False),
        ("w*.example.com", "www.example.com", False),
        ("192.0.2.1", "192.0.2.1", True),
        ("*.0.2.1", "192.0.2.1", False),
        ("2001:db8::1", "2001:db8:0:0::1", True),
        ("", "example.com", False),
    ],
)
def test_it_matches_names_as_browsers_do(name: str, host: str, expected: bool) -> None:
    assert covers([name], host) is expected


@given(st.lists(label, min_size=3, max_size=5))
def test_it_lets_a_wildcard_stand_for_one_label_only(labels: list[str]) -> None:
    wildcard = ".".join(["*", *labels[1:]])
    host = ".".join(labels)
    assert covers([wildcard], host)
    assert not covers([wildcard], f"more.{host}")
    assert not covers([wildcard], ".".join(labels[1:]))
