"""Why an address cannot be watched, as `probes` words it; these pages say in other languages."""

from django.utils.translation import gettext_noop as _

from tocsin.kit.phrases import Phrasebook

ADDRESSES = Phrasebook(
    (
        _("The URL is longer than %(most)d characters."),
        _("The URL contains a space or a control character."),
        _("Not a URL: %(error)s."),
        _("The URL must not carry a user name or password."),
        _("Not a full URL: it must look like https://example.com."),
        _("The scheme must be http or https, not %(scheme)s."),
        _("The port must be a number from 1 to %(most)d."),
        _("The URL names no host."),
        _("%(host)s is not a host name."),
        _("%(host)s is not a host name: %(error)s."),
        _("%(host)s is not an IPv4 address."),
        _("%(host)s is not an IPv6 address."),
        _("An address with a zone cannot be checked."),
        _(
            "Port %(port)d of %(address)s is refused by the egress rule “port”: only "
            "80, 443 and 1024–65535 are open to checks (%(setting)s opens addresses, not ports)."
        ),
        _(
            "%(address)s (port %(port)d) is refused by the egress rule “%(rule)s”. "
            "To let checks reach it, add its range to %(setting)s."
        ),
    )
)
