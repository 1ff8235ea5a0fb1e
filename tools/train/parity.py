#!/usr/bin/env python3
"""What PyTorch makes of the shipped weights, for the program's own test to agree with.

  env/run --torch tools/train/parity.py

Run it whenever models/phone.weights changes.
"""

import pathlib
import sys

import numpy
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import predictor  # noqa: E402
from crops import image_of, thumbnail_of  # noqa: E402
from gain import gain_of  # noqa: E402
from sizes import PEAK_STOPS  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
WEIGHTS = ROOT / "models" / "phone.weights"
TABLE = ROOT / "tests" / "data" / "curve_grid_parity.tsv"
HEIGHT, WIDTH = 30, 40
LAMPS = ((3, 6), (5, 20), (4, 33), (14, 12))  # row and column


def made_up_picture() -> numpy.ndarray:
    """A sky that brightens downwards, dark ground, lamps that clip, a saturated patch."""
    y, x = numpy.mgrid[:HEIGHT, :WIDTH]
    picture = numpy.stack([60 + 5 * y + x, 80 + 5 * y, 140 + 3 * y - x], 2)
    picture[18:] = numpy.stack([10 + (7 * x + 3 * y) % 11, 12 + x // 4, 8 + (5 * x + y) % 7], 2)[18:]
    picture[21:27, 24:34] = (230, 40, 20)
    for row, column in LAMPS:
        far = numpy.maximum(abs(y - row), abs(x - column))
        picture[far == 2] = (picture[far == 2] + 255) // 2
        picture[far < 2] = (255, 250, 235)
    return picture.clip(0, 255).astype(numpy.uint8)


def rows_of(weights: bytes) -> dict[str, numpy.ndarray]:
    picture = made_up_picture()
    with torch.no_grad():
        level, shape, grid = predictor.read(weights).look(thumbnail_of(picture))
        gain = gain_of(image_of(picture), level, shape, grid).clamp(0, PEAK_STOPS)
    return {"picture": picture, "level": level.numpy(), "curve": (level + shape).numpy(),
            "gain": gain.numpy()}


def main() -> int:
    lines = [f"# PyTorch's answer to a made-up picture of {WIDTH} x {HEIGHT} (tools/train/parity.py)"]
    for name, numbers in rows_of(WEIGHTS.read_bytes()).items():
        lines.append("\t".join([name, *(format(number, ".7g") for number in numbers.ravel())]))
    TABLE.write_text("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
