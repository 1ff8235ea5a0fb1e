"""GMNet in PyTorch, for the exporter and the tests beside it.

After "Learning Gain Map for Inverse Tone Mapping" (ICLR 2025) and the layout of its published
checkpoints: 63 convolutions in 126 tensors, whose names are the attribute names below. All 3x3
convolutions pad by one zero; nothing is normalised.
"""

import torch
from torch import nn
from torch.nn import functional as F

FEATURES = 64
THUMBNAIL = 256  # px, the side of the square thumbnail
APRON = 76  # px of the local input: its receptive field reaches 75 px far


def conv3(inputs, outputs, stride=1):
    return nn.Conv2d(inputs, outputs, 3, stride, 1)


class Down(nn.Module):
    """Half the size."""

    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = nn.Sequential(
            conv3(inputs, outputs, 2), nn.ReLU(), conv3(outputs, outputs), nn.ReLU(),
            conv3(outputs, outputs), nn.ReLU())

    def forward(self, x):
        return self.conv(x)


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = conv3(FEATURES, FEATURES)
        self.conv2 = conv3(FEATURES, FEATURES)

    def forward(self, x):
        return x + self.conv2(F.relu(self.conv1(x)))


def five_residuals():
    return nn.Sequential(*(Residual() for _ in range(5)))


class Head(nn.Module):
    """What the whole picture says: pooled to side x side, `outputs` channels."""

    def __init__(self, side, outputs):
        super().__init__()
        # Adaptive pooling of the thumbnail's 64 px, with a fixed window: 64 = 2 * 21 + 22.
        self.window, self.stride = {1: (64, 64), 3: (22, 21)}[side]
        self.conv = nn.Sequential(
            nn.Conv2d(FEATURES, 128, 1), nn.ReLU(), nn.Conv2d(128, FEATURES, 1), nn.ReLU(),
            nn.Conv2d(FEATURES, outputs, 1))

    def forward(self, y):
        return self.conv(F.avg_pool2d(y, self.window, self.stride))


class GMNet(nn.Module):
    """forward(image 1x3xHxW, thumbnail 1x3x256x256), both coded RGB in 0..1, H and W even
    -> (map, gain = q * map, q); the first two 1x1xHxW, q 1x1x1x1. Nothing is clipped."""

    def __init__(self):
        super().__init__()
        self.down1 = Down(3, 16)
        self.down2 = Down(16, FEATURES)
        self.res_y = five_residuals()
        self.sq_ker = Head(3, FEATURES)
        self.sq_chn = Head(1, FEATURES)
        self.sq_qmax = Head(1, 1)
        self.down_x = Down(3, FEATURES)
        self.res1 = five_residuals()
        self.res2 = five_residuals()
        self.res3 = five_residuals()
        self.mask_est = nn.Sequential(conv3(FEATURES, FEATURES), nn.ReLU(), conv3(FEATURES, 1),
                                      nn.Sigmoid())
        self.upconv = conv3(FEATURES, 4 * FEATURES)
        self.HRconv = conv3(FEATURES, FEATURES)
        self.conv_last = conv3(FEATURES, 1)

    def forward(self, image, thumbnail):
        y = self.res_y(self.down2(self.down1(thumbnail)))
        kernel = self.sq_ker(y).transpose(0, 1)  # one 3x3 kernel per channel; batch of one only
        q = self.sq_qmax(y)
        f = self.res1(self.down_x(image))
        f = f * self.mask_est(F.conv2d(f, kernel, padding=1, groups=FEATURES))
        f = self.res3(self.res2(f) * torch.sigmoid(self.sq_chn(y)))
        fine = F.relu(F.pixel_shuffle(self.upconv(f), 2))
        gain_map = self.conv_last(F.relu(self.HRconv(fine)))
        return gain_map, q * gain_map, q


def shapes():
    """Names and shapes of the 126 tensors of a checkpoint."""
    return {name: tuple(tensor.shape) for name, tensor in GMNet().state_dict().items()}


def random_checkpoint(seed):
    """Weights that keep the signal's size, of no picture's worth; the gain lies within 0..1 for the most part."""
    generator = torch.Generator().manual_seed(seed)
    checkpoint = {}
    for name, shape in shapes().items():
        if name.endswith("bias"):
            checkpoint[name] = 0.02 * torch.randn(shape, generator=generator)
            continue
        fan_in = shape[1] * shape[2] * shape[3]
        scale = 0.3 if ".conv2" in name else 1.0  # residual branches stay small
        checkpoint[name] = scale * (2 / fan_in) ** 0.5 * torch.randn(shape, generator=generator)
    checkpoint["sq_qmax.conv.4.bias"] += 0.8
    checkpoint["conv_last.weight"] *= 0.2
    checkpoint["conv_last.bias"] += 0.3
    return checkpoint
