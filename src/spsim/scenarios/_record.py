"""Frozen pydantic models whose errors are the package's own one-liners."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from spsim import _validate


def read_json(what: str, text: object) -> Any:
    """Return what a JSON text holds."""
    try:
        return json.loads(_validate.text(what, text))
    except RecursionError:
        msg = f"{what} is not JSON that can be read: it is nested too deeply"
        raise ValueError(msg) from None
    except ValueError as error:
        msg = f"{what} is not JSON: {error}"
        raise ValueError(msg) from error


def read_json_file(what: str, path: str | PathLike[str]) -> Any:
    """Return what a JSON file holds; ``what`` names the parameter."""
    if not isinstance(path, str | PathLike):
        msg = f"{what} must be the path of a JSON file, got {_validate.shown(path)}"
        raise TypeError(msg)
    file = Path(path)
    if "\0" in str(path) or not file.is_file():
        msg = f"{what} names no file: {str(path)!r}"
        raise FileNotFoundError(msg)
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        msg = f"{str(path)!r} is not JSON: {error}"
        raise ValueError(msg) from error
    return read_json(repr(str(path)), text)


class Record(BaseModel):
    """Frozen, keyword-only but for one field, nothing unknown allowed."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    placed_field: ClassVar[str]
    """The field that may come by position."""
    shorthands: ClassVar[Mapping[str, Any]]
    """Keywords that stand for fields, with their defaults."""

    def __init__(self, *given: Any, **fields: Any) -> None:
        try:
            super().__init__(**self._by_name(given, fields))
        except ValidationError as error:
            raise ValueError("; ".join(map(_line, error.errors()))) from None
        except RecursionError:
            msg = f"fields of a {type(self).__name__} must not be nested without end, got {_validate.shown(fields)}"
            raise ValueError(msg) from None

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Show every accepted keyword with its default."""
        super().__pydantic_init_subclass__(**options)
        parameters = sorted(cls._parameters(), key=lambda parameter: parameter.kind)
        cls.__signature__ = inspect.Signature(parameters, return_annotation=None)

    @classmethod
    def _parameters(cls) -> Iterator[inspect.Parameter]:
        for name, field in cls.model_fields.items():
            kind = (
                inspect.Parameter.POSITIONAL_OR_KEYWORD if name == cls.placed_field else inspect.Parameter.KEYWORD_ONLY
            )
            default = inspect.Parameter.empty if field.is_required() else field.default
            yield inspect.Parameter(name, kind, default=default, annotation=field.annotation)
        for name, default in cls.shorthands.items():
            annotation = Any if default is None else type(default)
            yield inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)

    @classmethod
    def _by_name(cls, given: tuple[Any, ...], fields: Mapping[str, Any]) -> dict[str, Any]:
        if len(given) > 1:
            msg = f"{cls.__name__} takes {cls.placed_field} by position, got {len(given)} values: write the others by name"
            raise TypeError(msg)
        if given and cls.placed_field in fields:
            msg = f"{cls.placed_field} of a {cls.__name__} is given twice, by position and by name"
            raise TypeError(msg)
        return {**dict.fromkeys([cls.placed_field][: len(given)], *given), **fields}


def _line(error: Any) -> str:
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    where = ".".join(str(part) for part in error["loc"])
    return f"{where}: {error['msg'].lower()}" + (
        "" if error["type"] == "missing" else f", got {_validate.shown(error['input'])}"
    )
