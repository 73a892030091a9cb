"""The up rule of the status tool."""

from hypothesis import given
from hypothesis import strategies as st

from tocsin.probes.contract import INCIDENT_STATUS_CODES, StatusSettings
from tocsin.probes.status.report import is_up

SUBSETS = st.sets(st.sampled_from(INCIDENT_STATUS_CODES)).map(tuple)


@given(st.integers(200, 399), SUBSETS)
def test_it_calls_success_and_redirection_up(code: int, incidents: tuple[int, ...]) -> None:
    assert is_up(code, StatusSettings(incidents))


@given(st.integers(500, 599) | st.integers(0, 199) | st.integers(600, 999), SUBSETS)
def test_it_calls_server_errors_and_oddities_down(code: int, incidents: tuple[int, ...]) -> None:
    assert not is_up(code, StatusSettings(incidents))


@given(st.integers(400, 499), SUBSETS)
def test_it_calls_a_client_error_up_if_it_is_left_out(
    code: int, incidents: tuple[int, ...]
) -> None:
    assert is_up(code, StatusSettings(incidents)) == (code not in incidents)
