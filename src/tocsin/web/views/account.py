"""A person's own pages: profile, verification, deletion."""

from allauth.account.internal.flows.email_verification import send_verification_email_for_user
from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tocsin.accounts import actions, deletion
from tocsin.accounts.models import User
from tocsin.kit.errors import DomainError, InvalidInput
from tocsin.teams.queries import invitations_for
from tocsin.web.doors import principal_of, signed_in, verified
from tocsin.web.forms import DeleteAccountForm, PhotoForm, ProfileForm, show_refusal
from tocsin.web.languages import language_of
from tocsin.web.methods import only_forms


@signed_in
@require_http_methods(["GET", "POST"])
def verify_email(request: HttpRequest) -> HttpResponse:
    """Wait for the address to be verified; send the link again."""
    user = _user(request)
    if user.email_verified_at is not None:
        return redirect("home")
    if request.method == "POST":
        # allauth limits how often; where it is too soon nothing is sent, and it says so itself.
        send_verification_email_for_user(request, user)
        return redirect("verify_email")
    return render(request, "account/verify_email.html")


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change the profile."""
    user = _user(request)
    form = ProfileForm(request.POST or None, initial=_profile_of(user))
    if form.is_valid():
        try:
            actions.update_profile(principal_of(request), user.pk, **form.cleaned_data)
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            user.language = form.cleaned_data["language"]
            translation.activate(language_of(request))
            messages.success(request, _("Your profile is saved."))
            return redirect("profile")
    return _profile_page(request, form, PhotoForm())


@signed_in
@only_forms
def change_photo(request: HttpRequest) -> HttpResponse:
    """Set the photo, or take it away."""
    user = _user(request)
    if "remove" in request.POST:
        actions.set_photo(principal_of(request), user.pk, None)
        return redirect("profile")
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.set_photo(principal_of(request), user.pk, form.cleaned_data["photo"])
        except InvalidInput as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("Your photo is saved."))
            return redirect("profile")
    return _profile_page(request, ProfileForm(initial=_profile_of(user)), form)


@signed_in
@require_GET
def photo(request: HttpRequest) -> HttpResponseBase:
    """Send one's own photo."""
    picture = _user(request).photo
    try:
        file = picture.open("rb")
    except (ValueError, OSError):
        raise Http404("No photo.") from None
    answer = FileResponse(file, content_type="image/webp")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer


@verified(sudo=True)
@require_http_methods(["GET", "POST"])
def delete_account(request: HttpRequest) -> HttpResponse:
    """Delete the account, after the password once more."""
    form = DeleteAccountForm(request.POST or None)
    if form.is_valid():
        try:
            deletion.request_deletion(
                principal_of(request), _user(request).pk, form.cleaned_data["password"]
            )
        except DomainError as error:
            show_refusal(form, error)
        else:
            logout(request)
            said = _("Your account is switched off and will be removed in 30 days.")
            messages.info(request, said)
            return redirect("account_login")
    status = 422 if form.errors else 200
    return render(request, "settings/delete_account.html", {"form": form}, status=status)


def _profile_of(user: User) -> dict[str, str]:
    return {name: getattr(user, name) for name in ("name", "job_title", "theme", "language")}


def _profile_page(request: HttpRequest, form: ProfileForm, photo_form: PhotoForm) -> HttpResponse:
    user = _user(request)
    invitations = invitations_for(user.email) if user.email_verified_at else []
    status = 422 if form.errors or photo_form.errors else 200
    return render(
        request,
        "settings/profile.html",
        {"form": form, "photo_form": photo_form, "invitations": invitations},
        status=status,
    )


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):  # the doors have seen to it
        raise Http404("Nobody is signed in.")
    return request.user
