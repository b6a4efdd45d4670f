"""Settings that stand in files: CALENDAR_ADMIN_KEY_FILE names what holds CALENDAR_ADMIN_KEY."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from service.start_error import Ending, StartError

PREFIX: Final = "CALENDAR_"
_SUFFIX: Final = "_FILE"


def with_files(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the settings with what the files hold, without the line break at their end.

    Raises StartError for a file that cannot be read or is empty, and for a setting that is given
    both ways; no text of a file is ever shown.
    """
    found = {name: value for name, value in environment.items() if not _names_a_file(name)}
    for name, path in environment.items():
        if _names_a_file(name) and path:
            target = name.removesuffix(_SUFFIX)
            if environment.get(target):
                raise StartError(
                    Ending.BAD_INPUT,
                    f"{target} and {name} are both set",
                    hint="keep the one with the file, which `ps` and `docker inspect` do not show",
                )
            found[target] = _read(name, path)
    return found


def _names_a_file(name: str) -> bool:
    return name.startswith(PREFIX) and name.endswith(_SUFFIX)


def _read(name: str, path: str) -> str:
    try:
        text = Path(path).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as err:
        reason = err.strerror if isinstance(err, OSError) else "it is no text"
        raise StartError(
            Ending.BAD_INPUT,
            f"{name}={path}: {reason}",
            hint="mount the secret there, readable by the user of the service",
        ) from err
    if not text.strip():
        raise StartError(
            Ending.BAD_INPUT, f"{name}={path}: is empty", hint="write the secret into it"
        )
    return text
