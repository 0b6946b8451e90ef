"""Settings, read top to bottom; what differs between installations comes from the environment."""

from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from salesmode.config.environment import flag, listing, text
from salesmode.kernel import postgres
from salesmode.kernel.keys import secret_key

PACKAGE = Path(__file__).resolve().parent.parent

# What this installation keeps, and where.
DATA_DIR = Path(text("SALESMODE_DATA", default="data")).expanduser().resolve()
DATABASE_URL = text("SALESMODE_DATABASE_URL", default="")
WAREHOUSE_DIR = DATA_DIR / "warehouse"
MEDIA_ROOT = DATA_DIR / "files"

DEBUG = flag("SALESMODE_DEBUG", default=False)
SECRET_KEY = secret_key(DATA_DIR)
PUBLIC_URL = text("SALESMODE_PUBLIC_URL", default="")
ALLOWED_HOSTS = listing("SALESMODE_HOSTS", default="localhost,127.0.0.1,[::1]")
ALLOWED_HOSTS += [name for name in [urlsplit(PUBLIC_URL).hostname] if name]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL.rstrip("/")] if PUBLIC_URL else []

# Apps, from the ground up (design: the house).
LOCAL_APPS = [
    "kernel",
    "analytics",
    "exchange",
    "people",
    "customers",
    "catalog",
    "selling",
    "orders",
    "targets",
    "forecasts",
    "reviews",
    "pay",
    "modes",
    "workspace",
    "simulation",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "template_partials",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    *(f"salesmode.{app}" for app in LOCAL_APPS),
    "salesmode.config",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "salesmode.kernel.staticfiles.StaticFiles",
    "salesmode.kernel.middleware.RequestLog",
    # Programs turn off here: what follows is for pages.
    "salesmode.config.api_door.ApiDoor",
    "salesmode.kernel.middleware.ContentSecurity",
    "salesmode.kernel.middleware.PageVerbs",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "salesmode.people.middleware.PersonPreferences",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "salesmode.kernel.middleware.Refusals",
    "salesmode.kernel.middleware.SentOnce",
]

ROOT_URLCONF = "salesmode.config.urls"
ASGI_APPLICATION = "salesmode.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "salesmode.workspace.context.shell",
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "django.templatetags.static",
                "salesmode.kernel.templatetags.ui",
            ],
        },
    }
]

# PostgreSQL only; embedded in DATA_DIR unless SALESMODE_DATABASE_URL names another.
DATABASES = {"default": postgres.database_settings(DATABASE_URL, DATA_DIR)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in.
AUTH_USER_MODEL = "people.Person"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mails are unique without regard to case, by a constraint on lower(email)
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "salesmode.people.adapter.LongEnough", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "salesmode.people.adapter.NotEasilyGuessed"},
]
# The ground floor asks these who may do what, and whose records somebody sees.
ASK_MAY = "salesmode.people.permissions.may"
ASK_MAY_OPEN = "salesmode.people.permissions.may_open"
ASK_SEEN_OWNERS = "salesmode.people.visibility.seen_owner_ids"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
SET_UP_URL = "workspace:set_up"
PASSWORD_RESET_TIMEOUT = 3_600
ACCOUNT_ADAPTER = "salesmode.people.adapter.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_FORMS = {"reset_password": "salesmode.people.forms.AskForPasswordLink"}
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/5m/key,30/5m/ip", "reset_password": "10/m/ip,5/m/key"}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_TOTP_ISSUER = "Salesmode"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PUBLIC_URL.startswith("https://")
EMAIL_BACKEND = text("SALESMODE_EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = text("SALESMODE_EMAIL_HOST", default="localhost")
EMAIL_PORT = int(text("SALESMODE_EMAIL_PORT", default="25"))
EMAIL_HOST_USER = text("SALESMODE_EMAIL_USER", default="")
EMAIL_HOST_PASSWORD = text("SALESMODE_EMAIL_PASSWORD", default="")
EMAIL_USE_TLS = flag("SALESMODE_EMAIL_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = text("SALESMODE_EMAIL_FROM", default="salesmode@localhost")

# Single sign-on with the company's own identity provider; it vouches for e-mail addresses, we for who works here.
OIDC_URL = text("SALESMODE_OIDC_URL", default="")
SOCIALACCOUNT_ADAPTER = "salesmode.people.adapter.KnownPeopleOnly"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "company",
                "name": text("SALESMODE_OIDC_NAME", default="Single sign-on"),
                "client_id": text("SALESMODE_OIDC_ID", default=""),
                "secret": text("SALESMODE_OIDC_SECRET", default=""),
                "settings": {"server_url": OIDC_URL},
            }
        ]
        if OIDC_URL
        else []
    }
}
# How many proxies of ours stand before the program: the client's address is read that far from the right.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if flag("SALESMODE_BEHIND_PROXY", default=False) else 0

# Browsers: HTTPS cookies as soon as the public address is HTTPS.
HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "salesmode-session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "salesmode-csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("SALESMODE_BEHIND_PROXY", default=False) else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "salesmode.kernel.refusals.csrf_failure"

# Languages and time. Periods use the company's own zone (kernel.periods), storage is UTC.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_COOKIE_NAME = "salesmode-language"

# Static files: ours, and the third-party ones that `assets` has fetched into static/vendor.
STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "salesmode.kernel.staticfiles.VersionedStaticFiles"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
UPLOAD_LIMIT = 64 * 1024 * 1024

# `memory` holds pieces of the frame that look the same to everybody of a role and language; each process has its own.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"},
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "memory"},
}
LOGGING_CONFIG = "salesmode.kernel.logs.configure"
LOGGING = {"version": 1}  # Django calls the function above only when this says something.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "subscribers"
