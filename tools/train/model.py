"""GainCurveGrid: a tone curve per picture, and small corrections by place and brightness.

gain(x) = clamp(curve(g(x)) + slope * g(x) + bias, 0, Qmax) in stops. g is the guide, coded luma or
max(R, G, B) in 0..1. The curve has 17 knots and cannot fall; slope and bias come from a 16 x 16 x 8
bilateral grid over x, y and g. A small encoder reads curve, Qmax and grid from the thumbnail. The
untrained network gives the predictor `bright` on the unfiltered guide, so that training starts there.
"""

import math

import torch
from torch import nn
from torch.nn import functional as F

THUMBNAIL = 256  # px, side
KNOTS = 17
BINS = 8  # of the guide
PEAK_STOPS = 4.0  # the largest Qmax, and what an output of 1 stands for
LUMA = (0.2126, 0.7152, 0.0722)
GUIDES = ("luma", "max")

# The constants of `bright` for each style: top in stops, width in coded luma (docs/prediction.md).
BRIGHT = {"phone": (2.0, 0.25), "acr": (2.0, 0.35)}
SMALLEST_RISE_STOPS = 1e-3  # a knot that rises by nothing at all could never learn to


def luma_of(rgb: torch.Tensor) -> torch.Tensor:
    return LUMA[0] * rgb[:, 0:1] + LUMA[1] * rgb[:, 1:2] + LUMA[2] * rgb[:, 2:3]


def guide_of(rgb: torch.Tensor, guide: str) -> torch.Tensor:
    """N x 3 x H x W -> N x 1 x H x W, both coded and in 0..1."""
    return luma_of(rgb) if guide == "luma" else rgb.amax(1, keepdim=True)


def bright_knots(style: str) -> list[float]:
    """The curve of `bright` in stops at the knots."""
    top, width = BRIGHT[style]
    return [math.log2(1 + (2**top - 1) * math.exp(-(((1 - k / (KNOTS - 1)) / width) ** 2)))
            for k in range(KNOTS)]


def inverse_softplus(y: float) -> float:
    return y + math.log(-math.expm1(-y))


def hats(guide: torch.Tensor, count: int) -> torch.Tensor:
    """N x count x H x W: the share of each of `count` even knots in linear interpolation at the guide."""
    centres = torch.arange(count, dtype=guide.dtype, device=guide.device).view(1, count, 1, 1)
    return F.relu(1 - (guide * (count - 1) - centres).abs())


class GainCurveGrid(nn.Module):
    def __init__(self, style: str = "phone", guide: str = "luma", channels: int = 16):
        super().__init__()
        self.guide = guide
        c = channels
        widths = [4, c, 2 * c, 2 * c, 4 * c, 4 * c, 4 * c, 4 * c]
        layers: list[nn.Module] = []
        for i, stride in enumerate((2, 2, 1, 2, 1, 2, 1)):
            layers += [nn.Conv2d(widths[i], widths[i + 1], 3, stride, 1), nn.ReLU()]
        self.encoder = nn.Sequential(*layers)
        self.head_in = nn.Conv2d(4 * c, 4 * c, 1)
        self.head_gates = nn.Conv2d(4 * c, 4 * c, 1)
        self.head_curve = nn.Conv2d(4 * c, KNOTS + 1, 1)
        self.grid_in = nn.Conv2d(4 * c, 4 * c, 3, 1, 1)
        self.grid_out = nn.Conv2d(4 * c, 2 * BINS, 1)
        self.start_at_bright(style)

    def start_at_bright(self, style: str) -> None:
        """No picture has a say yet: the last layers give constants."""
        knots = bright_knots(style)
        rises = [knots[0]] + [b - a for a, b in zip(knots, knots[1:])]
        start = [inverse_softplus(max(rise, SMALLEST_RISE_STOPS)) for rise in rises]
        start.append(inverse_softplus(BRIGHT[style][0]))
        with torch.no_grad():
            self.head_curve.weight.zero_()
            self.head_curve.bias.copy_(torch.tensor(start))
            self.grid_out.weight.zero_()
            self.grid_out.bias.zero_()

    def look(self, thumbnail: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """N x 3 x 256 x 256 -> curve N x 17 in stops, Qmax N x 1 in stops, grid N x 16 x 16 x 16."""
        features = self.encoder(torch.cat([thumbnail, luma_of(thumbnail)], 1))
        whole = F.relu(self.head_in(features.mean((2, 3), keepdim=True)))
        values = F.softplus(self.head_curve(whole)).flatten(1)
        curve = values[:, :KNOTS].cumsum(1)
        top = values[:, KNOTS:].clamp(max=PEAK_STOPS)
        gated = features * torch.sigmoid(self.head_gates(whole))
        grid = self.grid_out(F.relu(self.grid_in(gated)))
        return curve, top, grid

    def gain_stops(self, image: torch.Tensor, curve: torch.Tensor, top: torch.Tensor,
                   grid: torch.Tensor) -> torch.Tensor:
        """What look() said, for N x 3 x H x W -> N x 1 x H x W in stops."""
        guide = guide_of(image, self.guide)
        by_curve = (hats(guide, KNOTS) * curve[:, :, None, None]).sum(1, keepdim=True)
        planes = F.interpolate(grid, size=image.shape[2:], mode="bilinear", align_corners=False)
        bins = hats(guide, BINS)
        slope = (bins * planes[:, :BINS]).sum(1, keepdim=True)
        bias = (bins * planes[:, BINS:]).sum(1, keepdim=True)
        return torch.minimum(F.relu(by_curve + slope * guide + bias), top[:, :, None, None])

    def forward(self, image: torch.Tensor, thumbnail: torch.Tensor) -> torch.Tensor:
        """What a model file holds: gain in 0..1, times PEAK_STOPS it is stops."""
        return self.gain_stops(image, *self.look(thumbnail)) / PEAK_STOPS
