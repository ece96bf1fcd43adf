"""Cases that read, score, draw, copy or replay an object that was filtered, shuffled or damaged."""

from __future__ import annotations

import inspect
from random import Random

import spsim as sps
from verification.fuzzing import arrays
from verification.fuzzing.case import Case
from verification.fuzzing.values import SEEDS, hostile, hostile_number
from verification.fuzzing.world import WORLDS

TL = tuple(f"sps.tl.{name}" for name in sps.tl.__all__)
GET = tuple(f"sps.get.{name}" for name in sps.get.__all__)
PL = tuple(f"sps.pl.{name}" for name in sps.pl.__all__)
OPERATIONS = tuple(f"sps.datasets.{name}" for name in ("describe", "drop_modality", "replay", "resample", "twin"))
SLOTS = {
    "obsm": ("spatial", "spatial_factors", "nonspatial_factors", "X_guess", "X_rest"),
    "obs": ("domain", "guess", "spsim_index", "x"),
    "var": ("kind", "spatial_factor", "nonspatial_factor", "spsim_index", "score"),
    "varm": ("spatial_loadings", "nonspatial_loadings", "W_guess", "W_rest"),
    "layers": ("counts", "raw", "denoised"),
    "uns": ("spsim", "moranI"),
}
RECORD = (
    *("scenario", "schema", "version", "params", "spacing", "unit", "activity", "shape", "names_sha256", "modality"),
    *("truth", "params_sha256", "dropped_counts", "dropped_obs_names"),
)
KEYS = {
    "key": (
        "'X_guess'",
        "'rna:X_guess'",
        "'guess'",
        "'rna:guess'",
        "'rna:denoised'",
        "'rna:moranI'",
        "'rna:score'",
        "'spatial'",
    ),
    "keys": ("['X_guess', 'guess']", "['rna:X_guess', 'protein:guess']", "'X_guess'", "['rna:denoised', 'rna:moranI']"),
    "loadings_key": ("'W_guess'", "'rna:W_guess'", "'spatial_loadings'"),
    "shared_key": ("'X_rest'", "'rna:X_rest'"),
    "nonspatial_key": ("'X_rest'", "'rna:X_rest'"),
    "nonspatial_loadings_key": ("'W_rest'", "'rna:W_rest'"),
    "reference_key": ("'X_rest'", "'rna:X_rest'"),
    "graph_key": ("None", "'spatial_connectivities'"),
    "truth": ("None", "world(0)", "world(0)['rna']", "world(1)", "world(2)", "world(0)[::2].copy()"),
    "visible": ("None", "['block_1']", "['a']"),
    "factors": ("['block_1']", "['block_1', 'block_2']", "[]", "'block_1'"),
    "kinds": ("['a', 'b', 'c']", "['shared', 'rna', 'protein']"),
    "names": ("['rna_1']", "None", "[]", "m['rna'].var_names[:2].tolist()"),
    "name": ("'rna'", "'protein'"),
    "modality": ("None", "'rna'", "'nope'"),
    "table_key": ("None", "'evaluate'", "'X_guess_factor_recovery'"),
    "n_chance": ("1", "2", "0"),
    "n_sampled": ("None", "5"),
    "n_neighbors": ("3", "49"),
    "n_folds": ("2", "5"),
    "fraction": ("0.5", "0", "1"),
    "validation_fraction": ("0.05", "0.5"),
    "block_size": ("None", "2"),
    "threshold": ("0.1", "0"),
    "shape": ("None", "10"),
    "score_column": ("None", "'I'", "'pval_norm'"),
    "p_value_column": ("None", "'pval_norm'"),
    "key_added": ("None", "'table'"),
    "copy": ("True", "False"),
    "rng": SEEDS,
    "change": ("1",),
}
TWINS = ("expression_mean", "dropout_rate", "n_side", "likelihood", "layout", "pattern", "name", "modalities", "nope")


def operation(random: Random) -> Case:
    """One operation on an object, or on something else."""
    weights = (10, 4, 1, 4)
    function = random.choice(random.choices((TL, GET, PL, OPERATIONS), weights)[0])
    if random.random() < 0.03:
        function = "sps.Scenario.from_mdata"
    damages = [_damage(random) for _ in range(random.choice((0, 1, 1, 1, 2, 3)))]
    setup = (f"m = world({random.randrange(WORLDS)})", *damages)
    positional, keywords = [_data(random)], {}
    called = eval(function, {"sps": sps})
    for parameter in list(inspect.signature(called).parameters.values())[1:]:
        if parameter.kind is parameter.VAR_KEYWORD:
            keywords[random.choice(TWINS)] = random.choice(("1", "0.5", "'quilt'", hostile(random)))
        elif parameter.default is parameter.empty or random.random() < 0.35 or parameter.name == "n_chance":
            known = KEYS.get(parameter.name)
            is_odd = known is None or random.random() < 0.12
            value = hostile_number(random, parameter.name) if is_odd else random.choice(known)
            if parameter.kind is parameter.KEYWORD_ONLY:
                keywords[parameter.name] = value
            else:
                positional.append(value)
    return Case(function=function, setup=setup, positional=tuple(positional), keywords=keywords)


