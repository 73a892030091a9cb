"""What a check found, in the words of `probes` and of summaries, for pages in other languages."""

from django.utils.translation import gettext_noop as _
from django.utils.translation import ngettext

from tocsin.kit.phrases import Phrasebook
from tocsin.sites.phrases import ADDRESSES

_OURS = (
    _("This vantage's own network did not let it out."),
    _("This vantage could not resolve well-known names either."),
    _("This vantage's clock is wrong, so it cannot judge when certificates end."),
    _("This vantage did not get to run while the check was under way."),
    _("No worker answered before the check's deadline."),
    _("The settings of this site cannot be used."),
    _("The check was cancelled."),
    _("There is no such tool here."),
    _("The check could not be finished before its deadline."),
    _("The check broke down inside Tocsin."),
    _("The check began too late to be finished."),
    _("The check took too long."),
    _("The status engine was closed."),
    _("This machine could not open a socket."),
    _("Missing on this machine: %(parts)s. %(reason)s"),
    _("Run Tocsin on a Linux kernel that has it (5.13 or newer)."),
)
_LOOKUPS = (
    _("Could not resolve %(host)s: %(reason)s."),
    _("%(host)s does not resolve: %(reason)s."),
    _("the name servers did not answer in time"),
    _("the name has no address"),
)
_STATUS = (
    _("A request header is not valid HTTP."),
    _("The response ended inside its headers"),
    _("The site did not answer in time."),
    _("The site redirects more than %(most)d times."),
    _("The transfer failed (libcurl error %(error)d)."),
)
_SSL = (
    _("The site is plain http: it has no certificate to look at."),
    _("The server has no certificate for %(host)s."),
    _("%(host)s did not finish a TLS handshake in time."),
    _("The TLS handshake with %(host)s failed: %(error)s."),
    _("%(host)s refuses connections on port %(port)d."),
    _("%(host)s broke the connection off during the TLS handshake."),
    _("No connection to %(host)s: %(error)s."),
    _("The certificate of %(host)s cannot be read: %(error)s."),
    _("%(host)s sent no certificate."),
    _("The certificate expired on %(moment)s."),
    _("The certificate is valid only from %(moment)s."),
    _("A certificate above the site's own has expired."),
    _("A certificate above the site's own is not yet valid."),
    _("The certificate leads to no trusted root: %(error)s."),
    _("The certificate carries no name that could stand for %(host)s."),
    _("The certificate is for %(names)s, not for %(host)s."),
    _("The certificate is for %(names)s and %(count)d more, not for %(host)s."),
)
_DNS = (
    _("The site is named by its address: there is nothing to look up."),
    _("%(failing)d of %(asked)d resolvers say that the name does not exist."),
    _("%(failing)d of %(asked)d resolvers cannot resolve the name (SERVFAIL)."),
    _("%(failing)d of %(asked)d resolvers did not answer in time."),
    _("%(failing)d of %(asked)d resolvers cannot look the name up (%(codes)s)."),
    _("%(type)s differs from the expected records for %(differing)d of %(asked)d resolvers."),
)
_LINKS = (
    _("The start page cannot be read: %(reason)s"),
    _("It redirects to another host, %(host)s: that would be its own site."),
    _("It redirects in a circle, or more than %(most)d times."),
    _("It is not a URL."),
    _("The request cannot be sent: %(error)s."),
)
_PERFORMANCE = (
    _("The browser did not start in time."),
    _("The page took too long in the browser."),
    _("The page took more memory than it may."),
    _("The browser ended before its answer: %(error)s"),
    _("Lighthouse came to no score."),
)
_SUMMARIES = (
    _("%(code)d in %(milliseconds)d ms"),
    _("Not valid"),
    _("Valid"),
    lambda count: ngettext("Valid for %(count)d more day", "Valid for %(count)d more days", count),
    _("No records"),
    lambda count: ngettext(
        "%(broken)d broken on %(count)d page", "%(broken)d broken on %(count)d pages", count
    ),
    _("Score %(score)d"),
)

FOUND = Phrasebook(
    (*_OURS, *_LOOKUPS, *_STATUS, *_SSL, *_DNS, *_LINKS, *_PERFORMANCE, *_SUMMARIES), ADDRESSES
)
