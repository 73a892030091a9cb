"""What an answer says of a link: nothing wrong, or what and why."""

from http import HTTPStatus

import msgspec
import pycurl

from tocsin.probes.broken_links.handle import Answered
from tocsin.probes.broken_links.vocabulary import Cause
from tocsin.probes.status.failures import FailureCode, Stage, failure_code

_REFUSES_ROBOTS = frozenset({401, 403, 999})
_BY_STATUS = {
    404: Cause.NOT_FOUND,
    408: Cause.TIMEOUT,
    410: Cause.GONE,
    429: Cause.RATE_LIMITED,
}
_BY_FAILURE = {
    FailureCode.DNS: Cause.DNS,
    FailureCode.TIMEOUT: Cause.TIMEOUT,
    FailureCode.CONNECT_REFUSED: Cause.CONNECT,
    FailureCode.UNREACHABLE: Cause.CONNECT,
    FailureCode.CONNECTION_LOST: Cause.CONNECT,
    FailureCode.TLS: Cause.TLS,
}
_FIRST_ERROR, _FIRST_SERVER_ERROR, _LAST_SERVER_ERROR = 400, 500, 599


class Trouble(msgspec.Struct, frozen=True):
    """What is wrong with a link.

    `status` is the HTTP status, None without a response; `code` and `data` are what `error` carries
    where the trouble ends the whole crawl.
    """

    cause: Cause
    message: str
    status: int | None = None
    code: str = "http_error"
    data: dict[str, object] = {}


def judge(answered: Answered) -> Trouble | None:
    """Judge a response, or the want of one; None where the link works."""
    if not answered.code:
        return _failure(answered)
    if answered.code < _FIRST_ERROR:
        return None
    code = answered.code
    return Trouble(_cause_of(code), _phrase(code), code, data={"status": code})


def malformed(message: str) -> Trouble:
    """Say that an address is none."""
    return Trouble(Cause.OTHER, message, code=FailureCode.INVALID_URL.value)


def endless(redirects: int) -> Trouble:
    """Say that redirects lead nowhere."""
    message = f"It redirects in a circle, or more than {redirects} times."
    return Trouble(Cause.OTHER, message, code=FailureCode.TOO_MANY_REDIRECTS.value)


def _failure(answered: Answered) -> Trouble:
    refusal = answered.refusal
    if refusal is not None:
        data = {"rule": refusal.rule, "address": refusal.address, "port": refusal.port}
        code = FailureCode.EGRESS_REFUSED.value
        return Trouble(Cause.BLOCKED, refusal.message, code=code, data=dict(data))
    if answered.ours:
        # It says nothing about the link, so it is listed as not looked at.
        message = "This machine could not open a socket."
        return Trouble(Cause.BLOCKED, message, code=FailureCode.INTERNAL_ERROR.value)
    failure = failure_code(answered.curl_error, answered.os_error)
    cause = _BY_FAILURE.get(failure, Cause.OTHER)
    stage = _stage(answered, failure)
    message = answered.message or f"The transfer failed (libcurl error {answered.curl_error})."
    return Trouble(cause, message, code=failure.value, data={"stage": stage.value})


def _stage(answered: Answered, failure: FailureCode) -> Stage:
    if answered.curl_error == pycurl.E_COULDNT_RESOLVE_HOST:
        return Stage.LOOKUP
    if failure is FailureCode.TLS:
        return Stage.TLS
    return Stage.RESPONSE if answered.connected else Stage.CONNECT


def _cause_of(code: int) -> Cause:
    if code in _REFUSES_ROBOTS:
        return Cause.BLOCKED
    if _FIRST_SERVER_ERROR <= code <= _LAST_SERVER_ERROR:
        return Cause.SERVER_ERROR
    return _BY_STATUS.get(code, Cause.OTHER)


def _phrase(code: int) -> str:
    try:
        return f"{code} {HTTPStatus(code).phrase}"
    except ValueError:
        return str(code)
