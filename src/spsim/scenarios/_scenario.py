"""A scenario: the choice of pattern, layout and modalities, with a name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import field_serializer, field_validator, model_validator

from spsim import _validate
from spsim._names import distinct_names, usable_text
from spsim._objects import annotated
from spsim.patterns import LAYOUTS, FactorMatrix, Grid, Layout, Pattern
from spsim.scenarios._active import active_positions
from spsim.scenarios._modality import Modality
from spsim.scenarios._pattern_field import PatternField, checked_pattern, resolved
from spsim.scenarios._record import Record, check_known, from_registry, read_json
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
        height × width), a pattern of :mod:`spsim.patterns` or its dict.
    layout
        Where the spots are, as a layout of :mod:`spsim.patterns` or its dict; ``n_side`` in its place makes a square
        grid. A ``FactorMatrix`` brings its own.
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
    >>> scenario = sps.Scenario(pattern="quilt", n_side=24, modalities=[{"name": "rna", "n_spatial": 20}])
    >>> sps.simulate(scenario, rng=1).shape
    (576, 20)
    >>> sps.Scenario.from_json(scenario.to_json()) == scenario
    True

    References
    ----------
    :cite:t:`townes2023nonnegative`.
    """

    id: str = "custom"
    pattern: PatternField = "ggblocks"
    layout: Layout | None = None
    modalities: tuple[Modality, ...]
    shared_nonspatial: bool = False

    if TYPE_CHECKING:
        # What validation accepts, which is more than the fields' own types.
        def __init__(
            self,
            *,
            modalities: Sequence[Modality | Mapping[str, Any]],
            id: str = ...,
            pattern: PatternField | Mapping[str, Any] | np.ndarray = ...,
            layout: Layout | Mapping[str, Any] | None = ...,
            n_side: int | None = ...,
            shared_nonspatial: bool = ...,
        ) -> None: ...

    @property
    def factor_names(self) -> tuple[str, ...]:
        """Names of the spatial factors."""
        return tuple(resolved(self.pattern).names)

    @property
    def n_spots(self) -> int:
        """Number of spots."""
        return len(self.pattern.factors) if isinstance(self.pattern, FactorMatrix) else self.placed.n_spots

    @property
    def placed(self) -> Layout:
        """The layout, once its default is filled in."""
        return self.layout or Grid()

    @property
    def holds_arrays(self) -> bool:
        """Whether arrays of the user's are a part of pattern or layout: a data set then records a hash in their place."""
        pattern = self.pattern
        own = isinstance(pattern, FactorMatrix) or (isinstance(pattern, Pattern) and pattern.holds_arrays)
        return own or self.placed.holds_arrays

    def to_json(self) -> str:
        """Return the scenario as JSON text, the user's arrays included."""
        return json.dumps(self.model_dump(mode="json"), indent=1)

    @classmethod
    def from_json(cls, text: str) -> Scenario:
        """Read what :meth:`to_json` wrote, or a configuration written by hand."""
        return cls.from_config(read_json("text", text))

    @classmethod
    def from_config(cls, config: object) -> Scenario:
        """Return the scenario of a configuration: a mapping of its fields, or a list of modalities."""
        if isinstance(config, Sequence) and not isinstance(config, str):
            return cls(modalities=config)
        if isinstance(config, Mapping):
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
        check_known("a scenario", fields, [*cls.model_fields, "n_side"])
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
    def _pattern(cls, value: object) -> PatternField:
        return checked_pattern(value)

    @field_validator("layout", mode="before")
    @classmethod
    def _layout(cls, value: object) -> object:
        if not isinstance(value, Layout | Mapping | None):
            msg = f"layout must be a layout of spsim.patterns or its dict, got {_validate.shown(value)}"
            raise TypeError(msg)
        return from_registry("layout", value, LAYOUTS) if isinstance(value, Mapping) else value

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
        if isinstance(self.pattern, FactorMatrix) and self.layout is not None:
            msg = f"a FactorMatrix brings its own coordinates, so layout and n_side must be left out, got {self.layout}"
            raise ValueError(msg)
        for modality in self.modalities:
            active = active_positions(modality, self.factor_names)
            if not active and modality.n_spatial + modality.n_mixed:
                msg = f"active_factors of modality {modality.name!r} is empty, but n_spatial or n_mixed is not 0"
                raise ValueError(msg)
        drawn = {(m.n_nonspatial_factors, m.nonspatial_probability) for m in self.modalities}
        if self.shared_nonspatial and len(drawn) > 1:
            msg = (
                "shared_nonspatial needs one n_nonspatial_factors and nonspatial_probability in all modalities, "
                f"got {_validate.listing(sorted(drawn))}"
            )
            raise ValueError(msg)
        return self

    @field_serializer("pattern", "layout")
    def _as_dict(self, value: str | Pattern | FactorMatrix | Layout | None) -> object:
        return value if isinstance(value, str | None) else value.to_dict()


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
