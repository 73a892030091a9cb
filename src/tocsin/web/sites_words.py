"""What becomes of the lines of an import, in words; each state with its own icon."""

from django.utils.translation import gettext_lazy as _

from tocsin.sites.importing import LineState
from tocsin.web.board import Look

LOOKS = {
    LineState.READY: Look("ok", "circle-check", _("Will be added")),
    LineState.DUPLICATE: Look("idle", "circle-minus", _("Duplicate")),
    LineState.INVALID: Look("failing", "octagon-x", _("Cannot be added")),
    LineState.NO_ROOM: Look("unknown", "triangle-alert", _("No room")),
}
