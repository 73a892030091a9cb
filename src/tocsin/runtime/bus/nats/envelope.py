"""Requests and results as messages: many to one, in msgpack, and nothing believed on receipt."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from tocsin.checks.tools import EFFORTS
from tocsin.probes.contract import CheckStatus, Outcome, ProbeError, ProbeRequest, ProbeResult, Tool

# A message is begun anew past this; a single item may be longer, up to what NATS carries.
FULL_BYTES = 256 * 1024
MOST_BYTES = 1_000_000
# How far another machine's clock may be ahead of ours.
CLOCK_SKEW = 60.0
Item = TypeVar("Item", ProbeRequest, ProbeResult)


class Refusal(StrEnum):
    """Why something that arrived, or was about to leave, is dropped."""

    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    UNKNOWN_TOOL = "unknown_tool"
    FUTURE = "future"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Opened(Generic[Item]):
    """What a message held: `items` that can be used, and how many could not, by reason."""

    items: Sequence[Item]
    refused: Mapping[Refusal, int]


@dataclass(frozen=True, slots=True)
class Packed:
    """`payloads` of messages, and how many items are too large for any."""

    payloads: Sequence[bytes]
    too_large: int


class _Named(msgspec.Struct):
    """As much as tells an unknown tool from rubbish."""

    tool: str


_ENCODER = msgspec.msgpack.Encoder()
_PARTS = msgspec.msgpack.Decoder(list[msgspec.Raw])
_NAMED = msgspec.msgpack.Decoder(_Named)
_REQUEST = msgspec.msgpack.Decoder(ProbeRequest)
_RESULT = msgspec.msgpack.Decoder(ProbeResult)
_BAD = (msgspec.MsgspecError, ValueError, RecursionError)


def pack_requests(requests: Sequence[ProbeRequest], count: int) -> Packed:
    """Return messages of at most `count` requests each."""
    bodies = [_ENCODER.encode(request) for request in requests]
    small = [body for body in bodies if len(body) <= MOST_BYTES]
    return Packed(list(_messages(small, count)), len(bodies) - len(small))


def pack_results(results: Sequence[ProbeResult], count: int) -> Packed:
    """Return messages of at most `count` results each.

    Where a result is too large, its check has failed, which is a result as well.
    """
    bodies = [_ENCODER.encode(result) for result in results]
    large = [number for number, body in enumerate(bodies) if len(body) > MOST_BYTES]
    for number in large:
        bodies[number] = _ENCODER.encode(_without_content(results[number]))
    return Packed(list(_messages(bodies, count)), len(large))


def open_requests(payload: bytes) -> Opened[ProbeRequest]:
    """Read a message of requests, leaving out those that are wrong or that nobody waits for."""
    now = time.time()
    return _open(payload, _REQUEST, lambda request: _judge(request, now))


def open_results(payload: bytes) -> Opened[ProbeResult]:
    """Read a message of results; what they say of time and place is judged where they are filed."""
    return _open(payload, _RESULT, lambda _: None)


def _messages(bodies: Sequence[bytes], count: int) -> Iterator[bytes]:
    chunk: list[msgspec.Raw] = []
    size = 0
    for body in bodies:
        if chunk and (len(chunk) == count or size + len(body) > FULL_BYTES):
            yield _ENCODER.encode(chunk)
            chunk, size = [], 0
        chunk.append(msgspec.Raw(body))
        size += len(body)
    if chunk:
        yield _ENCODER.encode(chunk)


def _open(
    payload: bytes,
    decoder: "msgspec.msgpack.Decoder[Item]",
    judge: Callable[[Item], Refusal | None],
) -> Opened[Item]:
    if len(payload) > MOST_BYTES + FULL_BYTES:
        return Opened((), {Refusal.TOO_LARGE: 1})
    try:
        parts = _PARTS.decode(payload)
    except _BAD:
        return Opened((), {Refusal.MALFORMED: 1})
    items: list[Item] = []
    refused: Counter[Refusal] = Counter()
    for part in parts:
        try:
            item = decoder.decode(part)
        except _BAD:
            refused[_why(part)] += 1
            continue
        refusal = judge(item)
        if refusal is None:
            items.append(item)
        else:
            refused[refusal] += 1
    return Opened(items, refused)


def _why(part: msgspec.Raw) -> Refusal:
    try:
        name = _NAMED.decode(part).tool
    except _BAD:
        return Refusal.MALFORMED
    return Refusal.MALFORMED if name in set(Tool) else Refusal.UNKNOWN_TOOL


def _judge(request: ProbeRequest, now: float) -> Refusal | None:
    try:
        UUID(request.check_id)
    except ValueError:
        return Refusal.MALFORMED
    if request.deadline <= now:
        return Refusal.EXPIRED
    # Put so that a deadline that is no number is refused too.
    if not request.deadline <= now + EFFORTS[request.tool].seconds + CLOCK_SKEW:
        return Refusal.FUTURE
    return None


def _without_content(result: ProbeResult) -> ProbeResult:
    message = "What the check found is too large to be carried."
    return msgspec.structs.replace(
        result,
        status=CheckStatus.FAILED,
        outcome=Outcome.UNKNOWN,
        result=None,
        error=ProbeError("result_too_large", message),
    )
