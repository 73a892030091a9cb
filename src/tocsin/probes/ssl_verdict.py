"""What is wrong with a site's certificate, and the result that says so.

Pure: no network and no clock.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from tocsin.probes.answer import Answer
from tocsin.probes.certificates import Certificate, covers, days_left, iso, read_certificate
from tocsin.probes.contract import CheckStatus, Outcome, ProbeError
from tocsin.probes.handshake import Handshake

NAMES_IN_A_MESSAGE = 3
RESULT_FIELDS = (
    "domain", "ip", "is_valid", "failure_type", "failure_message", "issuer", "issued_to", "subject",
    "valid_from", "valid_to", "days_left", "serial_number", "fingerprint", "verified", "protocol",
    "cipher", "chain", "info",
)  # fmt: skip
# Verdicts of OpenSSL, from its x509_vfy.h.
CERT_NOT_YET_VALID, CERT_HAS_EXPIRED, NAME_MISMATCHES = 9, 10, frozenset({62, 64})


class FailureType(StrEnum):
    """Why a site has no valid certificate; the first that applies is told."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    HOSTNAME_MISMATCH = "hostname_mismatch"
    UNTRUSTED_CHAIN = "untrusted_chain"
    NO_CERTIFICATE = "no_certificate"
    CONNECTION_FAILED = "connection_failed"


class Rejection(msgspec.Struct, frozen=True):
    """Why OpenSSL refused a certificate: its X509_V_ERR number and words."""

    code: int
    message: str

    @property
    def is_expiry(self) -> bool:
        """Tell whether a certificate of the chain has expired."""
        return self.code == CERT_HAS_EXPIRED

    @property
    def is_early(self) -> bool:
        """Tell whether a certificate of the chain is not yet valid."""
        return self.code == CERT_NOT_YET_VALID

    @property
    def is_name(self) -> bool:
        """Tell whether the certificate is for another host name or address."""
        return self.code in NAME_MISMATCHES


class Failure(msgspec.Struct, frozen=True):
    """What is wrong, for programs and for people."""

    type: FailureType
    message: str


class Sight(msgspec.Struct, frozen=True):
    """What was seen of one site: the handshake, and OpenSSL's objection if it had one."""

    address: str
    handshake: Handshake
    rejection: Rejection | None
    chain_trusted: bool


def unfetched(code: str, message: str, host: str, data: dict[str, Any] | None = None) -> Answer:
    """Answer for a site whose certificate could not be fetched."""
    result = blank_result(host, Failure(FailureType.CONNECTION_FAILED, message))
    return Answer(
        CheckStatus.FAILED, Outcome.FAILING, result, ProbeError(code, message, data or {})
    )


def uncertified(message: str, host: str) -> Answer:
    """Answer for a site that speaks TLS but has no certificate for its name."""
    result = blank_result(host, Failure(FailureType.NO_CERTIFICATE, message))
    return Answer(CheckStatus.COMPLETED, Outcome.FAILING, result)


def judge(sight: Sight, host: str, now: datetime, expiry_days: int) -> Answer:
    """Turn what was seen into an answer: failing if invalid or at most `expiry_days` are left.

    Raises ValueError where a certificate cannot be read.
    """
    chain = [read_certificate(der) for der in sight.handshake.chain]
    if not chain:
        return uncertified(f"{host} sent no certificate.", host)
    leaf = chain[0]
    failure = find_failure(leaf, host, now, sight.rejection)
    left = days_left(leaf.valid_to, now)
    result = blank_result(host, failure) | {
        "ip": sight.address,
        "issuer": leaf.issuer_name,
        "issued_to": leaf.common_name,
        "subject": leaf.subject,
        "valid_from": iso(leaf.valid_from),
        "valid_to": iso(leaf.valid_to),
        "days_left": left,
        "serial_number": leaf.serial_number,
        "fingerprint": leaf.fingerprint,
        "verified": sight.chain_trusted,
        "protocol": sight.handshake.protocol,
        "cipher": sight.handshake.cipher,
        "chain": [describe_link(certificate) for certificate in chain],
        "info": describe_leaf(leaf),
    }
    good = failure is None and left > expiry_days
    return Answer(CheckStatus.COMPLETED, Outcome.OK if good else Outcome.FAILING, result)


def blank_result(host: str, failure: Failure | None) -> dict[str, Any]:
    """Make a result with every field of the contract, before anything is known but a failure."""
    return dict.fromkeys(RESULT_FIELDS) | {
        "domain": host,
        "is_valid": failure is None,
        "failure_type": None if failure is None else failure.type.value,
        "failure_message": None if failure is None else failure.message,
        "verified": False,
        "chain": [],
        "info": {},
    }


def describe_link(certificate: Certificate) -> dict[str, Any]:
    """Describe one certificate of the chain."""
    return {
        "subject": certificate.subject,
        "issuer": certificate.issuer,
        "valid_from": iso(certificate.valid_from),
        "valid_to": iso(certificate.valid_to),
        "serial_number": certificate.serial_number,
        "fingerprint": certificate.fingerprint,
    }


def describe_leaf(leaf: Certificate) -> dict[str, Any]:
    """Describe what else is worth knowing of the site's own certificate."""
    return {
        "names": list(leaf.names),
        "key": leaf.key,
        "signature": leaf.signature,
        "self_signed": leaf.self_issued,
        "issuer_subject": leaf.issuer,
    }


def find_failure(
    leaf: Certificate, host: str, now: datetime, rejection: Rejection | None
) -> Failure | None:
    """Say what is wrong with the certificate for `host`; None where OpenSSL accepted it.

    OpenSSL alone decides validity. What is read here only chooses the plainest of several reasons,
    because OpenSSL names the first that it comes across.
    """
    if rejection is None:
        return None
    if now > leaf.valid_to:
        return Failure(FailureType.EXPIRED, f"The certificate expired on {_day(leaf.valid_to)}.")
    if now < leaf.valid_from:
        begins = _day(leaf.valid_from)
        return Failure(FailureType.NOT_YET_VALID, f"The certificate is valid only from {begins}.")
    if rejection.is_name or not covers(leaf.names, host):
        return Failure(FailureType.HOSTNAME_MISMATCH, _mismatch(leaf.names, host))
    if rejection.is_expiry:
        return Failure(FailureType.EXPIRED, "A certificate above the site's own has expired.")
    if rejection.is_early:
        return Failure(
            FailureType.NOT_YET_VALID, "A certificate above the site's own is not yet valid."
        )
    words = rejection.message.rstrip(".")
    return Failure(
        FailureType.UNTRUSTED_CHAIN, f"The certificate leads to no trusted root: {words}."
    )


def _mismatch(names: Sequence[str], host: str) -> str:
    if not names:
        return f"The certificate carries no name that could stand for {host}."
    told = ", ".join(names[:NAMES_IN_A_MESSAGE])
    rest = len(names) - NAMES_IN_A_MESSAGE
    more = f" and {rest} more" if rest > 0 else ""
    return f"The certificate is for {told}{more}, not for {host}."


def _day(moment: datetime) -> str:
    return f"{moment:%-d %B %Y, %H:%M} UTC"
