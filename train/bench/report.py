"""A bench's figures as tables, as metrics with their units, and as curves."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from matplotlib.figure import Figure

from evaluation.throughput import Line, Spread
from evaluation.throughput_plots import throughput_figure
from train.report_sections import Section

RATES = ("targets_per_s", "sentences_per_s", "share_of_matmul")
UNITS = {"cold": "cold_start", "memory": "peak_memory"}


def bench_sections(results: Mapping[str, Any]) -> list[Section]:
    """Return what was measured, a section for each part."""
    sections = [_predict(results["predict"])] if "predict" in results else []
    sections += [_fit(results["fit"])] if "fit" in results else []
    sections += [_process(results[name], name) for name in ("cold", "memory") if name in results]
    return sections + ([_text(results["text"])] if "text" in results else [])


def bench_metrics(results: Mapping[str, Any]) -> dict[str, float]:
    """Return the medians under flat names (predict_targets_per_s_ours_2_actors); bf16 says so in the name."""
    return dict(_metrics(results))


def bench_figure(predict: Mapping[str, Any]) -> Figure:
    """Return throughput against actors a sentence, and time against the tokens of an archive."""
    curves: dict[str, dict[int, Spread]] = {}
    for row in predict["rows"]:
        name = f"{row['system'].replace('_', ' ')}, {row['precision']}"
        curves.setdefault(name, {})[row["actors"]] = Spread(**row["targets_per_s"])
    of = predict["archive"]
    line = Line(of["slope_ms_per_token"] / 1000, of["intercept_s"], of["r_squared"])
    return throughput_figure(curves, dict(zip(of["tokens"], of["seconds"], strict=True)), line)


def _predict(results: Mapping[str, Any]) -> Section:
    of = results["archive"]
    machine = ", ".join(f"{rate['median']:.0f} in {kind}" for kind, rate in results["matmul_gflop_per_s"].items())
    grown = ", ".join(
        f"{rate['median']:+.1%} ({rate['low']:+.1%} to {rate['high']:+.1%}) in {kind}"
        for kind, rate in results["growth_from_1_to_8_actors"].items()
    )
    notes = (
        "`ours … x`: times this line's targets/s. `train predict` reads an archive in the fastest whose probabilities "
        f"are as in fp32; the one below is read in {results['predictor_precision']}.",
        f"Matrix product of this machine, GFLOP/s: {machine}.",
        f"Time of ours from one actor a sentence to eight: {grown}.",
        f"Whole reading of an archive, {of['tokens'][0]} to {of['tokens'][-1]} tokens: {of['slope_ms_per_token']} ms a "
        f"token, R² {of['r_squared']}.",
    )
    return _rated("Predict", notes, results["rows"])


def _fit(results: Mapping[str, Any]) -> Section:
    batches = ", ".join(f"{batch} in {precision}" for precision, batch in results["trainer_batch"].items())
    notes = (
        f"An epoch of {results['sentences']} sentences, half of them for the peer; nothing evaluated or saved. "
        f"`train fit` computes in {results['fit_precision']} here when nothing is set.",
        f"Batch of transformers' Trainer, the faster of 8 and 32: {batches}.",
    )
    return _rated("Fit", notes, results["rows"])


def _process(rows: Sequence[Mapping[str, Any]], name: str) -> Section:
    figures = [figure for figure in rows[0] if figure not in ("system", "reads")]
    cells = [[row["system"], row["reads"], *(_cell(row[figure]) for figure in figures)] for row in rows]
    title = "Cold start" if name == "cold" else "Peak memory"
    note = "A new process each; the pipeline is given the actors, ours finds sentences and actors itself."
    return Section(title, (note,), ("system", "reads", *(figure.replace("_", " ") for figure in figures)), cells)


def _text(rows: Sequence[Mapping[str, Any]]) -> Section:
    cells = [[row["step"], _cell(row["characters_per_s"])] for row in rows]
    return Section("Text", (), ("step", "characters/s"), cells)


def _rated(title: str, notes: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> Section:
    ours = [f"ours {precision} x" for precision in rows[0]["times_ours"]]
    head = ("system", "actors", "targets/s", "sentences/s", "of matmul", *ours)
    return Section(title, notes, head, [_rates(row) for row in rows])


def _rates(row: Mapping[str, Any]) -> list[str]:
    targets, sentences, share = (row[name] for name in RATES)
    ratios = [_cell(times, places=1) for times in row["times_ours"].values()]
    cells = [_cell(targets), _cell(sentences), f"{share['median']:.0%}", *ratios]
    return [f"{row['system']}, {row['precision']}", str(row["actors"]), *cells]


def _cell(spread: Mapping[str, float], places: int | None = None) -> str:
    form = f".{places}f" if places is not None else (".0f" if spread["median"] >= 100 else ".3g")
    middle = format(spread["median"], form)
    if spread["low"] == spread["high"]:
        return middle
    return f"{middle} ({format(spread['low'], form)}–{format(spread['high'], form)})"


def _metrics(results: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for part in ("predict", "fit"):
        for row in results.get(part, {}).get("rows", ()):
            actors = f"{row['actors']}_actor{'s' if row['actors'] > 1 else ''}"
            who = f"{row['system']}{_suffix(row['precision'])}"
            yield from ((f"{part}_{name}_{who}_{actors}", row[name]["median"]) for name in RATES)
            if row["system"] != "ours":
                for precision, times in row["times_ours"].items():
                    yield f"{part}_times_ours{_suffix(precision)}_to_{who}_{actors}", times["median"]
    yield from _reading_metrics(results.get("predict", {}))
    for part, prefix in UNITS.items():
        for row in results.get(part, ()):
            for name in ("cpu_s", "wall_s", "peak_mib"):
                if name in row:
                    yield _flat(f"{prefix}_{name}_{row['system']}_{row['reads']}"), row[name]["median"]
    for row in results.get("text", ()):
        yield _flat(f"{row['step']}_characters_per_s"), row["characters_per_s"]["median"]


def _reading_metrics(predict: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for precision, rate in predict.get("matmul_gflop_per_s", {}).items():
        yield f"matmul_gflop_per_s_{precision}", rate["median"]
    for precision, share in predict.get("growth_from_1_to_8_actors", {}).items():
        yield f"predict_time_growth_1_to_8_actors_{precision}", share["median"]
    for name in ("slope_ms_per_token", "r_squared"):
        if "archive" in predict:
            yield f"archive_{name}", predict["archive"][name]


def _suffix(precision: str) -> str:
    return "" if precision == "fp32" else f"_{precision}"


def _flat(name: str) -> str:
    return re.sub(r"\W+", "_", name)
