"""Put a configuration in place only after the program that reads it has accepted it."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kit.edge.containers.docker import last_line
from kit.edge.containers.steps import run_step
from kit.edge.writing import unwritable, write_whole
from kit.pure.errors import BadInputError
from ops.stack.home import Home
from ops.stack.secret_files import CERTIFICATE

_LIMIT_S: Final = 120.0
_SECRETS: Final = "-secrets/"


@dataclass(frozen=True, slots=True)
class _Check:
    """A program that checks the configuration of one folder, in the image that will read it."""

    part: str
    image: str
    at: str
    program: tuple[str, ...]
    environment: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()


def _checks(images: Mapping[str, str], variables: Mapping[str, str]) -> tuple[_Check, ...]:
    limits = tuple(f"{k}={v}" for k, v in variables.items() if k.startswith("PROXY_"))
    return (
        _Check("proxy", images["proxy"], "/etc/proxy",
               ("haproxy", "-c", "-q", "-f", "/etc/proxy/haproxy.cfg"), limits),
        _Check("prometheus", images["prometheus"], "/etc/prometheus",
               ("promtool", "check", "config", "/etc/prometheus/prometheus.yml"), (),
               ("metrics_key",)),
        _Check("alertmanager", images["alertmanager"], "/etc/alertmanager",
               ("amtool", "check-config", "/etc/alertmanager/alertmanager.yml")),
    )  # fmt: skip


def place(
    home: Home,
    texts: Mapping[str, str],
    certificate: str,
    images: Mapping[str, str],
    variables: Mapping[str, str],
) -> list[str]:
    """Write the configuration where containers see it; return the parts that are to read it anew.

    Each file is replaced whole; the proxy's certificate belongs to its configuration. Raises
    BadInputError with the checker's own words, and then leaves the old one in place.
    """
    changed = [part for part in _parts(texts) if _differs(home, part, texts)]
    if certificate.strip() != home.read_secret(CERTIFICATE) and "proxy" not in changed:
        changed.append("proxy")
    if not changed:
        return sorted(home.unread())
    with tempfile.TemporaryDirectory(prefix="calendar-stack-") as folder:
        _write(Path(folder), {**texts, CERTIFICATE.replace("/", _SECRETS): certificate})
        for each in _checks(images, variables):
            if each.part in changed:
                _accepted(each, Path(folder), home)
    home.note_unread(changed)
    home.write_secret(CERTIFICATE, certificate)
    for part in changed:
        _put(home, part, texts)
    return sorted(home.unread())


def _parts(texts: Mapping[str, str]) -> list[str]:
    return sorted({path.split("/", 1)[0] for path in texts})


def _of(part: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {path: text for path, text in texts.items() if path.startswith(f"{part}/")}


def _differs(home: Home, part: str, texts: Mapping[str, str]) -> bool:
    wanted = {home.config(path): text for path, text in _of(part, texts).items()}
    there = {path for path in home.config(part).rglob("*") if path.is_file()}
    return there != set(wanted) or any(p.read_text() != text for p, text in wanted.items())


def _put(home: Home, part: str, texts: Mapping[str, str]) -> None:
    """Replace one part's files; what nobody wants any more goes last."""
    wanted = _of(part, texts)
    _write(home.config("."), wanted)
    for path in [p for p in home.config(part).rglob("*") if p.is_file()]:
        if str(path.relative_to(home.config("."))) not in wanted:
            path.unlink()


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        write_whole(folder / name, text)
    # A place for what Compose mounts inside a folder that is itself read-only.
    try:
        if (folder / "alertmanager").is_dir():
            (folder / "alertmanager" / "secrets").mkdir(exist_ok=True)
        for path in (folder, *folder.rglob("*")):
            if path.is_dir():
                path.chmod(0o755)
    except OSError as err:
        raise unwritable(folder, err) from err


def _accepted(check: _Check, folder: Path, home: Home) -> None:
    mounts = ["-v", f"{folder / check.part}:{check.at}:ro"]
    if (secrets := folder / f"{check.part}{_SECRETS}".rstrip("/")).is_dir():
        mounts += ["-v", f"{secrets}:{check.at}-secrets:ro"]
    for name in check.secrets:
        mounts += ["-v", f"{home.secret(name)}:/run/secrets/{name}:ro"]
    settings = [word for pair in check.environment for word in ("-e", pair)]
    run = ("docker", "run", "--rm", "--network", "none", *mounts, *settings)
    command = (*run, "--entrypoint", check.program[0], check.image, *check.program[1:])
    done = run_step(command, limit_s=_LIMIT_S)
    if done.returncode != 0:
        said = last_line(done.stdout + done.stderr, 3)
        raise BadInputError(
            f"{check.program[0]} refuses the configuration of {check.part}: {said}",
            hint="the one that runs is still in place; correct the settings or the source",
        )
