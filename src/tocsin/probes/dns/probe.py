"""The dns probe: ask every resolver, compare, judge."""

import asyncio
import time
from typing import Any

from tocsin.probes.answer import Answer, skipped
from tocsin.probes.contract import (
    CheckStatus,
    DnsSettings,
    Outcome,
    ProbeError,
    ProbeOptions,
    ProbeRequest,
    ProbeResult,
)
from tocsin.probes.dns.cloudflare import is_cloudflare
from tocsin.probes.dns.judge import (
    ADDRESS_TYPES,
    Observations,
    agreed_records,
    changes,
    hard_failure,
    lookup_failure,
    no_answer,
)
from tocsin.probes.dns.observation import TIMEOUT, UNREACHABLE
from tocsin.probes.dns.resolvers import InvalidResolver, parse_resolver
from tocsin.probes.dns.survey import Zone, find_zone, survey
from tocsin.probes.dns.transport import Patience
from tocsin.probes.target import InvalidTarget, parse_target
from tocsin.probes.trust import trusting_context

# A check opens a socket for each resolver and type, so a thousand at once would use up what a
# process may open.
CHECKS_AT_ONCE = 32
AN_ADDRESS = skipped("ip_address", "The site is named by its address: there is nothing to look up.")


class DnsProbe:
    """The dns tool. Raises InvalidResolver for options that name no resolver."""

    def __init__(self, options: ProbeOptions, *, patience: Patience | None = None) -> None:
        self._resolvers = tuple(parse_resolver(text) for text in dict.fromkeys(options.resolvers))
        if not self._resolvers:
            raise InvalidResolver("No resolver is named: TOCSIN_DNS_RESOLVERS is empty.")
        self._trust = trusting_context(options.extra_ca_file)
        self._vantage = options.vantage
        self._patience = patience or Patience()
        self._places = asyncio.Semaphore(CHECKS_AT_ONCE)

    async def __call__(self, request: ProbeRequest) -> ProbeResult:
        """Look up the name of the request's site."""
        started = time.time()
        settings = request.settings if isinstance(request.settings, DnsSettings) else DnsSettings()
        try:
            target = parse_target(request.url)
        except InvalidTarget as error:
            problem = ProbeError("invalid_url", str(error))
            answer = Answer(CheckStatus.FAILED, Outcome.FAILING, None, problem)
        else:
            answer = AN_ADDRESS if target.is_literal else await self._look_up(target.host, settings)
        return answer.filed(request, started, self._vantage)

    async def _look_up(self, host: str, settings: DnsSettings) -> Answer:
        kinds = settings.monitored_record_types or ADDRESS_TYPES
        async with self._places:
            seen = await survey(host, kinds, self._resolvers, self._trust, self._patience)
            able = [item for item in self._resolvers if lookup_failure(seen[item.label]) is None]
            zone = await find_zone(host, able, self._trust, self._patience)
        return judge(seen, zone, settings, kinds)


def judge(
    seen: Observations, zone: Zone, settings: DnsSettings, record_types: tuple[str, ...]
) -> Answer:
    """Turn what the resolvers said into an answer.

    `failed` where none of them said anything; failing on a hard failure, and on records that differ
    from the expected ones unless only hard failures count.
    """
    records = agreed_records(seen, record_types)
    addresses = [value for kind in ADDRESS_TYPES for value in records.get(kind, ())]
    result = {
        "records": {kind: list(values) for kind, values in records.items()},
        "is_cloudflare": is_cloudflare(addresses, zone.name_servers),
        "resolver_observations": _plain(seen),
        "nameservers": list(zone.name_servers),
        "soa_serial": zone.soa_serial,
    }
    failure = hard_failure(seen)
    if failure is not None and no_answer(seen):
        code = TIMEOUT if failure.code == TIMEOUT else UNREACHABLE
        error = ProbeError(code, failure.message)
        return Answer(CheckStatus.FAILED, Outcome.FAILING, result, error)
    differs = not settings.hard_failures_only and bool(changes(seen, settings))
    outcome = Outcome.FAILING if failure is not None or differs else Outcome.OK
    return Answer(CheckStatus.COMPLETED, outcome, result)


def _plain(seen: Observations) -> dict[str, Any]:
    return {
        resolver: {
            kind: {"values": list(item.values), "error": item.error, "ms": item.ms}
            for kind, item in by_type.items()
        }
        for resolver, by_type in seen.items()
    }
