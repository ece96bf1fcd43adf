"""Arrays as Python text: ordinary ones that fit, and those that should be refused in plain words."""

from __future__ import annotations

from random import Random

# What can befall an array; {} stands for it.
ODD = (
    *(
        "{}.T",
        "{}.tolist()",
        "{}[:0]",
        "{}[:, :0]",
        "{}[:1]",
        "{}[:-1]",
        "{}[:, 0]",
        "{}[None]",
        "{}[::-1]",
        "{}[..., None]",
    ),
    *("{} * 1e300", "{} * 1e-300", "{} * 1e200 + 1e200", "{} * 0", "{} * 0 + 1", "{} + 1e17", "-{}", "{} * math.nan"),
    *("spoilt({}, math.nan)", "spoilt({}, math.inf)", "spoilt({}, -math.inf)", "spoilt({}, -1.0)", "np.rint({})"),
    *("{}.astype('float16')", "{}.astype('>f4')", "{}.astype('longdouble')", "{}.astype(complex)", "{}.astype(object)"),
    *("{}.astype(str)", "{}.astype('int8')", "{}.astype(bool)", "{}.astype('uint64')", "{}.astype('datetime64[s]')"),
    *("{}.astype('timedelta64[s]')", "{}.astype('S5')", "np.asfortranarray({})", "readonly({})", "np.matrix({})"),
    *("pd.DataFrame({})", "pd.DataFrame({}).astype('Float64')", "pd.DataFrame({}).astype('category')"),
    *("pd.DataFrame({}).iloc[:, 0]", "sparse.csr_matrix({})", "sparse.coo_array({})", "sparse.csc_matrix({})"),
    *(
        "np.ma.masked_array({}, {} > 0)",
        "np.ma.masked_array({})",
        "np.repeat({}[:1], len({}), axis=0)",
        "memoryview({})",
    ),
    *("list({})", "tuple(map(tuple, {}))", "iter({})", "{{'a': {}}}", "np.where({} > 0, None, {})", "np.array('a')"),
    *("np.vstack([{}, {}])", "np.hstack([{}, {}])", "np.broadcast_to({}[0, 0], {}.shape)", "{}.view(np.recarray)"),
)
ODD_LABELS = (
    *("{}.tolist()", "{}[:0]", "{}[:-1]", "{}[:, None]", "{}.astype(object)", "pd.Categorical({})", "pd.Series({})"),
    *(
        "pd.Series({}).astype('category')",
        "pd.Series({}, dtype='string')",
        "pd.Index({})",
        "np.where({} == 'a', None, {})",
    ),
    *("np.where({} == 'a', math.nan, 1.0)", "np.ones(len({}))", "np.ones(len({}), bool)", "np.arange(len({}))"),
    *(
        "np.arange(len({})) * 1j",
        "[[1]] * len({})",
        "[{{}}] * len({})",
        "[pd.NA] * len({})",
        "pd.Series({}).replace('a', pd.NA)",
    ),
    *("np.full(len({}), 'a')", "[(1, 2)] * len({})", "[b'a'] * len({})", "'a'", "iter({})", "sparse.csr_matrix([[1]])"),
    *("pd.DataFrame({{'a': {}}})", "np.full(len({}), 10**20, object)", "np.array([math.nan] * len({}))"),
    *("[np.array([1, 2])] * len({})", "[slice(None)] * len({})", "np.ma.masked_array({}, True)"),
)


def matrix(n_rows: int, n_columns: int, random: Random) -> str:
    """A matrix of normal or positive numbers."""
    return f"{random.choice(('normal', 'normal', 'positive'))}({n_rows}, {n_columns}, {random.randrange(9)})"


def labels(n_rows: int, random: Random) -> str:
    """A vector of letters."""
    return f"letters({n_rows}, {random.randint(1, 4)}, {random.randrange(9)})"


def places(n_rows: int, random: Random) -> str:
    """Coordinates: on a square lattice, scattered, on a line, in space, or all the same."""
    kinds = (f"lattice({n_rows})", f"lattice({n_rows})", f"positive({n_rows}, 2, 3)", f"positive({n_rows}, 3, 3)")
    return random.choice((*kinds, f"np.arange({n_rows})[:, None] * 1.0", f"np.zeros(({n_rows}, 2))"))


def odd(text: str, random: Random, kinds: tuple[str, ...] = ODD) -> str:
    """Something befalls the array."""
    kind = random.choice(kinds)
    return kind.format(*[text] * kind.count("{}"))
