"""Cases that run the command line in this process, on good and damaged files."""

from __future__ import annotations

from random import Random

from verification.fuzzing.case import Case
from verification.fuzzing.configurations import config_text

WORDS = (
    "''",
    "'-1'",
    "'0'",
    "'3'",
    "'1e3'",
    "'nan'",
    "'99999999999999999999'",
    "'9' * 5000",
    "'a/b'",
    r"'\x00'",
    "'é'",
    "'--'",
    "'a' * 5000",
)
OUTPUTS = (
    "'o.h5mu'",
    "'o.zarr'",
    "'o'",
    "'o.csv'",
    "'.'",
    "'..'",
    "'/nope/o'",
    "''",
    "'o/o.h5mu'",
    "'a' * 300",
    r"'a\x00'",
    "'t.h5mu'",
)


def command(random: Random) -> Case:
    """One run of ``spsim``."""
    return random.choice((_simulate, _simulate, _score, _score, _score, _anything))(random)


def _simulate(random: Random) -> Case:
    setup: list[str] = []
    what = random.choice(
        ("'quilt'", "'ggblocks'", "'multiomics'", "'nope'", "'c.json'", "'c.json'", "'c.json'", "''", "'.'")
    )
    if what == "'c.json'" and random.random() < 0.95:
        setup.append(f"pathlib.Path('c.json').write_text({config_text(random)}, 'utf-8')")
        if random.random() < 0.2:
            setup.append(_damage("c.json", random))
    arguments = ["'simulate'", what, "'-o'", random.choice(OUTPUTS if random.random() < 0.4 else OUTPUTS[:3])]
    if what != "'c.json'" or random.random() < 0.05:
        arguments += ["'--n-side'", random.choice(("'4'", "'6'", "'1'", *WORDS))]
    for option, values in (
        ("'--seed'", ("'1'", *WORDS)),
        ("'--pattern'", ("'quilt'", "'nope'", *WORDS)),
        ("'--plot'", ("'p.png'", "'p.xyz'", "'/nope/p.png'")),
    ):
        if random.random() < 0.12:
            arguments += [option, random.choice(values)]
    if random.random() < 0.3:
        arguments.append("'--force'")
        setup += random.choice(
            (
                [],
                ["put('o.h5mu')"],
                ["pathlib.Path('o').mkdir()"],
                ["pathlib.Path('o').write_text('a')"],
                ["pathlib.Path('o.zarr').mkdir()"],
            )
        )
    return Case(function="spsim", setup=tuple(setup), positional=tuple(arguments))


def _score(random: Random) -> Case:
    truth = random.choice(("t.h5mu", "t.h5mu", "t.h5mu", "t.zarr"))
    estimate = random.choice(("e.csv", "e.csv", "e.h5ad"))
    setup = [f"put({truth!r})", f"put({estimate!r}, {random.choice(('factors', 'labels'))!r})"]
    chance = random.random()
    if chance < 0.45:
        setup.append(_damage(truth, random))
    elif chance < 0.6 or (chance < 0.8 and estimate == "e.h5ad"):
        setup.append(_damage(estimate, random))
    elif chance < 0.9 and estimate == "e.csv":
        setup.append(f"pathlib.Path('e.csv').write_bytes({random.choice(TABLES)})")
    arguments = ["'score'", repr(truth), repr(estimate)]
    if random.random() < (0.9 if estimate == "e.h5ad" else 0.2):
        arguments += [
            "'--key'",
            random.choice(("'X_guess'", "'X_guess'", "'guess'", "'rna:guess'", "'spatial'", *WORDS)),
        ]
    if random.random() < 0.2:
        arguments += ["'--modality'", random.choice(("'rna'", "'protein'", *WORDS))]
    if random.random() < 0.2:
        arguments += ["'-o'", random.choice(("'s.csv'", "'s.txt'", "'/nope/s.csv'", "'e.csv'"))]
    return Case(function="spsim", setup=tuple(setup), positional=tuple(arguments))


TABLES = (
    "b''",
    r"b'\n'",
    r"b'a,b\n'",
    r"b'\xff\xfe\x00'",
    r"b'name,f\nspot_1,1.0\nspot_1,2.0\n'",
    r"b'name,f\nnope,1.0\n'",
    r"b'name,f,g\nspot_1,1.0\nspot_2,1.0,2.0,3.0\n'",
    r"b'name,f\nspot_1,nan\n'",
    r"b'name,f\nspot_1,inf\n'",
    r"b'name,f\nspot_1,' + b'9' * 5000 + b'\n'",
    r"b'name,f,g\nspot_1,a,1.0\n'",
    r"b'name;f\nspot_1;1.0\n'",
    r"b'name,f,f\nspot_1,1.0,2.0\n'",
    r"b'name,\"f\nspot_1,1.0\n'",
    r"b'name,f\n,1.0\n'",
    r"b'name,f\nspot_1,True\n'",
    r"b'\x00' * 100",
)


def _anything(random: Random) -> Case:
    words = (
        "'simulate'",
        "'score'",
        "'list'",
        "'--help'",
        "'--version'",
        "'-o'",
        "'--force'",
        "'quilt'",
        "'o.h5mu'",
        *WORDS,
    )
    return Case(function="spsim", positional=tuple(random.choice(words) for _ in range(random.randint(0, 5))))


def _damage(path: str, random: Random) -> str:
    seed = random.randrange(10**6)
    return random.choice(
        (
            f"cut({path!r}, {random.choice((0, 0.01, 0.1, 0.5, 0.9, 0.999))})",
            f"flip({path!r}, {seed}, {random.choice((1, 10, 100))})",
            f"flip({path!r}, {seed}, {random.choice((1, 10, 100, 1000))})",
            f"lose({path!r}, {seed})",
        )
    )
