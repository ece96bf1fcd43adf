"""The quilt data set of Townes & Engelhardt (2023)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from spsim._keywords import refuses_unknown
from spsim._random import RNGLike
from spsim.datasets._one_modality import one_modality
from spsim.patterns import LayoutLike
from spsim.scenarios import ALIASES, Modality, ModalityFields

if TYPE_CHECKING:
    from mudata import MuData


@refuses_unknown(Modality, also=(*ALIASES, "params"))
def quilt(
    n_side: int = 36,
    *,
    layout: LayoutLike | None = None,
    sparse: bool = False,
    keep_mean: bool = False,
    rng: RNGLike = 0,
    **modality: Unpack[ModalityFields],
) -> MuData:
    r"""Quilt: four overlapping spatial factors (squares, corners, scotland, checkers).

    .. math:: Y_{ij} \sim \mathrm{NB}(\Lambda_{ij}, r), \qquad \Lambda = 0.2 + F W^\top + U V^\top

    By default 500 mixed features, each with 0.55 of its mean 20 on one spatial factor and the rest on one of 3
    non-spatial factors, each of which is on with probability 0.2; shape r = 10.

    Parameters
    ----------
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
    **modality
        Fields of :class:`spsim.Modality`, flat: ``n_spatial=200``, ``expression_mean=0.5``, ``dropout_rate=0.5``, …

    Returns
    -------
    A ``MuData`` with the one modality ``rna``; slots as in :func:`spsim.simulate`.

    Raises
    ------
    ValueError
        A value out of range, an unknown field, or sizes that do not fit into memory.
    TypeError
        A value of the wrong type.

    Examples
    --------
    >>> import spsim as sps
    >>> mdata = sps.datasets.quilt()
    >>> mdata.shape, mdata["rna"].var["kind"].value_counts().to_dict()
    ((1296, 500), {'mixed': 500, 'spatial': 0, 'nonspatial': 0})
    >>> sps.get.factors(mdata).sum().to_dict()
    {'squares': 576.0, 'corners': 756.0, 'scotland': 216.0, 'checkers': 576.0}

    References
    ----------
    :cite:t:`townes2023nonnegative`.
    """
    return one_modality("quilt", n_side, layout=layout, modality=modality, rng=rng, sparse=sparse, keep_mean=keep_mean)
