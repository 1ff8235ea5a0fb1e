"""Tables of how weights compare with `bright` on pictures that they have not learned from."""

import dataclasses
import typing

import numpy

STRATA = (("below .3", -numpy.inf, 0.3), (".3 to .75", 0.3, 0.75), (".75 to 1.5", 0.75, 1.5),
          ("above 1.5", 1.5, numpy.inf))  # of the target's top less its median
DRAWS = 10000


@dataclasses.dataclass(frozen=True)
class Scored:
    file: str
    source: str
    structure: float  # stops: the target's top less its median
    bright: dict[str, float | None]
    ours: dict[str, float | None]

    @property
    def difference(self) -> float:
        return self.ours["mae_stops"] - self.bright["mae_stops"]


def scored(picture: dict, source: str) -> Scored:
    """A picture of `evaluate --json`."""
    return Scored(picture["name"], source, picture["target_top_stops"] - picture["target_p50_stops"],
                  picture["scores"]["bright"], picture["scores"]["chosen"])


def interval(differences: list[float], sources: list[str]) -> tuple[float, float] | None:
    """95 % of the mean difference, whole sources drawn again; none for one source."""
    names = sorted(set(sources))
    if len(names) < 2:
        return None
    where = numpy.array([names.index(source) for source in sources])
    sums, counts = numpy.bincount(where, differences), numpy.bincount(where)
    picks = numpy.random.default_rng(1).integers(0, len(names), (DRAWS, len(names)))
    low, high = numpy.quantile(sums[picks].sum(1) / counts[picks].sum(1), (0.025, 0.975))
    return float(low), float(high)


def mean(values: typing.Iterable[float | None]) -> float | None:
    """Of those that could be measured."""
    measured = [value for value in values if value is not None]
    return float(numpy.mean(measured)) if measured else None


def compared(some: list[Scored]) -> dict[str, typing.Any]:
    """Over pictures; `by_source` is the mean of the sources' means."""
    sources = [s.source for s in some]
    def both(score: str) -> dict[str, float | None]:
        return {"bright": mean(s.bright[score] for s in some), "ours": mean(s.ours[score] for s in some)}
    def by_source(which: str) -> float | None:
        return mean(mean(getattr(s, which)["mae_stops"] for s in some if s.source == name)
                    for name in sorted(set(sources)))
    return {"pictures": len(some), "sources": len(set(sources)), "mae_stops": both("mae_stops"),
            "by_source_stops": {"bright": by_source("bright"), "ours": by_source("ours")},
            "difference_stops": mean(s.difference for s in some),
            "interval_stops": interval([s.difference for s in some], sources),
            "highlight_recall": both("highlight_recall"),
            "false_boost_stops": both("false_brightening_stops"),
            "level_stops": both("level_error_stops"), "shape_stops": both("shape_error_stops")}


def summary(some: list[Scored]) -> dict[str, typing.Any]:
    """All that decides."""
    worst = max(some, key=lambda s: s.difference)
    said = compared(some)
    said |= {"worst": {"file": worst.file, "stops": worst.difference},
             "better": sum(s.difference < 0 for s in some), "strata": {}}
    for name, low, high in STRATA:
        said["strata"][name] = compared([s for s in some if low <= s.structure < high])
    return said


def number(value: float | None, form: str = ".3f") -> str:
    return "-" if value is None else format(value, form)


def row(name: str, said: dict[str, typing.Any]) -> str:
    low, high = said["interval_stops"] or (None, None)
    def both(score: str) -> str:
        return f"{number(said[score]['bright'])} > {number(said[score]['ours'])}"
    return (f"{name:<12} {said['pictures']:8} {said['sources']:7}  {both('mae_stops')}  "
            f"{number(low, '+.3f')} .. {number(high, '+.3f')}  {both('by_source_stops')}  "
            f"{both('highlight_recall')}  {both('false_boost_stops')}")


def table(said: dict[str, typing.Any]) -> str:
    """`bright` > ours."""
    return "\n".join([
        f"{'':<12} pictures sources  {'MAE, stops':<13}  {'difference, 95 %':<16}  {'by source':<13}  "
        f"{'recall':<13}  false boost", row("all", said),
        *(row(name, stratum) for name, stratum in said["strata"].items()),
        f"better on {said['better']} of {said['pictures']}; worst {said['worst']['stops']:+.3f}, "
        f"{said['worst']['file']}; level {number(said['level_stops']['ours'])}, shape "
        f"{number(said['shape_stops']['ours'])}"])
