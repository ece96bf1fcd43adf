"""An estimated network of programs against the true one, on an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from spsim import _keys, _validate, metrics
from spsim._keywords import refuses_unknown
from spsim.tl._lookup import find
from spsim.tl._programs import By, check_width, matched_programs, table_at, true_table
from spsim.tl._store import chosen_key, stored

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData
    from pandas import DataFrame

    from spsim._random import RNGLike

PROGRAM = "program"
PERMUTED = "permuted_edges"


@refuses_unknown()
def network_recovery(
    data: AnnData | MuData,
    key: str,
    *,
    loadings_key: str | None = None,
    factors_key: str | None = None,
    block: str = PROGRAM,
    truth: AnnData | MuData | None = None,
    n_chance: int = 100,
    rng: RNGLike = 0,
    key_added: str | None = None,
    copy: bool = False,
) -> DataFrame:
    """Compare estimated couplings between programs with the true ones.

    Programs are matched first, one to one, by their loadings or by their activities; signs go with them: where a matched
    program is turned around its couplings change theirs, and one that is constant has couplings of 0. Edges of a true
    program without a match count as missed.

    Parameters
    ----------
    data
        Object with an estimate in ``uns``.
    key
        Key of the couplings, a square DataFrame or array; ``"rna:J"`` means ``uns["J"]`` of the modality ``rna``. Of a
        directed estimate the direction that is larger in size counts.
    loadings_key
        Key of the programs' loadings in ``varm``, columns in the order of the couplings, to match programs by.
    factors_key
        Key of their activities in ``obsm``, to match programs by in place of ``loadings_key``. Without both the columns
        of the couplings must have the names of true programs.
    block
        Name of the block of the true programs.
    truth
        The simulated object, if ``data`` has no truth in it.
    n_chance
        Draws of permuted edges; 0 leaves chance out.
    rng
        Seed of the draws.
    key_added
        Key to write; ``f"{key}_network_recovery"`` by default.
    copy
        Whether to write nothing.

    Returns
    -------
    Rows ``aupr_ratio`` and ``early_precision_ratio``, then both for positive and for negative edges
    (:func:`spsim.metrics.network_recovery`):

    ``score``, ``ceiling``
        Of the estimate, and of the true network: one over the share of pairs that are edges.
    ``chance``, ``chance_p95``
        Mean and 95th percentile over permuted edges. With all programs matched the mean is 1 of early precision, and above
        1 of the area where pairs are few; what is missed lowers both.
    ``edges``, ``missed``, ``n``
        True edges that count, pairs of which a program has no match, and all pairs of different programs.

    Also written to ``uns[key_added]``, and the match of the programs to ``uns[f"{key_added}_programs"]``.

    Raises
    ------
    KeyError
        No such key, or no true network.
    ValueError
        A network that is not square, numbers or names of programs that do not fit, or nothing to match them by.

    Examples
    --------
    >>> import numpy as np
    >>> import spsim as sps
    >>> mdata = sps.datasets.perturbseq()
    >>> mdata["rna"].uns["J"] = np.corrcoef(mdata["rna"].obsm["program_factors"].T)
    >>> table = sps.tl.network_recovery(mdata, "rna:J", factors_key="program_factors")
    >>> bool(table.loc["aupr_ratio", "score"] > 3 * table.loc["aupr_ratio", "chance"])
    True

    References
    ----------
    .. [1] Pratapa et al. (2020), Benchmarking algorithms for gene regulatory network inference from single-cell
       transcriptomic data, Nature Methods 17, 147-154.
    """
    import pandas as pd

    n_draws = _validate.whole("n_chance", n_chance)
    found = find(data, key, "uns", truth, block=block)
    true = true_table(data, truth, _keys.NETWORK)
    given, names = table_at(found), [str(name) for name in true.columns]
    by = By(loadings_key=loadings_key, factors_key=factors_key, block=block)
    programs = matched_programs(data, truth, by, given, names)
    check_width(found.key, np.shape(given)[1], programs)
    result = metrics.network_recovery(
        _in_one_order(found.key, given),
        true.to_numpy(),
        match=programs.match,
        sign=programs.sign,
        n_draws=n_draws,
        rng=rng,
    )
    table = pd.DataFrame({"score": result.scores, "ceiling": result.ceiling})
    if result.chance is not None:
        table = table.assign(chance=result.chance.mean, chance_p95=result.chance.p95, null=PERMUTED)
    table = table.assign(edges=pd.Series(result.edges), missed=result.n_missed, n=result.n_pairs)
    key_added = chosen_key(key_added, f"{key}_network_recovery")
    return stored(data, table, key_added, copy=copy, programs=programs.columns(names))


def _in_one_order(key: str, given: Any) -> np.ndarray:
    """Return a network whose rows are in the order of its columns, by name where it has names."""
    if not hasattr(given, "columns"):
        return np.asarray(given)
    rows, columns = [str(name) for name in given.index], [str(name) for name in given.columns]
    if sorted(rows) != sorted(columns):
        msg = (
            f"rows and columns of uns[{key!r}] must be the same programs, got {_validate.listing(rows)} and "
            f"{_validate.listing(columns)}"
        )
        raise ValueError(msg)
    _validate.unique(f"rows of uns[{key!r}]", rows)
    return np.asarray(given)[[rows.index(name) for name in columns]]
