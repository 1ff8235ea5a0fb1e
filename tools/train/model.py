"""GainCurveGrid: how far a phone lifts this picture, what shines in it, and small corrections by place.

`level` is one number for the picture (lift.py has a say in it, too), `shape` a curve of 17 knots, `grid` has
12 x 12 places x 8 brightnesses; gain.py makes gain of them. A small encoder and 39 statistics read all three
from a thumbnail of 96 pixels.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

from picture_statistics import statistics_of
from sizes import BINS, HIDDEN, KNOTS, SEEN, STATISTICS, STRIDES, WIDTHS

# The formula `bright`, which only lifts highlights.
BRIGHT_TOP_STOPS, BRIGHT_WIDTH = 2.0, 0.25  # the width in coded luma
START_LEVEL_STOPS = 0.15


def bright_knots() -> list[float]:
    """The formula's curve in stops at the knots."""
    below_white = (1 - k / (KNOTS - 1) for k in range(KNOTS))
    return [math.log2(1 + (2**BRIGHT_TOP_STOPS - 1) * math.exp(-((below / BRIGHT_WIDTH) ** 2)))
            for below in below_white]


def encoder_of(normalised: bool) -> nn.Sequential:
    """Weights as stored need no norms: they are part of the convolutions then."""
    layers: list[nn.Module] = []
    inputs = 3
    for width, stride in zip(WIDTHS, STRIDES):
        layers.append(nn.Conv2d(inputs, width, 3, stride, 1))
        if normalised:
            layers.append(nn.BatchNorm2d(width))
        layers.append(nn.ReLU())
        inputs = width
    return nn.Sequential(*layers)


class GainCurveGrid(nn.Module):
    def __init__(self, drop: float = 0.0, normalised: bool = True):
        super().__init__()
        self.encoder = encoder_of(normalised)
        self.drop = nn.Dropout(drop)
        self.level_in = nn.Linear(SEEN, HIDDEN)
        self.level_out = nn.Linear(HIDDEN, 1)
        self.shape_in = nn.Linear(SEEN, HIDDEN)
        self.shape_out = nn.Linear(HIDDEN, KNOTS)
        self.grid_in = nn.Conv2d(WIDTHS[-1], HIDDEN, 3, 1, 1)
        self.grid_whole = nn.Linear(SEEN, HIDDEN)
        self.grid_out = nn.Conv2d(HIDDEN, BINS, 1)
        self.register_buffer("usual", torch.zeros(STATISTICS))
        self.register_buffer("spread", torch.ones(STATISTICS))
        self.start_at_bright()

    def start_at_bright(self) -> None:
        """No picture has a say yet: the last layers give constants, the formula's curve and a small lift."""
        with torch.no_grad():
            for last in (self.level_out, self.shape_out, self.grid_out):
                last.weight.zero_()
                last.bias.zero_()
            self.level_out.bias.fill_(START_LEVEL_STOPS)
            self.shape_out.bias.copy_(torch.tensor(bright_knots()))

    def know_usual(self, statistics: torch.Tensor) -> None:
        """Statistics of all training pictures, M x 39: what is usual counts as 0 from now on."""
        self.usual.copy_(statistics.mean(0))
        self.spread.copy_(statistics.std(0, correction=0).clamp(min=0.02))

    def look(self, thumbnail: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """N x 3 x 96 x 96 -> level N x 1, shape N x 17, grid N x 8 x 12 x 12, all in stops."""
        features = self.encoder(thumbnail)
        statistics = (statistics_of(thumbnail) - self.usual) / self.spread
        whole = self.drop(torch.cat([statistics, features.mean((2, 3)), features.amax((2, 3))], 1))
        level = self.level_out(F.relu(self.level_in(whole)))
        shape = self.shape_out(F.relu(self.shape_in(whole)))
        places = F.relu(self.grid_in(features) + self.grid_whole(whole)[:, :, None, None])
        return level, shape, self.grid_out(places)
