"""How much light a phone adds to a picture on average: a smooth function of its statistics, in closed form.

The network finds what shines, but what it learns of the whole picture's lift from so few pictures is worse
than random features of the statistics with a ridge on top. So its mean is pulled half of the way to theirs.
"""

import numpy
import torch
from torch import nn
from torch.nn import functional as F

from crops import Crops
from gain import gain_of
from pairs import Pair
from picture_statistics import statistics_of
from sizes import LIFT_HIDDEN, PEAK_STOPS, STATISTICS

FEATURE_SPREAD = 0.5  # of the random weights; the smaller, the closer to a linear function
BIAS_SPREAD = 0.5
RIDGE = 10.0
LARGEST_STOPS = 1.2  # no phone photograph of those learned from is lifted by more on average
EXTRA_PICTURES = 4.0  # what all pictures that are not phones' count for together
SHARE = 0.5  # of the way
MARGIN_STOPS = 0.03  # less than the best guess: gain where there should be none is the worse mistake


class Lift(nn.Module):
    def __init__(self, share: float = SHARE, margin: float = MARGIN_STOPS):
        super().__init__()
        self.lift_in = nn.Linear(STATISTICS, LIFT_HIDDEN)
        self.lift_out = nn.Linear(LIFT_HIDDEN, 1)
        self.register_buffer("usual", torch.zeros(STATISTICS))
        self.register_buffer("spread", torch.ones(STATISTICS))
        self.share, self.margin = share, margin

    def forward(self, thumbnail: torch.Tensor) -> torch.Tensor:
        """N x 3 x 96 x 96 -> N x 1, mean gain in stops."""
        statistics = (statistics_of(thumbnail) - self.usual) / self.spread
        return self.lift_out(F.relu(self.lift_in(statistics))).clamp(0, LARGEST_STOPS)

    def lifted(self, thumbnail: torch.Tensor, level: torch.Tensor, shape: torch.Tensor,
               grid: torch.Tensor) -> torch.Tensor:
        """The level that takes the picture's mean some of the way, less the margin."""
        small = F.avg_pool2d(thumbnail, 2)
        mean = gain_of(small, level, shape, grid).clamp(0, PEAK_STOPS).mean((2, 3))
        return level + self.share * (self(thumbnail) - mean) - self.margin


def features_of(statistics: numpy.ndarray, weight: numpy.ndarray, bias: numpy.ndarray) -> numpy.ndarray:
    """M x 39 -> M x 161: what the hidden units say, and a constant."""
    hidden = numpy.maximum(statistics @ weight.T + bias, 0)
    return numpy.concatenate([hidden, numpy.ones((len(hidden), 1))], 1)


def fit_lift(pairs: list[Pair], extra: list[Pair], crops: Crops, chance: numpy.ndarray, seed: int) -> Lift:
    """`chance`: how much each of the pairs counts. The first of a picture's crops is all of it."""
    statistics, means = [], []
    for pair in pairs + extra:
        crop = crops[pair.name].astype(numpy.float32)
        statistics.append(statistics_of(torch.from_numpy(crop[:, :3])).numpy().astype(numpy.float64))
        means.append(crop[:, 3].clip(0).mean((1, 2)).astype(numpy.float64))
    whole = numpy.stack([s[0] for s in statistics[:len(pairs)]])
    usual, spread = whole.mean(0), whole.std(0).clip(0.02)
    random = numpy.random.default_rng([seed, STATISTICS])
    weight = random.normal(size=(LIFT_HIDDEN, STATISTICS)) * FEATURE_SPREAD / STATISTICS**0.5
    bias = random.normal(size=LIFT_HIDDEN) * BIAS_SPREAD
    features = features_of((numpy.concatenate(statistics) - usual) / spread, weight, bias)
    pictures = [*(chance * len(pairs)), *(EXTRA_PICTURES / len(extra) for _ in extra)]
    counts = numpy.concatenate([numpy.full(len(m), count / len(m)) for m, count in zip(means, pictures)])
    ridge = numpy.diag([RIDGE] * LIFT_HIDDEN + [1e-6])
    out = numpy.linalg.solve(features.T @ (counts[:, None] * features) + ridge,
                             features.T @ (counts * numpy.concatenate(means)))
    lift = Lift()
    for parameter, value in ((lift.usual, usual), (lift.spread, spread), (lift.lift_in.weight, weight),
                             (lift.lift_in.bias, bias), (lift.lift_out.weight, out[None, :-1]),
                             (lift.lift_out.bias, out[-1:])):
        parameter.data.copy_(torch.from_numpy(value))
    return lift.eval()
