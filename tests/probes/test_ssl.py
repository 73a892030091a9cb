"""The ssl probe against real TLS servers."""

import asyncio
import hashlib
import socket
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.probes.tls_server import (
    days_from_now,
    hang_up_politely,
    say_nothing,
    server_context,
    serving,
    talk_garbage,
    write_roots,
)
from tocsin.probes.certificates import read_certificate
from tocsin.probes.contract import (
    CheckStatus,
    Outcome,
    ProbeOptions,
    ProbeRequest,
    ProbeResult,
    SslSettings,
    Tool,
)
from tocsin.probes.ssl import SslProbe
from tocsin.probes.ssl_verdict import Rejection, find_failure

FIELDS = {
    "domain", "ip", "is_valid", "failure_type", "failure_message", "issuer", "issued_to", "subject",
    "valid_from", "valid_to", "days_left", "serial_number", "fingerprint", "verified", "protocol",
    "cipher", "chain", "info",
}  # fmt: skip
LOOPBACK = ("127.0.0.0/8", "::1/128")


@pytest.fixture
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def options(authority: trustme.CA, tmp_path: Path) -> ProbeOptions:
    return ProbeOptions(egress_allow=LOOPBACK, extra_ca_file=write_roots(authority, tmp_path))


def request_for(url: str, expiry_days: int = 14) -> ProbeRequest:
    return ProbeRequest("check", Tool.SSL, url, SslSettings(expiry_days), time.time() + 30)


def look(
    options: ProbeOptions,
    context: ssl.SSLContext | None,
    *,
    host: str = "localhost",
    handler: Any = hang_up_politely,
    expiry_days: int = 14,
    **limits: float,
) -> ProbeResult:
    async def run() -> ProbeResult:
        async with serving(handler, context) as port:
            probe = SslProbe(options, **limits)
            return await probe(request_for(f"https://{host}:{port}", expiry_days))

    return asyncio.run(run())


def test_it_describes_a_valid_certificate(authority: trustme.CA, options: ProbeOptions) -> None:
    certificate = authority.issue_cert(
        "localhost", common_name="localhost", not_after=days_from_now(40.5)
    )
    answer = look(options, server_context(certificate))
    assert (answer.status, answer.outcome) == (CheckStatus.COMPLETED, Outcome.OK)
    result = answer.result
    assert result is not None
    assert result["is_valid"] is True
    assert result["verified"] is True
    assert result["failure_type"] is None
    assert result["domain"] == "localhost"
    assert result["ip"] == "127.0.0.1"
    assert result["days_left"] == 40
    assert result["issued_to"] == "localhost"
    assert "trustme" in result["issuer"]
    assert "CN=localhost" in result["subject"]
    assert result["protocol"] == "TLSv1.3"
    assert result["cipher"].startswith("TLS_")
    der = ssl.PEM_cert_to_DER_cert(certificate.cert_chain_pems[0].bytes().decode())
    assert result["fingerprint"] == hashlib.sha256(der).hexdigest()
    assert result["chain"][0]["fingerprint"] == result["fingerprint"]
    assert "localhost" in result["info"]["names"]


def test_it_writes_dates_as_the_contract_does(authority: trustme.CA, options: ProbeOptions) -> None:
    result = look(options, server_context(authority.issue_cert("localhost"))).result
    assert result is not None
    for field in ("valid_from", "valid_to"):
        assert result[field].endswith("+00:00")
        assert datetime.fromisoformat(result[field]).microsecond == 0


def test_it_returns_every_field_of_the_contract(
    authority: trustme.CA, options: ProbeOptions
) -> None:
    good = look(options, server_context(authority.issue_cert("localhost"))).result
    bad = look(options, None, handler=talk_garbage).result
    assert good is not None
    assert bad is not None
    assert set(good) == set(bad) == FIELDS


def test_it_lists_the_whole_chain_that_was_sent(
    authority: trustme.CA, options: ProbeOptions
) -> None:
    intermediate = authority.create_child_ca()
    result = look(options, server_context(intermediate.issue_cert("localhost"))).result
    assert result is not None
    assert result["is_valid"] is True
    assert len(result["chain"]) == 2
    assert result["chain"][0]["issuer"] == result["chain"][1]["subject"]


def test_it_accepts_an_address_that_the_certificate_names(
    authority: trustme.CA, options: ProbeOptions
) -> None:
    answer = look(options, server_context(authority.issue_cert("127.0.0.1")), host="127.0.0.1")
    assert answer.outcome == Outcome.OK


