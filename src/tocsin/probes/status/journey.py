"""One check on its way: which name to look up or connection to make next, until it is decided.

A journey decides and never waits; the engine does what it says and comes back with the answer.
"""

import re
import socket
import time
from collections.abc import Callable
from typing import Any

import msgspec
import pycurl

from tocsin.probes.contract import ProbeError, ProbeRequest, ProbeResult
from tocsin.probes.egress import EgressPolicy, Refusal
from tocsin.probes.lookup import Answer
from tocsin.probes.status.failures import FailureCode, Stage, failure_code, refusal_error
from tocsin.probes.status.handle import Answered, Attempt
from tocsin.probes.status.limits import StatusLimits
from tocsin.probes.status.report import Finding, Phases
from tocsin.probes.target import InvalidTarget, Target, parse_target, wire_url

REDIRECT_CODES = frozenset({301, 302, 303, 307, 308})
_NO_CONNECTION = frozenset({pycurl.E_COULDNT_CONNECT, pycurl.E_OPERATION_TIMEDOUT})
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_LINE_BREAKS = re.compile(r"[\r\n\0]")

OnResult = Callable[[ProbeResult], None]


class Ask(msgspec.Struct, frozen=True):
    """A name to look up within `seconds`."""

    host: str
    family: socket.AddressFamily
    seconds: float


Step = Ask | Attempt | Finding


