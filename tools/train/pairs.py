"""Pairs of a reduced base and the gain its file stores, as `hdr-process evaluate --write-pairs` leaves
them: loading, splitting by scene, augmenting."""

import dataclasses
import hashlib
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

SIDE = 256  # of the squares that training sees; every operation of the model is pointwise or global
OFFSET = 1 / 64  # of the targets' definition
LUMA = (0.2126, 0.7152, 0.0722)


@dataclasses.dataclass
class Pair:
    name: str
    sha256: str
    scene: str
    base: torch.Tensor    # 3 x SIDE x SIDE, coded RGB in 0..1
    target: torch.Tensor  # 1 x SIDE x SIDE, stops


def _square(planes: np.ndarray) -> torch.Tensor:
    """H x W (x C) to C x SIDE x SIDE, the aspect ignored."""
    array = planes.astype(np.float32)
    tensor = torch.from_numpy(array if array.ndim == 3 else array[..., None]).permute(2, 0, 1)[None]
    return F.interpolate(tensor, (SIDE, SIDE), mode="bilinear", align_corners=False)[0]


def load(folder: pathlib.Path, style: str) -> list[Pair]:
    rows = json.loads((folder / "pairs.json").read_text())["pairs"]
    return [Pair(row["name"], row["sha256"], row["scene"],
                 _square(np.load(folder / f"{row['name']}.base.npy")) / 255,
                 _square(np.load(folder / f"{row['name']}.target.npy")))
            for row in rows if row["group"] == style]


def scenes(pairs: list[Pair]) -> list[str]:
    """In an order that depends on the names alone, and on none of their meaning."""
    return sorted({pair.scene for pair in pairs},
                  key=lambda scene: hashlib.sha256(scene.encode()).hexdigest())


def split(pairs: list[Pair], share: float) -> tuple[list[Pair], list[Pair]]:
    """(kept, held out): whole scenes, about `share` of them held out, at least one."""
    order = scenes(pairs)
    out = set(order[:max(1, round(share * len(order)))])
    return ([pair for pair in pairs if pair.scene not in out],
            [pair for pair in pairs if pair.scene in out])


def _linear(coded: torch.Tensor) -> torch.Tensor:
    return torch.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)


def _coded(linear: torch.Tensor) -> torch.Tensor:
    return torch.where(linear <= 0.0031308, 12.92 * linear,
                       1.055 * linear.clamp(min=1e-8) ** (1 / 2.4) - 0.055)


def luminance(coded: torch.Tensor) -> torch.Tensor:
    weights = torch.tensor(LUMA, device=coded.device).view(-1, 1, 1)
    return (_linear(coded) * weights).sum(-3, keepdim=True)


def augmented(pair: Pair, random: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Flips and turns; white balance, and exposure by up to half a stop: the HDR picture stays as it
    is, so the gain is taken anew."""
    base, target = pair.base, pair.target
    draw = torch.rand(7, generator=random)
    if draw[0] < 0.5:
        base, target = base.flip(-1), target.flip(-1)
    if draw[1] < 0.5:
        base, target = base.transpose(-1, -2), target.transpose(-1, -2)
    gains = 2 ** ((draw[2] - 0.5) + 0.2 * (draw[3:6] - 0.5))
    if draw[6] < 0.5:
        return base.contiguous(), target.contiguous()
    hdr = (luminance(base) + OFFSET) * 2 ** target
    changed = _coded((_linear(base) * gains.view(3, 1, 1)).clamp(0, 1))
    return changed.contiguous(), torch.log2(hdr / (luminance(changed) + OFFSET)).contiguous()
