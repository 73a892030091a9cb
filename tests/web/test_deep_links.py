"""Links that messages carry: to the check or issue for whoever may see it, else nothing."""

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from tests.web.conftest import SignIn
from tests.web.incidents import down
from tocsin.issues.models import Issue
from tocsin.notifications.notices import link_of


@pytest.fixture
def issue(site: Any) -> Issue:
    return down(site)


def test_it_leads_to_the_check_at_its_site(sign_in: SignIn, vera: Any, issue: Any) -> None:
    answer = sign_in(vera).get(f"/check-link/{issue.latest_check}")
    team, site = issue.team_id, issue.site_id
    assert answer["Location"] == f"/teams/{team}/sites/{site}/checks/{issue.latest_check}"


def test_it_leads_the_link_of_a_message_to_the_issue(
    sign_in: SignIn, vera: Any, issue: Any
) -> None:
    answer = sign_in(vera).get(urlsplit(link_of(issue.pk)).path, follow=True)
    assert answer.redirect_chain == [(f"/teams/{issue.team_id}/issues/{issue.pk}", 302)]
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/check-link/{check}", "/issues/{issue}"])
def test_it_tells_others_nothing(sign_in: SignIn, mallory: Any, issue: Any, path: str) -> None:
    known = path.format(check=issue.latest_check, issue=issue.pk)
    unknown = path.format(check=uuid4(), issue=uuid4())
    foreign, absent = (sign_in(mallory).get(each) for each in (known, unknown))
    assert foreign.status_code == absent.status_code == 404
    assert foreign.content == absent.content
    assert Client().get(known)["Location"] == f"/accounts/login/?next={known}"


def test_it_asks_the_gates_of_the_team(sign_in: SignIn, vera: Any, team: Any, issue: Any) -> None:
    team.require_two_factor = True
    team.save()
    for path in (f"/check-link/{issue.latest_check}", f"/issues/{issue.pk}"):
        assert sign_in(vera).get(path, follow=True).status_code == 403
