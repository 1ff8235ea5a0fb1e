"""The file of weights that the program reads (src/predict/curve_grid_file.cc has the layout)."""

import hashlib
import re
import struct

import numpy

from sizes import BINS, HIDDEN, KNOTS, LIFT_HIDDEN, SEEN, STATISTICS, WIDTHS

MAGIC = b"HDRPGRID"
FORMAT = 1
NAME_BYTES = 32
HEADER_BYTES = len(MAGIC) + 8 + NAME_BYTES
DIGEST_BYTES = 32

Arrays = dict[str, numpy.ndarray]


def layer(name: str, *shape: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": shape, f"{name}.bias": shape[:1]}


# In the file's order: once for all, then for each member.
COMMON = {"usual": (STATISTICS,), "spread": (STATISTICS,), **layer("lift_in", LIFT_HIDDEN, STATISTICS),
          **layer("lift_out", 1, LIFT_HIDDEN), "lift_terms": (2,)}  # the terms: share and margin
MEMBER = {name: shape for part in (
    *(layer(f"conv{i}", width, inputs, 3, 3) for i, (inputs, width) in enumerate(zip((3, *WIDTHS), WIDTHS))),
    layer("level_in", HIDDEN, SEEN), layer("level_out", 1, HIDDEN), layer("shape_in", HIDDEN, SEEN),
    layer("shape_out", KNOTS, HIDDEN), layer("grid_in", HIDDEN, WIDTHS[-1], 3, 3),
    layer("grid_whole", HIDDEN, SEEN), layer("grid_out", BINS, HIDDEN, 1, 1))
    for name, shape in part.items()}


def is_name(name: str) -> bool:
    return re.fullmatch(r"[a-z0-9._-]{1,31}", name) is not None and name != "bright"


def weights_bytes(common: Arrays, members: list[Arrays], name: str) -> bytes:
    """Numbers are stored as halves (binary16): what is judged should have been read back first."""
    if not is_name(name):
        raise ValueError(f"expected a name of a-z, 0-9, '.', '_' and '-', found {name!r}")
    parts = [common[key].reshape(shape) for key, shape in COMMON.items()]
    for member in members:
        parts += [member[key].reshape(shape) for key, shape in MEMBER.items()]
    numbers = numpy.concatenate([part.ravel() for part in parts])
    if not numpy.isfinite(numbers).all() or numpy.abs(numbers).max() > 65504:
        raise ValueError("expected numbers that halves can hold")
    data = (MAGIC + struct.pack("<II", FORMAT, len(members)) + name.encode().ljust(NAME_BYTES, b"\0")
            + numbers.astype("<f2").tobytes())
    return data + hashlib.sha256(data).digest()


def arrays_of(file: bytes) -> tuple[Arrays, list[Arrays]]:
    """What weights_bytes wrote, rounded: common and members."""
    body, digest = file[:-DIGEST_BYTES], file[-DIGEST_BYTES:]
    if not file.startswith(MAGIC) or hashlib.sha256(body).digest() != digest:
        raise ValueError("expected a file of weights as it was written, found another or a damaged one")
    members = struct.unpack_from("<I", file, len(MAGIC) + 4)[0]
    numbers = iter(numpy.frombuffer(body[HEADER_BYTES:], "<f2").astype(numpy.float32))
    def taken(shapes: dict[str, tuple[int, ...]]) -> Arrays:
        return {key: numpy.fromiter(numbers, numpy.float32, int(numpy.prod(shape))).reshape(shape)
                for key, shape in shapes.items()}
    return taken(COMMON), [taken(MEMBER) for _ in range(members)]
