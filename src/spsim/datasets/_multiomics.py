"""Several omics on one tissue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import TYPE_CHECKING, Any

from spsim._keywords import refuses_unknown
from spsim._random import RNGLike
from spsim.datasets._layout import N_SIDE, placed
from spsim.patterns import FactorMatrix, LayoutLike, Pattern
from spsim.scenarios import TWO_OMICS, Modality, Scenario, read_json_file, simulate

if TYPE_CHECKING:
    import numpy as np
    from mudata import MuData


@refuses_unknown()
def multiomics(
    modalities: Sequence[Modality | Mapping[str, Any]] | Mapping[str, Any] | str | PathLike[str] | None = None,
    *,
    pattern: str | Pattern | FactorMatrix | Mapping[str, Any] | np.ndarray = "ggblocks",
    n_side: int = N_SIDE,
    layout: LayoutLike | None = None,
    sparse: bool = False,
    keep_mean: bool = False,
    rng: RNGLike = 0,
) -> MuData:
    r"""Simulate several omics that share coordinates and spatial factors.

    .. math::

       Y^{(m)}_{ij} \sim p_m(\cdot \mid \Lambda^{(m)}_{ij}), \qquad
       \Lambda^{(m)} = \text{background}_m + F {W^{(m)}}^\top + U^{(m)} {V^{(m)}}^\top

    Each modality loads on its active factors only, so that a factor is shared, private to one modality, or absent. By
    default ``rna`` has 1000 zero-inflated features on blocks 1, 3 and 4, ``protein`` 100 features on block 2.

    Parameters
    ----------
    modalities
        Modalities, as :class:`spsim.Modality` or as mappings of its fields; or a configuration: a path to a JSON file
        that holds such a list or a whole :class:`spsim.Scenario`, or the latter as a mapping.
    pattern
        Where the factors are: a name, a pattern of :mod:`spsim.patterns` or its dict, or a stack of motifs (array L ×
        height × width).
    n_side
        Spots along each side of the square grid, at least 1.
    layout
        Other places for the spots, instead of the square grid: a layout of :mod:`spsim.patterns`, its name or its dict,
        positions (n × 2 or n × 3), or an AnnData with ``obsm["spatial"]``.
    sparse
        Whether counts are ``csr_matrix`` rather than dense.
    keep_mean
        Whether to keep Λ in ``layers["mean"]``.
    rng
        Seed (SPEC 7); two calls with the same one give equal objects, ``None`` draws one and records it.

    Returns
    -------
    A ``MuData``; slots as in :func:`spsim.simulate`.

    Raises
    ------
    ValueError
        A value out of range, an unknown field, a file that is not JSON, or a pattern or size beside a configuration
        that holds its own.
    FileNotFoundError
        No such configuration file.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.multiomics()
    >>> sps.get.activity(mdata)
             block_1  block_2  block_3  block_4
    rna         True    False     True     True
    protein    False     True    False    False

    References
    ----------
    :cite:t:`townes2023nonnegative` for the model, :cite:t:`long2024deciphering` for two modalities.
    """
    config = read_json_file("modalities", modalities) if isinstance(modalities, str | PathLike) else modalities
    if isinstance(config, Mapping):
        return simulate(_whole_scenario(config, pattern, n_side, layout), rng=rng, sparse=sparse, keep_mean=keep_mean)
    places = placed(n_side, layout)
    scenario = Scenario(
        id="multiomics",
        pattern=pattern,
        # Left to the scenario's default, which is the same grid: a FactorMatrix refuses any other layout.
        layout=None if layout is None and places.n_spots == N_SIDE**2 else places,
        modalities=TWO_OMICS if config is None else config,
    )
    return simulate(scenario, rng=rng, sparse=sparse, keep_mean=keep_mean)


def _whole_scenario(config: Mapping[str, Any], pattern: object, n_side: int, layout: LayoutLike | None) -> Scenario:
    if not (isinstance(pattern, str) and pattern == "ggblocks") or n_side != N_SIDE or layout is not None:
        msg = "a configuration that is a whole scenario has its own pattern and size: leave out pattern, n_side, layout"
        raise ValueError(msg)
    return Scenario.from_config(config)
