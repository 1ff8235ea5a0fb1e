"""Several networks and the lift as one, and the same as it is stored."""

import numpy
import torch
from torch import nn

from gain import gain_of
from lift import Lift
from model import GainCurveGrid
from sizes import PEAK_STOPS, STRIDES
from weights_file import Arrays, arrays_of, weights_bytes

HEADS = ("level_in", "level_out", "shape_in", "shape_out", "grid_in", "grid_whole", "grid_out")


class Predictor(nn.Module):
    def __init__(self, networks: list[GainCurveGrid], lift: Lift):
        super().__init__()
        self.networks = nn.ModuleList(networks)
        self.lift = lift

    def look(self, thumbnail: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Level, shape and grid: the networks' means, the level lifted."""
        said = [network.look(thumbnail) for network in self.networks]
        level, shape, grid = (torch.stack(parts).mean(0) for parts in zip(*said))
        return self.lift.lifted(thumbnail, level, shape, grid), shape, grid

    def forward(self, image: torch.Tensor, thumbnail: torch.Tensor) -> torch.Tensor:
        """Gain in stops."""
        return gain_of(image, *self.look(thumbnail)).clamp(0, PEAK_STOPS)


def folded(convolution: nn.Conv2d, norm: nn.BatchNorm2d) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight and bias of the convolution that does both."""
    factor = norm.weight / (norm.running_var + norm.eps).sqrt()
    return (convolution.weight * factor[:, None, None, None],
            (convolution.bias - norm.running_mean) * factor + norm.bias)


def member_arrays(network: GainCurveGrid) -> Arrays:
    found = {}
    encoder = list(network.encoder)
    for i in range(len(STRIDES)):
        found[f"conv{i}.weight"], found[f"conv{i}.bias"] = folded(encoder[3 * i], encoder[3 * i + 1])
    for name in HEADS:
        head = getattr(network, name)
        found[f"{name}.weight"], found[f"{name}.bias"] = head.weight, head.bias
    return {name: value.detach().numpy() for name, value in found.items()}


def stored(predictor: Predictor, name: str) -> bytes:
    """A file of weights. What is usual is the same for all, as all saw the same pictures."""
    lift = predictor.lift
    common = {"usual": predictor.networks[0].usual.numpy(), "spread": predictor.networks[0].spread.numpy(),
              "lift_terms": numpy.array([lift.share, lift.margin], numpy.float32)}
    for key in ("lift_in", "lift_out"):
        common[f"{key}.weight"] = getattr(lift, key).weight.detach().numpy()
        common[f"{key}.bias"] = getattr(lift, key).bias.detach().numpy()
    return weights_bytes(common, [member_arrays(network) for network in predictor.networks], name)


def fill(module: nn.Module, arrays: Arrays) -> None:
    module.load_state_dict({name: torch.from_numpy(value) for name, value in arrays.items()})


def member_of(usual: Arrays, arrays: Arrays) -> GainCurveGrid:
    """Without norms: the convolution i is every other layer of the encoder."""
    network = GainCurveGrid(normalised=False)
    named = {f"encoder.{2 * int(name[4])}{name[5:]}" if name.startswith("conv") else name: value
             for name, value in arrays.items()}
    fill(network, {**usual, **named})
    return network


def read(file: bytes) -> Predictor:
    """What the program computes with that file of weights."""
    common, members = arrays_of(file)
    usual = {name: common[name] for name in ("usual", "spread")}
    share, margin = (float(term) for term in common.pop("lift_terms"))
    lift = Lift(share, margin)
    fill(lift, common)
    return Predictor([member_of(usual, member) for member in members], lift).eval()
