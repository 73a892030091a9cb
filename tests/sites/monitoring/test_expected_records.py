"""The records that a site is expected to have."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.kit.errors import InvalidInput
from tocsin.probes.contract import DNS_RECORD_TYPES
from tocsin.sites.monitoring.expected_records import checked_records

F = "dns_expected_records"


@pytest.mark.parametrize(
    ("kind", "value", "stored"),
    [
        ("A", " 192.0.2.1 ", "192.0.2.1"),
        ("AAAA", "2001:DB8:0:0::1", "2001:db8::1"),
        ("CNAME", "WWW.Example.com.", "www.example.com"),
        ("CNAME", "_dmarc.example.com", "_dmarc.example.com"),
        ("CNAME", "münchen.example", "xn--mnchen-3ya.example"),
        ("NS", "ns1.example.com.", "ns1.example.com"),
        ("MX", "010  Mail.Example.com.", "10 mail.example.com"),
        ("MX", "0 .", "0 ."),
        ("MX", "65535 a.example", "65535 a.example"),
        ("TXT", "v=spf1 include:_spf.Example.com ~all", "v=spf1 include:_spf.Example.com ~all"),
        ("TXT", "grüße", "grüße"),
        ("TXT", "x" * 4096, "x" * 4096),
    ],
)
def test_it_keeps_one_form_of_a_value(kind: str, value: str, stored: str) -> None:
    assert checked_records({kind: [value]}) == {kind: [stored]}
    assert checked_records({kind: [stored]}) == {kind: [stored]}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("A", "192.0.2.256"),
        ("A", "192.0.2"),
        ("A", "::1"),
        ("A", "example.com"),
        ("A", 3_221_225_985),
        ("AAAA", "192.0.2.1"),
        ("AAAA", "fe80::1%eth0"),
        ("CNAME", "192.0.2.1"),
        ("CNAME", "-a.example"),
        ("CNAME", "a..example"),
        ("CNAME", "."),
        ("CNAME", "a b.example"),
        ("CNAME", "https://example.com/"),
        ("CNAME", f"{'a' * 64}.example"),
        ("NS", ".".join(["a" * 60] * 5)),
        ("MX", "mail.example.com"),
        ("MX", "65536 mail.example.com"),
        ("MX", "-1 mail.example.com"),
        ("MX", "10 192.0.2.1"),
        ("MX", "10 a.example b.example"),
        ("TXT", ""),
        ("TXT", "  "),
        ("TXT", "a\nb"),
        ("TXT", "a\x00"),
        ("TXT", "\ud800"),
        ("TXT", "x" * 4097),
        ("TXT", None),
        ("TXT", True),
        ("TXT", ["a"]),
    ],
)
def test_it_refuses_rubbish_by_its_place(kind: str, value: Any) -> None:
    good = {"A": "192.0.2.1", "AAAA": "::1", "MX": "1 a.example"}.get(kind, "a.example")
    with pytest.raises(InvalidInput) as refused:
        checked_records({kind: [good, value]})
    assert set(refused.value.errors) == {f"{F}.{kind}.1"}


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ([], F),
        ("A", F),
        (5, F),
        ({"SOA": ["x"]}, f"{F}.SOA"),
        ({"a": ["192.0.2.1"]}, f"{F}.a"),
        ({"A": "192.0.2.1"}, f"{F}.A"),
        ({"A": None}, f"{F}.A"),
        ({"A": {"0": "192.0.2.1"}}, f"{F}.A"),
        ({"TXT": [str(n) for n in range(101)]}, f"{F}.TXT"),
    ],
)
def test_it_refuses_another_shape(value: Any, where: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_records(value)
    assert set(refused.value.errors) == {where}


@pytest.mark.parametrize("nothing", [None, {}])
def test_it_is_cleared_by_nothing(nothing: Any) -> None:
    assert checked_records(nothing) is None


def test_it_expects_no_records_of_an_empty_type() -> None:
    assert checked_records({"AAAA": []}) == {"AAAA": []}


def test_it_keeps_each_value_once_and_types_in_order() -> None:
    records = checked_records({"TXT": ["b", "a", "b"], "A": ["192.0.2.1", "192.0.2.1"]})
    assert list((records or {}).items()) == [("A", ["192.0.2.1"]), ("TXT", ["b", "a"])]


@given(st.dictionaries(st.sampled_from(DNS_RECORD_TYPES), st.lists(st.text(max_size=20))))
def test_it_takes_its_own_output(records: Any) -> None:
    try:
        checked = checked_records(records)
    except InvalidInput:
        return
    assert checked_records(checked) == checked
