"""Keep tokens out of what is written down."""

import logging
import re

MASK = "********"
_TOKEN = re.compile(r"(toc_[a-z]{3}_)[0-9A-Za-z_]+", re.ASCII)


def without_tokens(text: str) -> str:
    """Replace whatever looks like a token of ours, keeping its kind."""
    return _TOKEN.sub(rf"\1{MASK}", text)


class TokenFilter(logging.Filter):
    """Redacts log records: somebody may put a token where it does not belong, such as a path."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the message and what is attached to it; keeps every record."""
        message = record.getMessage()
        redacted = without_tokens(message)
        if redacted != message:
            record.msg, record.args = redacted, ()
        # Django attaches the request, and a request writes itself with its whole address. Text is
        # left as it is: a filter is added each time logging is configured, and quotes in text
        # double with every repr.
        if hasattr(record, "request"):
            request = record.request
            record.request = without_tokens(request if isinstance(request, str) else repr(request))
        return True
