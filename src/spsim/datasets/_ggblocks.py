"""The ggblocks data set of Townes & Engelhardt (2023)."""

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
def ggblocks(
    n_side: int = 36,
    *,
    layout: LayoutLike | None = None,
    sparse: bool = False,
    keep_mean: bool = False,
    rng: RNGLike = 0,
    **modality: Unpack[ModalityFields],
) -> MuData:
    r"""Blocks: four disjoint spatial factors on background.

    The model and its defaults are those of :func:`quilt`; only the pattern differs.

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
    >>> sps.datasets.ggblocks(n_side=12, n_spatial=100).obs["domain"].value_counts().to_dict()
    {'background': 48, 'block_2': 32, 'block_3': 24, 'block_1': 20, 'block_4': 20}

    References
    ----------
    :cite:t:`townes2023nonnegative`.
    """
    return one_modality(
        "ggblocks", n_side, layout=layout, modality=modality, rng=rng, sparse=sparse, keep_mean=keep_mean
    )
