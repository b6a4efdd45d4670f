"""The secrets of a stack: those that can be made are made once, the others are asked for."""

import re
import secrets
from pathlib import Path
from typing import Final
from urllib.parse import quote

import yaml

from kit.edge.containers.steps import run_step
from kit.pure.errors import BadInputError, UnreachableError
from ops.stack.home import Home
from ops.stack.settings import Database, Settings

_MADE: Final = ("admin_key", "redis_password", "mongodb_password", "grafana_password")
_KEYFILE_BYTES: Final = 96
_ALERTMANAGER: Final = "/etc/alertmanager/secrets/"
_REDIS: Final = """\
# Written by `sre stack up`.
bind * -::*
protected-mode yes
requirepass {password}
dir /data
appendonly yes
appendfsync everysec
maxmemory 384mb
maxmemory-policy allkeys-lru
"""


_STAND_IN: Final = "mongodb://mongodb:27017/calendar?directConnection=true"
CERTIFICATE: Final = "proxy/tls.pem"


def make_secrets(home: Home, settings: Settings) -> None:
    """Make what is missing; what is there stays.

    Raises BadInputError naming the file of a secret that only people have.
    """
    for name in _MADE:
        if not home.read_secret(name):
            home.write_secret(name, secrets.token_hex(32))
    if not home.read_secret("mongodb_keyfile"):
        home.write_secret("mongodb_keyfile", secrets.token_urlsafe(_KEYFILE_BYTES))
    for name in ("metrics_key", "prober_key"):  # made by the service once it runs
        if not home.read_secret(name):
            home.write_secret(name, "none-yet")
    password = home.read_secret("redis_password")
    home.write_secret("redis_url", f"redis://:{password}@redis:6379/0")
    home.write_secret("redis.conf", _REDIS.format(password=password))
    _mongodb_url(home, settings)


def check_receivers(home: Home, config: str) -> None:
    """Raise BadInputError for a secret that Alertmanager would read and that is not there.

    It would start without, and then tell nobody.
    """
    named = sorted(set(_files_in(yaml.safe_load(config))))
    for path in named:
        if not path.startswith(_ALERTMANAGER):
            raise BadInputError(
                f"the receivers name {path}, which the stack does not mount",
                hint=f"name it {_ALERTMANAGER}{Path(path).name}",
            )
        here = home.secret(f"alertmanager/{path.removeprefix(_ALERTMANAGER)}")
        if not here.is_file() or not here.read_text(encoding="utf-8").strip():
            raise BadInputError(
                f"{here} is missing: the receivers read it as {path}",
                hint="write the secret into it, or name other receivers in stack.toml",
            )
        here.chmod(0o444)  # Alertmanager is not root; nobody else gets into the folder


def _files_in(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [str(v) for k, v in value.items() if k.endswith("_file")]
        return own + [path for child in value.values() for path in _files_in(child)]
    return [path for child in value for path in _files_in(child)] if isinstance(value, list) else []


def _mongodb_url(home: Home, settings: Settings) -> None:
    match settings.mongodb:
        case Database.EXTERNAL:
            given = home.read_secret("mongodb_url")
            if not re.match(r"mongodb(\+srv)?://.", given) or _is_of_this_stack(home, given):
                raise BadInputError(
                    f"{home.secret('mongodb_url')} is missing, or is no URL of a MongoDB elsewhere",
                    hint="write mongodb+srv://USER:PASSWORD@HOST/calendar into it",
                )
            return
        case Database.STAND_IN:
            url = _STAND_IN
        case Database.REPLICA_SET:
            url = _replica_set(home)
    home.write_secret("mongodb_url", url)


def _replica_set(home: Home) -> str:
    password = quote(home.read_secret("mongodb_password"), safe="")
    members = ",".join(f"mongodb-{number}:27017" for number in (1, 2, 3))
    return (
        f"mongodb://calendar:{password}@{members}/calendar"
        "?replicaSet=calendar&authSource=admin&w=majority&retryWrites=true"
    )


def _is_of_this_stack(home: Home, url: str) -> bool:
    """Say whether a URL is one that we wrote before the settings said `external`."""
    return url in {_STAND_IN, _replica_set(home)}


def certificate(home: Home, settings: Settings, proxy_image: str) -> str:
    """Return the certificate that the settings name, else one of our own for localhost."""
    if settings.certificate:
        path = Path(settings.certificate)
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as err:
            raise BadInputError(
                f"certificate {path}: {err}", hint="give a PEM file with chain and private key"
            ) from err
        if "PRIVATE KEY" not in text or "BEGIN CERTIFICATE" not in text:
            raise BadInputError(
                f"certificate {path}: lacks the certificate or its private key",
                hint="cat fullchain.pem privkey.pem makes one file of both",
            )
        return text
    return home.read_secret(CERTIFICATE) or _self_signed(proxy_image)


def _self_signed(proxy_image: str) -> str:
    request = (
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "397", "-batch",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        "-keyout", "/dev/stdout", "-out", "/dev/stdout",
    )  # fmt: skip
    run = ("docker", "run", "--rm", "--network", "none", "--entrypoint", request[0], proxy_image)
    done = run_step((*run, *request[1:]), limit_s=120)
    if done.returncode != 0 or "BEGIN CERTIFICATE" not in done.stdout:
        raise UnreachableError(
            f"no certificate could be made: {done.stderr.strip()[-200:]}",
            hint="name one of your own in stack.toml: certificate = FILE",
        )
    return done.stdout
