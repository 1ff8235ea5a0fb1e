"""What training minimises: the gain's error, and apart from it those of its level and of its shape."""

import torch
from torch.nn import functional as F

SHINE = 1.0  # more weight where the target stands out from its own median
SHINE_STOPS = 0.5  # by so much
LEVEL = 0.5
SHAPE = 0.5
DARK = 3.0  # gain where the target has none
NOTHING_STOPS = 0.05
GRID, UNEVEN = 0.05, 0.2  # the grid corrects: it is kept small and smooth
LEAK = 0.05  # below 0 all is clamped; a slope lets the gain come back


def picture_losses(gain: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """N x 1 x H x W stops each -> N."""
    gain = F.leaky_relu(gain, LEAK)
    target = target.clamp(min=0)
    error = (gain - target).abs()
    median = target.flatten(1).median(1).values[:, None, None, None]
    shine = ((target - median) / SHINE_STOPS).clamp(0, 1)
    loss = ((1 + SHINE * shine) * error).mean((1, 2, 3))
    dark = (target < NOTHING_STOPS).to(gain.dtype)
    loss = loss + DARK * (dark * F.relu(gain)).mean((1, 2, 3))
    gain_mean, target_mean = gain.mean((1, 2, 3)), target.mean((1, 2, 3))
    loss = loss + LEVEL * (gain_mean - target_mean).abs()
    centred = (gain - gain_mean[:, None, None, None]) - (target - target_mean[:, None, None, None])
    return loss + SHAPE * centred.abs().mean((1, 2, 3))


def grid_loss(grid: torch.Tensor) -> torch.Tensor:
    uneven = sum(grid.diff(dim=axis).square().mean() for axis in (2, 3))
    return GRID * grid.square().mean() + UNEVEN * uneven
