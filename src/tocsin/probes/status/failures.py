"""Why a check got no response: stable codes, and how libcurl's errors map to them."""

import errno
from enum import StrEnum

import pycurl

from tocsin.probes.contract import ProbeError
from tocsin.probes.egress import Refusal


class FailureCode(StrEnum):
    """Codes of `error.code` in the results of the status tool."""

    DNS = "dns"
    TIMEOUT = "timeout"
    CONNECT_REFUSED = "connect_refused"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    CONNECTION_LOST = "connection_lost"
    BAD_RESPONSE = "bad_response"
    BAD_REDIRECT = "bad_redirect"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    EGRESS_REFUSED = "egress_refused"
    INVALID_URL = "invalid_url"
    INVALID_HEADER = "invalid_header"
    INTERNAL_ERROR = "internal_error"
    DEADLINE_EXCEEDED = "deadline_exceeded"
    CANCELLED = "cancelled"


# These say something about us and nothing about the site.
OUR_FAULT = frozenset(
    {FailureCode.INTERNAL_ERROR, FailureCode.DEADLINE_EXCEEDED, FailureCode.CANCELLED}
)


class Stage(StrEnum):
    """How far an attempt came before it failed."""

    LOOKUP = "lookup"
    CONNECT = "connect"
    TLS = "tls"
    RESPONSE = "response"


# libcurl's newer errors that pycurl does not name.
_HTTP2_STREAM, _QUIC_CONNECT_ERROR, _TOO_LARGE = 92, 96, 100

_CODES = {
    pycurl.E_URL_MALFORMAT: FailureCode.INVALID_URL,
    pycurl.E_COULDNT_RESOLVE_HOST: FailureCode.DNS,
    pycurl.E_COULDNT_CONNECT: FailureCode.UNREACHABLE,
    pycurl.E_OPERATION_TIMEDOUT: FailureCode.TIMEOUT,
    pycurl.E_SSL_CONNECT_ERROR: FailureCode.TLS,
    pycurl.E_PEER_FAILED_VERIFICATION: FailureCode.TLS,
    pycurl.E_SSL_CIPHER: FailureCode.TLS,
    pycurl.E_SSL_CERTPROBLEM: FailureCode.TLS,
    pycurl.E_SSL_ISSUER_ERROR: FailureCode.TLS,
    pycurl.E_GOT_NOTHING: FailureCode.CONNECTION_LOST,
    pycurl.E_RECV_ERROR: FailureCode.CONNECTION_LOST,
    pycurl.E_SEND_ERROR: FailureCode.CONNECTION_LOST,
    pycurl.E_PARTIAL_FILE: FailureCode.CONNECTION_LOST,
    pycurl.E_UNSUPPORTED_PROTOCOL: FailureCode.BAD_RESPONSE,
    pycurl.E_FTP_WEIRD_SERVER_REPLY: FailureCode.BAD_RESPONSE,
    pycurl.E_BAD_CONTENT_ENCODING: FailureCode.BAD_RESPONSE,
    pycurl.E_HTTP2: FailureCode.BAD_RESPONSE,
    _HTTP2_STREAM: FailureCode.BAD_RESPONSE,
    _TOO_LARGE: FailureCode.BAD_RESPONSE,
    _QUIC_CONNECT_ERROR: FailureCode.UNREACHABLE,
}
_REFUSED_ERRNOS = frozenset({errno.ECONNREFUSED})


def failure_code(curl_error: int, os_error: int) -> FailureCode:
    """Map libcurl's error and the system's errno to the contract's code."""
    if curl_error == pycurl.E_COULDNT_CONNECT and os_error in _REFUSED_ERRNOS:
        return FailureCode.CONNECT_REFUSED
    return _CODES.get(curl_error, FailureCode.BAD_RESPONSE)


def refusal_error(refusal: Refusal, *, redirected: bool) -> ProbeError:
    """Describe a refused address; `data.redirected` tells the site's fault from the asker's."""
    data = {
        "rule": refusal.rule,
        "address": refusal.address,
        "port": refusal.port,
        "redirected": redirected,
    }
    return ProbeError(FailureCode.EGRESS_REFUSED.value, refusal.message, data)
