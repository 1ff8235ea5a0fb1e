"""Pairs that `hdr-process evaluate --write-pairs` wrote: reading, splitting by source."""

import dataclasses
import hashlib
import json
import pathlib

import numpy


class Refused(Exception):
    """What was expected and what was found."""


@dataclasses.dataclass(frozen=True)
class Pair:
    name: str
    file: str
    sha256: str
    source: str  # pictures of one source show alike things and are never split
    base: numpy.ndarray  # H x W x 3, coded RGB, bytes
    target: numpy.ndarray  # H x W, stops at full headroom, float32


def read_pairs(folder: pathlib.Path, style: str, unit: str) -> list[Pair]:
    """`unit`: what counts as a picture's source, the program's "source" or its "scene"."""
    rows = json.loads((folder / "pairs.json").read_text())["pairs"]
    return [read_pair(folder, row, unit) for row in rows if row["group"] == style]


def read_pair(folder: pathlib.Path, row: dict, unit: str) -> Pair:
    name = row["name"]
    base = numpy.load(folder / f"{name}.base.npy", allow_pickle=False)
    target = numpy.load(folder / f"{name}.target.npy", allow_pickle=False)
    if base.dtype != numpy.uint8 or base.ndim != 3 or base.shape[2] != 3:
        raise Refused(f"{name}: expected a base of H x W x 3 bytes, found {base.dtype} {base.shape}")
    if target.dtype != numpy.float32 or target.shape != base.shape[:2]:
        raise Refused(f"{name}: expected a float32 target of {base.shape[:2]}, "
                      f"found {target.dtype} {target.shape}")
    if not numpy.isfinite(target).all():
        raise Refused(f"{name}: expected a finite target")
    return Pair(name, row["file"], row["sha256"], row[unit], base, target)


def parted(pairs: list[Pair], sources: set[str]) -> tuple[list[Pair], list[Pair]]:
    """(kept, held out): those of `sources` are held out."""
    return [p for p in pairs if p.source not in sources], [p for p in pairs if p.source in sources]


def split(pairs: list[Pair], share: float, seed: int) -> tuple[list[Pair], list[Pair]]:
    """(kept, held out): about `share` of the sources, at least one, in an order that only a source's own
    name and the seed decide. A new source moves at most one other across the border."""
    def key(source: str) -> bytes:
        return hashlib.sha256(f"hold out\0{seed}\0{source}".encode()).digest()
    order = sorted({pair.source for pair in pairs}, key=key)
    return parted(pairs, set(order[:max(1, round(share * len(order)))]))


def folds_of(pairs: list[Pair], count: int) -> list[set[str]]:
    """Every source in exactly one fold: the largest first, each to the fold that has fewest pictures."""
    sizes: dict[str, int] = {}
    for pair in pairs:
        sizes[pair.source] = sizes.get(pair.source, 0) + 1
    folds: list[set[str]] = [set() for _ in range(count)]
    filled = [0] * count
    for source in sorted(sizes, key=lambda s: (-sizes[s], hashlib.sha256(s.encode()).digest())):
        least = filled.index(min(filled))
        folds[least].add(source)
        filled[least] += sizes[source]
    return folds
