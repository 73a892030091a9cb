"""What one resolver said of one record type, read from its message."""

import msgspec
from dns.exception import DNSException
from dns.message import Message, QueryMessage
from dns.rcode import Rcode
from dns.rdata import Rdata
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

TIMEOUT = "timeout"
UNREACHABLE = "unreachable"
BAD_ANSWER = "bad_answer"
NXDOMAIN = "nxdomain"
SERVFAIL = "servfail"

# With these there was no DNS answer at all: the resolver was not reached, or made no sense.
SILENCES = frozenset({TIMEOUT, UNREACHABLE, BAD_ANSWER})


class Observation(msgspec.Struct, frozen=True):
    """Values without trailing dots, sorted; `error` is a response code or one of SILENCES."""

    values: tuple[str, ...] = ()
    error: str | None = None
    ms: float = 0.0


def read_answer(message: Message, ms: float) -> Observation:
    """Read the values that a message holds at the end of its chain of aliases."""
    code = message.rcode()
    if code != Rcode.NOERROR:
        return Observation(error=Rcode(code).name.lower(), ms=ms)
    if not isinstance(message, QueryMessage):
        return Observation(error=BAD_ANSWER, ms=ms)
    try:
        records = message.resolve_chaining().answer or ()
    except DNSException:  # no answer to a question, or an endless chain
        return Observation(error=BAD_ANSWER, ms=ms)
    return Observation(values=tuple(sorted({write_value(record) for record in records})), ms=ms)


def write_value(record: Rdata) -> str:
    """Write one record as people do: no trailing dot, the strings of a TXT joined."""
    if isinstance(record, TXT):
        return b"".join(record.strings).decode("utf-8", "backslashreplace")
    if isinstance(record, MX):
        return f"{record.preference} {record.exchange.to_text(omit_final_dot=True)}"
    return record.to_text().rstrip(".")
