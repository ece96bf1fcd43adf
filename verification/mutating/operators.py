"""Small changes of one node of a syntax tree, each as the text that takes its place."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator

COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
SWAPPED = {
    **{"min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "argmin": "argmax", "argmax": "argmin"},
    **{"any": "all", "all": "any", "floor": "ceil", "ceil": "floor", "zeros": "ones", "ones": "zeros", "sum": "mean"},
    **{"mean": "sum", "cdf": "survival", "survival": "cdf", "rows": "columns", "append": "insert", "left": "right"},
}
DROPPED = (
    "abs",
    "sqrt",
    "log1p",
    "exp",
    "sort",
    "sorted",
    "cumsum",
    "rint",
    "clip",
    "unique",
    "ravel",
    "copy",
    "round",
)


def changes(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield name of the operator and new text for every change of a node."""
    for operator in OPERATORS:
        yield from operator(node)


def _comparison(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.Compare):
        for position, old in enumerate(node.ops):
            for new in COMPARISONS[type(old)]:
                changed = copy.deepcopy(node)
                changed.ops[position] = new()
                yield "comparison", _inside(changed)


def _arithmetic(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in ARITHMETIC:
        changed = copy.deepcopy(node)
        changed.op = ARITHMETIC[type(node.op)]()
        yield "arithmetic", ast.unparse(changed) if isinstance(node, ast.AugAssign) else _inside(changed)


def _constant(node: ast.AST) -> Iterator[tuple[str, str]]:
    if not isinstance(node, ast.Constant):
        return
    value, name = node.value, "default" if getattr(node, "is_default", False) else "constant"
    if isinstance(value, bool):
        yield name, str(not value)
    elif isinstance(value, int | float):
        others = (value + 1, value - 1, value * 2, 0) if isinstance(value, int) else (value * 2, value + 1, 0.0)
        for other in dict.fromkeys(others):
            if other != value:
                yield name, f"({other!r})"


def _boolean(node: ast.AST) -> Iterator[tuple[str, str]]:
    if isinstance(node, ast.BoolOp):
        changed = copy.deepcopy(node)
        changed.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and/or", _inside(changed)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield "dropped sign or not", _inside(node.operand)


def _condition(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Stands for the condition itself, which its statement marks."""
    if getattr(node, "is_condition", False) and not isinstance(node, ast.Compare):
        yield "negated condition", f"(not {_inside(node)})"


def _call(node: ast.AST) -> Iterator[tuple[str, str]]:
    if not isinstance(node, ast.Call):
        return
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in SWAPPED:
        changed = copy.deepcopy(node)
        if isinstance(changed.func, ast.Attribute):
            changed.func.attr = SWAPPED[name]
        elif isinstance(changed.func, ast.Name):
            changed.func.id = SWAPPED[name]
        yield "swapped function", _inside(changed)
    if name in DROPPED:
        is_method = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") not in ("np", "math")
        inner = node.func.value if is_method and isinstance(node.func, ast.Attribute) else (node.args or [None])[0]
        if inner is not None and not isinstance(inner, ast.Starred):
            yield "dropped call", _inside(inner)
    for position, keyword in enumerate(node.keywords):
        value = keyword.value
        if keyword.arg == "axis" and isinstance(value, ast.Constant) and value.value in (0, 1):
            changed = copy.deepcopy(node)
            changed.keywords[position].value = ast.Constant(1 - value.value)
            yield "axis", _inside(changed)
        elif keyword.arg in ("initial", "side", "keepdims", "replace", "shuffle", "where", "atol", "rtol", "ddof"):
            changed = copy.deepcopy(node)
            del changed.keywords[position]
            yield "dropped keyword", _inside(changed)


def _statement(node: ast.AST) -> Iterator[tuple[str, str]]:
    is_call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    if is_call or isinstance(node, ast.AugAssign | ast.Raise | ast.Continue | ast.Break):
        yield "deleted statement", "pass"
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript | ast.Attribute):
        yield "deleted statement", "pass"


def _inside(node: ast.AST) -> str:
    return f"({ast.unparse(node)})"


OPERATORS: tuple[Callable[[ast.AST], Iterator[tuple[str, str]]], ...] = (
    _comparison,
    _arithmetic,
    _constant,
    _boolean,
    _condition,
    _call,
    _statement,
)
