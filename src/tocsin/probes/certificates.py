"""Certificates as facts. Pure: no network and no clock."""

import hashlib
import ipaddress
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtensionOID, NameOID

SECONDS_A_DAY = 86_400


class Certificate(msgspec.Struct, frozen=True):
    """One certificate in words: names as RFC 4514, times UTC, numbers in hexadecimal."""

    subject: str
    issuer: str
    common_name: str
    issuer_name: str
    valid_from: datetime
    valid_to: datetime
    serial_number: str
    fingerprint: str
    names: tuple[str, ...]
    key: str
    signature: str
    self_issued: bool


def read_certificate(der: bytes) -> Certificate:
    """Read one DER certificate. Raises ValueError where it is not one."""
    certificate = x509.load_der_x509_certificate(der)
    names = _alternative_names(certificate)
    return Certificate(
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        common_name=_short_name(certificate.subject) or next(iter(names), ""),
        issuer_name=_short_name(certificate.issuer),
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        serial_number=f"{certificate.serial_number:X}",
        fingerprint=hashlib.sha256(der).hexdigest(),
        names=names,
        key=_key(certificate),
        signature=certificate.signature_algorithm_oid._name,  # noqa: SLF001 — has no public name
        self_issued=certificate.subject == certificate.issuer,
    )


def covers(names: Iterable[str], host: str) -> bool:
    """Tell whether one of a certificate's names stands for the host (RFC 6125, RFC 9525).

    A wildcard stands for exactly the first label. Addresses must be equal.
    """
    wanted = host.rstrip(".").lower()
    address = _address(wanted)
    if address is not None:
        return any(_address(name) == address for name in names)
    parent = wanted.partition(".")[2]
    accepted = {wanted, f"*.{parent}"} if "." in parent else {wanted}
    return any(name.rstrip(".").lower() in accepted for name in names)


def days_left(valid_to: datetime, now: datetime) -> int:
    """Return the whole days until expiry, negative after it."""
    return int((valid_to - now).total_seconds() // SECONDS_A_DAY)


def iso(moment: datetime) -> str:
    """Write a moment as the contract does: ISO 8601, UTC, whole seconds, `+00:00`."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def _short_name(name: x509.Name) -> str:
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for attribute in name.get_attributes_for_oid(oid):
            return str(attribute.value)
    return ""


def _alternative_names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_oid(
            ExtensionOID.SUBJECT_ALTERNATIVE_NAME
        )
    except (x509.ExtensionNotFound, ValueError):  # absent, or an extension that nobody can read
        return ()
    value = extension.value
    if not isinstance(value, x509.SubjectAlternativeName):
        return ()
    hosts = value.get_values_for_type(x509.DNSName)
    return (*hosts, *(str(item) for item in value.get_values_for_type(x509.IPAddress)))


def _key(certificate: x509.Certificate) -> str:
    try:
        key = certificate.public_key()
    except ValueError:  # a kind that the library does not know
        return "unknown"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    return type(key).__name__.removesuffix("PublicKey").lstrip("_")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
