"""A Chromium for the performance tool that takes the demo's certificates.

Chromium trusts the machine's roots alone, and the demo's authority is none of them.
"""

import base64
import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tocsin.probes.performance.installation import BROWSERS


def trusting(folder: Path, certificates: Iterable[bytes]) -> Path | None:
    """Write a program that starts Chromium so, and return it; None where there is no Chromium.

    `certificates` are in PEM.
    """
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        return None
    keys = ",".join(map(_fingerprint, certificates))
    program = folder / "browser" / "chromium"
    program.parent.mkdir(exist_ok=True)
    flag = f"--ignore-certificate-errors-spki-list={keys}"
    program.write_text(f'#!/bin/sh\nexec {chromium} {flag} "$@"\n')
    program.chmod(0o755)
    return program


def _fingerprint(certificate: bytes) -> str:
    key = x509.load_pem_x509_certificate(certificate).public_key()
    written = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(hashlib.sha256(written).digest()).decode()
