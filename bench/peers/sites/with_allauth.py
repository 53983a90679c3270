"""A members' space with django-allauth, in one file: a link to confirm, a code at each sign-in.

`python with_allauth.py COUNT` makes its database, with that many members in it.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.wsgi import get_wsgi_application

HERE = Path(__file__).parent
_CHECKS = "django.contrib.auth.password_validation."


class Hasher(Argon2PasswordHasher):
    """The same cost as everybody's here."""

    time_cost, memory_cost, parallelism = 2, 19_456, 1


settings.configure(
    SECRET_KEY=os.environ["SITE_SECRET"],
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["SITE_DATABASE"],
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 10,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "allauth",
        "allauth.account",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        "allauth.account.middleware.AccountMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [HERE / "templates"],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(os.environ["SITE_MAIL_PORT"]),
    DEFAULT_FROM_EMAIL="nepasrepondre@example.org",
    PASSWORD_HASHERS=[f"{__name__}.Hasher"],
    AUTH_PASSWORD_VALIDATORS=[
        {"NAME": _CHECKS + check}
        for check in (
            "UserAttributeSimilarityValidator",
            "MinimumLengthValidator",
            "CommonPasswordValidator",
            "NumericPasswordValidator",
        )
    ],
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    LOGIN_URL="account_login",
    LOGIN_REDIRECT_URL="/espace/",
    ACCOUNT_ADAPTER=f"{__name__}.LinkThenCode",
    ACCOUNT_LOGIN_METHODS={"email"},
    ACCOUNT_SIGNUP_FIELDS=["email*", "password1*", "password2*"],
    ACCOUNT_EMAIL_VERIFICATION="mandatory",
    ACCOUNT_LOGIN_BY_CODE_REQUIRED={"password"},
    ALLAUTH_USER_CODE_FORMAT={"numeric": True, "dashed": False, "length": 6},
    ALLAUTH_TRUSTED_PROXY_COUNT=1,  # its limits an address of origin stay on
)
django.setup()

# what needs the settings above
from allauth.account.adapter import DefaultAccountAdapter  # noqa: E402
from allauth.account.utils import has_verified_email  # noqa: E402
from django.contrib.auth.decorators import login_required  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.shortcuts import render  # noqa: E402
from django.urls import include, path  # noqa: E402


class LinkThenCode(DefaultAccountAdapter):
    """An address that is not confirmed gets its link, not a code that would confirm it."""

    def is_login_by_code_required(self, login):
        """Only of those who have followed their link."""
        return has_verified_email(login.user, login.email) and super().is_login_by_code_required(
            login
        )


@login_required
def member_space(request):
    """What signing in opens."""
    return render(request, "member.html", {"address": request.user.email})


urlpatterns = [path("accounts/", include("allauth.account.urls")), path("espace/", member_space)]


def fill(count: int) -> None:
    """Members with one password hash for all of them, their addresses confirmed."""
    call_command("migrate", verbosity=0)
    counted = f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count})"
    address = "'membre' || n || '@example.org'"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"{counted} INSERT INTO auth_user (id, password, is_superuser, username, first_name,"
            " last_name, email, is_staff, is_active, date_joined)"
            f" SELECT n, %s, 0, 'membre' || n, '', '', {address}, 0, 1, CURRENT_TIMESTAMP FROM c",
            [make_password(os.environ["SITE_PASSWORD"])],
        )
        cursor.execute(
            f'{counted} INSERT INTO account_emailaddress (user_id, email, verified, "primary")'
            f" SELECT n, {address}, 1, 1 FROM c"
        )


if __name__ == "__main__":
    fill(int(sys.argv[1]))
else:
    application = get_wsgi_application()
