"""Taking an iCalendar text apart, with every time as it is written there."""

from typing import ClassVar

from icalendar import Calendar, ComponentFactory
from icalendar.parser.ical.component import ComponentIcalParser
from icalendar.prop import TypesFactory


class _PlainParser(ComponentIcalParser):
    """Leaves zones alone.

    The library would look them up by itself: what it does not know would have none, and a VTIMEZONE
    would be worked out at any cost and remembered for the files of everybody else.
    """

    datetime_names: ClassVar[tuple[str, ...]] = ()

    def handle_end_component(self, vals: str) -> None:
        """End a component; what it is called matters to the look-up only."""
        del vals
        super().handle_end_component("")


def parsed(text: bytes) -> Calendar:
    """Return the one calendar of a text; raises ValueError when it is not one."""
    components = _PlainParser(text, ComponentFactory(), TypesFactory.instance()).parse()
    if len(components) != 1:
        raise ValueError(f"{len(components)} components where one calendar is wanted")
    return components[0]  # type: ignore[return-value]
