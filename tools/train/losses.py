"""What training minimises: the gain's error, what is seen of it, and the curve's own error."""

import numpy
import torch
from torch.nn import functional as F

from model import KNOTS, LUMA

WHITE_NITS = 203.0
OFFSET = 1 / 64
CURVE_WEIGHT, PQ_WEIGHT, GRADIENT_WEIGHT, TOP_WEIGHT, DARK_WEIGHT = 0.5, 0.5, 0.1, 0.2, 1.0
GRID_L2_WEIGHT, GRID_TV_WEIGHT = 0.1, 0.1
SMOOTHING = 1e-3  # of the oracle curve's second differences, as a share of all pixels


def oracle_curve(guide: numpy.ndarray, target: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
    """(knots in stops, share of the pixels at each): the best curve from guide to gain that never falls,
    by least squares over linear interpolation, lightly smoothed, then its running maximum."""
    at = numpy.clip(guide.ravel().astype(numpy.float64), 0, 1) * (KNOTS - 1)
    left = numpy.minimum(at.astype(int), KNOTS - 2)
    share = at - left
    stops = target.ravel().astype(numpy.float64)

    def summed(index: numpy.ndarray, weight: numpy.ndarray) -> numpy.ndarray:
        return numpy.bincount(index, weight, KNOTS)

    support = summed(left, 1 - share) + summed(left + 1, share)
    right = summed(left, (1 - share) * stops) + summed(left + 1, share * stops)
    diagonal = summed(left, (1 - share) ** 2) + summed(left + 1, share**2)
    beside = summed(left, share * (1 - share))[:-1]
    bends = numpy.diff(numpy.eye(KNOTS), 2, axis=0)
    matrix = numpy.diag(diagonal) + numpy.diag(beside, 1) + numpy.diag(beside, -1)
    matrix += SMOOTHING * at.size * bends.T @ bends + 1e-9 * at.size * numpy.eye(KNOTS)
    knots = numpy.maximum.accumulate(numpy.maximum(numpy.linalg.solve(matrix, right), 0))
    return knots.astype(numpy.float32), (support / at.size).astype(numpy.float32)


def pq(nits: torch.Tensor) -> torch.Tensor:
    """SMPTE ST 2084, 0..1."""
    y = (nits.clamp(1e-4, 10000) / 10000) ** 0.1593017578125
    return ((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y)) ** 78.84375


def luminance(image: torch.Tensor) -> torch.Tensor:
    linear = torch.where(image <= 0.04045, image / 12.92, ((image + 0.055) / 1.055) ** 2.4)
    return LUMA[0] * linear[:, 0:1] + LUMA[1] * linear[:, 1:2] + LUMA[2] * linear[:, 2:3]


def gain_loss(gain: torch.Tensor, target: torch.Tensor, image: torch.Tensor) -> torch.Tensor:
    """N x 1 x H x W stops, and the coded base they belong to."""
    weight = 1 + 2 * (target > 0.5).to(gain.dtype)
    loss = (weight * F.smooth_l1_loss(gain, target, beta=0.1, reduction="none")).mean()
    dark = (target < 0.05).to(gain.dtype)
    loss = loss + DARK_WEIGHT * (dark * gain).mean()
    y = luminance(image) + OFFSET
    def seen(stops: torch.Tensor) -> torch.Tensor:
        return pq(WHITE_NITS * (y * 2**stops - OFFSET).clamp(min=0))
    loss = loss + PQ_WEIGHT * (seen(gain) - seen(target)).abs().mean()
    for axis in (2, 3):
        loss = loss + GRADIENT_WEIGHT * (gain.diff(dim=axis) - target.diff(dim=axis)).abs().mean()
    return loss


def curve_loss(curve: torch.Tensor, oracle: torch.Tensor, support: torch.Tensor) -> torch.Tensor:
    """Where the picture has pixels: a knot's error counts by the square root of its share of them."""
    weight = support.sqrt()
    return CURVE_WEIGHT * ((curve - oracle).abs() * weight).sum() / weight.sum()


def top_loss(top: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    return TOP_WEIGHT * (top - torch.quantile(target.flatten(), 0.995).clamp(min=0)).abs().mean()


def grid_loss(grid: torch.Tensor) -> torch.Tensor:
    """The grid corrects; it is kept small and smooth."""
    uneven = sum(grid.diff(dim=axis).square().mean() for axis in (2, 3))
    return GRID_L2_WEIGHT * grid.square().mean() + GRID_TV_WEIGHT * uneven
