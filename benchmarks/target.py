"""A local HTTPS site for benchmarks, and what wrk reaches against it.

nginx with one worker on many loopback addresses, since a worker is polite to each host. Every
connection is a full TLS 1.3 handshake. nginx and wrk are the distribution's packages.
"""

import contextlib
import re
import resource
import socket
import subprocess
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import trustme

ADDRESSES = [f"127.0.1.{number}" for number in range(1, 251)]
PORT = 28500
CONNECTIONS = 100
WRK_SECONDS = 4

NGINX = """
daemon off; worker_processes 1; {affinity} worker_rlimit_nofile 20000;
pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 8000; }}
http {{
  access_log off; client_body_temp_path {dir}/b; proxy_temp_path {dir}/p;
  fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  ssl_certificate {dir}/leaf.pem; ssl_certificate_key {dir}/leaf.key; ssl_protocols TLSv1.3;
  ssl_session_cache off; ssl_session_tickets off;
  server {{ {listen} location / {{ return 200 "a body of twenty-five by\\n"; }} }}
}}
"""


@dataclass(frozen=True)
class Rate:
    """Checks a second, and CPU milliseconds a check (user and system, all threads)."""

    rate: float
    cpu_ms: float


@contextlib.contextmanager
def target(directory: Path, *, pinned: bool) -> Iterator[int]:
    """Serve the site while the block runs, on core 0 if `pinned`; yields nginx's process id."""
    write_certificates(directory, ADDRESSES)
    listen = " ".join(f"listen {address}:{PORT} ssl backlog=2048;" for address in ADDRESSES)
    affinity = "worker_cpu_affinity 01;" if pinned else ""
    configuration = NGINX.format(dir=directory, listen=listen, affinity=affinity)
    (directory / "nginx.conf").write_text(configuration)
    nginx = subprocess.Popen(
        ["nginx", "-c", str(directory / "nginx.conf"), "-p", str(directory)],
        start_new_session=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(ADDRESSES[-1], PORT)
        if nginx.poll() is not None:
            raise SystemExit(f"port {PORT} is in use; end what an earlier run left")
        yield nginx.pid
    finally:
        nginx.terminate()
        nginx.wait()


def wrk(*, pinned: bool) -> Rate:
    """Measure new HTTPS connections a second by wrk, which verifies nothing; `pinned` to core 1."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{WRK_SECONDS}s", "-H", "Connection: close"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(
        [*(("taskset", "-c", "1") if pinned else ()), *command, f"https://{ADDRESSES[0]}:{PORT}/"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found = re.search(r"Requests/sec:\s+([\d.]+)", out)
    if found is None or "Non-2xx" in out:
        raise SystemExit(f"wrk failed: {out}")
    rate = float(found[1])
    return Rate(rate, cpu_since(before) / (rate * WRK_SECONDS) * 1000)


def cpu_since(before: resource.struct_rusage) -> float:
    """Return the CPU seconds of children that ended since `before` was taken."""
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _wait_for(host: str, port: int) -> None:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection((host, port), 1):
            return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on {host} port {port}")


def write_certificates(directory: Path, names: Iterable[str]) -> None:
    """Write ca.pem, and leaf.pem with leaf.key for these names."""
    authority = trustme.CA()
    leaf = authority.issue_cert(*names, key_type=trustme.KeyType.ECDSA)
    authority.cert_pem.write_to_path(directory / "ca.pem")
    leaf.private_key_pem.write_to_path(directory / "leaf.key")
    for blob in leaf.cert_chain_pems:
        blob.write_to_path(directory / "leaf.pem", append=True)
