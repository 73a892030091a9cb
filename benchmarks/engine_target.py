"""The web server that `status_engine.py` measures against: nginx, with a slow backend.

HTTP, HTTPS with a full TLS 1.3 handshake each time, and HTTPS whose answers take seconds; each on
16 ports, so that a client does not run out of its own.
"""

import contextlib
import resource
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.target import write_certificates

FIRST_PORT = {"http": 28100, "https": 28200, "slow": 28300}
PORTS = 16
OPEN_FILES = 20000
BACKEND_PORT = 28401
HOLD_SECONDS = 2.0

NGINX = """
daemon off; worker_processes 1; worker_cpu_affinity 01; worker_rlimit_nofile {files};
pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 8000; }}
http {{
  access_log off; client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy;
  fastcgi_temp_path {dir}/f; uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;
  ssl_certificate {dir}/leaf.pem; ssl_certificate_key {dir}/leaf.key; ssl_protocols TLSv1.3;
  ssl_session_cache off; ssl_session_tickets off;
  server {{ {http} location / {{ return 200 "a body of twenty-five by\\n"; }} }}
  server {{ {https} location / {{ return 200 "a body of twenty-five by\\n"; }} }}
  server {{ {slow} location / {{ proxy_pass http://127.0.0.1:{backend}; }} }}
}}
"""
SLOW_BACKEND = f"""
import asyncio
async def hold(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    await asyncio.sleep({HOLD_SECONDS})
    writer.write(b"HTTP/1.0 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
    await writer.drain()
    writer.close()
async def serve():
    server = await asyncio.start_server(hold, "127.0.0.1", {BACKEND_PORT}, backlog=4096)
    await server.serve_forever()
asyncio.run(serve())
"""


@contextlib.contextmanager
def target(directory: Path) -> Iterator[None]:
    for program in ("nginx", "wrk", "prometheus-blackbox-exporter", "taskset"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is not installed: install the package of that name")
    raise_open_files()
    write_certificates(directory, ("127.0.0.1", "localhost"))
    directory.chmod(0o755)
    nginx_conf = NGINX.format(
        dir=directory,
        files=OPEN_FILES,
        backend=BACKEND_PORT,
        http=listen("http", ""),
        https=listen("https", "ssl"),
        slow=listen("slow", "ssl"),
    )
    (directory / "nginx.conf").write_text(nginx_conf)
    nginx = subprocess.Popen(
        ["nginx", "-c", f"{directory}/nginx.conf", "-e", f"{directory}/error.log"],
        start_new_session=True,
    )
    try:
        wait_for(FIRST_PORT["https"])
        yield
    finally:
        stop(nginx)


def listen(kind: str, how: str) -> str:
    first = FIRST_PORT[kind]
    ports = range(first, first + PORTS)
    return " ".join(f"listen 127.0.0.1:{port} backlog=4096 {how};" for port in ports)


def raise_open_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def wait_for(port: int) -> None:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit(f"Nothing listens on port {port}")


def stop(process: subprocess.Popen[Any]) -> None:
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(5)
        return
    process.kill()
    process.wait()
