"""Features of one modality, with all that is true of them beside their loadings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from spsim.truth._label import Label
from spsim.truth._table import Table


@dataclass(frozen=True, kw_only=True, eq=False)
class Features:
    """One set of features.

    Parameters
    ----------
    labels
        Labels by name, columns of ``var``; ``kind`` is one of them.
    values
        Arrays by name: vectors go to ``var``, matrices with a row per feature to ``varm``.
    tables
        Tables by name, in ``uns["spsim"]`` of the modality.
    """

    labels: Mapping[str, Label]
    values: Mapping[str, np.ndarray] = field(default_factory=dict)
    tables: Mapping[str, Table] = field(default_factory=dict)
