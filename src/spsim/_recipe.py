"""Recipes: frozen dataclasses that go through JSON, found again by name among the subclasses of their family."""

from __future__ import annotations

import dataclasses
import inspect
import math
from abc import ABCMeta
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _validate
from spsim._keywords import check_known

HOME = __name__.partition(".")[0]
MOST_NESTED = 20  # no recipe of ours goes deeper than four


class FrozenMapping(Mapping[str, Any]):
    """A mapping that hashes, so that recipes with one do; it keeps the order of its keys."""

    def __init__(
        self, items: Mapping[str, Any] | None = None, *, what: str = "a recipe", depth: int = MOST_NESTED
    ) -> None:
        self._items = {key: frozen(what, value, depth=depth) for key, value in (items or {}).items()}

    def __getitem__(self, key: str) -> Any:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)


class RecipeType(ABCMeta):
    """The type of recipes: it refuses calls that do not fit in the package's own words."""

    @property
    def __signature__(cls) -> inspect.Signature:
        """The fields, which ``__call__`` hides."""
        own = inspect.signature(cls.__init__)  # type: ignore[misc]
        return own.replace(parameters=list(own.parameters.values())[1:])

    if not TYPE_CHECKING:  # for a type checker the fields are enough

        def __call__(cls, /, *given: Any, **fields: Any) -> Any:
            """Make a recipe."""
            _check_call(cls, given, fields)
            return super().__call__(*given, **fields)


class Recipe(metaclass=RecipeType):
    """What patterns, layouts, likelihoods, designs, factors, loading rules and effects have in common.

    A subclass is a frozen dataclass, keyword-only but for a field without which it says nothing (``field(kw_only=False)``),
    whose fields are numbers, texts, sequences, mappings, arrays or recipes. Yours may stand in a file of your own; to read one back from JSON or from a data set, import it first.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        families = [base for base in cls.__mro__[1:] if issubclass(base, Recipe) and base is not Recipe]
        taken = {kind.__name__ for family in families for kind in _descendants(family) if _is_ours(kind)}
        if not _is_ours(cls) and cls.__name__ in taken:
            msg = (
                f"{cls.__name__!r} is the name of a recipe of {HOME}: give the class another one, which data can record"
            )
            raise TypeError(msg)

    @property
    def prose(self) -> str:
        """What a Methods section says of it; nothing where name and fields say it all."""
        return ""

    @property
    def bibtex(self) -> str:
        """BibTeX of the paper that it is taken from, for descriptions; nothing where it is common knowledge."""
        return ""

    def to_dict(self) -> dict[str, Any]:
        """Return name and fields in types that JSON knows."""
        given = {f.name: getattr(self, f.name) for f in dataclasses.fields(self) if f.init}  # type: ignore[arg-type]
        return {"name": type(self).__name__, **{name: jsonable(value) for name, value in given.items()}}


def as_recipe(what: str, value: object, *families: type[Recipe]) -> Any:
    """Return a recipe of some families: itself, what its record says, or that of a name (``"poisson"``) by default."""
    if isinstance(value, families):
        return value
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, Mapping):
        names = " or ".join(family.__name__ for family in families)
        msg = (
            f"{what} must be a {names}, its name or its dict (names: {_listed(families)}), got {_validate.shown(value)}"
        )
        raise TypeError(msg)
    return _built(what, value, families)


def members(*families: type[Recipe]) -> dict[str, Any]:
    """Return the recipes of families by name; of two with one name, as from a notebook's cell run twice, the latest.

    A class that was refused for its name lives on until it is collected: ours come last, so that they count.
    """
    kinds = [
        kind for family in families for kind in (list(_descendants(family)) or [family]) if not inspect.isabstract(kind)
    ]
    return {kind.__name__: kind for kind in sorted(kinds, key=_is_ours) if not kind.__name__.startswith("_")}


def jsonable(value: Any) -> Any:
    """Return a value in types that JSON knows; infinity becomes a text, because JSON has none."""
    if isinstance(value, Recipe):
        return value.to_dict()
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    if isinstance(value, np.generic):
        return value.item()
    return "inf" if isinstance(value, float) and value == math.inf else value


def in_words(items: Sequence[str]) -> str:
    """Join items as a sentence does: ``a, b and c``."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def frozen(what: str, value: Any, *, depth: int = MOST_NESTED) -> Any:
    """Return a value that hashes: mappings and lists in it are frozen."""
    if not depth:
        msg = f"{what} must not be nested without end (at most {MOST_NESTED} deep), got {_validate.shown(value)}"
        raise ValueError(msg)
    if isinstance(value, Mapping):
        return FrozenMapping(value, what=what, depth=depth - 1)
    if isinstance(value, list | tuple):
        return tuple(frozen(what, item, depth=depth - 1) for item in value)
    return value


