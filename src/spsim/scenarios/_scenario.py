"""A scenario: the choice of pattern, layout and modalities, with a name."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import field_serializer, field_validator, model_validator

from spsim import _validate
from spsim._keywords import check_known
from spsim._names import distinct_names, usable_text
from spsim._objects import annotated
from spsim._recipe import FrozenMapping, as_recipe, jsonable
from spsim.designs import Design, Plain
from spsim.factors import FactorRecipe
from spsim.patterns import FactorMatrix, Grid, Layout, LayoutLike, Pattern, as_layout
from spsim.scenarios._consistent import check_consistent
from spsim.scenarios._fields import ModalityFields
from spsim.scenarios._modality import Modality
from spsim.scenarios._pattern_field import PatternField, checked_pattern, resolved
from spsim.scenarios._record import Record, read_json, read_json_file
from spsim.scenarios._recorded import recorded_fields

if TYPE_CHECKING:
    import numpy as np
    from mudata import MuData


class Scenario(Record):
    r"""Everything that defines a simulated data set but its seed.

    Parameters
    ----------
    id
        Name of the scenario.
    pattern
        Where the factors are: ``"quilt"``, ``"ggblocks"``, ``"both"``, ``"spamv"``, a stack of motifs (array L ×
        height × width), a pattern of :mod:`spsim.patterns` or its dict; ``None`` for no spatial factors.
    layout
        Where the spots are, as a layout of :mod:`spsim.patterns`, its name or its dict, positions (n × 2 or n × 3) or an
        AnnData with ``obsm["spatial"]``; ``n_side`` in its place makes a square grid. A ``FactorMatrix`` brings its own.
    design
        Which observations there are, as a design of :mod:`spsim.designs` or its dict; every spot once by default.
    factors
        What else varies over them, as a mapping from names to factor recipes of :mod:`spsim.factors` or their dicts, drawn
        in this order; which features respond is said by ``loadings`` of a modality.
    modalities
        One or more modalities, as :class:`Modality` or as mappings of its fields.
    shared_nonspatial
        Whether all modalities share one set of non-spatial factors rather than drawing their own.

    Raises
    ------
    ValueError
        A value out of range, no modality, two of one name, an active factor that does not exist.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario([{"name": "rna", "n_spatial": 20}], pattern="quilt", n_side=24)
    >>> sps.simulate(scenario, rng=1).shape
    (576, 20)
    >>> sps.Scenario.from_json(scenario.to_json()) == scenario
    True

    References
    ----------
    :cite:t:`townes2023nonnegative`.
    """

    id: str = "custom"
    pattern: PatternField | None = "ggblocks"
    layout: Layout | None = None
    design: Design | None = None
    factors: FrozenMapping = FrozenMapping()
    modalities: tuple[Modality, ...]
    shared_nonspatial: bool = False

    placed_field: ClassVar[str] = "modalities"
    shorthands: ClassVar[Mapping[str, Any]] = {"n_side": None}

    if TYPE_CHECKING:
        # What validation accepts, which is more than the fields' own types.
        def __init__(
            self,
            modalities: Sequence[Modality | Mapping[str, Any]],
            *,
            id: str = ...,
            pattern: PatternField | Mapping[str, Any] | np.ndarray | None = ...,
            layout: LayoutLike | None = ...,
            design: Design | Mapping[str, Any] | None = ...,
            factors: Mapping[str, FactorRecipe | Mapping[str, Any]] = ...,
            n_side: int | None = ...,
            shared_nonspatial: bool = ...,
        ) -> None: ...

    @property
    def factor_names(self) -> tuple[str, ...]:
        """Names of the spatial factors."""
        return () if self.pattern is None else tuple(resolved(self.pattern).names)

    @property
    def n_spots(self) -> int:
        """Number of observations of all sets."""
        return sum(self.n_observations.values())

    @property
    def n_observations(self) -> Mapping[str, int]:
        """Number of observations of each set."""
        own, placed = self.pattern, self.placed.n_spots
        return self.designed.n_observations(len(own.factors) if isinstance(own, FactorMatrix) else placed)

    @property
    def placed(self) -> Layout:
        """The layout, once its default is filled in."""
        return self.layout or Grid()

    @property
    def designed(self) -> Design:
        """The design, once its default is filled in."""
        return self.design or Plain()

    @property
    def replays_from_slots(self) -> bool:
        """Whether arrays of the user's are a part of pattern or layout, and stand in the object as they were given.

        A data set then records a hash in their place.
        """
        pattern = self.pattern
        own = isinstance(pattern, FactorMatrix) or (isinstance(pattern, Pattern) and pattern.holds_arrays)
        return (own or self.placed.holds_arrays) and pattern is not None and isinstance(self.designed, Plain)

    def to_json(self) -> str:
        """Return the scenario as JSON text, the user's arrays included."""
        return json.dumps(self.model_dump(mode="json"), indent=1)

    @classmethod
    def from_json(cls, text: str) -> Scenario:
        """Read what :meth:`to_json` wrote, or a configuration written by hand."""
        return cls.from_config(read_json("text", text))

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Scenario:
        """Read a JSON file: what :meth:`to_json` wrote, a configuration written by hand, or a list of modalities."""
        return cls.from_config(read_json_file("path", path))

    @classmethod
    def from_config(cls, config: object) -> Scenario:
        """Return the scenario of a configuration: a mapping of its fields, or a list of modalities."""
        if isinstance(config, Sequence) and not isinstance(config, str):
            return cls(modalities=config)
        if isinstance(config, Mapping):
            _check_fields(config)
            return cls(**config)
        msg = f"a configuration must be a list of modalities or a mapping of a scenario's fields, got {_validate.shown(config)}"
        raise TypeError(msg)

    @classmethod
    def from_mdata(cls, mdata: MuData) -> Scenario:
        """Return the scenario that an object was made from."""
        return cls(**recorded_fields(annotated("mdata", mdata)))

    @model_validator(mode="before")
    @classmethod
    def _canonical(cls, fields: Any) -> dict[str, Any]:
        _check_fields(fields)
        fields = dict(fields)
        n_side = fields.pop("n_side", None)
        if n_side is not None and fields.get("layout") is not None:
            msg = f"give either n_side or layout, not both (got n_side={_validate.shown(n_side)})"
            raise ValueError(msg)
        if n_side is not None:
            fields["layout"] = Grid(n_rows=_validate.whole("n_side", n_side, at_least=1))
        return fields

    @field_validator("id", mode="before")
    @classmethod
    def _text(cls, value: object) -> str:
        return usable_text("id", value)

    @field_validator("shared_nonspatial", mode="before")
    @classmethod
    def _flag(cls, value: object) -> bool:
        return _validate.flag("shared_nonspatial", value)

    @field_validator("pattern", mode="before")
    @classmethod
    def _pattern(cls, value: object) -> PatternField | None:
        return None if value is None else checked_pattern(value)

    @field_validator("layout", "design", mode="before")
    @classmethod
    def _place(cls, value: object, info: Any) -> object:
        if value is None:
            return None
        return as_layout("layout", value) if info.field_name == "layout" else as_recipe("design", value, Design)

    @field_validator("factors", mode="before")
    @classmethod
    def _factors(cls, value: object) -> FrozenMapping:
        if not isinstance(value, Mapping):
            msg = f"factors must be a mapping from names to factor recipes of spsim.factors or their dicts, got {_validate.shown(value)}"
            raise TypeError(msg)
        return FrozenMapping(
            {name: as_recipe(f"factors[{_validate.shown(name)}]", r, FactorRecipe) for name, r in value.items()}
        )

    @field_validator("modalities", mode="before")
    @classmethod
    def _modalities(cls, value: object) -> tuple[Modality, ...]:
        if isinstance(value, str | Mapping | Modality) or not isinstance(value, Sequence):
            msg = f"modalities must be a list of modalities, got {_validate.shown(value)}"
            raise TypeError(msg)
        if not value:
            msg = "modalities must hold at least one modality, got none"
            raise ValueError(msg)
        checked = tuple(_as_modality(item, position) for position, item in enumerate(value))
        distinct_names("names of modalities", [modality.name for modality in checked])
        return checked

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        check_consistent(self)
        return self

    @field_serializer("pattern", "layout", "design", "factors")
    def _as_json(self, value: object) -> object:
        return jsonable(value)


def _check_fields(fields: Mapping[str, Any]) -> None:
    """Refuse unknown fields; one of a modality is told its place."""
    known = list(inspect.signature(Scenario).parameters)
    for name in fields:
        if name in ModalityFields.__annotations__ and name not in known:
            msg = (
                f"a scenario has no field {name!r}, which is one of a modality: write modalities=[{{{name!r}: …}}]; there "
                f"are {_validate.listing(known)}"
            )
            raise ValueError(msg)
    check_known("a scenario has no field", fields, known)


def _as_modality(item: object, position: int) -> Modality:
    if isinstance(item, Modality):
        return item
    if not isinstance(item, Mapping):
        msg = f"modalities[{position}] must be a Modality or a mapping of its fields, got {_validate.shown(item)}"
        raise TypeError(msg)
    try:
        return Modality(**item)
    except (TypeError, ValueError) as error:
        msg = f"modality {_validate.shown(item.get('name', position))}: {error}"
        raise type(error)(msg) from error
