"""Photographs for the tests: views of made-up panoramas, one folder, and so one source, for each."""

import pathlib
import subprocess

import numpy

WIDTH, HEIGHT = 96, 48
VIEWS = ("0_normal", "2_light")


def panorama(seed: int) -> numpy.ndarray:
    """Light falls from the zenith to the ground; some lamps are far brighter."""
    random = numpy.random.default_rng(seed)
    light = numpy.linspace(random.uniform(0.6, 1.2), 0.25, HEIGHT)[:, None, None] * random.uniform(0.7, 1, 3)
    light = light * random.uniform(0.8, 1.2, (HEIGHT, WIDTH, 1))
    for _ in range(160):
        y, x = random.integers(0, HEIGHT - 3), random.integers(0, WIDTH - 3)
        light[y:y + 3, x:x + 3] = random.uniform(2, 12)
    return light


def radiance(light: numpy.ndarray) -> bytes:
    """Shared exponents, not compressed."""
    mantissa, exponent = numpy.frexp(light.max(2))
    scale = mantissa * 256 / light.max(2)
    pixels = numpy.concatenate([light * scale[..., None], (exponent + 128)[..., None]], 2).astype(numpy.uint8)
    return f"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {HEIGHT} +X {WIDTH}\n".encode() + pixels.tobytes()


def write_panorama(file: pathlib.Path, seed: int) -> pathlib.Path:
    file.write_bytes(radiance(panorama(seed)))
    return file


def write_photographs(panorama_views: pathlib.Path, folder: pathlib.Path, sources: int) -> None:
    for seed in range(sources):
        name = f"source{seed:02}"
        views = folder / name
        views.mkdir(parents=True)
        file = write_panorama(folder / f"{name}.hdr", seed)
        subprocess.run([panorama_views, views, file], check=True, capture_output=True)
        file.unlink()
        for view in views.iterdir():
            if not view.stem.endswith(VIEWS):
                view.unlink()
