"""The dashboards themselves, one file an audience."""

from dashboards.boards.development import development
from dashboards.boards.executive import executive
from dashboards.boards.objective import objective_board
from dashboards.boards.operations import operations
from dashboards.facts import Facts
from dashboards.panel import Board


def all_boards(facts: Facts) -> tuple[Board, ...]:
    """Return the three dashboards of the procedures and one for each objective."""
    return (
        executive(facts),
        operations(facts),
        development(facts),
        *(objective_board(objective, facts) for objective in facts.objectives),
    )
