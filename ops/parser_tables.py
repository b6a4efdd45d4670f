"""Break the conventions of this installation's parser: one number of one table at a time."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from functools import cache, partial
from typing import Any, Final

from ops.parser_memory import PARSER, Note, forgetting, used_by, uses
from synthetic.edge.golden.judged_answers import Ask
from synthetic.golden.case import Case
from synthetic.golden.mutation import Row

Entry = Any  # Any: the tables are of many kinds
"""What stands in a table of the parser, as a key or a value: words, numbers, functions."""

_ELSEWHERE: Final = ("grammar", "doubts", "confidence", "detecting")
"""Tables there make the words, or say how sure an answer is: the first are rows of their own."""


def conventions(cases: Sequence[Case], ask: Ask) -> Iterator[Row]:
    """Yield a row for each number of a table."""
    tables = {name: table for name, table in _tables() if any(_numbers(name, table))}
    used = cache(partial(used_by, cases, ask, partial(_noting, tables)))
    for name, table in tables.items():
        for path, key, changed in _numbers(name, table):
            broken = partial(_table, table, changed)
            yield Row("convention", path, partial(uses, used, (name, key)), broken)


def _tables() -> Iterator[tuple[str, dict[Entry, Entry]]]:
    """Yield the parser's tables, each once, as `module.NAME`."""
    modules = sorted(name for name in sys.modules if name.startswith(f"{PARSER}."))
    seen: set[int] = set()
    for module in sorted(modules, key=lambda name: _inside(name).split(".")[0] not in _ELSEWHERE):
        inside = _inside(module)
        for name, table in [*vars(sys.modules[module]).items()]:
            if isinstance(table, dict) and not name.startswith("__") and id(table) not in seen:
                seen.add(id(table))  # where it is made elsewhere and used here, too
                if inside.split(".")[0] not in _ELSEWHERE:
                    yield f"{inside}.{name}", table


def _inside(module: str) -> str:
    return module.removeprefix(f"{PARSER}.")


Change = tuple[str, Entry, Mapping[Entry, Entry]]
"""What is broken in a table: a name for it, the key that is concerned, the changed entries."""


def _numbers(name: str, table: Mapping[Entry, Entry]) -> Iterator[Change]:
    """Yield a change for each number of a table, and one for all the years of an entry."""
    for key, value in table.items():
        if isinstance(value, dict) and value and all(map(_has_number, value.values())):
            yield f"{name}[{key}]", key, {key: {k: _all_off(one) for k, one in value.items()}}
        elif type(value) is tuple:
            for at, one in enumerate(value):
                if is_number(one):
                    changed = (*value[:at], off(one), *value[at + 1 :])
                    yield f"{name}[{key}][{at}]", key, {key: changed}
        elif is_number(value):
            yield f"{name}[{key}]", key, {key: off(value)}


class _Noted(dict[Entry, Entry]):
    """A table that says which of its keys are read."""

    def __init__(self, table: Mapping[Entry, Entry], note: Callable[[Entry], None]) -> None:
        super().__init__(table)
        self._note = note

    def __iter__(self) -> Iterator[Entry]:
        """Go over the keys; being of our own, it also makes `{**table}` look up each of them."""
        return super().__iter__()

    def __getitem__(self, key: Entry) -> Entry:
        self._note(key)
        return super().__getitem__(key)

    def get(self, key: Entry, default: Entry = None) -> Entry:
        self._note(key)
        return super().get(key, default)

    def items(self) -> Entry:
        for key in self:
            self._note(key)
        return super().items()

    def values(self) -> Entry:
        for key in self:
            self._note(key)
        return super().values()


@contextlib.contextmanager
def _noting(tables: Mapping[str, dict[Entry, Entry]], note: Note) -> Iterator[None]:
    """Note each key that is looked up, by the name of its table."""
    noted = {
        id(table): _Noted(table, partial(_note_of, note, name)) for name, table in tables.items()
    }
    bound = [
        (vars(module), name, table)
        for module in [one for name, one in sys.modules.items() if name.startswith(PARSER)]
        for name, table in vars(module).items()
        if id(table) in noted
    ]
    for names, name, table in bound:
        names[name] = noted[id(table)]
    try:
        with forgetting():
            yield
    finally:
        for names, name, table in bound:
            names[name] = table


def _note_of(note: Note, name: str, key: Entry) -> None:
    note((name, key))


@contextlib.contextmanager
def _table(table: MutableMapping[Entry, Entry], changed: Mapping[Entry, Entry]) -> Iterator[None]:
    before = {key: table[key] for key in changed}
    table.update(changed)
    try:
        with forgetting():
            yield
    finally:
        table.update(before)


def is_number(value: object) -> bool:
    """Return whether a value can be one off."""
    return isinstance(value, int | float)


def _has_number(value: object) -> bool:
    return is_number(value) or (isinstance(value, tuple) and all(map(is_number, value)))


def _all_off(value: Entry) -> Entry:
    return tuple(map(off, value)) if isinstance(value, tuple) else off(value)


def off(value: Entry) -> Entry:
    """Return the next value: one less where there may be none above (months, hours, weekdays)."""
    if isinstance(value, bool):
        return not value
    return value + 1 if value < 3 else value - 1  # noqa: PLR2004 -- low ones go up
