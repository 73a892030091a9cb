"""The record of links that crawls listed, from crawl to crawl."""

from django.db import models

from tocsin.sites.models import Site


class LinkFinding(models.Model):
    """One link of a site that is dead, or closed to us.

    `key` follows from the URL alone (the `id` in a crawl's result): the page on which a crawl meets
    a link first differs from crawl to crawl, so `source` is where the latest met it. Another cause
    is another finding, with another `first_seen`. It is current until a crawl that saw the whole
    site does not list it.
    """

    site = models.ForeignKey(
        Site, on_delete=models.CASCADE, related_name="link_findings", db_index=False
    )
    key = models.CharField(max_length=16)
    url = models.CharField(max_length=2048)
    source = models.CharField(max_length=2048)
    text = models.CharField(max_length=255, blank=True)
    cause = models.CharField(max_length=16)
    status = models.PositiveIntegerField(null=True)
    confirmed = models.BooleanField()
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    is_current = models.BooleanField()

    class Meta:
        app_label = "checks"
        constraints = (models.UniqueConstraint(fields=("site", "key"), name="link_finding_once"),)

    def __str__(self) -> str:
        return f"{self.cause}: {self.url}"
