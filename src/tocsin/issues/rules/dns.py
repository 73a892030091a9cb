"""Reading the dns tool."""

from collections.abc import Mapping

import msgspec

from tocsin.issues.rules.facts import DnsLimits, Observation
from tocsin.issues.rules.reading import SILENT, Breach, Reading
from tocsin.issues.vocabulary import Fingerprint, Severity
from tocsin.probes.contract import CheckStatus, DnsSettings, Outcome
from tocsin.probes.dns.judge import (
    Change,
    HardFailure,
    Observations,
    agreed_values,
    changes,
    hard_failure,
    is_majority,
    normalise,
)
from tocsin.probes.dns.observation import Observation as Answer

_CLEAR = (Fingerprint.DNS_LOOKUP_FAILED, Fingerprint.DNS_RECORDS_CHANGED)
_ALL_CLEAR = Reading(clear=_CLEAR)


class _Result(msgspec.Struct):
    resolver_observations: dict[str, dict[str, Answer]] = {}


def read(seen: Observation, limits: DnsLimits) -> Reading:
    """Read what the resolvers said, against the records that are expected now.

    A name that cannot be looked up says nothing of its records.
    """
    if seen.outcome is Outcome.OK and limits.expected_records:
        return _ALL_CLEAR  # the probe has compared already
    answers = msgspec.convert(seen.result or {}, _Result).resolver_observations
    failure = hard_failure(answers) if answers else None
    if failure is not None or seen.status is CheckStatus.FAILED:
        return Reading((_lookup_failed(seen, failure),))
    if not answers:
        return SILENT if seen.outcome is Outcome.FAILING else _ALL_CLEAR
    if not limits.expected_records:
        return Reading(clear=_CLEAR, baseline=baseline(answers, limits) or None)
    if limits.hard_failures_only:
        return _ALL_CLEAR
    found = changes(answers, _probe_settings(limits))
    if not found:
        return _ALL_CLEAR
    return Reading((_records_changed(found),), (Fingerprint.DNS_LOOKUP_FAILED,))


def baseline(answers: Observations, limits: DnsLimits) -> dict[str, list[str]]:
    """Return, by type, the records on which a majority of the resolvers agree.

    A type without such a majority (addresses that rotate, a resolver that failed) is left out,
    since it would be reported as changed for ever.
    """
    kinds = limits.monitored_record_types
    return {kind: list(agreed_values(answers, kind)) for kind in kinds if _is_agreed(answers, kind)}


def _is_agreed(answers: Observations, kind: str) -> bool:
    agreed = normalise(kind, agreed_values(answers, kind))
    votes = sum(_says(by_type, kind, agreed) for by_type in answers.values())
    return is_majority(votes, len(answers))


def _says(by_type: Mapping[str, Answer], kind: str, values: frozenset[str]) -> bool:
    answer = by_type.get(kind)
    return answer is not None and answer.error is None and normalise(kind, answer.values) == values


def _probe_settings(limits: DnsLimits) -> DnsSettings:
    expected = limits.expected_records or {}
    return DnsSettings(
        monitored_record_types=tuple(limits.monitored_record_types),
        expected_records={kind: tuple(values) for kind, values in expected.items()},
    )


def _lookup_failed(seen: Observation, failure: HardFailure | None) -> Breach:
    if failure is None:
        summary = seen.problem or "The name cannot be looked up."
        return Breach(Fingerprint.DNS_LOOKUP_FAILED, Severity.CRITICAL, summary)
    facts = {
        "code": failure.code,
        "resolvers_failing": failure.failing,
        "resolvers_asked": failure.asked,
    }
    return Breach(Fingerprint.DNS_LOOKUP_FAILED, Severity.CRITICAL, failure.message, facts)


def _records_changed(found: tuple[Change, ...]) -> Breach:
    facts = {"changes": [msgspec.to_builtins(change) for change in found]}
    summary = " ".join(change.message for change in found)
    return Breach(Fingerprint.DNS_RECORDS_CHANGED, Severity.WARNING, summary, facts)
