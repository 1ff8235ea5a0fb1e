#!/usr/bin/env python3
"""Trains a predictor on gain-map photographs (docs/training.md).

  env/setup torch && make build
  env/run --torch tools/train/train.py ~/Pictures/Pixel --out mine.weights --install

Writes the weights and, beside them, a JSON record of what went in and how they scored on pictures that
training did not see. The photographs stay on this machine.
"""

import argparse
import hashlib
import pathlib
import sys
import typing

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent / "gmnet")]
import cross_validate  # noqa: E402
import fit  # noqa: E402
import judge  # noqa: E402
import pairs  # noqa: E402
import program  # noqa: E402
import record  # noqa: E402
import scores  # noqa: E402
from export_onnx import model_folder, write  # noqa: E402
from pairs import Pair, Refused  # noqa: E402
from predictor import stored  # noqa: E402
from weights_file import is_name  # noqa: E402

MIN_SOURCES = 8
SUFFIXES = (".jpg", ".jpeg", ".heic", ".heif", ".avif")
SHIPPED = ROOT / "models" / "phone.weights"
INSTALL_SHARE = 0.25  # of the sources, held out where nothing else is said
# These judge (docs/prediction.md): nothing is learned from them.
JUDGES = HERE / "judging_panoramas.txt"


def files_in(paths: list[pathlib.Path], suffixes: tuple[str, ...]) -> list[pathlib.Path]:
    files: list[pathlib.Path] = []
    for path in paths:
        if path.is_dir():
            files += sorted(f for f in path.rglob("*") if f.suffix.lower() in suffixes and f.is_file())
        elif path.is_file():
            files.append(path)
        else:
            raise Refused(f"{path}: expected a file or a folder, found neither")
    return [file.resolve() for file in files]


def photos_of(options: argparse.Namespace) -> dict[str, pathlib.Path]:
    """SHA-256 -> file, each content once: in the manifest's order, those that it lists, else by name."""
    files = files_in(options.photos, SUFFIXES)
    if options.manifest:
        order = list(record.credits_of(options.manifest))
        files = sorted((f for f in files if f.name in order), key=lambda f: order.index(f.name))
    found: dict[str, pathlib.Path] = {}
    for file in files:
        found.setdefault(record.digest_of(file), file)
    return found


def panoramas_of(options: argparse.Namespace) -> list[pathlib.Path]:
    judges = JUDGES.read_text().split()
    files = [f for f in files_in(options.panoramas, (".hdr",)) if f.name not in judges]
    return sorted(files, key=lambda f: f.name)


def require_sources(usable: list[Pair], skipped: int) -> None:
    sources = len({pair.source for pair in usable})
    if sources < MIN_SOURCES:
        raise Refused(f"expected photographs of at least {MIN_SOURCES} sources, found {sources} in "
                      f"{len(usable)} photographs ({skipped} files hold no usable gain map); without a "
                      "manifest, pictures of one folder taken within the same hour are one source")


def parts(usable: list[Pair], options: argparse.Namespace) -> tuple[list[Pair], list[Pair]]:
    """(training, held out)."""
    if options.fold:
        index, count = options.fold
        return pairs.parted(usable, pairs.folds_of(usable, count)[index])
    if options.hold_out == 0:
        return usable, []
    return pairs.split(usable, options.hold_out, options.seed)


def judged(options: argparse.Namespace, held: list[Pair],
           photos: dict[str, pathlib.Path]) -> dict[str, typing.Any]:
    """Of the held-out pictures, with what stands against installing."""
    if not held:
        return {"held_out": None, "objections": ["no picture was held out"]}
    ours, shipped = (scores.summary(judge.scored(options.program, held, photos, weights))
                     for weights in (options.out.resolve(), SHIPPED))
    print(f"{len(held)} held-out photographs, bright > ours:\n{scores.table(ours)}")
    print(f"bright > the shipped weights:\n{scores.table(shipped)}")
    return {"held_out": ours, "shipped": shipped, "objections": judge.objections(ours, shipped)}