class Journey:
    """The state of one status check."""

    def __init__(
        self,
        request: ProbeRequest,
        on_result: OnResult,
        policy: EgressPolicy,
        limits: StatusLimits,
    ) -> None:
        self.request = request
        self.on_result = on_result
        self._policy = policy
        self._limits = limits
        self._redirects: list[dict[str, Any]] = []
        self._phases = Phases()
        self._started_at = time.time()
        self._start = self._attempt_start = time.perf_counter()
        self._seconds = limits.total_seconds
        self._url = request.url
        self._target = Target("", "", 0)
        self._own: Target | None = None
        self._resolve: str | None = None
        self._ipv4_only = False
        self._fast_curves = True
        self._careful = False

    def begin(self) -> Step:
        """Set off; the check's time starts here."""
        self._started_at = time.time()
        self._start = time.perf_counter()
        self._seconds = min(self._limits.total_seconds, self.request.deadline - self._started_at)
        if not all(_is_header(name, value) for name, value in self.request.headers):
            return self.fail(FailureCode.INVALID_HEADER, "A request header is not valid HTTP.")
        return self._go_to(self.request.url)

    def looked_up(self, answer: Answer) -> Step:
        """Go on with the addresses of the name, or with the reason why there are none."""
        self._phases.dns += (time.perf_counter() - self._attempt_start) * 1000
        host, port = self._target.host, self._target.port
        if answer.error is not None:
            if not self._ipv4_only:
                return self._retry_over_ipv4()
            return self.fail(
                FailureCode.DNS, f"Could not resolve {host}: {answer.error}.", stage=Stage.LOOKUP
            )
        refusals = [self._policy.judge(address, port) for address in answer.addresses]
        judged = zip(answer.addresses, refusals, strict=True)
        addresses = [address for address, refusal in judged if refusal is None]
        if not addresses:
            return self._refuse(next(refusal for refusal in refusals if refusal is not None))
        self._resolve = f"+{host}:{port}:{','.join(map(_bracketed, addresses))}"
        return self._attempt(self._attempt_start)

    def answered(self, answered: Answered) -> Step:
        """Go on with what the connection brought."""
        self._count(answered)
        if answered.maybe_cut_short and not self._careful:
            self._careful = True
            return self._attempt(time.perf_counter())
        if answered.curl_error == pycurl.E_OK:
            return self._responded(answered)
        if answered.without_socket:
            return self.fail(FailureCode.INTERNAL_ERROR, "This machine could not open a socket.")
        if answered.refusal is not None:
            return self._refuse(answered.refusal, answered.ip)
        if answered.curl_error == pycurl.E_SSL_CONNECT_ERROR and self._fast_curves:
            self._fast_curves = False
            return self._attempt(time.perf_counter())
        unconnected = answered.connected_us == 0 and answered.curl_error in _NO_CONNECTION
        if unconnected and self._resolve is not None and not self._ipv4_only:
            return self._retry_over_ipv4()
        return self.fail(
            failure_code(answered.curl_error, answered.os_error),
            answered.message or _words_for(answered.curl_error),
            stage=self._stage(answered),
            ip=answered.ip,
        )

    def fail(
        self,
        code: FailureCode,
        message: str,
        *,
        stage: Stage | None = None,
        ip: str | None = None,
    ) -> Finding:
        """End without a response."""
        if code is FailureCode.TIMEOUT and self._seconds < self._limits.total_seconds:
            code, message = (
                FailureCode.DEADLINE_EXCEEDED,
                "The check began too late to be finished.",
            )
        data = {} if stage is None else {"stage": stage.value}
        return self._finding(0, ProbeError(code.value, message, data), ip=ip)

    def _go_to(self, url: str) -> Step:
        try:
            target = parse_target(url)
        except InvalidTarget as error:
            code = FailureCode.BAD_REDIRECT if self._redirects else FailureCode.INVALID_URL
            return self.fail(code, str(error))
        self._own = self._own or target
        self._target, self._url = target, wire_url(url, target)
        self._ipv4_only, self._fast_curves, self._resolve = False, True, None
        return self._approach()

    def _approach(self) -> Step:
        host, port = self._target.host, self._target.port
        judge = self._policy.judge if self._target.is_literal else self._policy.judge_port
        refusal = judge(host, port)
        if refusal is not None:
            return self._refuse(refusal)
        self._attempt_start = time.perf_counter()
        if self._target.is_literal:
            return self._attempt(self._attempt_start)
        seconds = min(self._limits.connect_seconds, self._left())
        family = socket.AF_INET if self._ipv4_only else socket.AF_UNSPEC
        return Ask(host, family, seconds) if seconds > 0 else self._out_of_time()

    def _retry_over_ipv4(self) -> Step:
        self._ipv4_only = True
        return self._approach()

    def _attempt(self, since: float) -> Step:
        now = time.perf_counter()
        self._attempt_start = now
        left_ms = int(self._left() * 1000)
        connect_ms = int((self._limits.connect_seconds - (now - since)) * 1000)
        if min(left_ms, connect_ms) < 1:
            return self._out_of_time()
        return Attempt(
            url=self._url,
            connect_ms=min(connect_ms, left_ms),
            total_ms=left_ms,
            resolve=self._resolve,
            headers=self._headers(),
            fast_curves=self._fast_curves,
            careful=self._careful,
        )

    def _responded(self, answered: Answered) -> Step:
        if answered.code not in REDIRECT_CODES or answered.redirect_url is None:
            return self._finding(answered.code, None, answered.ip, answered.http_version)
        if len(self._redirects) == self._limits.redirects:
            error = ProbeError(
                FailureCode.TOO_MANY_REDIRECTS.value,
                f"The site redirects more than {self._limits.redirects} times.",
            )
            return self._finding(answered.code, error, answered.ip, answered.http_version)
        self._redirects.append({"url": self._url, "code": answered.code})
        return self._go_to(answered.redirect_url)

    def _headers(self) -> tuple[str, ...]:
        if not self.request.headers or not self._on_own_host():
            return ()
        # “Name;” is libcurl's way to send a header without a value.
        return tuple(
            f"{name}: {value}" if value.strip() else f"{name};"
            for name, value in self.request.headers
        )

    def _on_own_host(self) -> bool:
        own, here = self._own, self._target
        if own is None or own.host != here.host:
            return False
        # What may be a secret does not go in clear where it was meant to be encrypted.
        return here.scheme in {own.scheme, "https"}

    def _count(self, answered: Answered) -> None:
        phases = self._phases
        phases.connect += answered.connected_us / 1000
        if answered.secured_us:
            phases.tls += (answered.secured_us - answered.connected_us) / 1000
        before = (self._attempt_start - self._start) * 1000
        phases.ttfb = before + answered.first_byte_us / 1000
        phases.total = before + answered.total_us / 1000

    def _stage(self, answered: Answered) -> Stage:
        if answered.connected_us == 0:
            return Stage.CONNECT
        if self._target.scheme == "https" and answered.secured_us == 0:
            return Stage.TLS
        return Stage.RESPONSE

    def _left(self) -> float:
        return self._seconds - (time.perf_counter() - self._start)

    def _out_of_time(self) -> Finding:
        # After a redirect the site has answered, so this is no failure to connect.
        stage = Stage.RESPONSE if self._redirects else Stage.CONNECT
        return self.fail(FailureCode.TIMEOUT, "The site did not answer in time.", stage=stage)

    def _refuse(self, refusal: Refusal, ip: str | None = None) -> Finding:
        error = refusal_error(refusal, redirected=bool(self._redirects))
        return self._finding(0, error, ip=ip)

    def _finding(
        self,
        code: int,
        error: ProbeError | None,
        ip: str | None = None,
        http_version: str | None = None,
    ) -> Finding:
        phases = self._phases
        if code == 0:
            phases.ttfb = 0.0
            phases.total = (time.perf_counter() - self._start) * 1000
        return Finding(
            started_at=self._started_at,
            code=code,
            effective_url=self._url,
            redirects=tuple(self._redirects),
            phases=phases,
            ip=ip or None,
            http_version=http_version,
            error=error,
        )


def _words_for(curl_error: int) -> str:
    """Say something where libcurl left no message."""
    return f"The transfer failed (libcurl error {curl_error})."


def _is_header(name: str, value: str) -> bool:
    return _HEADER_NAME.match(name) is not None and _LINE_BREAKS.search(value) is None


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address
