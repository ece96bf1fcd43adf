"""From a scenario and a seed to a data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

from spsim import _validate
from spsim._keywords import refuses_unknown
from spsim._random import RNGLike, seed_sequence
from spsim.scenarios._draw import draw_truth
from spsim.scenarios._measure import measure
from spsim.scenarios._memory import check_counts_memory, check_memory
from spsim.scenarios._modality import Modality
from spsim.scenarios._named import as_scenario
from spsim.scenarios._provenance import Provenance
from spsim.scenarios._scenario import Scenario
from spsim.slots import written
from spsim.truth import Measurement, Truth

if TYPE_CHECKING:
    from mudata import MuData


@refuses_unknown()
def simulate(
    scenario: Scenario | Mapping[str, Any] | Sequence[Modality | Mapping[str, Any]] | str | PathLike[str],
    *,
    rng: RNGLike = 0,
    sparse: bool = False,
    keep_mean: bool = False,
) -> MuData:
    r"""Simulate a scenario: first the truth, then its measurement.

    .. math:: \Lambda = \text{background} + F W^\top + U V^\top, \qquad Y_{ij} \sim p(\cdot \mid \Lambda_{ij})

    Parameters
    ----------
    scenario
        What to simulate: a :class:`Scenario`, a mapping of its fields or a list of modalities, as in JSON, the path of a
        ``.json`` file that holds one, or a name: ``"quilt"``, ``"ggblocks"``, ``"multiomics"``, as the functions of
        :mod:`spsim.datasets` make them, or another pattern that has a name.
    rng
        Seed (SPEC 7); 0 by default, so that two calls give equal objects. ``None`` draws one and records it.
    sparse
        Whether counts are ``csr_matrix`` rather than dense.
    keep_mean
        Whether to keep Λ in ``layers["mean"]``; :func:`spsim.get.mean` recomputes it otherwise.

    Returns
    -------
    Data with the truth beside it. In every modality:

    - ``X`` and ``layers["counts"]``: raw counts, float32, two copies;
    - ``obsm["spatial"]``: coordinates, x = column, y = row downwards, float64;
    - ``obsm["spatial_factors"]`` (F), ``obsm["nonspatial_factors"]`` (U): float32;
    - ``varm["spatial_loadings"]`` (W), ``varm["nonspatial_loadings"]`` (V): float32;
    - ``obs["domain"]``, ``var["kind"]``, ``var["spatial_factor"]``, ``var["nonspatial_factor"]``: Categorical;
    - ``obs["spsim_index"]``, ``var["spsim_index"]``: position in the simulated object, int64;
    - ``uns["spsim"]``: scenario, seeds and versions as text, and the table ``activity`` (modality × factor, bool).

    The same coordinates, spatial factors, domains and ``uns`` stand in the ``MuData``, with ``obs["x"]``,
    ``obs["y"]``.

    Raises
    ------
    ValueError
        An unknown name or field, a value out of range, or a data set that would not fit into memory.
    FileNotFoundError
        No such file.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> scenario = sps.Scenario(pattern="quilt", modalities=[{"name": "rna", "n_spatial": 20}])
    >>> mdata = sps.simulate(scenario, rng=7)
    >>> mdata["rna"].X.shape, mdata["rna"].X.dtype
    ((1296, 20), dtype('float32'))

    References
    ----------
    :cite:t:`townes2023nonnegative`.
    """
    chosen = as_scenario(scenario)
    seed = seed_sequence(rng)
    return simulate_provenance(
        Provenance(
            scenario=chosen,
            truth_seed=seed,
            counts_seed=seed,
            sparse=_validate.flag("sparse", sparse),
            keep_mean=_validate.flag("keep_mean", keep_mean),
        )
    )


def simulate_provenance(provenance: Provenance) -> MuData:
    """Simulate with a seed for the truth and one for the counts."""
    scenario = provenance.scenario
    check_memory(scenario, sparse=provenance.sparse, keep_mean=provenance.keep_mean)
    truth = draw_truth(scenario, provenance.truth_seed)
    if provenance.sparse:
        check_counts_memory(scenario, truth, keep_mean=provenance.keep_mean)
    measured = {
        m.name: measure(truth.means[m.name], m, seed=provenance.counts_seed, sparse=provenance.sparse)
        for m in scenario.modalities
    }
    return assembled(truth, measured, provenance)


def assembled(truth: Truth, measured: Mapping[str, Measurement], provenance: Provenance) -> MuData:
    """Return the data set of a truth and its measurement, which says where it came from."""
    return written(truth, measured, provenance.to_uns(truth), keep_mean=provenance.keep_mean)
