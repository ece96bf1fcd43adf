"""What a perfect method reaches for each true factor, whatever rotation it is in."""

from __future__ import annotations

import numpy as np

from spsim import metrics
from spsim.metrics._factor_space import explained
from spsim.tl._draws import Draws
from spsim.tl._told_apart import confused_factors
from spsim.tl._undefined import is_constant


def factor_ceiling(draws: Draws) -> np.ndarray:
    """Return the R2 of each true factor on those that a method sees and on columns that know nothing of the truth.

    1 for a factor that is seen and not confused with another one. Of others, what is seen explains a part (disjoint domains
    exclude each other, and of confused factors the sum is seen), and unrelated columns explain a part of the rest: the two
    add up. NaN for a factor that does not vary.
    """
    seen, constant = draws.found.visible.copy(), is_constant(draws.found)
    seen[sum(confused_factors(draws.found), [])] = False
    if (seen | constant).all():
        left = np.zeros(len(seen))
    else:
        left = np.where(constant, 0, draws.mean_beside_seen(explained))
    return np.where(constant, np.nan, metrics.factor_ceiling(seen, chance=left))
