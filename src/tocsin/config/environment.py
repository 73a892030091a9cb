"""Settings from the environment, typed. A wrong value stops the start and says how to mend it."""

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

RESOLVER_SCHEMES = ("udp", "tls", "https")
FIRST_PEPPER, MAX_PEPPER = 2, 32_000  # number 1 comes from the secret key
MIN_PEPPER_LENGTH = 32
DEFAULT_REGION = "default"
DEFAULT_VANTAGE = "local"
REGION = re.compile(r"[a-z0-9-]{1,32}")
REMEDIES = {
    "base_url": "use a full address such as https://monitor.example.com",
    "database_url": "use sqlite (leave it unset) or postgres://user:password@host/name",
    "bus_url": "leave it unset for the in-process bus, or use nats://user:password@host:4222, "
    "several with commas",
    "region": "use up to 32 small letters, digits and hyphens, such as eu-west",
    "email_url": "use smtp://user:password@host:587, or leave it unset to keep mails in the data "
    "directory",
    "egress_allow": "use comma-separated CIDR ranges such as 10.0.0.0/8,fd00::/8",
    "dns_resolvers": "use comma-separated udp://host[:port], tls://host[:port] or "
    "https://host/dns-query",
    "google_client": "use the client's id and secret as id:secret",
    "github_client": "use the client's id and secret as id:secret",
    "oidc_server": "use the issuer's address, such as https://login.example.com",
    "oidc_client": "use the client's id and secret as id:secret",
    "history_retention_days": "use a number of days from 1 to 3650",
    "token_peppers": "use comma-separated number:secret, numbers from 2, secrets of 32 characters "
    "or more",
    "metrics_port": "use a free port for the worker's /metrics on 127.0.0.1, 0 for none",
    "node": "name the program of Node 22.19 or newer, or leave it unset to look for it",
    "lighthouse": "name the directory of the lighthouse package, or leave it unset to look for it",
    "chromium": "name the program of Chromium, or leave it unset to look for it",
    "crawls": "use how many sites this machine crawls at once, from 1 to 64",
    "browsers": "use how many pages this machine measures at once, from 1 to 16",
    "web_processes": "use how many processes serve the web, from 1 to 64, or leave it unset",
    "trusted_proxies": "use the number of proxies in front of Tocsin, 0 where there is none",
}


class ConfigurationError(Exception):
    """A setting that cannot be used: one line with the name, the problem and the remedy."""


