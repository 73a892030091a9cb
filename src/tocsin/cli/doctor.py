"""`tocsin doctor`: looks at what Tocsin stands on, and says what to do about what is wrong."""

import asyncio
import os
import shutil
import smtplib
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import typer

from tocsin.cli.finding import Finding
from tocsin.cli.output import JsonOption, print_json, print_table
from tocsin.config import environment
from tocsin.config.environment import ConfigurationError, Environment

MIN_FREE_BYTES = 500 * 1024 * 1024
CLOCK_TOLERANCE_SECONDS = 60


def doctor(*, as_json: JsonOption = False) -> None:
    """Check what Tocsin stands on, and which tools can run here. Exit 1 where one is not well."""
    findings = examine()
    if as_json:
        print_json(findings)
    else:
        rows = [
            ("ok" if each.ok else "FAIL", each.check, each.detail, each.remedy) for each in findings
        ]
        print_table(("", "what", "found", "what to do"), rows)
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


def examine() -> list[Finding]:
    """Look at everything; what cannot be looked at is a finding too."""
    try:
        settings = environment.load()
        environment.secret_key(settings)
    except ConfigurationError as error:
        problem, _, remedy = str(error).partition("; ")
        return [Finding("settings", ok=False, detail=problem, remedy=remedy)]
    return [Finding("settings", ok=True, detail="every setting can be used"), *_findings(settings)]


def _findings(settings: Environment) -> Iterator[Finding]:
    from tocsin.cli import doctor_tools  # noqa: PLC0415 - loads the probes

    looks: tuple[tuple[str, Callable[[Environment], Finding]], ...] = (
        ("installation", doctor_tools.installation),
        ("data_directory", _data_directory),
        ("disk", _disk),
        ("database", _database),
        ("migrations", _migrations),
        ("bus", _bus),
        ("resolvers", _resolvers),
        ("egress_policy", _egress_policy),
        ("clock", _clock),
        ("mail", _mail),
        ("lighthouse", doctor_tools.lighthouse),
        ("landlock", doctor_tools.landlock),
        ("browser", doctor_tools.browser),
        ("tools", doctor_tools.tools),
    )
    for check, look in looks:
        try:
            yield look(settings)
        except Exception as error:  # noqa: BLE001 - the doctor reports what it meets, whatever it is
            detail = " ".join(str(error).split()) or type(error).__name__
            yield Finding(check, ok=False, detail=detail, remedy="mend what the message names")


def _data_directory(settings: Environment) -> Finding:
    directory = settings.data_dir.resolve()
    if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        return Finding(
            "data_directory",
            ok=False,
            detail=f"{directory} cannot be written",
            remedy="let this user write there, or name another by TOCSIN_DATA_DIR",
        )
    return Finding("data_directory", ok=True, detail=str(directory))


def _disk(settings: Environment) -> Finding:
    free = shutil.disk_usage(settings.data_dir).free
    enough = free >= MIN_FREE_BYTES
    return Finding(
        "disk",
        ok=enough,
        detail=f"{free // 2**20:,} MiB free",
        remedy="" if enough else "free some space: history needs room to grow",
    )


def _database(settings: Environment) -> Finding:
    from tocsin.cli.database import load_django  # noqa: PLC0415 - loads Django

    load_django()
    from django.db import DatabaseError, connection  # noqa: PLC0415 - needs the settings

    remedy = "check TOCSIN_DATABASE_URL" if settings.database_url else "check the data directory"
    try:
        connection.ensure_connection()
        version = ".".join(str(part) for part in connection.get_database_version())
    except DatabaseError as error:
        detail = " ".join(str(error).split())
        return Finding("database", ok=False, detail=detail, remedy=remedy)
    return Finding("database", ok=True, detail=f"{connection.display_name} {version}")


def _migrations(_: Environment) -> Finding:
    from tocsin.copying.schema import SchemaState, state  # noqa: PLC0415 - loads Django

    detail, remedy = {
        SchemaState.CURRENT: ("up to date", ""),
        SchemaState.MISSING: ("not made yet; the first command makes the tables", ""),
        SchemaState.BEHIND: ("of an older Tocsin", "start `tocsin up` once"),
        SchemaState.AHEAD: ("of a newer Tocsin", "install that version again"),
    }[state()]
    return Finding("migrations", ok=not remedy, detail=detail, remedy=remedy)


