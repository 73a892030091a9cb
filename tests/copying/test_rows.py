"""The neutral form of rows: the same values give the same hash, others give another."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.copying.rows import Digest, canonical_json, decoder, encode
from tocsin.copying.tables import Column, Kind, Table, all_tables, in_order, with_dangling

EXAMPLES = {
    Kind.INTEGER: -(2**63),
    Kind.REAL: 0.1 + 0.2,
    Kind.BOOLEAN: False,
    Kind.TEXT: "Änn ☃ \U0001f600",
    Kind.ADDRESS: "2001:db8::1",
    Kind.UUID: UUID(int=7),
    Kind.MOMENT: datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    Kind.DATE: date(2026, 11, 24),
    Kind.DURATION: timedelta(days=-1, microseconds=1),
    Kind.JSON: '{"a":1}',
    Kind.BYTES: b"\0\xff",
}
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)  # fmt: skip


def digest(*rows: tuple[object, ...]) -> Digest:
    made = Digest()
    for row in rows:
        made.add(encode(row))
    return made


def test_it_brings_back_every_kind_of_value() -> None:
    table = Table("t", tuple(Column(kind, kind) for kind in Kind))
    row = tuple(EXAMPLES[kind] for kind in Kind)
    assert decoder(table)(encode(row)) == row
    nothing = (None,) * len(row)
    assert decoder(table)(encode(nothing)) == nothing


def test_it_hashes_rows_in_whatever_order_they_come() -> None:
    assert digest((1, "a"), (2, "b")).hash == digest((2, "b"), (1, "a")).hash
    assert digest((1, "a"), (2, "b")).hash != digest((1, "b"), (2, "a")).hash
    assert digest((1,)).hash != digest((1,), (1,)).hash
    assert digest().hash == "0" * 64


@given(documents)
def test_it_writes_json_in_one_form_without_changing_values(document: object) -> None:
    text = canonical_json(json.dumps(document))
    assert json.loads(text) == document
    assert canonical_json(text) == text


@pytest.mark.parametrize(
    ("sqlite", "postgresql"),
    [
        ('{"b": 1, "a": 2}', '{"a": 2, "b": 1}'),
        ("1e+16", "10000000000000000"),
        ("-0.0", "0.0"),
        ('"\\u00e4"', '"ä"'),
        ("1e-07", "0.00000010"),
        (str(2**70), str(2**70)),
    ],
)
def test_it_knows_what_postgresql_makes_of_json(sqlite: str, postgresql: str) -> None:
    assert canonical_json(sqlite) == canonical_json(postgresql)


def test_it_knows_every_table_and_column_of_every_app() -> None:
    tables = {table.name: table for table in all_tables()}
    assert {"checks_check", "issues_issue", "django_session", "mfa_authenticator"} <= set(tables)
    check = {column.name: column.kind for column in tables["checks_check"].columns}
    assert (check["uuid"], check["site_id"], check["result"]) == (Kind.UUID, Kind.UUID, Kind.JSON)
    assert tables["teams_team"].counter == "id"
    assert tables["checks_check"].counter is None


def test_it_puts_tables_after_those_they_refer_to_even_around_a_circle() -> None:
    alone, child = Table("alone", ()), Table("child", (), ("alone",))
    egg, hen = Table("egg", (), ("hen",)), Table("hen", (), ("egg",))
    on_itself = Table("tree", (), ("tree",))
    ordered = in_order([child, egg, hen, on_itself, alone])
    assert {table.name: dangling for table, dangling in with_dangling(ordered)} == {
        "alone": False, "child": False, "tree": True, "egg": True, "hen": False,
    }  # fmt: skip
    assert [table.name for table in ordered].index("alone") < [
        table.name for table in ordered
    ].index("child")
