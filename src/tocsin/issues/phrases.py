"""What is wrong, in the words of the rules, for pages in other languages."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext

from tocsin.checks.phrases import FOUND
from tocsin.kit.phrases import Phrasebook

WRONG = Phrasebook(
    (
        _("The site answers with status %(code)d."),
        _("The certificate is not valid."),
        lambda count: ngettext(
            "The certificate expires in %(count)d day.",
            "The certificate expires in %(count)d days.",
            count,
        ),
        _("The name cannot be looked up."),
        lambda count: ngettext(
            "%(count)d broken link found.", "%(count)d broken links found.", count
        ),
        _("The score is %(value)d, below %(limit)d."),
        _("The first byte takes %(value)d ms, more than %(limit)s."),
        _("The page takes %(value)s s to become interactive, more than %(limit)s."),
    ),
    FOUND,
)
