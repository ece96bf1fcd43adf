"""Networks of programs: chains and common causes, and the parts that they fall into."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from spsim._random import Purpose, Stream, uniforms

Edge = tuple[str, str, float]


def random_network(n_programs: int, n_modules: int, least: float, most: float, source: Stream) -> np.ndarray:
    """Return J of modules without edges between them, chains and common causes in turn, with both signs.

    In a random sparse network plain correlation ranks all edges right; along a chain and under a common cause programs
    correlate that are not coupled.
    """
    order = uniforms(source, Purpose.PROGRAMS, n_programs, tile=0).argsort(kind="stable")
    size, sign = uniforms(source, Purpose.PROGRAMS, (n_programs, 2), tile=1).T
    # As many of either sign, or one more.
    signs = np.where(sign.argsort(kind="stable").argsort(kind="stable") % 2, -1.0, 1.0)
    weights = (least + size * (most - least)) * signs
    couplings = np.zeros((n_programs, n_programs))
    for number, members in enumerate(np.array_split(order, min(n_modules, n_programs))):
        for place, program in enumerate(members[1:], 1):
            cause = members[place - 1] if number % 2 == 0 else members[0]
            couplings[cause, program] = couplings[program, cause] = weights[program]
    return couplings


def given_network(edges: Sequence[Edge], names: Sequence[str]) -> np.ndarray:
    """Return J of edges between named programs."""
    couplings = np.zeros((len(names), len(names)))
    for first, second, weight in edges:
        a, b = names.index(first), names.index(second)
        couplings[a, b] = couplings[b, a] = weight
    return couplings


def modules_of(couplings: np.ndarray) -> tuple[str, ...]:
    """Return the module of each program, ``module_1``, …: programs that a path of edges connects."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    _, codes = connected_components(csr_matrix(couplings != 0), directed=False)
    return tuple(f"module_{code + 1}" for code in codes)


def groups_of(responses: np.ndarray) -> tuple[str, ...]:
    """Return the group of each condition, ``group_1``, …: conditions with one response."""
    _, first, codes = np.unique(responses, axis=0, return_index=True, return_inverse=True)
    rank = first.argsort(kind="stable").argsort(kind="stable")
    return tuple(f"group_{rank[code] + 1}" for code in codes.reshape(-1))


def random_responses(n_conditions: int, n_programs: int, n_groups: int, effect: float, source: Stream) -> np.ndarray:
    """Return B: conditions of a group shift the same one to three programs, up or down."""
    drawn = uniforms(source, Purpose.PROGRAMS, (n_groups, 2 * n_programs + 1), tile=2)
    many = 1 + np.minimum((drawn[:, 0] * 3).astype(np.intp), min(3, n_programs) - 1)
    rank = drawn[:, 1 : n_programs + 1].argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    sign = np.where(drawn[:, n_programs + 1 :] < 0.5, -1.0, 1.0)
    # Plus zero, so that zeros have no sign.
    own = effect * sign * (rank < many[:, None]) + 0.0
    return own[np.arange(n_conditions) % n_groups]
