"""One modality: its features, its active factors and how it is measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Integral
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Unpack

from pydantic import field_serializer, field_validator, model_validator

from spsim import _keys, _validate
from spsim._names import usable_name
from spsim._recipe import FrozenMapping, as_recipe, jsonable
from spsim.factors import Effect, LibrarySize, LoadingRule, Sizes
from spsim.likelihoods import Likelihood, NegativeBinomial
from spsim.scenarios._fields import COUNTS, LINKS, SHORTHANDS, ModalityFields, canonical_fields
from spsim.scenarios._measurable import MOST_SPREAD, check_measurable, check_noise
from spsim.scenarios._record import Record

# A modality is a column of memberships in obsm, and a folder beside these files in the folder for R.
RESERVED = (*_keys.OBSM_KEYS, *_keys.FILES)


class Modality(Record):
    r"""Features of one modality and how they are measured.

    Feature j loads on one active spatial factor and one non-spatial factor, both drawn uniformly. With the mean
    :math:`m` and the spatial share :math:`s`, the weights are :math:`(m, 0)` for a pure spatial feature,
    :math:`(s m, (1 - s) m)` for a mixed one and :math:`(0, m)` for a pure non-spatial one.

    Parameters
    ----------
    name
        Name of the modality, which its features carry too.
    n_spatial, n_mixed, n_nonspatial, n_flat
        Number of features of each kind; flat ones respond to no factor. If any is given the others are 0; if none, there
        are 500 mixed features. Published names: ``Jsp``, ``Jmix``, ``Jns``.
    n_nonspatial_factors
        Number of non-spatial factors (``Lns``).
    nonspatial_probability
        Probability that a non-spatial factor is on in a spot (``nzprob_nsp``).
    expression_mean
        Weight of a feature on its factors (``expr_mean``); 0 makes a null world.
    background_mean
        Mean of a feature where its factors are off (``bkg_mean``).
    background_sd
        Standard deviation of the logarithm of that mean between features, whose median then is ``background_mean``; 0
        gives all features the same.
    spatial_fraction
        Share of a mixed feature's weight that is spatial (``mix_frac_spat``).
    active_factors
        Spatial factors that the features load on, as 0-based positions or names; all if ``None``.
    link
        ``"identity"``: factors add to the background. ``"log"``: :math:`\log \Lambda = \log \text{background} + F W^\top
        + U V^\top`; a full weight takes a feature from the background to background + mean, or as many times below it.
    down_fraction
        Share of the loadings that are negative, with ``link="log"`` only; half of them by default.
    loadings
        How features respond to further factors of the scenario, as a mapping from their names to loading rules of
        :mod:`spsim.factors` or their dicts; features respond to none of those that are left out. Under ``"spatial"``, what
        the weights of spatial and mixed features on the pattern's factors are multiplied with.
    library_size
        Log-normal library sizes per spot, as :class:`spsim.LibrarySize`, :class:`spsim.factors.Depth` or a mapping of its
        fields; none by default.
    efficiency_sd
        Standard deviation of the logarithm of a feature's efficiency, whose median is 1, at most 10; 0 leaves all efficiencies
        out.
    effects
        What else changes the mean: effects of :mod:`spsim.factors` or their dicts, none by default.
    noise_mean, noise_sd
        Mean and standard deviation of Gaussian noise that is added to the counts in ``X``; ``layers["counts"]`` keeps
        the counts. Without noise by default.
    likelihood
        How the mean is measured. In its place, ``shape`` (``nb_shape``) and ``dropout_rate`` (``zi_prob``) build a
        (zero-inflated) negative binomial.
    observed
        Which observations are measured: the name of a set of the design, or a mapping from labels to categories, such as
        ``{"slice": ["slice_1"]}``; the first set as a whole by default.
    features_of
        Name of another modality whose baselines and loadings this one has: the same features, measured elsewhere. One of
        both may have more of them, if the others are its first ones: a panel and the whole transcriptome.

    Raises
    ------
    ValueError
        A value out of range, an unknown or twice given field, no features.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> rna = sps.Modality("rna", n_spatial=200, dropout_rate=0.5)
    >>> rna.n_features, rna.n_mixed, rna.likelihood
    (200, 0, ZeroInflatedNegativeBinomial(shape=10.0, dropout_rate=0.5))

    References
    ----------
    :cite:t:`townes2023nonnegative`, whose simulation gives the defaults.
    """

    # Defaults: simulation of Townes & Engelhardt (2023), generator of the paper's code.
    name: str = "rna"
    n_spatial: int = 0
    n_mixed: int = 500
    n_nonspatial: int = 0
    n_flat: int = 0
    n_nonspatial_factors: int = 3
    nonspatial_probability: float = 0.2
    expression_mean: float = 20.0
    background_mean: float = 0.2
    background_sd: float = 0.0
    spatial_fraction: float = 0.55
    active_factors: tuple[int | str, ...] | None = None
    link: Literal["identity", "log"] = "identity"
    down_fraction: float | None = None
    loadings: FrozenMapping = FrozenMapping()
    library_size: Sizes | None = None
    efficiency_sd: float = 0.0
    effects: tuple[Effect, ...] = ()
    noise_mean: float = 0.0
    noise_sd: float = 0.0
    likelihood: Likelihood = NegativeBinomial(shape=10.0)
    observed: str | FrozenMapping | None = None
    features_of: str | None = None

    placed_field: ClassVar[str] = "name"
    shorthands: ClassVar[Mapping[str, Any]] = SHORTHANDS

    if TYPE_CHECKING:
        # What validation accepts, which is more than the fields' own types.
        def __init__(self, name: str = ..., /, **fields: Unpack[ModalityFields]) -> None: ...

    @property
    def n_features(self) -> int:
        """Number of features of all kinds."""
        return self.n_spatial + self.n_mixed + self.n_nonspatial + self.n_flat

    @property
    def full_weight(self) -> float:
        """Weight of a feature on its factors, on the scale of the link."""
        if self.link == "identity":
            return self.expression_mean
        return math.log1p(self.expression_mean / self.background_mean)

    @property
    def share_down(self) -> float:
        """Share of negative loadings, once its default is filled in."""
        default = 0.5 if self.link == "log" else 0.0
        return default if self.down_fraction is None else self.down_fraction

    @model_validator(mode="before")
    @classmethod
    def _canonical(cls, fields: Any) -> dict[str, Any]:
        return canonical_fields(fields, list(cls.model_fields))

    @field_validator("name", mode="before")
    @classmethod
    def _usable_name(cls, value: object) -> str:
        return usable_name("name of a modality", value, reserved=RESERVED)

    @field_validator(*COUNTS, "n_nonspatial_factors", mode="before")
    @classmethod
    def _whole(cls, value: object, info: Any) -> int:
        return _validate.whole(info.field_name, value)

    @field_validator("noise_mean", mode="before")
    @classmethod
    def _finite(cls, value: object, info: Any) -> float:
        return _validate.real(info.field_name, value)

    @field_validator("background_sd", "efficiency_sd", mode="before")
    @classmethod
    def _spread(cls, value: object, info: Any) -> float:
        return _validate.real(info.field_name, value, at_least=0, at_most=MOST_SPREAD)

    @field_validator("expression_mean", "background_mean", "noise_sd", mode="before")
    @classmethod
    def _mean(cls, value: object, info: Any) -> float:
        return _validate.real(info.field_name, value, at_least=0)

    @field_validator("nonspatial_probability", "spatial_fraction", mode="before")
    @classmethod
    def _probability(cls, value: object, info: Any) -> float:
        return _validate.probability(info.field_name, value)

    @field_validator("down_fraction", mode="before")
    @classmethod
    def _share(cls, value: object, info: Any) -> float | None:
        return None if value is None else _validate.probability(info.field_name, value)

    @field_validator("link", mode="before")
    @classmethod
    def _known_link(cls, value: object) -> object:
        _validate.one_of("link", value, LINKS)
        return value

    @field_validator("library_size", mode="before")
    @classmethod
    def _sizes(cls, value: object) -> object:
        if not isinstance(value, Sizes | Mapping | None):
            msg = (
                "library_size must be a spsim.LibrarySize, a spsim.factors.Depth, a mapping of its fields or None, got "
                f"{_validate.shown(value)}"
            )
            raise TypeError(msg)
        named = {"name": LibrarySize.__name__, **value} if isinstance(value, Mapping) else value
        return None if named is None else as_recipe("library_size", named, Sizes)

    @field_validator("loadings", mode="before")
    @classmethod
    def _rules(cls, value: object) -> FrozenMapping:
        if not isinstance(value, Mapping):
            msg = f"loadings must be a mapping from names of factors to loading rules, got {_validate.shown(value)}"
            raise TypeError(msg)
        return FrozenMapping(
            {name: as_recipe(f"loadings of {_validate.shown(name)}", rule, LoadingRule) for name, rule in value.items()}
        )

    @field_validator("effects", mode="before")
    @classmethod
    def _effects(cls, value: object) -> tuple[Effect, ...]:
        if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
            msg = f"effects must be a list of effects of spsim.factors or their dicts, got {_validate.shown(value)}"
            raise TypeError(msg)
        return tuple(as_recipe(f"effects[{position}]", effect, Effect) for position, effect in enumerate(value))

    @field_validator("observed", mode="before")
    @classmethod
    def _observed(cls, value: object) -> object:
        if not isinstance(value, str | Mapping | None):
            msg = f"observed must be the name of a set, a mapping from labels to lists of categories or None, got {_validate.shown(value)}"
            raise TypeError(msg)
        if not isinstance(value, Mapping):
            return value
        for label, categories in value.items():
            if isinstance(categories, str) or not isinstance(categories, Sequence):
                msg = f"observed[{label!r}] must be a list of categories, got {_validate.shown(categories)}"
                raise TypeError(msg)
        return FrozenMapping(value)

    @field_validator("features_of", mode="before")
    @classmethod
    def _other(cls, value: object) -> object:
        return None if value is None else usable_name("features_of", value)

    @field_validator("active_factors", mode="before")
    @classmethod
    def _factors(cls, value: object) -> object:
        if value is None:
            return None
        items: Any = value.tolist() if hasattr(value, "tolist") else value
        is_list = isinstance(items, Sequence) and not isinstance(items, str)
        if not is_list or not all(isinstance(item, str | Integral) and not isinstance(item, bool) for item in items):
            msg = f"active_factors must be a list of 0-based positions or names of factors, or None, got {_validate.shown(value)}"
            raise TypeError(msg)
        return tuple(item if isinstance(item, str) else int(item) for item in items)

    @field_validator("likelihood", mode="before")
    @classmethod
    def _likelihood(cls, value: object) -> Likelihood:
        return as_recipe("likelihood", value, Likelihood)

    @model_validator(mode="after")
    def _consistent(self) -> Modality:
        if not self.n_features:
            msg = f"modality {self.name!r} has no features: {', '.join(COUNTS)} must not all be 0"
            raise ValueError(msg)
        if self.n_mixed + self.n_nonspatial and not self.n_nonspatial_factors:
            msg = (
                f"n_nonspatial_factors must be at least 1 for mixed or non-spatial features, got 0 in modality "
                f"{self.name!r} (n_mixed={self.n_mixed}, n_nonspatial={self.n_nonspatial})"
            )
            raise ValueError(msg)
        if self.link == "log" and not self.background_mean:
            msg = f"background_mean must be above 0 with link='log', got 0 in modality {self.name!r}"
            raise ValueError(msg)
        if self.link == "identity" and self.down_fraction:
            msg = f"down_fraction needs link='log' (means must not be negative), got {self.down_fraction}"
            raise ValueError(msg)
        check_measurable(self)
        check_noise(self)
        return self

    @field_serializer("likelihood", "library_size", "loadings", "effects", "observed")
    def _as_json(self, value: object) -> object:
        return jsonable(value)