class Environment(BaseSettings):
    """Every setting of Tocsin; each is read from `TOCSIN_` + its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="TOCSIN_", env_ignore_empty=True, extra="ignore")

    data_dir: Path = Path("data")
    secret_key: str = ""
    secret_key_fallbacks: Annotated[tuple[str, ...], NoDecode] = ()
    token_peppers: Annotated[tuple[str, ...], NoDecode] = ()
    base_url: str = "http://127.0.0.1:8000"
    database_url: str = ""
    bus_url: str = ""
    bus_ca_file: Path | None = None
    region: str = DEFAULT_REGION
    email_url: str = ""
    email_from: str = "Tocsin <tocsin@localhost>"
    google_client: str = ""
    github_client: str = ""
    oidc_name: str = "Single sign-on"
    oidc_server: str = ""
    oidc_client: str = ""
    egress_allow: Annotated[tuple[str, ...], NoDecode] = ()
    dns_resolvers: Annotated[tuple[str, ...], NoDecode] = (
        "udp://1.1.1.1",
        "udp://8.8.8.8",
        "udp://9.9.9.9",
    )
    vantage: str = ""
    vantage_canaries: Annotated[tuple[str, ...], NoDecode] = ()
    extra_ca_file: Path | None = None
    node: Path | None = None
    lighthouse: Path | None = None
    chromium: Path | None = None
    crawls: Annotated[int, Field(ge=1, le=64)] = 4
    browsers: Annotated[int, Field(ge=1, le=16)] = 1
    web_processes: Annotated[int, Field(ge=0, le=64)] = 0
    trusted_proxies: Annotated[int, Field(ge=0)] = 0
    metrics_port: Annotated[int, Field(ge=0, le=65535)] = 0
    billing: bool = False
    history_retention_days: Annotated[int, Field(ge=1, le=3650)] = 90
    debug: bool = False
    log_format: str = "console"

    @field_validator(
        "egress_allow",
        "dns_resolvers",
        "vantage_canaries",
        "secret_key_fallbacks",
        "token_peppers",
        mode="before",
    )
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("egress_allow")
    @classmethod
    def _ranges(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for item in value:
            ipaddress.ip_network(item, strict=False)
        return value

    @field_validator("token_peppers")
    @classmethod
    def _peppers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for item in value:
            number, _, secret = item.partition(":")
            if not number.isdecimal() or not FIRST_PEPPER <= int(number) <= MAX_PEPPER:
                raise ValueError(f"{number[:8]!r} is not the number of a pepper")
            if len(secret) < MIN_PEPPER_LENGTH:
                raise ValueError(f"pepper {number} is too short")
        return value

    @field_validator("dns_resolvers")
    @classmethod
    def _resolvers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for item in value:
            parts = urlsplit(item)
            # Asking for the port raises ValueError where it is none.
            if parts.scheme not in RESOLVER_SCHEMES or not parts.hostname or parts.port == 0:
                raise ValueError(f"{item!r} is not a resolver")
        return value

    @field_validator("google_client", "github_client", "oidc_client")
    @classmethod
    def _client(cls, value: str) -> str:
        identity, _, secret = value.partition(":")
        if value and not (identity and secret):
            raise ValueError("it names no client and secret")
        return value

    @field_validator("base_url", "oidc_server")
    @classmethod
    def _address(cls, value: str) -> str:
        if not value:  # only where that is the default: an empty variable counts as unset
            return value
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{value!r} is not an http or https address")
        return value.rstrip("/")

    @field_validator("database_url", "email_url")
    @classmethod
    def _scheme(cls, value: str, info: Any) -> str:
        known = {
            "database_url": {"postgres", "postgresql"},
            "email_url": {"smtp", "smtps"},
        }[info.field_name]
        if value and urlsplit(value).scheme not in known:
            raise ValueError(f"{urlsplit(value).scheme!r} is not among {', '.join(sorted(known))}")
        return value

    @field_validator("bus_url")
    @classmethod
    def _servers(cls, value: str) -> str:
        for item in value.split(",") if value else ():
            parts = urlsplit(item.strip())
            # Asking for the port raises ValueError where it is none.
            if parts.scheme not in {"nats", "tls"} or not parts.hostname or parts.port == 0:
                raise ValueError("one of its addresses is not nats://host:port or tls://host:port")
        return value

    @field_validator("region")
    @classmethod
    def _region(cls, value: str) -> str:
        if not REGION.fullmatch(value):
            raise ValueError(f"{value!r} is not the name of a region")
        return value

    @model_validator(mode="after")
    def _look_from_region(self) -> Self:
        if not self.vantage:
            self.vantage = DEFAULT_VANTAGE if self.region == DEFAULT_REGION else self.region
        return self

    @field_validator("node", "lighthouse", "chromium")
    @classmethod
    def _present(cls, value: Path | None) -> Path | None:
        if value is not None and not value.exists():
            raise ValueError(f"there is no {value}")
        return value

    @field_validator("log_format")
    @classmethod
    def _log_format(cls, value: str) -> str:
        if value not in {"console", "json"}:
            raise ValueError(f"{value!r} is neither console nor json")
        return value


def load() -> Environment:
    """Read the environment.

    Raises ConfigurationError naming the variable, what is wrong with its value, and the remedy.
    """
    try:
        return Environment()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        problem = str(first["msg"]).removeprefix("Value error, ")
        remedy = REMEDIES.get(name, "correct it or leave it unset")
        raise ConfigurationError(f"TOCSIN_{name.upper()}: {problem}; {remedy}") from None


def secret_key(environment: Environment) -> str:
    """Return the secret key, making and keeping one in the data directory at the first start.

    Raises ConfigurationError where the data directory cannot be written.
    """
    if environment.secret_key:
        return environment.secret_key
    path = key_file(environment)
    try:
        environment.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _create_secret(path)
        key = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise ConfigurationError(
            f"TOCSIN_DATA_DIR: {environment.data_dir} cannot be used ({error.strerror}); "
            "name a directory that this user can write"
        ) from None
    if not key:
        raise ConfigurationError(
            f"TOCSIN_SECRET_KEY: {path} is empty; restore it from a backup, or remove it to have a "
            "new one made, which ends every session and token"
        )
    return key


def key_file(environment: Environment) -> Path:
    """Return where the secret key is kept if the operator gives none."""
    return environment.data_dir / "secret_key"


def _create_secret(path: Path) -> None:
    # Written aside and linked into place, so that two starts at once agree on one key.
    aside = path.with_name(f".secret_key.{os.getpid()}")
    aside.touch(mode=0o600)
    aside.write_text(os.urandom(48).hex() + "\n", encoding="ascii")
    try:
        path.hardlink_to(aside)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
