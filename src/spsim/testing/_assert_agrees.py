"""A partition of the spots must reach what it is held to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spsim import _validate, tl
from spsim.testing._thresholds import missed, report, thresholds

if TYPE_CHECKING:
    from anndata import AnnData
    from mudata import MuData


def assert_agrees(
    mdata: AnnData | MuData,
    key: str,
    *,
    truth: AnnData | MuData | None = None,
    score: str = "ari",
    at_least: float | None = None,
    above_chance: float | None = None,
    of_ceiling: float | None = None,
) -> None:
    """Fail unless a partition of the spots agrees with the true domains.

    The scores are those of :func:`spsim.tl.domain_agreement` over all spots. Every threshold that is given must be
    reached.

    Parameters
    ----------
    mdata
        Object with labels in ``obs``; nothing is written to it.
    key
        Key of the labels; ``"rna:leiden"`` means ``obs["leiden"]`` of the modality ``rna``.
    truth
        The simulated object, if ``mdata`` has no truth in it; aligned by observation name.
    score
        Row of the table: ``ari``, ``ami``, ``nmi``, ``homogeneity``, ``completeness``, ``v_measure``, ``fmi``, ``mi``,
        ``pair_jaccard``, ``pair_f1``, ``matched_accuracy`` or ``macro_f1``.
    at_least
        The score must be ``>= at_least``; above 0.
    above_chance
        ``score - chance >= above_chance`` and a score above ``chance``, the mean of partitions as smooth but unrelated;
        not below 0. Single unrelated partitions scatter around their mean, so ask for 0.1 or more.
    of_ceiling
        ``score / ceiling >= of_ceiling``; above 0. The ceiling is the score of a perfect method that sees the modality
        which holds the labels, or all of them where the labels lie at the top.

    Returns
    -------
    Nothing.

    Raises
    ------
    AssertionError
        A threshold is missed; the message shows the table.
    ValueError
        No threshold, one out of range, an unknown score, a ceiling of 0, spots of a single domain, names that do not align,
        missing labels.
    KeyError
        No such key, or no truth.

    Examples
    --------
    >>> import spsim as sps
    >>> from spsim.testing import assert_agrees
    >>> mdata = sps.datasets.multiomics()
    >>> mdata.obs["mine"] = mdata.obs["domain"].isin(["block_1", "block_2"])
    >>> assert_agrees(mdata, "mine", at_least=0.1)
    >>> assert_agrees(mdata, "mine", at_least=0.9)
    Traceback (most recent call last):
    AssertionError: 'mine' agrees too little with the true domains (1296 spots)
      at_least=0.9 is missed by ari (...)
    ...
    """
    __tracebackhide__ = True
    required = thresholds(at_least, above_chance, of_ceiling)
    table = tl.domain_agreement(mdata, key, truth=truth, copy=True)
    _validate.one_of("score", score, [name for name in table.index if name != "n"])
    row = table.loc[[score]]
    if row["score"].isna().item():
        msg = f"all {table.loc['n', 'score']:.0f} spots of {key!r} are of one domain: there is nothing to agree with"
        raise ValueError(msg)
    ceiling = row["ceiling"].item()
    if "of_ceiling" in required and not ceiling > 0:
        msg = (
            f"the ceiling of {score!r} is {ceiling:g}: nobody could agree with the domains, so no share of it is a test"
        )
        raise ValueError(msg)
    lines = missed(row, row, required, chance="chance")
    if lines:
        headline = f"{key!r} agrees too little with the true domains ({table.loc['n', 'score']:.0f} spots)"
        raise AssertionError(report(headline, lines, table.drop(index="n")))
