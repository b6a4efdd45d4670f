"""Read what a profile takes from elsewhere: the rows of its feeders, and the environment."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from kit.pure.errors import BadInputError
from kit.pure.json_values import from_json
from synthetic.load.request import Feeder
from synthetic.load.request_file import check_variables
from synthetic.load.shape import Profile

MOST_BYTES: Final = 50 * 2**20
_ENCODING: Final = "utf-8-sig"  # a spreadsheet's first bytes are no part of a column's name


def equipped(profile: Profile, source: str, environment: Mapping[str, str]) -> Profile:
    """Return the profile with its rows and secrets; files lie beside `source`.

    Raises BadInputError where a file is none, a row has no column, or a name is not set.
    """
    if not profile.feeders and not profile.environment:
        return profile
    secrets = []
    for variable, name in profile.environment:
        if not environment.get(name):
            raise BadInputError(
                f"{source}: values.{variable} takes {name} from the environment, "
                "where it is not set",
                hint=f"set {name}, or give the variable a list of values",
            )
        secrets.append((variable, environment[name]))
    folder = Path(source).parent
    fed = tuple(_fed(one, folder / one.file) for one in profile.feeders)
    found = replace(profile, feeders=fed, secrets=tuple(secrets))
    check_variables(found, source)
    return found


def _fed(feeder: Feeder, path: Path) -> Feeder:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInputError(f"{path}: has over 50 MiB", hint="feed a part of it")
        text = path.read_text(encoding=_ENCODING)
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(
            f"{path}: cannot be read: {err}", hint="a feeder's file lies beside its profile, UTF-8"
        ) from err
    rows = list(_csv(path, text) if path.suffix == ".csv" else _json_lines(path, text))
    if not rows:
        raise BadInputError(f"{path}: has no row", hint="give it a head and a row at least")
    columns = tuple(rows[0])
    return replace(feeder, columns=columns, rows=tuple(tuple(row.values()) for row in rows))


def _csv(path: Path, text: str) -> Iterator[dict[str, object]]:
    reader = csv.DictReader(text.splitlines(), strict=True)
    try:
        for row in reader:
            if None in row or None in row.values():
                raise BadInputError(
                    f"{path}: line {reader.line_num} has another number of columns than the head",
                    hint="give each line as many values as the head has names",
                )
            yield dict(row)
    except csv.Error as err:
        raise BadInputError(
            f"{path}: line {reader.line_num} is no CSV: {err}", hint="correct that line"
        ) from err


def _json_lines(path: Path, text: str) -> Iterator[dict[str, object]]:
    columns: list[str] | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = from_json(line)
        except ValueError as err:
            raise BadInputError(f"{path}: line {number} is no JSON", hint="correct it") from err
        if not isinstance(row, dict) or (columns is not None and set(row) != set(columns)):
            raise BadInputError(
                f"{path}: line {number} is no object with the names of the first",
                hint="give every line the same names",
            )
        columns = columns or list(row)
        yield {name: row[name] for name in columns}
