"""The golden set: sentences with the event that a person would make of each, and their judge."""

from synthetic.edge.golden.asking import explained_over_http, over_http
from synthetic.edge.golden.running import Ask, run
from synthetic.golden.case import Case
from synthetic.golden.files import SHIPPED, load_cases
from synthetic.golden.judge import judge
from synthetic.golden.record import to_record
from synthetic.golden.run_value import Answer, GoldenRun, Result
from synthetic.golden.stages import with_stages

__all__ = (
    "SHIPPED",
    "Answer",
    "Ask",
    "Case",
    "GoldenRun",
    "Result",
    "explained_over_http",
    "judge",
    "load_cases",
    "over_http",
    "run",
    "to_record",
    "with_stages",
)
