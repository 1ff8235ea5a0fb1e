"""GainCurveGrid: a curve from brightness to gain and a top for each picture, and a small bilateral grid
for what depends on the place. It starts as the weight-free predictor's curve, so that training can only
move from there."""

import math

import torch
import torch.nn.functional as F
from torch import nn

THUMBNAIL = 256
KNOTS = 17
BINS = 8            # of brightness, in the grid
PEAK_STOPS = 4.0    # what an output of 1.0 stands for, and the highest top
BRIGHT_Q, BRIGHT_WIDTH = 2.0, 0.25  # docs/formulas.md


def bright_stops(brightness: float) -> float:
    return math.log2(1 + (2 ** BRIGHT_Q - 1) * math.exp(-((1 - brightness) / BRIGHT_WIDTH) ** 2))


def _inverse_softplus(value: float) -> float:
    return math.log(math.expm1(max(value, 1e-4)))


def _convolution(inputs: int, outputs: int, stride: int) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1), nn.ReLU())


def _zero(layer: nn.Conv2d, bias: list[float]) -> nn.Conv2d:
    nn.init.zeros_(layer.weight)
    with torch.no_grad():
        layer.bias.copy_(torch.tensor(bias))
    return layer


class GainCurveGrid(nn.Module):
    def __init__(self, width: int = 16, guide: str = "luma"):
        super().__init__()
        if guide not in ("luma", "max"):
            raise ValueError(f"expected the guide luma or max, found {guide}")
        self.guide = guide
        w, deep = width, 4 * width
        self.encoder = nn.Sequential(
            _convolution(4, w, 2), _convolution(w, 2 * w, 2), _convolution(2 * w, 2 * w, 1),
            _convolution(2 * w, deep, 2), _convolution(deep, deep, 1), _convolution(deep, deep, 2),
            _convolution(deep, deep, 1))
        self.gates = nn.Conv2d(deep, deep, 1)
        steps = [bright_stops((k + 1) / (KNOTS - 1)) - bright_stops(k / (KNOTS - 1))
                 for k in range(KNOTS - 1)]
        self.globals = nn.Sequential(
            nn.Conv2d(deep, deep, 1), nn.ReLU(),
            _zero(nn.Conv2d(deep, KNOTS, 1),
                  [_inverse_softplus(step) for step in steps] + [_inverse_softplus(2.5)]))
        self.grid = nn.Sequential(
            _convolution(deep, deep, 1), _zero(nn.Conv2d(deep, 2 * BINS, 1), [0.0] * 2 * BINS))

    def brightness(self, image: torch.Tensor) -> torch.Tensor:
        if self.guide == "max":
            return image.amax(1, keepdim=True)
        return 0.2126 * image[:, 0:1] + 0.7152 * image[:, 1:2] + 0.0722 * image[:, 2:3]

    def parts(self, thumbnail: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Steps of the curve (N x 16, each at least 0), top (N x 1 x 1 x 1, stops), grid (N x 16 x 16 x 16)."""
        features = self.encoder(torch.cat([thumbnail, self.brightness(thumbnail)], 1))
        mean = features.mean((2, 3), keepdim=True)
        values = F.softplus(self.globals(mean))
        grid = self.grid(features * torch.sigmoid(self.gates(mean)))
        return values[:, :-1, 0, 0], values[:, -1:].clamp(max=PEAK_STOPS), grid

    def along(self, image: torch.Tensor, steps: torch.Tensor, top: torch.Tensor, grid: torch.Tensor):
        """Stops at the image's size."""
        g = self.brightness(image)
        gain = torch.zeros_like(g)
        for k in range(KNOTS - 1):  # linear between the knots
            gain = gain + steps[:, k].view(-1, 1, 1, 1) * (g * (KNOTS - 1) - k).clamp(0, 1)
        lines = F.interpolate(grid, image.shape[2:], mode="bilinear", align_corners=False)
        for b in range(BINS):  # a hat for each bin of brightness
            weight = (1 - (g * (BINS - 1) - b).abs()).clamp(min=0)
            gain = gain + weight * (lines[:, b:b + 1] * g + lines[:, BINS + b:BINS + b + 1])
        return torch.minimum(gain.clamp(min=0), top)

    def forward(self, image: torch.Tensor, thumbnail: torch.Tensor):
        """As an ONNX file's: gain as a share of PEAK_STOPS, and the top in stops."""
        steps, top, grid = self.parts(thumbnail)
        return self.along(image, steps, top, grid) / PEAK_STOPS, top
