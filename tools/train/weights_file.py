"""The file of weights that the program reads (src/obtain/curve_grid_file.cc has the layout)."""

import hashlib
import re
import struct

import numpy

MAGIC = b"HDRPGRID"
FORMAT = 1
NAME_BYTES = 32
LAYERS = (*(f"conv{i}" for i in range(6)),
          "level_in", "level_out", "shape_in", "shape_out", "grid_in", "grid_whole", "grid_out")


def weights_bytes(arrays: dict[str, numpy.ndarray], name: str) -> bytes:
    """`arrays` by name: `usual` and `spread`, and LAYER.weight and LAYER.bias with the members on
    axis 0; lift_in and lift_out without members, and `lift_terms`, share and margin. Numbers are stored as halves (binary16): round them before they are judged."""
    if not re.fullmatch(r"[a-z0-9._-]{1,31}", name) or name == "bright":
        raise ValueError(f"expected a name of a-z, 0-9, '.', '_' and '-', found {name!r}")
    members = arrays["conv0.weight"].shape[0]
    parts = [arrays["usual"], arrays["spread"], *(arrays[f"{layer}.{kind}"] for layer in
             ("lift_in", "lift_out") for kind in ("weight", "bias")), arrays["lift_terms"]]
    for member in range(members):
        for layer in LAYERS:
            parts += [arrays[f"{layer}.weight"][member], arrays[f"{layer}.bias"][member]]
    numbers = numpy.concatenate([part.ravel() for part in parts])
    if not numpy.isfinite(numbers).all() or numpy.abs(numbers).max() > 65504:
        raise ValueError("expected numbers that halves can hold")
    data = (MAGIC + struct.pack("<II", FORMAT, members) + name.encode().ljust(NAME_BYTES, b"\0")
            + numbers.astype("<f2").tobytes())
    return data + hashlib.sha256(data).digest()