def _data(random: Random) -> str:
    return (
        random.choice(("m", "m", "m", "m", "m['rna']", "m['rna']", "m['protein']", "m['rna'][:5]"))
        if random.random() < 0.95
        else hostile(random)
    )


def _damage(random: Random) -> str:
    owner = random.choice(("m", "m['rna']", "m['protein']"))
    return random.choice((_filtered, _slot, _slot, _record, _record, _params, _names))(owner, random)


def _filtered(owner: str, random: Random) -> str:
    whole = (
        "m = m[::-1].copy()",
        "m = m[:5].copy()",
        "m = m[:1].copy()",
        "m = m[:0].copy()",
        "m = m[[3, 1, 2, 0]].copy()",
    )
    part = (
        "m.mod['rna'] = m['rna'][:, :4].copy(); m.update()",
        "m.mod['rna'] = m['rna'][:, ::-1].copy(); m.update()",
        "m.mod['rna'] = m['rna'][:, :0].copy(); m.update()",
        "m.mod['rna'] = m['rna'][:7].copy(); m.update()",
        "m.mod['new'] = anndata.AnnData(normal(m.n_obs, 2, 1), obs=m.obs[[]]); m.update()",
        "m.mod.pop('protein'); m.update()",
        "m.mod.clear()",
        "m = m.copy(); m.mod['rna'], m.mod['protein'] = m.mod['protein'], m.mod['rna']",
        "m = sps.get.without_truth(m)",
        "m = mudata.MuData({'rna': m['rna']})",
        "m['rna'].X = None",
        "m['rna'].X = sparse.csc_matrix(m['rna'].X)",
        "m['rna'].X[:] = math.nan",
    )
    return random.choice((*whole, *part))


def _slot(owner: str, random: Random) -> str:
    """A slot goes, or holds something else."""
    slot = random.choice(list(SLOTS))
    place = f"{owner}.{slot}[{random.choice(SLOTS[slot])!r}]"
    if random.random() < 0.35:
        return f"del {place}"
    own = place if slot in ("obsm", "varm", "layers") else f"np.asarray({place})"
    changed = arrays.odd(own, random, arrays.ODD if slot in ("obsm", "varm", "layers") else arrays.ODD_LABELS)
    return f"{place} = {changed if random.random() < 0.8 else hostile(random)}"


def _record(owner: str, random: Random) -> str:
    """An entry of the record in uns goes, or holds something else."""
    place = f"{owner}.uns['spsim'][{random.choice(RECORD)!r}]"
    if random.random() < 0.35:
        return f"del {place}"
    return f"{place} = {hostile(random)}"


def _params(owner: str, random: Random) -> str:
    """The recorded parameters are edited."""
    place = f"{owner}.uns['spsim']['params']"
    edits = (
        f"{place}[: {random.randrange(400)}]",
        f"{place}.replace('{random.randrange(10)}', '{random.randrange(10)}')",
        f"{place}.replace('rna', 'gex')",
        f"{place}.replace('seeds', 'seed')",
        f"{place}.replace('true', 'null').replace('false', 'null')",
        f"{place}.replace('0', '9' * 500)",
        f"json.dumps({{**json.loads({place}), {random.choice(('scenario', 'seeds', 'sparse', 'origin', 'factors'))!r}: "
        f"{random.choice(('None', '[]', '{}', '1', repr('a'), '[[]]', '{0: 1}'))}}})",
        "'[' * 100_000",
        "json.dumps(nested(500))",
        "'null'",
        "'[]'",
        "'{}'",
    )
    return f"{place} = {random.choice(edits)}"


def _names(owner: str, random: Random) -> str:
    """Names of spots or features change."""
    axis, count = random.choice((("obs_names", "n_obs"), ("var_names", "n_vars")))
    own = f"{owner}.{axis}"
    changed = (
        f"['a'] * {owner}.{count}",
        f"[f'n{{i}}' for i in range({owner}.{count})]",
        f"{own}[::-1]",
        f"pd.Index({own}, dtype='category')",
        f"range({owner}.{count})",
        f"[*{own}[:-1], {own}[0]]",
    )
    return f"{own} = {random.choice(changed)}"
