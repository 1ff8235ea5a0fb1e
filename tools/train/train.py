#!/usr/bin/env python3
"""Trains a predictor on your own gain-map photographs (docs/training.md).

  env/setup torch && make build
  env/run --torch tools/train/train.py ~/Pictures/Pixel --out mine.onnx

Writes the model and, beside it, a JSON record of what went in and how it scored on pictures that
training did not see. The photographs stay on this machine.
"""

import argparse
import hashlib
import json
import pathlib
import platform
import sys
import tempfile

import numpy
import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "gmnet")]
import fit  # noqa: E402
import judge  # noqa: E402
import pairs  # noqa: E402
from export_onnx import model_folder, write  # noqa: E402
from model import BRIGHT, GUIDES  # noqa: E402
from pairs import Pair, Refused  # noqa: E402

MIN_SCENES = 8
SUFFIXES = (".jpg", ".jpeg", ".heic", ".heif", ".avif")
PARITY_SIZES = ((48, 64), (61, 83), (193, 256))


def photos_of(paths: list[pathlib.Path]) -> dict[str, pathlib.Path]:
    """SHA-256 -> file, each content once, in order of the names."""
    files: list[pathlib.Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(f for f in path.rglob("*") if f.suffix.lower() in SUFFIXES and f.is_file())
        elif path.is_file():
            files.append(path)
        else:
            raise Refused(f"{path}: expected a photograph or a folder of them, found no such file")
    found: dict[str, pathlib.Path] = {}
    for file in files:
        found.setdefault(hashlib.sha256(file.read_bytes()).hexdigest(), file.resolve())
    return found


def extracted(program: pathlib.Path, photos: dict[str, pathlib.Path],
              style: str) -> tuple[list[Pair], list[dict]]:
    """The pairs of one style, and what the program could not use."""
    if not photos:
        raise Refused("expected photographs, found none")
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "pairs"
        said = judge.write_pairs(program, list(photos.values()), folder)
        return pairs.read_pairs(folder, style), said.get("skipped", [])


def require_scenes(usable: list[Pair], style: str, skipped: int) -> None:
    scenes = len({pair.scene for pair in usable})
    if scenes < MIN_SCENES:
        raise Refused(f"expected at least {MIN_SCENES} scenes of style {style}, found {scenes} in "
                      f"{len(usable)} photographs ({skipped} files hold no usable gain map); pictures of "
                      "one folder taken within the same hour count as one scene")


def parts(usable: list[Pair], options: argparse.Namespace) -> tuple[list[Pair], list[Pair]]:
    if options.fold:
        index, count = options.fold
        return pairs.fold(usable, index, count, options.seed)
    return pairs.split(usable, options.hold_out, options.seed, "hold out")


def record_of(options: argparse.Namespace, usable: list[Pair], held: list[Pair], fitted: fit.Fitted,
              data: bytes, parity: float) -> dict:
    held_names = {pair.name for pair in held}
    def part(pair: Pair) -> str:
        if pair.name in held_names:
            return "held out"
        return "validation" if pair.name in fitted.validation_names else "training"
    return {
        "schema": "hdr-process/training/1",
        "model_sha256": hashlib.sha256(data).hexdigest(),
        "options": {"style": options.style, "guide": options.guide, "steps": options.steps,
                    "seed": options.seed, "device": options.device, "threads": options.threads,
                    "hold_out": options.hold_out, "fold": options.fold},
        "files": [{"file": p.file, "sha256": p.sha256, "scene": p.scene, "part": part(p)} for p in usable],
        "kept_step": fitted.step,
        "validation_mae_stops": {"untrained": fitted.start_stops, "kept": fitted.validation_stops},
        "onnxruntime_difference": parity,
        "versions": {"python": platform.python_version(), "torch": torch.__version__,
                     "numpy": numpy.__version__, "onnx": fit.onnx.__version__},
    }


def trained(options: argparse.Namespace) -> int:
    photos = photos_of(options.photos)
    usable, skipped = extracted(options.program, photos, options.style)
    require_scenes(usable, options.style, len(skipped))
    kept, held = parts(usable, options)
    fit.fix_everything(options.seed, options.threads, options.device)
    fitted = fit.fit(kept, options.style, options.guide, options.steps, options.seed, options.device)
    data = fit.model_bytes(fitted.network, options.out.stem.lower())
    parity = fit.parity(fitted.network, data, PARITY_SIZES)
    if parity > fit.PARITY:
        raise Refused(f"expected ONNX Runtime within {fit.PARITY} of PyTorch, found {parity}")
    write(options.out, data)
    record = record_of(options, usable, held, fitted, data, parity)
    scores = scored(options, [photos[pair.sha256] for pair in held])
    record["held_out"] = scores
    record["objections"] = judge.objections(scores["this model"])
    write(options.out.with_suffix(".json"), (json.dumps(record, indent=2) + "\n").encode())
    report(options, kept, held, fitted, scores)
    if options.install:
        return install(data, record["objections"], model_folder())
    return 0


def scored(options: argparse.Namespace, held: list[pathlib.Path]) -> dict[str, dict]:
    models = {"this model": options.out}
    installed = model_folder() / "trained.onnx"
    if installed.is_file():
        models["installed"] = installed
    return {name: judge.summary(judge.evaluate(options.program, held, path.resolve(), options.style),
                                options.style) for name, path in models.items()}


def report(options: argparse.Namespace, kept: list[Pair], held: list[Pair], fitted: fit.Fitted,
           scores: dict[str, dict]) -> None:
    print(f"{len(kept)} photographs for training, {len(fitted.validation_names)} of them for choosing the "
          f"weights: step {fitted.step} of {options.steps}, their error {fitted.start_stops:.4f} -> "
          f"{fitted.validation_stops:.4f} stops")
    print(f"{len(held)} held-out photographs:\n{judge.table(scores)}")
    print(f"{options.out}: written")


def install(data: bytes, objections: list[str], folder: pathlib.Path) -> int:
    if objections:
        print("not installed: " + "; ".join(objections), file=sys.stderr)
        return 3
    write(folder / "trained.onnx", data)
    print(f"{folder / 'trained.onnx'}: installed")
    return 0


def fold_of(text: str) -> tuple[int, int]:
    index, count = (int(part) for part in text.split("/"))
    if not (count >= 2 and 0 <= index < count):
        raise ValueError(text)
    return index, count


def share_of(text: str) -> float:
    share = float(text)
    if not 0 < share <= 0.5:
        raise ValueError(text)
    return share


def options_of(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", nargs="+", type=pathlib.Path, help="gain-map photographs, or folders of them")
    parser.add_argument("--style", choices=sorted(BRIGHT), default="phone")
    parser.add_argument("--guide", choices=GUIDES, default="luma", help="what the curve is a function of")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--hold-out", type=share_of, default=0.25, help="share of the scenes, at most 0.5")
    parser.add_argument("--fold", type=fold_of, help="K/N: hold out fold K of N instead")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="FILE.onnx; FILE.json goes beside it")
    parser.add_argument("--install", action="store_true", help="use it from now on, if it beats bright")
    parser.add_argument("--program", type=pathlib.Path,
                        default=HERE.parent.parent / "build" / "release" / "hdr-process")
    options = parser.parse_args(arguments)
    if options.out.suffix != ".onnx":
        parser.error("--out: expected a name that ends in .onnx")
    return options


def main() -> int:
    options = options_of(sys.argv[1:])
    try:
        return trained(options)
    except (Refused, OSError) as error:
        print(f"train: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
