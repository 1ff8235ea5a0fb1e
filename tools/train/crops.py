"""Thumbnails and windows of pictures, and edits as users make them."""

import hashlib

import numpy
import torch

from pairs import Pair
from picture_statistics import luma_of
from sizes import THUMBNAIL

LEAST_CROP = 0.7  # of each side

Crops = dict[str, numpy.ndarray]  # by the pair's name: count x 4 x 96 x 96, halves


def area_weights(begin: float, end: float, pixels: int, cells: int) -> numpy.ndarray:
    """cells x pixels: the share of each pixel in each of `cells` even parts of begin..end."""
    edges = numpy.linspace(begin, end, cells + 1)
    left = numpy.arange(pixels)
    overlap = (numpy.minimum(edges[1:, None], left + 1) - numpy.maximum(edges[:-1, None], left)).clip(0)
    return (overlap / overlap.sum(1, keepdims=True)).astype(numpy.float32)


def squashed(planes: numpy.ndarray, window: tuple[float, float, float, float]) -> numpy.ndarray:
    """C x H x W -> C x 96 x 96, the mean over each cell of the window (top, bottom, left, right)."""
    top, bottom, left, right = window
    down = area_weights(top, bottom, planes.shape[1], THUMBNAIL)
    across = area_weights(left, right, planes.shape[2], THUMBNAIL)
    return down @ planes @ across.T


def planes_of(base: numpy.ndarray) -> numpy.ndarray:
    return numpy.ascontiguousarray(base.transpose(2, 0, 1)).astype(numpy.float32) / 255


def thumbnail_of(base: numpy.ndarray) -> torch.Tensor:
    """The whole picture, squashed to a square: 1 x 3 x 96 x 96."""
    height, width = base.shape[:2]
    return torch.from_numpy(squashed(planes_of(base), (0, height, 0, width)))[None]


def image_of(base: numpy.ndarray) -> torch.Tensor:
    return torch.from_numpy(planes_of(base))[None]


def crops_of(pair: Pair, count: int) -> numpy.ndarray:
    """count x 4 x 96 x 96 (base and target): the whole picture, then windows that only name and content
    decide."""
    key = hashlib.sha256(f"crops\x000\0{pair.sha256}\0{pair.name}".encode()).digest()
    random = numpy.random.default_rng(list(key[:8]))
    planes = numpy.concatenate([planes_of(pair.base), pair.target[None]])
    height, width = pair.target.shape
    crops = []
    for i in range(count):
        tall, wide = (1.0, 1.0) if i == 0 else random.uniform(LEAST_CROP, 1, 2)
        top, left = random.uniform(0, 1 - tall) * height, random.uniform(0, 1 - wide) * width
        crops.append(squashed(planes, (top, top + tall * height, left, left + wide * width)))
    return numpy.stack(crops)


# How far users' edits go; the gain is kept.
WHITE = 0.05  # of each channel
SATURATION = 0.2
POWER = 0.2  # of a tone curve: the coded values to the power 2^(-POWER..POWER)
EXPOSURE = 0.1  # coded values times 2^(-EXPOSURE..EXPOSURE)
GREY = 0.02  # share of the pictures


def edited(base: torch.Tensor, random: numpy.random.Generator) -> torch.Tensor:
    """N x 3 x H x W coded RGB in 0..1, each picture edited by itself."""
    count = base.shape[0]
    def uniform(reach: float, shape: tuple[int, ...]) -> torch.Tensor:
        return torch.from_numpy(random.uniform(-reach, reach, shape).astype(numpy.float32))
    base = base.clamp(1e-4, 1) ** (2 ** uniform(POWER, (count, 1, 1, 1)))
    factor = 1 + uniform(WHITE, (count, 3, 1, 1))
    factor = factor * 2 ** uniform(EXPOSURE, (count, 1, 1, 1))
    saturation = 1 + uniform(SATURATION, (count, 1, 1, 1))
    saturation = saturation * torch.from_numpy(random.random((count, 1, 1, 1)) >= GREY)
    luma = luma_of(base)
    return ((luma + saturation * (base - luma)) * factor).clamp(0, 1)
