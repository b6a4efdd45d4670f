"""Formulas of what is stored over time: arithmetic on names, numbers and a few functions."""

import ast
import operator
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

Value = float | NDArray[np.float64] | NDArray[np.int64]
"""A number, or one for each step."""

_OPERATORS: Final[Mapping[type[ast.AST], Callable[..., Value]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
}
_LONGEST: Final = 300


def parse(text: str) -> ast.expr:
    """Return a formula; ValueError for what is none."""
    if len(text) > _LONGEST:
        raise ValueError(f"is longer than {_LONGEST} letters")
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, RecursionError, MemoryError) as err:
        raise ValueError("is no formula") from err


def names_in(formula: ast.expr) -> tuple[set[str], set[str]]:
    """Return the names and the functions of a formula; ValueError for what may not stand there."""
    names, functions, called = set[str](), set[str](), set[int]()
    for part in ast.walk(formula):
        match part:
            case ast.Call(func=ast.Name(id=name) as function, keywords=[]):
                functions.add(name)
                called.add(id(function))
            case ast.Name(id=name):
                names |= set() if id(part) in called else {name}
            case ast.Constant(value=int() | float()) | ast.BinOp() | ast.Load():
                pass
            case _ if type(part) not in _OPERATORS:
                raise ValueError(f"holds {type(part).__name__}, and is + - * / // ** and functions")
    return names, functions


def value_of(
    formula: ast.expr, named: Callable[[str], Value], functions: Mapping[str, Callable[..., Value]]
) -> Value:
    """Return what a formula gives; its parts are worked out from left to right."""
    match formula:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.Name(id=name):
            return named(name)
        case ast.Call(func=ast.Name(id=name), args=given):
            return functions[name](*(value_of(one, named, functions) for one in given))
        case ast.BinOp(left=left, op=op, right=right):
            first = value_of(left, named, functions)
            return _OPERATORS[type(op)](first, value_of(right, named, functions))
    raise AssertionError(formula)  # names_in lets nothing else pass
