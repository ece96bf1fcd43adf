"""Cell types whose composition differs between regions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from spsim import _names, _validate
from spsim._categories import category_count, category_names
from spsim._random import Purpose, Stream, uniforms
from spsim._recipe import FrozenMapping
from spsim.factors._compositions import COMPOSITIONS, named_composition
from spsim.factors._factor_recipe import FactorRecipe
from spsim.truth import Factors, Label, Observations, Table

COMPOSITION = "composition"
SMALL = 1e-200


@dataclass(frozen=True, kw_only=True)
class CellTypes(FactorRecipe):
    r"""One type per observation, drawn from the composition of its region.

    .. math:: \pi_d \sim \mathrm{Dirichlet}(\alpha_1, \ldots, \alpha_K), \qquad z_i \sim \mathrm{Categorical}(\pi_{d(i)}), \qquad
       F_{ik} = [z_i = k]

    Parameters
    ----------
    n_types
        Number of types.
    by
        Label of the regions d, such as ``"domain"`` or ``"slice"``; without it there is one composition.
    concentration
        The concentration α, above 0: small values give regions of nearly one type, large ones equal shares. One for all
        types or one per type, whose mean share over regions is :math:`\alpha_k / \sum_l \alpha_l`.
    composition
        In place of Dirichlet shares: the name of a rule of synthspot (``"uniform_distinct"``, ``"diverse_distinct"``,
        ``"uniform_overlap"``, ``"diverse_overlap"``, ``"dominant"``, ``"partially_dominant"``, ``"dominant_rare"``,
        ``"regional_rare"``), a matrix with a row of weights per region and a column per type, or a mapping from names of
        regions to such rows. Rows are divided by their sums.
    absent
        Types that a set of observations does not have, such as ``{"reference": ["type_1"]}``: its other types take
        their place; where a region has no other, equal shares of all that are left. Spots have the types of the
        ``cells`` in them.
    absent_by
        Label whose categories ``absent`` speaks of in place of sets of observations, such as ``"sample"``.
    known
        Whether the types are known to an experimenter, so that blind copies keep ``obs``; or the names of the sets of
        observations in which they are, such as ``["reference"]``.
    names
        One name per type; ``type_1``, ``type_2``, … if left out.

    Raises
    ------
    ValueError
        A value out of range, names that do not fit, fewer types than a rule needs.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(
    ...     factors={"cell_type": sps.factors.CellTypes(by="domain")},
    ...     modalities=[{"name": "rna", "n_mixed": 40, "loadings": {"cell_type": sps.factors.Markers()}}],
    ... )
    >>> mdata = sps.simulate(scenario)
    >>> mdata.obsm["cell_type_factors"].shape, mdata["rna"].varm["cell_type_loadings"].shape
    ((1296, 3), (40, 3))
    >>> mdata.uns["spsim"]["cell_type_composition"].shape
    (5, 3)

    References
    ----------
    .. [1] Sang-Aram et al. (2024), Spotless, a reproducible pipeline for benchmarking cell type deconvolution in spatial
       transcriptomics, eLife 12, RP88431.
    """

    n_types: int = field(default=3, kw_only=False)
    by: str | None = None
    concentration: float | Sequence[float] = 1.0
    composition: str | Sequence[Sequence[float]] | Mapping[str, Sequence[float]] | None = None
    absent: Mapping[str, Sequence[str]] = FrozenMapping()
    absent_by: str | None = None
    known: bool | Sequence[str] = False
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_types", category_count("n_types", self.n_types))
        object.__setattr__(self, "concentration", _concentration(self.concentration, self.n_types))
        object.__setattr__(self, "known", _known(self.known))
        if self.by is not None:
            _names.usable_name("by", self.by)
        object.__setattr__(self, "names", category_names(self.names, self.n_types, kind="type"))
        object.__setattr__(self, "composition", _composition(self.composition, self.n_types))
        object.__setattr__(self, "absent", self._absent())
        if self.absent_by is not None:
            _names.usable_name("absent_by", self.absent_by)

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        differs = "" if self.by is None else f", whose composition differs by {self.by}"
        drawn = f"Dirichlet distribution with concentration {_shown(self.concentration)}"
        given = f"composition {self.composition!r}" if isinstance(self.composition, str) else self._told_composition()
        lacking = "".join(f", without {', '.join(types)} in {name}" for name, types in self.absent.items())
        how = drawn if self.composition is None else given
        return f"one of {self.n_types} types per observation{differs} ({how}){lacking}"

    def _told_composition(self) -> str:
        """A given composition in words where there is one for all."""
        if not isinstance(self.composition, tuple) or len(self.composition) > 1:
            return "given composition"
        weights = np.array(self.composition[0])
        shares = weights / weights.sum()
        return "shares " + ", ".join(f"{name} {own:.3g}" for name, own in zip(self.names, shares, strict=True))

    @property
    def needs(self) -> tuple[str, ...]:
        """The label of the regions, and of what types may be absent from."""
        return tuple(label for label in (self.by, self.absent_by) if label is not None)

    @property
    def has_label(self) -> bool:
        """The type."""
        return True

    @property
    def is_spatial(self) -> bool:
        """Whether regions have compositions of their own."""
        return self.by is not None

    @property
    def tables(self) -> tuple[str, ...]:
        """The compositions."""
        return (COMPOSITION,)

    @property
    def sets(self) -> tuple[str, ...]:
        """The sets of observations that lack types, or in which types are known."""
        return (*(self.absent if self.absent_by is None else ()), *(() if isinstance(self.known, bool) else self.known))

    def factors(self, observations: Observations, source: Stream) -> Factors:
        """Return one-hots of the types; regions and observations are a prefix of more of them."""
        region = self._regions(observations)
        composition = self._shares(region.names, source)
        # Every set has a run of its own; compositions are the same in all of them.
        drawn = uniforms(source, Purpose.FACTORS, observations.n, tile=2 * observations.position)
        codes = np.empty(observations.n, np.intp)
        for place, rows in self._places(observations):
            steps = np.cumsum(self._present(composition, place), axis=1)[:, :-1]
            codes[rows] = (drawn[rows, None] >= steps[region.codes[rows]]).sum(axis=1)
        # Who belongs to no region belongs to no type.
        codes[region.codes < 0] = -1
        label = Label(codes=codes, names=tuple(self.names), is_known=self._is_known(observations.of))
        table = Table.of_matrix(composition, region.names, tuple(self.names))
        return Factors(columns=label.names, values=label.indicators, label=label, tables={COMPOSITION: table})

    def _is_known(self, observations: str) -> bool:
        return self.known if isinstance(self.known, bool) else observations in self.known

    def _shares(self, regions: Sequence[str], source: Stream) -> np.ndarray:
        """Return the composition of each region, the same in all sets of observations."""
        given = self.composition
        if given is None:
            return dirichlet(self.concentration, (len(regions), self.n_types), source)
        if isinstance(given, str):
            return named_composition(given, len(regions), self.n_types, source)
        if isinstance(given, Mapping):
            for region in regions:
                _validate.one_of("a region, which composition must have", region, given)
            rows: Sequence[Sequence[float]] = [given[region] for region in regions]
        else:
            rows = given
        if len(rows) != len(regions):
            msg = f"composition must have a row per region ({_validate.listing(regions)}), got {len(rows)}"
            raise ValueError(msg)
        weights = np.array(rows)
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))

    def _places(self, observations: Observations) -> Iterator[tuple[str, np.ndarray]]:
        """Yield what types may be absent from, and the observations there: a set, or a category of a label."""
        if self.absent_by is None:
            yield observations.of, np.arange(observations.n)
            return
        label = observations.labels[self.absent_by]
        for name in self.absent:
            _validate.one_of(f"absent, by category of {self.absent_by!r},", name, label.names)
        # Who is in no category lacks no type.
        for code, name in [(-1, ""), *enumerate(label.names)]:
            yield name, np.flatnonzero(label.codes == code)

    def _present(self, composition: np.ndarray, place: str) -> np.ndarray:
        """Return the composition without the types that are absent from a set of observations or a category."""
        absent = self.absent.get(place, ())
        if not absent:
            return composition
        is_present = np.isin(self.names, absent, invert=True)
        left = composition * is_present
        totals = left.sum(axis=1, keepdims=True)
        return np.where(totals > 0, left / np.where(totals > 0, totals, 1.0), is_present / is_present.sum())

    def _absent(self) -> FrozenMapping:
        if not isinstance(self.absent, Mapping):
            msg = f"absent must be a mapping from sets of observations, or categories of absent_by, to names of types, got {_validate.shown(self.absent)}"
            raise TypeError(msg)
        for observations, types in self.absent.items():
            for name in _validate.listed(f"absent[{_validate.shown(observations)}]", types):
                _validate.one_of(f"absent[{_validate.shown(observations)}]", name, self.names)
            if set(types) >= set(self.names):
                msg = f"absent[{_validate.shown(observations)}] must leave at least one of {_validate.listing(self.names)}"
                raise ValueError(msg)
        return FrozenMapping({name: tuple(types) for name, types in self.absent.items()}, what="absent")

    def _regions(self, observations: Observations) -> Label:
        if self.by is not None:
            return observations.labels[self.by]
        return Label(codes=np.zeros(observations.n, np.intp), names=("all",))


def _concentration(given: object, n_types: int) -> float | tuple[float, ...]:
    if not isinstance(given, Sequence | np.ndarray) or isinstance(given, str):
        return _validate.real("concentration", given, above=0)
    each = tuple(_validate.real("concentration", value, above=0) for value in given)
    if len(each) != n_types:
        msg = f"concentration must be one number or one per type ({n_types}), got {len(each)}"
        raise ValueError(msg)
    return each


def _shown(concentration: float | Sequence[float]) -> str:
    return ", ".join(f"{own:g}" for own in np.atleast_1d(concentration))


def _known(known: object) -> bool | tuple[str, ...]:
    if isinstance(known, Sequence) and not isinstance(known, str):
        return tuple(_names.usable_text("known", name) for name in known)
    return _validate.flag("known", known)


def _composition(given: object, n_types: int) -> Any:
    if given is None:
        return None
    if isinstance(given, str):
        _validate.one_of("composition", given, COMPOSITIONS)
        return given
    if isinstance(given, Mapping):
        rows = {_names.usable_text("composition", name): _weights(row, n_types) for name, row in given.items()}
        return FrozenMapping(rows, what="composition")
    return tuple(_weights(row, n_types) for row in _validate.listed("composition", given))


def _weights(row: object, n_types: int) -> tuple[float, ...]:
    weights = tuple(_validate.real("composition", value, at_least=0) for value in _validate.listed("composition", row))
    if len(weights) != n_types:
        msg = f"composition must have one weight per type ({n_types}) in each row, got {len(weights)}"
        raise ValueError(msg)
    if not sum(weights):
        msg = f"composition must have a weight above 0 in each row, got {_validate.shown(weights)}"
        raise ValueError(msg)
    return weights


def dirichlet(concentration: float | Sequence[float], shape: tuple[int, int], source: Stream) -> np.ndarray:
    """Return rows of shares, from the logarithms of gamma deviates by inversion."""
    from scipy.special import gammaincinv, gammaln

    alpha = np.asarray(concentration, float)
    uniform = uniforms(source, Purpose.FACTORS, shape, tile=1) + 2.0**-54
    deviates = gammaincinv(alpha, uniform)
    # Deviates of small concentrations underflow where P(x; a) is x^a / Γ(a + 1) to the last bit.
    logs = (np.log(uniform) + gammaln(alpha + 1.0)) / alpha
    np.log(deviates, out=logs, where=deviates > SMALL)
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)
