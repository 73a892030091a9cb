"""The dns probe against real DNS servers."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import dns.rcode
import pytest
import trustme

from tests.probes.dns_server import (
    SOA,
    Answerer,
    dropping_first,
    failing,
    garbage,
    hanging_up,
    https_server,
    silent,
    tls_server,
    truncating,
    udp_server,
    zone,
)
from tests.probes.tls_server import server_context, write_roots
from tocsin.probes.contract import (
    CheckStatus,
    DnsSettings,
    Outcome,
    ProbeOptions,
    ProbeRequest,
    ProbeResult,
    Tool,
)
from tocsin.probes.dns import DnsProbe
from tocsin.probes.dns.resolvers import InvalidResolver
from tocsin.probes.dns.transport import Patience

WWW, APEX = "www.example.test.", "example.test."
RECORDS = {
    (WWW, "A"): ["192.0.2.2", "192.0.2.1"],
    (WWW, "AAAA"): ["2001:db8::1"],
    (WWW, "MX"): ["10 Mail.example.test."],
    (WWW, "TXT"): ['"v=spf1 " "-all"', '"second"'],
    (APEX, "SOA"): [SOA],
    (APEX, "NS"): ["ns1.example.test.", "ns2.example.test."],
}
HASTE = Patience(datagram=0.2, question=0.5)
NXDOMAIN = failing(dns.rcode.NXDOMAIN)
SERVFAIL = failing(dns.rcode.SERVFAIL)


def request_for(url: str, settings: DnsSettings | None = None) -> ProbeRequest:
    return ProbeRequest("check", Tool.DNS, url, settings or DnsSettings(), time.time() + 30)


def look_up(
    answerers: Sequence[Answerer],
    settings: DnsSettings | None = None,
    *,
    url: str = "https://www.example.test",
    patience: Patience | None = None,
) -> ProbeResult:
    async def run() -> ProbeResult:
        async with contextlib.AsyncExitStack() as stack:
            resolvers = [await stack.enter_async_context(udp_server(item)) for item in answerers]
            probe = DnsProbe(ProbeOptions(resolvers=tuple(resolvers)), patience=patience)
            return await probe(request_for(url, settings))

    return asyncio.run(run())


def result_of(answer: ProbeResult) -> dict[str, Any]:
    assert answer.result is not None
    return answer.result


def errors_of(answer: ProbeResult, record_type: str = "A") -> list[str | None]:
    seen = result_of(answer)["resolver_observations"].values()
    return [by_type[record_type]["error"] for by_type in seen]


def test_it_records_what_the_resolvers_agree_on() -> None:
    answer = look_up([zone(RECORDS)] * 3)
    assert (answer.status, answer.outcome, answer.error) == ("completed", "ok", None)
    result = result_of(answer)
    assert result["records"] == {
        "A": ["192.0.2.1", "192.0.2.2"],
        "AAAA": ["2001:db8::1"],
        "CNAME": [],
        "MX": ["10 Mail.example.test"],
        "NS": [],
        "TXT": ["second", "v=spf1 -all"],
    }
    assert result["nameservers"] == ["ns1.example.test", "ns2.example.test"]
    assert result["soa_serial"] == 2026112401
    assert result["is_cloudflare"] is False
    assert len(result["resolver_observations"]) == 3
    for by_type in result["resolver_observations"].values():
        assert set(by_type) == set(result["records"])
        assert set(by_type["A"]) == {"values", "error", "ms"}
        assert by_type["A"]["ms"] > 0


def test_it_asks_only_for_the_monitored_types() -> None:
    answer = look_up([zone(RECORDS)], DnsSettings(monitored_record_types=("TXT",)))
    assert result_of(answer)["records"] == {"TXT": ["second", "v=spf1 -all"]}


def test_it_follows_a_chain_of_aliases() -> None:
    chain = {
        (WWW, "CNAME"): ["a.example.test."],
        ("a.example.test.", "CNAME"): ["b.example.test."],
        ("b.example.test.", "A"): ["192.0.2.9"],
    }
    records = result_of(look_up([zone(chain)]))["records"]
    assert records["CNAME"] == ["a.example.test"]
    assert records["A"] == ["192.0.2.9"]
    assert records["AAAA"] == []


def test_it_fails_hard_where_an_alias_leads_nowhere() -> None:
    answer = look_up([zone({(WWW, "CNAME"): ["gone.example.test."]})])
    assert (answer.status, answer.outcome) == ("completed", "failing")
    assert errors_of(answer) == ["nxdomain"]
    assert errors_of(answer, "CNAME") == [None]


@pytest.mark.parametrize(
    ("answerers", "outcome"),
    [
        ([NXDOMAIN] * 3, Outcome.FAILING),
        ([SERVFAIL] * 3, Outcome.FAILING),
        ([NXDOMAIN, SERVFAIL, zone(RECORDS)], Outcome.FAILING),
        ([NXDOMAIN, zone(RECORDS), zone(RECORDS)], Outcome.OK),
        ([SERVFAIL, zone(RECORDS)], Outcome.OK),
        ([silent, silent, zone(RECORDS)], Outcome.FAILING),
        ([silent, garbage, zone(RECORDS), zone(RECORDS), zone(RECORDS)], Outcome.OK),
    ],
)
def test_it_fails_hard_where_a_majority_cannot_look_up(
    answerers: list[Answerer], outcome: Outcome
) -> None:
    answer = look_up(answerers, patience=HASTE)
    assert (answer.status, answer.outcome) == (CheckStatus.COMPLETED, outcome)


@pytest.mark.parametrize("answerer", [silent, garbage])
def test_it_comes_to_no_result_where_no_resolver_answers(answerer: Answerer) -> None:
    started = time.monotonic()
    answer = look_up([answerer] * 2, patience=HASTE)
    assert time.monotonic() - started < 5
    assert (answer.status, answer.outcome) == (CheckStatus.FAILED, Outcome.FAILING)
    assert answer.error is not None
    assert answer.error.code == "timeout"
    assert set(errors_of(answer)) == {"timeout"}


def test_it_tells_a_resolver_that_is_not_there() -> None:
    async def run() -> ProbeResult:
        async with udp_server(silent) as resolver:
            pass
        probe = DnsProbe(ProbeOptions(resolvers=(resolver.replace("udp", "tls"),)))
        return await probe(request_for("https://www.example.test"))

    answer = asyncio.run(run())
    assert answer.status == CheckStatus.FAILED
    assert answer.error is not None
    assert answer.error.code == "unreachable"
    assert errors_of(answer) == ["unreachable"]


def test_it_asks_again_by_tcp_where_an_answer_is_cut() -> None:
    many = {(WWW, "A"): [f"192.0.2.{number}" for number in range(200)]}
    answer = look_up([truncating(zone(many))])
    assert answer.outcome == Outcome.OK
    assert len(result_of(answer)["records"]["A"]) == 200


def test_it_survives_a_resolver_that_hangs_up() -> None:
    answer = look_up([hanging_up, zone(RECORDS), zone(RECORDS)])
    assert answer.outcome == Outcome.OK
    assert errors_of(answer) == ["unreachable", None, None]


def test_it_asks_again_where_a_datagram_is_lost() -> None:
    answer = look_up([dropping_first(zone(RECORDS))], patience=Patience(0.2, 2.0))
    assert errors_of(answer) == [None]


def test_it_shows_where_resolvers_disagree() -> None:
    other = RECORDS | {(WWW, "A"): ["198.51.100.7"]}
    answer = look_up([zone(other), zone(RECORDS), zone(RECORDS)])
    assert answer.outcome == Outcome.OK
    result = result_of(answer)
    assert result["records"]["A"] == ["192.0.2.1", "192.0.2.2"]
    seen = [by_type["A"]["values"] for by_type in result["resolver_observations"].values()]
    assert seen[0] == ["198.51.100.7"]


@pytest.mark.parametrize(
    ("expected", "outcome"),
    [
        ({"A": ("192.0.2.1", "192.0.2.2")}, Outcome.OK),
        ({"MX": ("10 mail.EXAMPLE.test.",)}, Outcome.OK),
        ({"AAAA": ("2001:DB8:0:0::1",), "CNAME": ()}, Outcome.OK),
        ({"TXT": ("v=spf1 -all", "SECOND")}, Outcome.OK),
        ({"A": ("192.0.2.1",)}, Outcome.FAILING),
        ({"A": ()}, Outcome.FAILING),
        ({"CNAME": ("elsewhere.example",)}, Outcome.FAILING),
    ],
)
def test_it_compares_with_the_expected_records(
    expected: dict[str, tuple[str, ...]], outcome: Outcome
) -> None:
    answer = look_up([zone(RECORDS)] * 3, DnsSettings(expected_records=expected))
    assert (answer.status, answer.outcome) == (CheckStatus.COMPLETED, outcome)


def test_it_lets_a_minority_differ_from_the_expected_records() -> None:
    other = RECORDS | {(WWW, "A"): ["198.51.100.7"]}
    settings = DnsSettings(expected_records={"A": ("192.0.2.1", "192.0.2.2")})
    assert look_up([zone(other), zone(RECORDS), zone(RECORDS)], settings).outcome == "ok"
    assert look_up([zone(other), zone(other), zone(RECORDS)], settings).outcome == "failing"


def test_it_ignores_changes_where_only_hard_failures_count() -> None:
    settings = DnsSettings(hard_failures_only=True, expected_records={"A": ("198.51.100.7",)})
    assert look_up([zone(RECORDS)] * 3, settings).outcome == Outcome.OK


def test_it_skips_a_site_named_by_its_address() -> None:
    for url in ("https://192.0.2.1", "https://[2001:db8::1]/"):
        answer = asyncio.run(DnsProbe(ProbeOptions())(request_for(url)))
        assert (answer.status, answer.outcome) == (CheckStatus.SKIPPED, Outcome.UNKNOWN)
        assert answer.error is not None
        assert answer.error.code == "ip_address"


def test_it_knows_cloudflare_by_its_addresses() -> None:
    answer = look_up([zone({(WWW, "A"): ["104.16.1.1"]})])
    assert result_of(answer)["is_cloudflare"] is True


def test_it_encodes_international_names() -> None:
    answer = look_up([zone({("xn--bcher-kva.example.test.", "A"): ["192.0.2.5"]})],
                     url="https://bücher.example.test")  # fmt: skip
    assert result_of(answer)["records"]["A"] == ["192.0.2.5"]


@pytest.mark.parametrize("server", [tls_server, https_server])
def test_it_asks_over_tls_and_https(server: Any, tmp_path: Path) -> None:
    authority = trustme.CA()
    context = server_context(authority.issue_cert("localhost", "127.0.0.1"))
    roots = write_roots(authority, tmp_path)

    async def run() -> ProbeResult:
        async with server(zone(RECORDS), context) as resolver:
            options = ProbeOptions(resolvers=(resolver,), extra_ca_file=roots)
            return await DnsProbe(options)(request_for("https://www.example.test"))

    answer = asyncio.run(run())
    assert answer.outcome == Outcome.OK
    assert result_of(answer)["records"]["A"] == ["192.0.2.1", "192.0.2.2"]
    assert result_of(answer)["soa_serial"] == 2026112401


@pytest.mark.parametrize("server", [tls_server, https_server])
def test_it_trusts_no_resolver_with_a_wrong_certificate(server: Any) -> None:
    context = server_context(trustme.CA().issue_cert("localhost", "127.0.0.1"))

    async def run() -> ProbeResult:
        async with server(zone(RECORDS), context) as resolver:
            return await DnsProbe(ProbeOptions(resolvers=(resolver,)))(
                request_for("https://www.example.test")
            )

    answer = asyncio.run(run())
    assert answer.status == CheckStatus.FAILED
    assert errors_of(answer) == ["unreachable"]


def test_it_asks_an_https_resolver_without_the_proxy_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    test_it_asks_over_tls_and_https(https_server, tmp_path)


def test_it_refuses_to_start_without_a_resolver() -> None:
    with pytest.raises(InvalidResolver):
        DnsProbe(ProbeOptions(resolvers=()))


def test_it_looks_many_names_up_at_once_without_running_out_of_sockets() -> None:
    async def run() -> list[ProbeResult]:
        async with udp_server(zone(RECORDS)) as resolver:
            probe = DnsProbe(ProbeOptions(resolvers=(resolver,)))
            request = request_for("https://www.example.test")
            return await asyncio.gather(*(probe(request) for _ in range(100)))

    assert {answer.outcome for answer in asyncio.run(run())} == {Outcome.OK}
