"""The ssl probe: fetch a site's certificate, say whether it is valid and for how long."""

import asyncio
import socket
import ssl
import time
from datetime import UTC, datetime

from tocsin.probes.answer import Answer, skipped
from tocsin.probes.contract import ProbeOptions, ProbeRequest, ProbeResult, SslSettings
from tocsin.probes.egress import EgressPolicy, EgressRefused
from tocsin.probes.local_faults import is_local_fault
from tocsin.probes.ssl_verdict import judge, uncertified, unfetched
from tocsin.probes.ssl_visit import Stage, Visit
from tocsin.probes.target import InvalidTarget, Target, parse_target
from tocsin.probes.trust import make_trust

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
PLAIN_HTTP = skipped("plain_http", "The site is plain http: it has no certificate to look at.")
# A server that has no certificate for the name asked says so by this TLS alert (RFC 6066).
NO_SUCH_NAME = "UNRECOGNIZED_NAME"


class SslProbe:
    """The ssl tool. `connect_seconds` bounds one connection, `total_seconds` the whole look."""

    def __init__(
        self,
        options: ProbeOptions,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        self._policy = EgressPolicy(options.egress_allow)
        self._vantage = options.vantage
        self._trust = make_trust(options.extra_ca_file)
        self._connect_seconds = connect_seconds
        self._total_seconds = total_seconds

    async def __call__(self, request: ProbeRequest) -> ProbeResult:
        """Look at the certificate of the request's site."""
        started = time.time()
        try:
            target = parse_target(request.url)
        except InvalidTarget as error:
            answer = unfetched("invalid_url", str(error), host="")
        else:
            answer = await self._answer(target, request)
        return answer.filed(request, started, self._vantage)

    async def _answer(self, target: Target, request: ProbeRequest) -> Answer:
        if target.scheme == "http":
            return PLAIN_HTTP
        settings = request.settings
        expiry_days = settings.expiry_days if isinstance(settings, SslSettings) else 0
        visit = Visit(target, self._trust, self._policy, self._connect_seconds)
        try:
            async with asyncio.timeout(self._total_seconds):
                sight = await visit.look()
            return judge(sight, target.host, datetime.now(UTC), expiry_days)
        except (EgressRefused, OSError, ValueError) as error:
            if is_local_fault(error):
                raise
            return explain(error, target, visit.stage)


def explain(error: Exception, target: Target, stage: Stage) -> Answer:
    """Say why no certificate could be fetched; codes and stages are those of the status probe."""
    host = target.host
    if isinstance(error, ssl.SSLError) and NO_SUCH_NAME in (error.reason or ""):
        return uncertified(f"The server has no certificate for {host}.", host)
    if isinstance(error, EgressRefused):
        refusal = error.refusal
        data = {"rule": refusal.rule, "address": refusal.address, "port": refusal.port}
        return unfetched("egress_refused", refusal.message, host, data)
    code, message = _words(error, target)
    return unfetched(code, message, host, {"stage": stage})


def _words(error: Exception, target: Target) -> tuple[str, str]:
    host = target.host
    match error:
        case socket.gaierror():
            return "dns", f"{host} does not resolve: {error.strerror}."
        case TimeoutError():
            return "timeout", f"{host} did not finish a TLS handshake in time."
        case ssl.SSLError():
            reason = (error.reason or str(error)).replace("_", " ").lower()
            return "tls", f"The TLS handshake with {host} failed: {reason}."
        case ConnectionRefusedError():
            return "connect_refused", f"{host} refuses connections on port {target.port}."
        case ConnectionError():
            return "connection_lost", f"{host} broke the connection off during the TLS handshake."
        case OSError():
            return "unreachable", f"No connection to {host}: {error.strerror or error}."
        case _:
            return "tls", f"The certificate of {host} cannot be read: {error}."
