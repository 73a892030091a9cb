"""What was told and what became of it, as rows keep it, for pages in other languages."""

from django.utils.translation import gettext_noop as _

from tocsin.issues.phrases import WRONG
from tocsin.kit.phrases import Phrasebook

TOLD = Phrasebook(
    (
        _("Fire drill"),
        _("This is a fire drill. Nothing is wrong."),
        _("If you can read this, notifications of Tocsin arrive here."),
        _("The destination cannot be read with the present secret key; enter its address again."),
        _("The receiver redirects (%(code)d); redirects are not followed."),
        _("The receiver answered with status %(code)d."),
        _("Sending broke down inside Tocsin."),
        _("The mail server did not answer in time."),
        _("The receiver did not answer in time."),
        _("The answer ended inside its headers."),
    ),
    WRONG,
)
