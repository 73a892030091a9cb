"""How people register and sign in: django-allauth's settings."""

from tocsin.config import environment as _environment

_ENVIRONMENT = _environment.load()

ACCOUNT_ADAPTER = "tocsin.accounts.adapter.AccountAdapter"
MFA_ADAPTER = "tocsin.accounts.adapter.MFAAdapter"
SOCIALACCOUNT_ADAPTER = "tocsin.accounts.adapter.SocialAccountAdapter"
ACCOUNT_FORMS = {
    "signup": "tocsin.accounts.forms.SignupForm",
    "change_password": "tocsin.accounts.forms.ChangePasswordForm",
    "reset_password_from_key": "tocsin.accounts.forms.ResetPasswordKeyForm",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_CHANGE_EMAIL = True  # the new address counts once its link was followed
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Tocsin] "
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "optional"  # the gates keep the unverified to the verification page
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = _ENVIRONMENT.trusted_proxies
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODE_COUNT = 10
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers hold passkeys to https, but for localhost; without this nobody could try them there.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _ENVIRONMENT.base_url.startswith("http://")
# So that people with two-factor can change their address; nobody without a verified one comes as
# far as the pages that set two-factor up (`web.middleware.VerifiedAddress`).
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "tocsin.accounts.code_forms.AuthenticateForm",
    "reauthenticate": "tocsin.accounts.code_forms.ReauthenticateForm",
}
MFA_TOTP_ISSUER = "Tocsin"
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds: phones are not exact clocks
USERSESSIONS_TRACK_ACTIVITY = True
