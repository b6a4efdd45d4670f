"""Taking a VTIMEZONE apart, with every time as it is written there."""

from typing import ClassVar, Final

from icalendar import Component, ComponentFactory
from icalendar.parser import Contentline, Parameters
from icalendar.parser.ical.component import ComponentIcalParser
from icalendar.prop import TypesFactory

from service.planning.work import Work

_WORK_OF_A_LINE: Final = 10
_CHARACTERS_A_STEP: Final = 50


class _PlainParser(ComponentIcalParser):
    """Leaves zones alone.

    The library would look them up by itself: what it does not know would have none, and a VTIMEZONE
    would be worked out at any cost and remembered for the files of everybody else.
    """

    datetime_names: ClassVar[tuple[str, ...]] = ()

    work: Work

    def handle_begin_component(self, vals: str) -> None:
        """Begin a component, which is some work."""
        self.work(_WORK_OF_A_LINE)
        super().handle_begin_component(vals)

    def handle_end_component(self, vals: str) -> None:
        """End a component; what it is called matters to the look-up only."""
        del vals
        super().handle_end_component("")

    def handle_property(self, name: str, params: Parameters, vals: str, line: Contentline) -> None:
        """Add a property, which is some work."""
        self.work(_WORK_OF_A_LINE + len(line) // _CHARACTERS_A_STEP)
        super().handle_property(name, params, vals, line)


def parsed(text: bytes, work: Work) -> Component:
    """Return the one component of a text; raises ValueError when it is not one."""
    parser = _PlainParser(text, ComponentFactory(), TypesFactory.instance())
    parser.work = work
    components = parser.parse()
    if len(components) != 1:
        raise ValueError(f"{len(components)} components where one is wanted")
    return components[0]
