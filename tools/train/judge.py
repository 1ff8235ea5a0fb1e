"""Whether a trained model may be installed: the scoring harness's words on held-out pictures."""

import json
import pathlib
import subprocess

from pairs import Refused

MIN_PICTURES = 8
MAX_FALSE_BOOST_STOPS = 0.05
MAX_WORSE_STOPS = 0.25  # of any one picture


def run_program(program: pathlib.Path, arguments: list[str]) -> str:
    try:
        done = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False)
    except OSError as error:
        raise Refused(f"{program}: expected the program, found {error.strerror}; build it "
                      "(make build) or name it with --program") from error
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no message"])[0]
        raise Refused(f"{program} {arguments[0]}: expected exit status 0, found {done.returncode}: {reason}")
    return done.stdout


def write_pairs(program: pathlib.Path, photos: list[pathlib.Path], folder: pathlib.Path) -> dict:
    """Pairs into the new `folder`; what the program said of bright on them."""
    return json.loads(run_program(program, [
        "evaluate", "--predictors", "bright", "--write-pairs", str(folder), "--json", "--",
        *map(str, photos)]))


def evaluate(program: pathlib.Path, photos: list[pathlib.Path], model: pathlib.Path, style: str) -> dict:
    return json.loads(run_program(program, [
        "evaluate", "--model", str(model), "--style", style, "--predictors", "bright,chosen",
        "--json", "--", *map(str, photos)]))


def summary(evaluation: dict, style: str) -> dict:
    """The few numbers that decide, all on the pictures of one style."""
    group = next(group for group in evaluation["groups"] if group["group"] == style)
    rows = {row["predictor"]: row for row in group["predictors"]}
    pictures = [picture for picture in evaluation["pictures"] if picture["group"] == style]
    worse = [p["scores"]["chosen"]["mae_stops"] - p["scores"]["bright"]["mae_stops"] for p in pictures]
    difference = rows["chosen"]["difference_to_bright"]
    return {
        "pictures": len(pictures),
        "bright_mae_stops": rows["bright"]["means"]["mae_stops"],
        "mae_stops": rows["chosen"]["means"]["mae_stops"],
        "bright_false_boost_stops": rows["bright"]["means"]["false_brightening_stops"],
        "false_boost_stops": rows["chosen"]["means"]["false_brightening_stops"],
        "difference_stops": difference["mean_stops"],
        "difference_low_stops": difference["low_stops"],
        "difference_high_stops": difference["high_stops"],
        "worst_difference_stops": max(worse),
    }


def objections(numbers: dict) -> list[str]:
    """Why the model may not be installed; empty where it may."""
    found = []
    if numbers["pictures"] < MIN_PICTURES:
        found.append(f"expected at least {MIN_PICTURES} held-out pictures, found {numbers['pictures']}")
    if not numbers["difference_stops"] < 0:
        found.append(f"expected a smaller error than bright's, found {numbers['difference_stops']:+.4f} stops")
    if not numbers["difference_high_stops"] < 0:
        found.append("expected the 95 % bound of the difference to bright below 0, found "
                     f"{numbers['difference_high_stops']:+.4f} stops")
    boost = numbers["false_boost_stops"]
    if boost is None:
        found.append("expected a false boost, found no held-out picture in which it can be measured")
    elif not boost <= MAX_FALSE_BOOST_STOPS:
        found.append(f"expected a false boost of at most {MAX_FALSE_BOOST_STOPS} stops, found {boost:.4f}")
    if not numbers["worst_difference_stops"] <= MAX_WORSE_STOPS:
        found.append(f"expected no picture more than {MAX_WORSE_STOPS} stops worse than with bright, "
                     f"found {numbers['worst_difference_stops']:+.4f}")
    return found


def table(rows: dict[str, dict]) -> str:
    def cell(value: float | None, form: str) -> str:
        return "-" if value is None else format(value, form)
    first = next(iter(rows.values()))
    lines = [f"{'predictor':<12} {'MAE':>7} {'false boost':>11}   MAE - bright's (95 %)",
             f"{'bright':<12} {first['bright_mae_stops']:7.4f} "
             f"{cell(first['bright_false_boost_stops'], '.4f'):>11}"]
    for name, n in rows.items():
        lines.append(f"{name:<12} {n['mae_stops']:7.4f} {cell(n['false_boost_stops'], '.4f'):>11}   "
                     f"{n['difference_stops']:+.4f} ({n['difference_low_stops']:+.4f} .. "
                     f"{n['difference_high_stops']:+.4f}), worst picture {n['worst_difference_stops']:+.4f}")
    return "\n".join(lines)
