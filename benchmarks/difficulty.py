"""The rule of docs/difficulty.md and the verdicts on claims, for every world: means over seeds and their intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.stats import t as student

LEAST_GAP, LEAST_BEST, MOST_BEST = 0.15, 0.3, 0.85


def report(
    scores: pd.DataFrame, informed: Sequence[str], claims: Mapping[str, tuple[str, np.ndarray]], *others: object
) -> None:
    """Print the tables of docs/difficulty.md and the claims."""
    print(intervals(scores).to_string(), gaps(scores, informed).to_string(), *others, sep="\n")
    for claim, (statement, differences) in claims.items():
        print(f"{claim}: {verdict(differences)} {shown(differences)}; {statement}")


def is_informative(scores: pd.DataFrame, informed: Sequence[str]) -> bool:
    """Return whether the best baseline is neither lost nor done, and informed ones lie apart in their order."""
    apart = gaps(scores, informed)
    is_apart = (apart["gap"] >= LEAST_GAP) & (apart["in_sd"] > 2)
    return bool(LEAST_BEST < scores.mean().max() < MOST_BEST and is_apart.all())


def gaps(scores: pd.DataFrame, informed: Sequence[str]) -> pd.DataFrame:
    """Return how far informed baselines lie apart, each from all before it, and how many standard deviations over seeds."""
    pairs = [(less, more) for i, less in enumerate(informed) for more in informed[i + 1 :]]
    apart = pd.DataFrame({f"{more} - {less}": scores[more] - scores[less] for less, more in pairs})
    return pd.DataFrame({"gap": apart.mean(), "in_sd": apart.mean() / apart.std()}).round(3)


def intervals(scores: pd.DataFrame) -> pd.DataFrame:
    """Return mean, standard deviation and 95 % interval of the mean over seeds."""
    table = pd.DataFrame({"mean": scores.mean(), "sd": scores.std()})
    half = student.ppf(0.975, len(scores) - 1) * table["sd"] / np.sqrt(len(scores))
    return table.assign(low=table["mean"] - half, high=table["mean"] + half).round(3)


def interval(differences: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of the mean."""
    half = student.ppf(0.975, len(differences) - 1) * differences.std(ddof=1) / np.sqrt(len(differences))
    return float(differences.mean() - half), float(differences.mean() + half)


def verdict(differences: np.ndarray) -> str:
    """Return whether a claim holds, whose differences are above 0 where it does."""
    low, high = interval(differences)
    return "reproduced" if low > 0 else "not reproduced here" if high < 0 else "undecided here"


def shown(differences: np.ndarray) -> str:
    """Return a mean and its 95 % interval as text."""
    low, high = interval(differences)
    return f"{differences.mean():.2f} ({low:.2f} to {high:.2f})"