def _bus(settings: Environment) -> Finding:
    if not settings.bus_url:
        return Finding("bus", ok=True, detail="within the worker process")
    from tocsin.runtime.bus.nats.health import look  # noqa: PLC0415 - slow to load
    from tocsin.runtime.bus.nats.link import parse  # noqa: PLC0415

    address = parse(settings.bus_url, settings.bus_ca_file)
    health = asyncio.run(look(address, settings.region))
    return Finding("bus", ok=not health.remedy, detail=health.detail, remedy=health.remedy)


def _resolvers(settings: Environment) -> Finding:
    from tocsin.probes.dns.observation import SILENCES  # noqa: PLC0415 - slow to load
    from tocsin.probes.dns.resolvers import parse_resolver  # noqa: PLC0415
    from tocsin.probes.dns.survey import survey  # noqa: PLC0415
    from tocsin.probes.dns.transport import Patience  # noqa: PLC0415
    from tocsin.probes.trust import trusting_context  # noqa: PLC0415

    extra = None if settings.extra_ca_file is None else str(settings.extra_ca_file)
    resolvers = [parse_resolver(text) for text in settings.dns_resolvers]
    asking = survey(".", ["NS"], resolvers, trusting_context(extra), Patience(1.0, 3.0))
    answers = asyncio.run(asking)
    # Any answer will do, a refusal too: whether the resolver is reached is the question.
    silent = {
        resolver: seen["NS"].error
        for resolver, seen in answers.items()
        if seen["NS"].error in SILENCES
    }
    reached = len(answers) - len(silent)
    failures = "".join(f"; {resolver}: {error}" for resolver, error in silent.items())
    return Finding(
        "resolvers",
        ok=not silent,
        detail=f"{reached} of {len(answers)} answered{failures}",
        remedy="let DNS out, or name others by TOCSIN_DNS_RESOLVERS" if silent else "",
    )


def _egress_policy(settings: Environment) -> Finding:
    import ipaddress  # noqa: PLC0415 - only here

    opened = [ipaddress.ip_network(item, strict=False) for item in settings.egress_allow]
    if any(network.prefixlen == 0 for network in opened):
        return Finding(
            "egress_policy",
            ok=False,
            detail="every address is open, this machine's own and cloud metadata included",
            remedy="name only the ranges that you watch in TOCSIN_EGRESS_ALLOW",
        )
    ranges = ", ".join(str(network) for network in opened)
    detail = f"public addresses, and {ranges}" if opened else "public addresses only"
    return Finding("egress_policy", ok=True, detail=detail)


def _clock(settings: Environment) -> Finding:
    """Compare the clock with what was written under it: it must not have gone back."""
    written = [Path(__file__), *settings.data_dir.glob("*.sqlite3*")]
    newest = max(path.stat().st_mtime for path in written)
    behind = newest - time.time()
    well = behind <= CLOCK_TOLERANCE_SECONDS
    return Finding(
        "clock",
        ok=well,
        detail=time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime())
        + ("" if well else f", {behind:.0f} s before what was already written"),
        remedy="" if well else "set the clock, and keep it by NTP",
    )


def _mail(settings: Environment) -> Finding:
    if not settings.email_url:
        return Finding(
            "mail",
            ok=True,
            detail="kept in the data directory; `tocsin admin outbox` shows them",
            remedy="set TOCSIN_EMAIL_URL to have them sent",
        )
    from django.core.mail import get_connection  # noqa: PLC0415 - needs the settings

    try:
        server = get_connection()
        server.open()
        server.close()
    except (OSError, smtplib.SMTPException) as error:
        detail = f"the mail server does not take us: {error}"
        return Finding("mail", ok=False, detail=detail, remedy="check TOCSIN_EMAIL_URL")
    return Finding("mail", ok=True, detail="the mail server takes us")
