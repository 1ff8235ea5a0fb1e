"""Pairs that `hdr-process evaluate --write-pairs` wrote: reading, splitting by scene, augmenting."""

import dataclasses
import hashlib
import json
import pathlib

import numpy
import torch
from torch.nn import functional as F

from model import LUMA, THUMBNAIL

OFFSET = 1 / 64  # keeps the ratio of two luminances finite in black


class Refused(Exception):
    """What was expected and what was found."""


@dataclasses.dataclass(frozen=True)
class Pair:
    name: str
    file: str
    sha256: str
    scene: str
    base: numpy.ndarray  # H x W x 3, coded RGB in 0..1, float32
    target: numpy.ndarray  # H x W, stops at full headroom, float32


def read_pairs(folder: pathlib.Path, style: str) -> list[Pair]:
    rows = json.loads((folder / "pairs.json").read_text())["pairs"]
    return [read_pair(folder, row) for row in rows if row["group"] == style]


def read_pair(folder: pathlib.Path, row: dict) -> Pair:
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
    return Pair(name, row.get("file", name), row.get("sha256", ""), row["scene"],
                base.astype(numpy.float32) / 255, target)


def scene_order(pairs: list[Pair], seed: int, purpose: str) -> list[str]:
    """Every scene once, in an order that only its own key, the seed and the purpose decide."""
    def key(scene: str) -> bytes:
        return hashlib.sha256(f"{purpose}\0{seed}\0{scene}".encode()).digest()
    return sorted({pair.scene for pair in pairs}, key=key)


def split(pairs: list[Pair], share: float, seed: int, purpose: str) -> tuple[list[Pair], list[Pair]]:
    """(kept, held out): about `share` of the scenes, at least one, is held out. A new scene moves at
    most one other across the border."""
    order = scene_order(pairs, seed, purpose)
    out = set(order[:max(1, round(share * len(order)))])
    return [p for p in pairs if p.scene not in out], [p for p in pairs if p.scene in out]


def fold(pairs: list[Pair], index: int, count: int, seed: int) -> tuple[list[Pair], list[Pair]]:
    """(kept, held out) of fold `index` of `count`: every scene is held out in exactly one."""
    out = set(scene_order(pairs, seed, "hold out")[index::count])
    return [p for p in pairs if p.scene not in out], [p for p in pairs if p.scene in out]


def image_of(base: numpy.ndarray) -> torch.Tensor:
    return torch.from_numpy(numpy.ascontiguousarray(base.transpose(2, 0, 1)))[None]


def thumbnail_of(image: torch.Tensor) -> torch.Tensor:
    """The whole picture, squeezed to a square. The program averages the full base instead; from 256 px
    on the long side both see the same picture."""
    small = F.interpolate(image, size=(THUMBNAIL, THUMBNAIL), mode="bicubic", align_corners=False)
    return small.clamp(0, 1)


def linear_of(coded: numpy.ndarray) -> numpy.ndarray:
    return numpy.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def coded_of(linear: numpy.ndarray) -> numpy.ndarray:
    return numpy.where(linear <= 0.0031308, linear * 12.92,
                       1.055 * numpy.maximum(linear, 1e-9) ** (1 / 2.4) - 0.055)


def exposed(base: numpy.ndarray, target: numpy.ndarray,
            stops: float) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Both renditions brighter by `stops`: what the base clips then is gain."""
    linear = linear_of(base)
    hdr = numpy.maximum((linear @ LUMA + OFFSET) * 2.0**target - OFFSET, 0) * 2.0**stops
    brighter = numpy.clip(linear * 2.0**stops, 0, 1)
    return coded_of(brighter), numpy.log2((hdr + OFFSET) / (brighter @ LUMA + OFFSET))


def augmented(pair: Pair, random: numpy.random.Generator) -> tuple[numpy.ndarray, numpy.ndarray, tuple]:
    """(base, target, window): flipped, exposed by up to a quarter of a stop, colours a little different;
    the loss looks at the window (two slices of every other pixel) of what the network sees whole."""
    base, target = pair.base, pair.target
    if random.random() < 0.5:
        base, target = base[:, ::-1], target[:, ::-1]
    if random.random() < 0.25:
        base, target = base[::-1], target[::-1]
    base, target = exposed(base, target, random.uniform(-0.25, 0.25))
    grey = (base @ LUMA)[..., None]
    base = grey + random.uniform(0.85, 1.15) * (base - grey)
    base = numpy.clip(base * random.uniform(0.96, 1.04, 3), 0, 1)
    window = tuple(window_of((side + 1) // 2, random) for side in target.shape)
    return base.astype(numpy.float32), target.astype(numpy.float32), window


def window_of(side: int, random: numpy.random.Generator) -> slice:
    length = max(min(side, 4), int(side * random.uniform(0.6, 1)))
    start = int(random.integers(0, side - length + 1))
    return slice(start, start + length)