def _built(what: str, record: Mapping[str, Any], families: tuple[type[Recipe], ...]) -> Any:
    fields = {key: frozen(f"{what} {key}", value) for key, value in record.items()}
    kinds = members(*families)
    if "name" not in fields:
        msg = f"{what} must be a mapping with a 'name' among {_listed(families)}, got {_validate.shown(record)}"
        raise ValueError(msg)
    given = fields.pop("name")
    name = next((known for known in kinds if isinstance(given, str) and _folded(known) == _folded(given)), None)
    if name is None:
        msg = (
            f"{what} name must be one of {_listed(families)}, got {_validate.shown(given)}{_validate.closest(given, kinds)}; "
            "a recipe of your own must be imported first"
        )
        raise ValueError(msg)
    known = [field.name for field in dataclasses.fields(kinds[name]) if field.init]
    check_known(f"{name} has no parameter", fields, known)
    try:
        return kinds[name](**{key: _read(value) for key, value in fields.items()})
    except TypeError as error:
        msg = f"{what} {name!r} cannot be built from {_validate.listing(fields)}: {error}"
        raise TypeError(msg) from error


def _check_call(kind: RecipeType, given: tuple[Any, ...], fields: Mapping[str, Any]) -> None:
    """Refuse unknown and missing keywords, and more values by position than have one."""
    parameters = kind.__signature__.parameters.values()
    kinds = {parameter.kind for parameter in parameters}
    known = [p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    if inspect.Parameter.VAR_KEYWORD not in kinds:
        check_known(f"{kind.__name__} has no parameter", fields, known, error=TypeError)
    placed = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if inspect.Parameter.VAR_POSITIONAL not in kinds and len(given) > len(placed):
        msg = (
            f"{kind.__name__} takes {_validate.listing(placed)} by position, got {len(given)} values: write by name "
            f"{_validate.listing(name for name in known if name not in placed)}"
        )
        raise TypeError(msg)
    held = {*placed[: len(given)], *fields}
    missing = [p.name for p in parameters if p.name in known and p.default is p.empty and p.name not in held]
    if missing:
        msg = (
            f"{kind.__name__} needs {', '.join(missing)}: write {kind.__name__}({', '.join(f'{m}=…' for m in missing)})"
        )
        raise TypeError(msg)


def _folded(name: str) -> str:
    """Return a name as it is compared: ``negative_binomial`` is ``NegativeBinomial``."""
    return name.replace("_", "").lower()


def _listed(families: tuple[type[Recipe], ...]) -> str:
    return _validate.listing(sorted(members(*families)))


def _descendants(kind: type) -> Iterator[type]:
    children: list[type] = type.__subclasses__(kind)
    for child in children:
        yield child
        yield from _descendants(child)


def _is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] == HOME


def _read(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_infinite(item) for item in value]
    return _infinite(value)


def _infinite(value: Any) -> Any:
    return math.inf if isinstance(value, str) and value == "inf" else value
