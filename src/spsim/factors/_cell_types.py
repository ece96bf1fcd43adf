"""Cell types whose composition differs between regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from spsim import _names, _validate
from spsim._categories import category_names
from spsim._random import Purpose, Stream, uniforms
from spsim.factors._factor_recipe import FactorRecipe
from spsim.truth import Factors, Label, Observations, Table

COMPOSITION = "composition"
SMALL = 1e-200


@dataclass(frozen=True, kw_only=True)
class CellTypes(FactorRecipe):
    r"""One type per observation, drawn from the composition of its region.

    .. math:: \pi_d \sim \mathrm{Dirichlet}(\alpha), \qquad z_i \sim \mathrm{Categorical}(\pi_{d(i)}), \qquad
       F_{ik} = [z_i = k]

    Parameters
    ----------
    n_types
        Number of types.
    by
        Label of the regions d, such as ``"domain"`` or ``"slice"``; without it there is one composition.
    concentration
        The concentration α, above 0: small values give regions of nearly one type, large ones equal shares.
    known
        Whether the types are known to an experimenter, so that blind copies keep ``obs``; or the names of the sets of
        observations in which they are, such as ``["reference"]``.
    names
        One name per type; ``type_1``, ``type_2``, … if left out.

    Raises
    ------
    ValueError
        A value out of range, names that do not fit.
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
    """

    n_types: int = field(default=3, kw_only=False)
    by: str | None = None
    concentration: float = 1.0
    known: bool | Sequence[str] = False
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "n_types", _validate.whole("n_types", self.n_types, at_least=1))
        object.__setattr__(self, "concentration", _validate.real("concentration", self.concentration, above=0))
        object.__setattr__(self, "known", _known(self.known))
        if self.by is not None:
            _names.usable_name("by", self.by)
        object.__setattr__(self, "names", category_names(self.names, self.n_types, kind="type"))

    @property
    def needs(self) -> tuple[str, ...]:
        """The label of the regions."""
        return () if self.by is None else (self.by,)

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

    def factors(self, observations: Observations, source: Stream) -> Factors:
        """Return one-hots of the types; regions and observations are a prefix of more of them."""
        region = self._regions(observations)
        composition = dirichlet(self.concentration, (len(region.names), self.n_types), source)
        # Who belongs to no region belongs to no type.
        steps = np.cumsum(composition, axis=1)[:, :-1]
        # Every set has a run of its own; compositions are the same in all of them.
        drawn = uniforms(source, Purpose.FACTORS, observations.n, tile=2 * observations.position)
        codes = np.where(region.codes < 0, -1, (drawn[:, None] >= steps[region.codes]).sum(axis=1))
        label = Label(codes=codes, names=tuple(self.names), is_known=self._is_known(observations.name))
        table = Table.of_matrix(composition, region.names, tuple(self.names))
        return Factors(columns=label.names, values=label.indicators, label=label, tables={COMPOSITION: table})

    def _is_known(self, observations: str) -> bool:
        return self.known if isinstance(self.known, bool) else observations in self.known

    def _regions(self, observations: Observations) -> Label:
        if self.by is not None:
            return observations.labels[self.by]
        return Label(codes=np.zeros(observations.n, np.intp), names=("all",))


def _known(known: object) -> bool | tuple[str, ...]:
    if isinstance(known, Sequence) and not isinstance(known, str):
        return tuple(_names.usable_text("known", name) for name in known)
    return _validate.flag("known", known)


def dirichlet(concentration: float, shape: tuple[int, int], source: Stream) -> np.ndarray:
    """Return rows of shares, from the logarithms of gamma deviates by inversion."""
    from scipy.special import gammaincinv, gammaln

    uniform = uniforms(source, Purpose.FACTORS, shape, tile=1) + 2.0**-54
    deviates = gammaincinv(concentration, uniform)
    # Deviates of small concentrations underflow where P(x; a) is x^a / Γ(a + 1) to the last bit.
    logs = (np.log(uniform) + gammaln(concentration + 1.0)) / concentration
    np.log(deviates, out=logs, where=deviates > SMALL)
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    return shares / shares.sum(axis=1, keepdims=True)
