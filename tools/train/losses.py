"""What training minimises: errors in stops and in light as the eye counts it, gain where there should be
none, and the distance of the curve from the best curve of the picture itself."""

import torch
import torch.nn.functional as F

import pairs
from model import KNOTS, GainCurveGrid

SDR_WHITE_NITS = 203
# "banding_glare" of Mantiuk and Azimi, PU21 (2021); as in src/evaluate/perceptual.cc.
PU21 = (0.353487901, 0.3734658629, 8.277049286e-5, 0.9062562627, 0.09150303166, 0.9099517204, 596.3148142)


def pu21(nits: torch.Tensor) -> torch.Tensor:
    power = nits.clamp(0.005, 10000) ** PU21[3]
    ratio = (PU21[0] + PU21[1] * power) / (1 + PU21[2] * power)
    return PU21[6] * (ratio ** PU21[4] - PU21[5])


def lifted(base: torch.Tensor, stops: torch.Tensor) -> torch.Tensor:
    light = (pairs.luminance(base) + pairs.OFFSET) * 2 ** stops - pairs.OFFSET
    return pu21(SDR_WHITE_NITS * light.clamp(min=0)) / 100


def oracle_curve(brightness: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """Gain at the knots: means around them, a running maximum, knots nobody is near take their left
    neighbour's. N x KNOTS."""
    curves = []
    for g, t in zip(brightness.flatten(1), target.flatten(1)):
        weights = (1 - (g * (KNOTS - 1) - torch.arange(KNOTS, device=g.device)[:, None]).abs()).clamp(min=0)
        count = weights.sum(1)
        mean = (weights * t).sum(1) / count.clamp(min=1e-6)
        mean = torch.where(count > 20, mean, torch.full_like(mean, -1))
        curves.append(mean.clamp(min=0).cummax(0).values)
    return torch.stack(curves)


def loss(network: GainCurveGrid, base: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    # The thumbnail is seen whole; every other sample of every other row is enough to judge it by.
    thumbnail, base, target = base, base[..., ::2, ::2], target[..., ::2, ::2]
    steps, top, grid = network.parts(thumbnail)
    stops = network.along(base, steps, top, grid)
    weight = 1 + 2 * (target > 0.5)
    error = (weight * F.smooth_l1_loss(stops, target, beta=0.1, reduction="none")).mean()
    false = (stops * (target < 0.05)).mean()
    light = (lifted(base, stops) - lifted(base, target)).abs().mean()
    edges = ((stops - target).diff(dim=-1).abs().mean() + (stops - target).diff(dim=-2).abs().mean())
    curve = F.pad(steps.cumsum(1), (1, 0))
    best = oracle_curve(network.brightness(base), target)
    tops = torch.quantile(target.flatten(1), 0.995, dim=1).clamp(0.3, 3.5)
    rough = (grid ** 2).mean() + grid.diff(dim=-1).abs().mean() + grid.diff(dim=-2).abs().mean()
    return (error + 0.5 * false + 0.5 * light + 0.1 * edges + 0.5 * (curve - best).abs().mean() +
            0.2 * (top.flatten() - tops).abs().mean() + 0.1 * rough)
