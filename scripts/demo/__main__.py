"""Fill a Tocsin with forty sites and ninety days, and start it: `python -m scripts.demo`.

Everything stays on this machine: the sites, their name servers and the receiver of webhooks are
served by this very process. Needs the development environment.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from scripts.demo import target
from scripts.demo.catalogue import NAME_SERVER_PORT

ROOT = Path(__file__).resolve().parents[2]
# Says that a directory is a demo's, and so may be made anew.
MARK = "made-by-the-demo"
WORDS = """\

  {address}
  sign in as {email}, password: {password}
  (also ben, cleo and dan @example.com: admin, member, viewer)

"""


def main() -> int:
    """Fill, and unless told otherwise serve until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "data-demo", help="made anew each time")
    parser.add_argument("--seed", type=int, default=7, help="the same seed, the same story")
    parser.add_argument("--days", type=int, default=90, help="of history")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--fill-only", action="store_true", help="fill, do not serve")
    wanted = parser.parse_args()
    data: Path = wanted.data.resolve()
    if not _make_room(data):
        sys.stderr.write(f"{data} holds something else; name another directory with --data\n")
        return 1
    address = f"http://{wanted.host}:{wanted.port}"
    with target.serving(data) as served:
        os.environ |= environment(data, served, address)
        _fill(wanted.seed, wanted.days, address)
        return 0 if wanted.fill_only else _serve(wanted.host, wanted.port)


def environment(data: Path, served: target.Served, address: str) -> dict[str, str]:
    """Return the settings of the demo's Tocsin: only this machine is opened to its checks."""
    resolvers = ",".join(f"udp://{each}:{NAME_SERVER_PORT}" for each in target.NAME_SERVERS)
    browser = {} if served.chromium is None else {"TOCSIN_CHROMIUM": str(served.chromium)}
    return browser | {
        "DJANGO_SETTINGS_MODULE": "tocsin.config.settings",
        "TOCSIN_DATA_DIR": str(data),
        "TOCSIN_BASE_URL": address,
        "TOCSIN_EGRESS_ALLOW": "127.0.0.0/8,::1/128",
        "TOCSIN_DNS_RESOLVERS": resolvers,
        "TOCSIN_VANTAGE_CANARIES": resolvers,
        "TOCSIN_EXTRA_CA_FILE": str(served.roots),
    }


def _make_room(data: Path) -> bool:
    if data.exists() and any(data.iterdir()):
        if not (data / MARK).exists():
            return False
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    (data / MARK).touch()
    return True


def _fill(seed: int, days: int, address: str) -> None:
    import django  # noqa: PLC0415 - only now are its settings in the environment
    from django.core.management import call_command  # noqa: PLC0415

    began = time.monotonic()
    django.setup()
    call_command("migrate", verbosity=0)
    from scripts.demo.cast import OWNER, PASSWORD  # noqa: PLC0415
    from scripts.demo.fill import fill  # noqa: PLC0415

    fill(seed=seed, days=days)
    sys.stdout.write(f"filled in {time.monotonic() - began:.0f} seconds\n")
    sys.stdout.write(WORDS.format(address=address, email=OWNER, password=PASSWORD))


def _serve(host: str, port: int) -> int:
    command = [sys.executable, "-m", "tocsin.cli.main", "up", "--host", host, "--port", str(port)]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with subprocess.Popen(command) as tocsin:
        while True:
            try:
                return tocsin.wait()
            except KeyboardInterrupt:  # it may have got the same signal, and twice is no harm
                tocsin.terminate()


if __name__ == "__main__":
    raise SystemExit(main())
