"""Hostile and ordinary values, each as Python text."""

from __future__ import annotations

from random import Random

NUMBERS = (
    *("0", "1", "2", "3", "-1", "7", "0.5", "-0.0", "1.5", "0.1", "-3.5", "1e-300", "5e-324", "1e39", "-1e39", "1e308"),
    *(
        "math.inf",
        "-math.inf",
        "math.nan",
        "10**5",
        "2**16",
        "10**6",
        "10**9",
        "1e10",
        "10**12",
        "2**31",
        "2**63",
        "2**64",
        "-2**63",
        "10**400",
    ),
    *("-10**400", "1j", "True", "False", "np.float32(2)", "np.float16(1e5)", "np.int8(3)", "np.uint64(2**63)"),
    *("np.bool_(True)", "np.array(2)", "np.array([2])", "np.longdouble(2)", "decimal.Decimal('2')"),
    *("decimal.Decimal('NaN')", "fractions.Fraction(1, 3)", "fractions.Fraction(10**400)", "np.timedelta64(3, 's')"),
)
TEXTS = (
    *(
        "''",
        "'a'",
        "'3'",
        "'rna'",
        "'nan'",
        "'inf'",
        "' '",
        "'a b'",
        "'a/b'",
        "'a:b'",
        r"'a\\b'",
        "'..'",
        "'.'",
        "'a' * 300",
    ),
    *(r"'\x00'", r"'a\x00b'", r"'\ud800'", "'=cmd()'", "'π'", r"'a\nb'", "'spatial'", "'spatial_x'", "'domain'"),
    *("'background'", "'a+b'", "'__class__'", "'spots.csv'", "'CON'", "b'a'", "np.str_('a')", "pathlib.Path('a')"),
)
OTHERS = (
    *("None", "[]", "()", "{}", "set()", "[1]", "[None]", "['a']", "{'a': 1}", "[[1, 2], [3]]", "nested(3000)"),
    *("nested_dict(3000)", "object()", "int", "...", "lambda: 0", "range(3)", "iter([1, 2])", "slice(None)", "pd.NA"),
    *("pd.NaT", "np.ma.masked", "np.datetime64('NaT')", "np.empty((0, 0))", "np.zeros((2, 2, 2))", "np.array(['a'])"),
    *("pd.DataFrame({'a': [1.0]})", "pd.Series([1, 2])", "pd.Index(['a'])", "sparse.eye(3).tocsr()", "math", "{1: 2}"),
    *("np.random.default_rng(0)", "np.random.RandomState(0)", "memoryview(b'ab')", "bytearray(3)", "frozenset({1})"),
    *("[math.nan] * 3", "[10**400]", "np.array([None, 1], object)", "np.ma.masked_array([1.0, 2.0], [True, False])"),
)
# A run as long as the number asks for is no hang: so no huge number of draws or updates is asked for.
REPEATS = ("n_chance", "n_draws", "n_sweeps", "n_folds")
HUGE = ("10**5", "2**16", "10**6", "10**9", "10**12", "2**31", "2**63", "2**64", "10**400", "np.uint64(2**63)")
SEEDS = ("0", "1", "2**70", "None", "np.random.default_rng(1)", "np.random.SeedSequence(3)")


def hostile(random: Random) -> str:
    """Any value; each of the three kinds is equally likely."""
    return random.choice(random.choice((NUMBERS, TEXTS, OTHERS)))


def hostile_number(random: Random, name: str) -> str:
    """Any value, a number more often than not; of what is repeated, no number that asks for hours of work."""
    while (value := random.choice(NUMBERS) if random.random() < 0.4 else hostile(random)) in HUGE and name in REPEATS:
        pass
    return value


def misspelt(name: str, random: Random) -> str:
    """A name with two letters swapped, one lost, or in capitals."""
    at = random.randrange(len(name))
    return random.choice(
        (name[:at] + name[at + 1 :] or "x", name[:at] + name[at:][::-1], name.upper(), name + "_", " " + name)
    )
