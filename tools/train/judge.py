"""Whether weights may be installed: what the program says of them on held-out pictures."""

import pathlib
import typing

import program
import scores
from pairs import Pair

MIN_PICTURES = 8
MAX_RATIO = 0.80  # of `bright`'s error
MAX_FALSE_BOOST_STOPS = 0.08
MAX_WORSE_STOPS = 0.4  # than `bright`, of any one picture


def scored(tool: pathlib.Path, pairs: list[Pair], photos: dict[str, pathlib.Path],
           weights: pathlib.Path) -> list[scores.Scored]:
    """Through the whole program, guards and all; `photos` by SHA-256."""
    if not pairs:
        return []
    pictures = program.scores_of(tool, [photos[pair.sha256] for pair in pairs], weights)
    return [scores.scored(picture, pair.source) for picture, pair in zip(pictures, pairs)]


def objections(ours: dict[str, typing.Any], shipped: dict[str, typing.Any]) -> list[str]:
    """Why they may not be installed; empty where they may. Both are summaries of the same pictures."""
    found = []
    def demand(met: bool, expected: str, value: float | None, form: str = "+.4f") -> None:
        if not met:
            found.append(f"expected {expected}, found {scores.number(value, form)}")
    count = ours["pictures"]
    demand(count >= MIN_PICTURES, f"at least {MIN_PICTURES} held-out pictures", count, "d")
    error, bright = ours["mae_stops"]["ours"], ours["mae_stops"]["bright"]
    demand(error <= MAX_RATIO * bright, f"an error of at most {MAX_RATIO} of bright's {bright:.4f} stops",
           error, ".4f")
    high = ours["interval_stops"][1] if ours["interval_stops"] else None
    demand(high is not None and high < 0, "the 95 % bound of the difference to bright below 0 stops", high)
    boost = ours["false_boost_stops"]["ours"]
    demand(boost is not None and boost <= MAX_FALSE_BOOST_STOPS,
           f"a false boost of at most {MAX_FALSE_BOOST_STOPS} stops", boost, ".4f")
    worst = ours["worst"]["stops"]
    demand(worst <= MAX_WORSE_STOPS, f"no picture more than {MAX_WORSE_STOPS} stops worse than with bright",
           worst)
    theirs = shipped["mae_stops"]["ours"]
    demand(error < theirs, f"a smaller error than the shipped weights' {theirs:.4f} stops", error, ".4f")
    return found
