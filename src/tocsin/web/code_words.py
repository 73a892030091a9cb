"""Words for codes that pages show within a line; a code of another release is shown as it is."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tocsin.probes.contract import CheckStatus, Outcome
from tocsin.probes.ssl_verdict import FailureType
from tocsin.teams.models import PlanState

_WORDS: dict[str, Promise] = {
    CheckStatus.PENDING: _("pending"),
    CheckStatus.COMPLETED: _("completed"),
    CheckStatus.FAILED: _("failed"),
    CheckStatus.SKIPPED: _("skipped"),
    Outcome.OK: _("ok"),
    Outcome.FAILING: _("failing"),
    Outcome.UNKNOWN: _("unknown"),
    FailureType.EXPIRED: _("expired"),
    FailureType.NOT_YET_VALID: _("not yet valid"),
    FailureType.HOSTNAME_MISMATCH: _("hostname mismatch"),
    FailureType.UNTRUSTED_CHAIN: _("untrusted chain"),
    FailureType.NO_CERTIFICATE: _("no certificate"),
    FailureType.CONNECTION_FAILED: _("connection failed"),
    "instant": _("instant"),
    "aggressive": _("aggressive"),
    "conservative": _("conservative"),
    PlanState.TRIALING.value: _("trialing"),
    PlanState.PAST_DUE.value: _("past due"),
}


def code_words(code: str) -> str:
    """Say a code in the reader's language."""
    return str(_WORDS.get(code) or code.replace("_", " "))
