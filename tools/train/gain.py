"""Gain of every pixel from what the network says of the picture: level + curve(g) + grid(x, g).

g is the guide, the largest of the coded R, G and B, in 0..1."""

import torch
from torch.nn import functional as F

from sizes import BINS, KNOTS


def guide_of(rgb: torch.Tensor) -> torch.Tensor:
    """N x 3 x H x W -> N x 1 x H x W, both coded and in 0..1."""
    return rgb.amax(1, keepdim=True)


def on_curve(curve: torch.Tensor, guide: torch.Tensor) -> torch.Tensor:
    """N x 17 at N x 1 x H x W, straight between the knots."""
    at = guide.flatten(1) * (KNOTS - 1)
    left = at.floor().clamp(0, KNOTS - 2)
    share = at - left
    index = left.long()
    values = curve.gather(1, index) * (1 - share) + curve.gather(1, index + 1) * share
    return values.view_as(guide)


def between(cells: int, pixels: int, every: int) -> torch.Tensor:
    """pixels / every x cells: what F.interpolate weighs the cells with at every so many pixels."""
    at = ((torch.arange(0, pixels, every) + 0.5) * cells / pixels - 0.5).clamp(0, cells - 1)
    return F.relu(1 - (at[:, None] - torch.arange(cells)).abs())


def in_grid(grid: torch.Tensor, guide: torch.Tensor, every: int = 1) -> torch.Tensor:
    """N x 8 x h x w at N x 1 x H x W: straight between pixel centres and between brightnesses. The guide
    may hold only `every` other pixel of each row and column, from the first."""
    if every == 1:
        planes = F.interpolate(grid, size=guide.shape[2:], mode="bilinear", align_corners=False)
    else:
        down, across = (between(cells, every * pixels, every)
                        for cells, pixels in zip(grid.shape[2:], guide.shape[2:]))
        planes = down @ grid @ across.T
    centres = torch.arange(BINS, dtype=guide.dtype).view(1, BINS, 1, 1)
    shares = F.relu(1 - (guide * (BINS - 1) - centres).abs())
    return (planes * shares).sum(1, keepdim=True)


def gain_of(image: torch.Tensor, level: torch.Tensor, shape: torch.Tensor, grid: torch.Tensor,
            every: int = 1) -> torch.Tensor:
    """N x 3 x H x W -> N x 1 x H x W in stops, not yet clamped."""
    guide = guide_of(image)
    return on_curve(level + shape, guide) + in_grid(grid, guide, every)
