"""Judges the recipe on pictures of sources that training left out, every picture once."""

import pathlib
import tempfile
import typing

import judge
import scores
from crops import Crops
from fit import fit_predictor
from lift import MARGIN_STOPS
from pairs import Pair, folds_of, parted
from predictor import Predictor, stored

MARGINS_STOPS = (0.0, 0.02, MARGIN_STOPS, 0.05, 0.08, 0.12)  # the trade of error against false boost


def scored_with_margin(predictor: Predictor, margin: float, tool: pathlib.Path, held: list[Pair],
                       photos: dict[str, pathlib.Path]) -> list[scores.Scored]:
    predictor.lift.margin = margin
    with tempfile.TemporaryDirectory() as scratch:
        weights = pathlib.Path(scratch) / "fold.weights"
        weights.write_bytes(stored(predictor, "fold"))
        return judge.scored(tool, held, photos, weights)


def cross_validated(pairs: list[Pair], extra: list[Pair], crops: Crops, photos: dict[str, pathlib.Path],
                    tool: pathlib.Path, folds: int, seeds: list[int], steps: int) -> dict[str, typing.Any]:
    """The table with the recipe's margin, and what other margins would do."""
    found: dict[float, list[scores.Scored]] = {margin: [] for margin in MARGINS_STOPS}
    for sources in folds_of(pairs, folds):
        kept, held = parted(pairs, sources)
        predictor = fit_predictor(kept, extra, crops, seeds, steps)
        for margin in MARGINS_STOPS:
            found[margin] += scored_with_margin(predictor, margin, tool, held, photos)
    said = {margin: scores.summary(some) for margin, some in found.items()}
    trade = [{"margin_stops": margin, "mae_stops": s["mae_stops"]["ours"],
              "false_boost_stops": s["false_boost_stops"]["ours"],
              "highlight_recall": s["highlight_recall"]["ours"], "worst_stops": s["worst"]["stops"]}
             for margin, s in said.items()]
    return {"folds": folds, **said[MARGIN_STOPS], "trade": trade}


def report(said: dict[str, typing.Any]) -> str:
    lines = [f"{said['folds']} folds, bright > ours:", scores.table(said),
             "margin     MAE  false boost  recall   worst"]
    for line in said["trade"]:
        lines.append(f"{line['margin_stops']:6.2f}  {line['mae_stops']:6.4f}  "
                     f"{scores.number(line['false_boost_stops']):>11}  "
                     f"{scores.number(line['highlight_recall']):>6}  {line['worst_stops']:+.3f}")
    return "\n".join(lines)
