"""Gene programs whose activities depend on each other and on what was done to the cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from spsim import _keys, _names, _validate
from spsim._categories import category_names
from spsim._deviates import normal_deviates
from spsim._random import Purpose, Stream, uniforms
from spsim._recipe import FrozenMapping
from spsim.factors._factor_recipe import FactorRecipe
from spsim.factors._spin_network import Edge, given_network, groups_of, modules_of, random_network, random_responses
from spsim.factors._spin_states import spin_states
from spsim.truth import Factors, Observations, Table

DSPIN = """\
@misc{jiang2024dspin,
  author = {Jiang, Jialong and others},
  title = {{D-SPIN} constructs gene regulatory network models from multiplexed {scRNA-seq} data revealing organizing principles of cellular perturbation response},
  howpublished = {bioRxiv},
  year = {2024},
  doi = {10.1101/2023.04.19.537364}
}
"""
MODULES, GROUPS, STATES = "network_modules", "response_groups", "states"
# Activity of a program in each state, and the shape of the Gamma distribution that it is multiplied with.
LEVELS, CONCENTRATION = (0.1, 1.0, 3.0), 10.0
# Their network is a dense table, programs × programs.
MOST_PROGRAMS = 2**12
# Size of the couplings of a network that is drawn.
COUPLINGS = (0.6, 1.0)


@dataclass(frozen=True, kw_only=True)
class SpinPrograms(FactorRecipe):
    r"""Programs that are low, at rest or high, with a network of couplings between them and a response per condition.

    .. math:: P(s \mid c) \propto \exp\Big((h_0 + B_c)^\top s + \sum_{i<j} J_{ij} s_i s_j + \sum_i J_{ii} s_i^2\Big),
       \qquad s \in \{-1, 0, 1\}^K, \qquad F_{ik} = (0.1, 1, 3)[s_{ik}] \, g_{ik}, \quad g \sim \mathrm{Gamma}(10, 0.1)

    With at most eight programs all states are listed and drawn exactly; beyond, by Gibbs sampling from two starts, with a
    warning where they have not met.

    Parameters
    ----------
    n_programs
        Number of programs K.
    by
        Label of the conditions c: ``"perturbation"``, or ``"domain"`` for niches in space; one condition without it. Where
        the label is that of :class:`Perturbations`, cells that escape have no response.
    control
        The condition without a response, if there is one of this name.
    network
        Edges ``(program, program, weight)`` by name; an edge from a program to itself is J of itself. By default
        ``n_modules`` modules, chains and common causes in turn, with couplings of 0.6 to 1 of either sign.
    n_modules
        Number of modules of the default network.
    effect
        Size of the responses; 0 leaves the data as they are without any.
    response
        In place of one to three programs per condition, shifted by ``effect`` up or down: a mapping from conditions to
        mappings from programs to shifts, each from -10 to 10, which are multiplied with ``effect``.
    n_groups
        Number of responses that are drawn: condition c has that of group c modulo their number. By default each has its own.
        Two that happen to be equal are one group in ``response_groups``.
    field_sd
        Standard deviation of the entries of :math:`h_0`.
    n_sweeps
        Sweeps of the Gibbs sampler.
    names
        One name per program; ``program_1``, ``program_2``, … if left out.

    Raises
    ------
    ValueError
        A value out of range, names that do not fit, an edge that is given twice.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(
    ...     pattern=None,
    ...     design=sps.designs.Dissociated(300),
    ...     factors={
    ...         "perturbation": sps.factors.Perturbations(3),
    ...         "program": sps.factors.SpinPrograms(4, by="perturbation"),
    ...     },
    ...     modalities=[{"name": "rna", "n_nonspatial": 20, "loadings": {"program": sps.factors.Graded()}}],
    ... )
    >>> mdata = sps.simulate(scenario)
    >>> mdata.obsm["program_factors"].shape, mdata.uns["spsim"]["network"].shape, mdata.uns["spsim"]["response"].shape
    ((300, 4), (4, 4), (3, 4))

    References
    ----------
    .. [1] Jiang et al. (2024), D-SPIN constructs gene regulatory network models from multiplexed scRNA-seq data revealing
       organizing principles of cellular perturbation response, bioRxiv 2023.04.19.537364.
    """

    n_programs: int = field(default=8, kw_only=False)
    by: str | None = None
    control: str = "control"
    network: Sequence[Edge] | None = None
    n_modules: int = 2
    effect: float = 1.0
    response: Mapping[str, Mapping[str, float]] | None = None
    n_groups: int | None = None
    field_sd: float = 0.2
    n_sweeps: int = 200
    names: Sequence[str] = ()

    def __post_init__(self) -> None:
        for name in ("n_modules", "n_sweeps"):
            object.__setattr__(self, name, _validate.whole(name, getattr(self, name), at_least=1))
        own = _validate.whole("n_programs", self.n_programs, at_least=1, at_most=MOST_PROGRAMS)
        object.__setattr__(self, "n_programs", own)
        if self.n_groups is not None:
            object.__setattr__(self, "n_groups", _validate.whole("n_groups", self.n_groups, at_least=1))
        for name in ("effect", "field_sd"):
            object.__setattr__(self, name, _validate.real(name, getattr(self, name), at_least=0, at_most=10))
        if self.by is not None:
            _names.usable_name("by", self.by)
        _names.usable_text("control", self.control)
        object.__setattr__(self, "names", category_names(self.names, self.n_programs, kind="program"))
        if self.network is not None:
            object.__setattr__(self, "network", _edges(self.network, self.names))
        if self.response is not None:
            object.__setattr__(self, "response", _shifts(self.response, self.names))

    @property
    def bibtex(self) -> str:
        """The spin network of programs."""
        return DSPIN

    @property
    def prose(self) -> str:
        """What a Methods section says of it."""
        network = f"{self.n_modules} modules of couplings" if self.network is None else f"{len(self.network)} couplings"
        responds = "" if self.by is None else f" and a response of size {self.effect:g} to each {self.by}"
        return f"{self.n_programs} gene programs of a spin network with {network}{responds}"

    @property
    def needs(self) -> tuple[str, ...]:
        """The label of the conditions."""
        return () if self.by is None else (self.by,)

    @property
    def is_spatial(self) -> bool:
        """Where observations have places, conditions are niches."""
        return self.by is not None

    @property
    def own_tables(self) -> tuple[str, ...]:
        """Network and response, and which programs and conditions belong together."""
        return (_keys.NETWORK, _keys.RESPONSE, MODULES, GROUPS)

    @property
    def arrays(self) -> tuple[str, ...]:
        """The states."""
        return (STATES,)

    def factors(self, observations: Observations, source: Stream) -> Factors:
        """Return the activities; observations are a prefix of more of them."""
        names, (acting, conditions) = tuple(self.names), self._acting(observations)
        couplings, responses = self.couplings(source), self.responses(conditions, source)
        fields, which = np.unique(acting, axis=0, return_inverse=True)
        rest = self.field_sd * normal_deviates(uniforms(source, Purpose.PROGRAMS, self.n_programs, tile=3))
        states = spin_states(
            rest + (fields @ responses if conditions else np.zeros((1, self.n_programs))),
            which.reshape(-1),
            couplings,
            source.child(f"{STATES}:{observations.position}"),
            n_sweeps=self.n_sweeps,
        )
        tables = {
            _keys.NETWORK: Table.of_matrix(couplings, names, names),
            _keys.RESPONSE: Table.of_matrix(responses, conditions, names),
            MODULES: Table(rows=names, columns={"module": np.array(modules_of(couplings), object), "field": rest}),
            GROUPS: Table(rows=conditions, columns={"group": np.array(groups_of(responses), object)}),
        }
        values = np.array(LEVELS)[states + 1] * _gamma(states.shape, source.child(f"activity:{observations.position}"))
        arrays = {STATES: states.astype(np.float32)}
        return Factors(columns=names, values=values.astype(np.float32), own_tables=tables, arrays=arrays)

    def couplings(self, source: Stream) -> np.ndarray:
        """Return J."""
        if self.network is not None:
            return given_network(self.network, self.names)
        return random_network(self.n_programs, self.n_modules, *COUPLINGS, source.child(_keys.NETWORK))

    def responses(self, conditions: Sequence[str], source: Stream) -> np.ndarray:
        """Return B, conditions × programs."""
        if self.response is None:
            n_groups = len(conditions) if self.n_groups is None else min(self.n_groups, len(conditions))
            own = source.child(_keys.RESPONSE)
            return random_responses(len(conditions), self.n_programs, n_groups, self.effect, own)
        for condition in self.response:
            _validate.one_of("a condition in response", condition, conditions)
        shifts = [self.response.get(condition, {}) for condition in conditions]
        # Plus zero, so that zeros have no sign.
        return self.effect * np.array([[own.get(name, 0.0) for name in self.names] for own in shifts]) + 0.0

    def _acting(self, observations: Observations) -> tuple[np.ndarray, tuple[str, ...]]:
        """Return which condition acts in which observation, and the names of the conditions."""
        if self.by is None:
            return np.zeros((observations.n, 1)), ()
        label, factors = observations.labels[self.by], observations.factors.get(self.by)
        conditions = tuple(name for name in label.names if name != self.control)
        acting = label.indicators[:, [name != self.control for name in label.names]].astype(float)
        # A condition acts where its label says so, but not in cells that escape it, where its factor is 0.
        for k, name in enumerate(conditions):
            if factors is not None and name in factors.columns:
                acting[:, k] *= factors.values[:, factors.columns.index(name)] != 0
        return acting, conditions


def _gamma(shape: tuple[int, ...], source: Stream) -> np.ndarray:
    """Return Gamma deviates of mean 1."""
    from scipy.special import gammaincinv

    return np.asarray(gammaincinv(CONCENTRATION, uniforms(source, Purpose.PROGRAMS, shape) + 2.0**-54) / CONCENTRATION)


def _edges(given: object, names: Sequence[str]) -> tuple[Edge, ...]:
    edges: list[Edge] = []
    for edge in _validate.listed("network", given):
        if isinstance(edge, str) or not isinstance(edge, Sequence) or len(edge) != 3:
            msg = f"network must be a list of edges (program, program, weight), got {_validate.shown(edge)}"
            raise TypeError(msg)
        for name in edge[:2]:
            _validate.one_of("a program in network", name, names)
        edges.append((edge[0], edge[1], _validate.real("weight in network", edge[2], at_least=-10, at_most=10)))
    _validate.unique("edges of network", [" – ".join(sorted(edge[:2])) for edge in edges])
    return tuple(edges)


def _shifts(given: object, names: Sequence[str]) -> FrozenMapping:
    if not isinstance(given, Mapping) or not all(isinstance(own, Mapping) for own in given.values()):
        msg = f"response must be a mapping from conditions to mappings from programs to shifts, got {_validate.shown(given)}"
        raise TypeError(msg)
    shifts = {}
    for condition, own in given.items():
        for name in own:
            _validate.one_of(f"a program in response[{_validate.shown(condition)}]", name, names)
        shifts[_names.usable_text("response", condition)] = {
            name: _validate.real("shift in response", shift, at_least=-10, at_most=10) for name, shift in own.items()
        }
    return FrozenMapping(shifts, what="response")