def install(data: bytes, objections: list[str]) -> int:
    if objections:
        print("not installed: " + "; ".join(objections), file=sys.stderr)
        return 3
    write(model_folder() / "trained.weights", data)
    print(f"{model_folder() / 'trained.weights'}: installed")
    return 0


def trained(options: argparse.Namespace) -> int:
    fit.fix_everything()
    photos = photos_of(options)
    usable, skipped = program.pairs_of(options.program, list(photos.values()), options.manifest)
    require_sources(usable, skipped)
    panoramas = panoramas_of(options)
    views = program.views_of(options.program, panoramas)
    crops = fit.prepared(usable, views)
    seeds = list(range(options.seed, options.seed + options.members))
    kept, held = parts(usable, options)
    data = stored(fit.fit_predictor(kept, views, crops, seeds, options.steps), options.out.stem.lower())
    write(options.out, data)
    print(f"{options.out}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}, from {len(kept)} "
          f"photographs and {len(views)} views of {len(panoramas)} panoramas")
    said = judged(options, held, photos)
    objections = said.pop("objections")
    if options.cross_validate:
        said["cross_validated"] = cross_validate.cross_validated(
            usable, views, crops, photos, options.program, options.cross_validate, seeds, options.steps)
        print(cross_validate.report(said["cross_validated"]))
    rows = record.record_of(options, kept, held, panoramas, len(views), data, said)
    write(options.out.with_suffix(".json"), record.text_of(rows))
    return install(data, objections) if options.install else 0


def fold_of(text: str) -> tuple[int, int]:
    index, count = (int(part) for part in text.split("/"))
    if not (count >= 2 and 0 <= index < count):
        raise ValueError(text)
    return index, count


def share_of(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 0.5:
        raise ValueError(text)
    return share


def whole_number(least: int, most: int) -> typing.Callable[[str], int]:
    def number(text: str) -> int:
        if not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)
    return number


def options_of(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", nargs="+", type=pathlib.Path,
                        help="gain-map photographs, or folders of them")
    parser.add_argument("--out", type=pathlib.Path, required=True,
                        help="FILE.weights; FILE.json goes beside it")
    parser.add_argument("--manifest", type=pathlib.Path,
                        help="tab-separated, with the columns use (train), file, repo: pictures of one repo "
                        "are never split")
    parser.add_argument("--panoramas", nargs="+", default=[], type=pathlib.Path,
                        help="Radiance files, or folders of them, to learn from besides")
    parser.add_argument("--seed", type=int, default=1, help="of the first member")
    parser.add_argument("--members", type=whole_number(1, 16), default=5, help="networks to average")
    parser.add_argument("--steps", type=whole_number(8, 100000), default=fit.STEPS)
    held = parser.add_mutually_exclusive_group()
    held.add_argument("--hold-out", type=share_of, default=None,
                      help=f"share of the sources, at most 0.5 (default 0; with --install {INSTALL_SHARE})")
    held.add_argument("--fold", type=fold_of, help="K/N: hold out fold K of N (from 0) instead")
    parser.add_argument("--cross-validate", type=whole_number(2, 100), metavar="N",
                        help="also judge the recipe on all pictures, in N trainings")
    parser.add_argument("--install", action="store_true", help="use the weights from now on, if they win")
    parser.add_argument("--program", type=pathlib.Path, default=ROOT / "build" / "release" / "hdr-process")
    options = parser.parse_args(arguments)
    if options.out.suffix != ".weights" or not is_name(options.out.stem.lower()):
        parser.error("--out: expected NAME.weights, NAME of a-z, 0-9, '.', '_' and '-'")
    if options.hold_out is None:
        options.hold_out = INSTALL_SHARE if options.install else 0.0
    return options


def main() -> int:
    options = options_of(sys.argv[1:])
    try:
        return trained(options)
    except (Refused, OSError, ValueError) as error:
        print(f"train: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