Issue = Callable[[trustme.CA], trustme.LeafCert]
WRONG: dict[str, tuple[Issue, str, bool]] = {
    "expired": (
        lambda ca: ca.issue_cert(
            "localhost", not_before=days_from_now(-30), not_after=days_from_now(-3)
        ),
        "expired",
        True,
    ),
    "not yet valid": (
        lambda ca: ca.issue_cert("localhost", not_before=days_from_now(2)),
        "not_yet_valid",
        True,
    ),
    "another name": (lambda ca: ca.issue_cert("other.example"), "hostname_mismatch", True),
    "a wildcard for another name": (
        lambda ca: ca.issue_cert("*.localhost"),
        "hostname_mismatch",
        True,
    ),
    "an unknown root": (lambda _: trustme.CA().issue_cert("localhost"), "untrusted_chain", False),
    "expired and of an unknown root": (
        lambda _: trustme.CA().issue_cert(
            "localhost", not_before=days_from_now(-30), not_after=days_from_now(-3)
        ),
        "expired",
        False,
    ),
    "another name and an unknown root": (
        lambda _: trustme.CA().issue_cert("other.example"),
        "hostname_mismatch",
        False,
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_it_describes_a_certificate_that_is_refused(
    case: str, authority: trustme.CA, options: ProbeOptions
) -> None:
    issue, failure_type, verified = WRONG[case]
    answer = look(options, server_context(issue(authority)))
    assert (answer.status, answer.outcome) == (CheckStatus.COMPLETED, Outcome.FAILING)
    assert answer.error is None
    result = answer.result
    assert result is not None
    assert result["is_valid"] is False
    assert result["failure_type"] == failure_type
    assert result["failure_message"].endswith(".")
    assert result["verified"] is verified
    assert result["fingerprint"]
    assert result["valid_to"]
    assert result["ip"] == "127.0.0.1"


def test_it_blames_an_expired_intermediate(authority: trustme.CA) -> None:
    pem = authority.issue_cert("localhost").cert_chain_pems[0].bytes().decode()
    leaf = read_certificate(ssl.PEM_cert_to_DER_cert(pem))
    expired = Rejection(10, "certificate has expired")
    failure = find_failure(leaf, "localhost", datetime.now(UTC), expired)
    assert failure is not None
    assert failure.type == "expired"
    assert "above" in failure.message


@pytest.mark.parametrize(
    ("left", "expiry_days", "outcome"),
    [(14.5, 14, Outcome.FAILING), (15.5, 14, Outcome.OK), (1.5, 0, Outcome.OK)],
)
def test_it_fails_a_valid_certificate_that_ends_soon(
    left: float,
    expiry_days: int,
    outcome: Outcome,
    authority: trustme.CA,
    options: ProbeOptions,
) -> None:
    certificate = authority.issue_cert("localhost", not_after=days_from_now(left))
    answer = look(options, server_context(certificate), expiry_days=expiry_days)
    assert answer.outcome == outcome
    assert answer.result is not None
    assert answer.result["is_valid"] is True


def test_it_skips_a_plain_http_site(options: ProbeOptions) -> None:
    answer = asyncio.run(SslProbe(options)(request_for("http://localhost:9")))
    assert (answer.status, answer.outcome) == (CheckStatus.SKIPPED, Outcome.UNKNOWN)
    assert answer.error is not None
    assert answer.error.code == "plain_http"
    assert answer.result is None


def test_it_fails_where_a_plain_server_answers(options: ProbeOptions) -> None:
    answer = look(options, None, handler=talk_garbage)
    expect_failed(answer, "tls")


def test_it_gives_up_on_a_hung_handshake(options: ProbeOptions) -> None:
    started = time.monotonic()
    answer = look(options, None, handler=say_nothing, total_seconds=0.3)
    expect_failed(answer, "timeout")
    assert answer.error is not None
    assert answer.error.data == {"stage": "tls"}
    assert time.monotonic() - started < 5


def test_it_tells_a_refused_connection(options: ProbeOptions) -> None:
    async def run() -> ProbeResult:
        async with serving(hang_up_politely) as port:
            pass
        return await SslProbe(options)(request_for(f"https://127.0.0.1:{port}"))

    expect_failed(asyncio.run(run()), "connect_refused")


def test_it_tells_a_name_that_does_not_resolve(options: ProbeOptions) -> None:
    answer = asyncio.run(SslProbe(options)(request_for("https://no-such-host.invalid")))
    expect_failed(answer, "dns")


def test_it_refuses_an_address_that_egress_closes() -> None:
    answer = asyncio.run(SslProbe(ProbeOptions())(request_for("https://127.0.0.1")))
    expect_failed(answer, "egress_refused")
    assert answer.error is not None
    assert "loopback" in answer.error.message


def test_it_tells_a_server_that_has_no_certificate_for_the_name(
    authority: trustme.CA, options: ProbeOptions
) -> None:
    context = server_context(authority.issue_cert("localhost"))
    context.sni_callback = lambda *_: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    # A blocking server: asyncio's drops the alert when a handshake fails.
    def refuse_once(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection, pytest.raises(ssl.SSLError):
            context.wrap_socket(connection, server_side=True)

    async def run() -> ProbeResult:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            url = f"https://localhost:{listener.getsockname()[1]}"
            server = asyncio.to_thread(refuse_once, listener)
            answer, _ = await asyncio.gather(SslProbe(options)(request_for(url)), server)
            return answer

    answer = asyncio.run(run())
    assert (answer.status, answer.outcome) == (CheckStatus.COMPLETED, Outcome.FAILING)
    assert answer.result is not None
    assert answer.result["failure_type"] == "no_certificate"


def test_it_sends_the_name_it_asks_for(authority: trustme.CA, options: ProbeOptions) -> None:
    seen: list[str | None] = []
    context = server_context(authority.issue_cert("localhost"))
    context.sni_callback = lambda _connection, name, _context: seen.append(name)
    look(options, context)
    assert seen == ["localhost"]


def test_it_looks_at_many_sites_at_once(authority: trustme.CA, options: ProbeOptions) -> None:
    async def run() -> list[ProbeResult]:
        context = server_context(authority.issue_cert("localhost"))
        async with serving(hang_up_politely, context) as port:
            probe = SslProbe(options)
            url = f"https://localhost:{port}"
            return await asyncio.gather(*(probe(request_for(url)) for _ in range(50)))

    assert {answer.outcome for answer in asyncio.run(run())} == {Outcome.OK}


def expect_failed(answer: ProbeResult, code: str) -> None:
    assert (answer.status, answer.outcome) == (CheckStatus.FAILED, Outcome.FAILING)
    assert answer.error is not None
    assert answer.error.code == code
    assert answer.result is not None
    assert answer.result["failure_type"] == "connection_failed"
    assert answer.result["is_valid"] is False
