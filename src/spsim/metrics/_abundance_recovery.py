"""Whether labels find which domains or types are more abundant in one condition than in another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from spsim import _validate
from spsim._random import RNGLike
from spsim.metrics._alignment import in_one_order
from spsim.metrics._arrays import pearson, same_length
from spsim.metrics._factor_recovery import match_columns
from spsim.metrics._labels import label_codes
from spsim.metrics._sampling import generator

# Added to each count, so that a type which a sample lacks has a logarithm.
PSEUDOCOUNT = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class AbundanceRecovery:
    """What :func:`abundance_recovery` found."""

    names: list[object]
    """The true labels, in order of first appearance."""
    contrasts: list[object]
    """The conditions that are compared with the reference."""
    truth: np.ndarray
    """True log2 fold of the share, labels x contrasts."""
    estimate: np.ndarray
    """The same of the matched clusters; 0 for a label without a cluster."""
    matched: np.ndarray
    """Whether a label has a cluster."""
    scores: dict[str, float]
    """``rmse`` and ``pearson`` over all labels and contrasts."""
    chance: dict[str, float]
    """Their means over conditions that are dealt out to the samples anew; empty without draws."""
    n: int
    """Number of samples."""


def abundance_recovery(
    labels: ArrayLike,
    truth: ArrayLike,
    samples: ArrayLike,
    conditions: ArrayLike,
    *,
    reference: object = None,
    n_draws: int = 20,
    rng: RNGLike = 0,
) -> AbundanceRecovery:
    r"""Compare differences of composition between conditions, from estimated labels, with the true ones.

    With :math:`n_{sk}` spots of label k among the :math:`n_s` of sample s, and K true labels, the share is
    :math:`p_{sk} = (n_{sk} + 1/2) / (n_s + K/2)`, and the fold of condition c against the reference r the difference
    of the means over their samples,

    .. math:: \operatorname{mean}_{s \in c} \log_2 p_{sk} - \operatorname{mean}_{s \in r} \log_2 p_{sk}

    Clusters are given to true labels one to one, by the assignment with the most spots in common; a label without a
    cluster counts as one in which no difference was found.

    Parameters
    ----------
    labels
        One label per spot; names and order of the clusters do not matter.
    truth
        True label of each spot, in the same order.
    samples
        Sample (slice) of each spot.
    conditions
        Condition of each spot, one for all spots of a sample.
    reference
        Condition that the others are compared with; by default the one of the first spot.
    n_draws
        Draws of conditions that are dealt out to the samples anew, for chance; 0 for none.
    rng
        Seed of the draws.

    Returns
    -------
    Folds of each label and condition, and their root mean squared error and Pearson correlation.

    Raises
    ------
    ValueError
        If lengths differ, a label is missing, a sample has two conditions, or there are fewer than two.

    Examples
    --------
    >>> truth = list("aaabaaababbbabbb")
    >>> samples, conditions = [i // 4 for i in range(16)], ["control"] * 8 + ["treated"] * 8
    >>> result = abundance_recovery([2 if t == "a" else 1 for t in truth], truth, samples, conditions)
    >>> result.truth.ravel().round(2), result.scores["rmse"]
    (array([-1.22,  1.22]), 0.0)
    """
    truth, labels, samples, conditions = in_one_order(
        truth=truth, labels=labels, samples=samples, conditions=conditions
    )
    truth, labels, samples, conditions = in_one_order(
        truth=truth, labels=labels, samples=samples, conditions=conditions
    )
    (clusters, _), (true, names) = label_codes("labels", labels), label_codes("truth", truth)
    (sample, sample_names), (condition, known) = label_codes("samples", samples), label_codes("conditions", conditions)
    same_length(labels=clusters, truth=true, samples=sample, conditions=condition)
    n_draws = _validate.whole("n_draws", n_draws)
    of_sample, base = _of_sample(sample, condition, sample_names), _reference(reference, known)
    match = match_columns(_table(true, clusters))
    matched, own = match >= 0, _table(sample, clusters)[:, match]
    true_folds = _folds(_table(sample, true), np.bincount(sample), of_sample, base)
    sizes, random = np.bincount(sample), generator(rng)

    def estimated(dealt: np.ndarray) -> np.ndarray:
        return np.where(matched[:, None], _folds(own, sizes, dealt, base), 0.0)

    estimate = estimated(of_sample)
    draws = [_scores(estimated(random.permutation(of_sample)), true_folds) for _ in range(n_draws)]
    return AbundanceRecovery(
        names=names,
        contrasts=[name for c, name in enumerate(known) if c != base],
        truth=true_folds,
        estimate=estimate,
        matched=matched,
        scores=_scores(estimate, true_folds),
        chance={name: float(np.mean([draw[name] for draw in draws])) for name in (draws[0] if draws else ())},
        n=len(sample_names),
    )


def _of_sample(sample: np.ndarray, condition: np.ndarray, names: list[object]) -> np.ndarray:
    """Condition of each sample."""
    first = np.unique(sample, return_index=True)[1]
    of_sample = condition[first]
    mixed = np.unique(sample[of_sample[sample] != condition])
    if len(mixed):
        msg = f"conditions must be one for all spots of a sample, got several in {_validate.listing(names[s] for s in mixed)}"
        raise ValueError(msg)
    return of_sample


def _reference(reference: object, known: list[object]) -> int:
    if len(known) < 2:
        msg = f"conditions must be at least 2, got {known[0]!r} only: nothing can differ"
        raise ValueError(msg)
    if reference is None:
        return 0
    _validate.one_of("reference", reference, known)
    return known.index(reference)


def _table(rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    table = np.zeros((rows.max() + 1, columns.max() + 1), np.int64)
    np.add.at(table, (rows, columns), 1)
    return table


def _folds(counts: np.ndarray, sizes: np.ndarray, of_sample: np.ndarray, base: int) -> np.ndarray:
    """Log2 folds, labels x contrasts, from counts of samples x labels."""
    shares = np.log2((counts + PSEUDOCOUNT) / (sizes[:, None] + PSEUDOCOUNT * counts.shape[1]))
    means = np.array([shares[of_sample == c].mean(axis=0) for c in range(of_sample.max() + 1)])
    return np.asarray((np.delete(means, base, axis=0) - means[base]).T)


def _scores(estimate: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    correlation = pearson(estimate.reshape(-1, 1), truth.reshape(-1, 1))
    return {"rmse": float(np.sqrt(np.mean((estimate - truth) ** 2))), "pearson": float(correlation[0, 0])}
