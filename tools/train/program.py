"""The programs that do what training does not: reading photographs, rendering panoramas, scoring."""

import json
import pathlib
import subprocess
import tempfile

from pairs import Pair, Refused, read_pairs

STYLE = "phone"  # whose gain maps are learned: a camera's, not Adobe's


def run(program: pathlib.Path, arguments: list[str]) -> str:
    try:
        done = subprocess.run([str(program), *arguments], capture_output=True, text=True, check=False)
    except OSError as error:
        raise Refused(f"{program}: expected the program, found {error.strerror}; build it "
                      "(make build) or name it with --program") from error
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no message"])[0]
        raise Refused(f"{program} {arguments[0]}: expected exit status 0, found {done.returncode}: {reason}")
    return done.stdout


def pairs_of(program: pathlib.Path, photos: list[pathlib.Path],
             manifest: pathlib.Path | None) -> tuple[list[Pair], int]:
    """The pairs in the photographs' order, and how many files hold no usable gain map. With a manifest
    its sources are never split, without one the scenes (pictures of one folder and hour)."""
    if not photos:
        raise Refused("expected photographs, found none")
    listed = ["--manifest", str(manifest), "--use", "train"] if manifest else []
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "pairs"
        said = json.loads(run(program, ["evaluate", "--predictors", "identity", *listed, "--write-pairs",
                                        str(folder), "--json", "--", *map(str, photos)]))
        return read_pairs(folder, STYLE, "source" if manifest else "scene"), len(said["skipped"])


def views_of(program: pathlib.Path, panoramas: list[pathlib.Path]) -> list[Pair]:
    """Pairs of what cameras would make of the panoramas (tools/panorama_views, built beside the program)."""
    if not panoramas:
        return []
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "views"
        run(program.parent / "tools" / "panorama_views", [str(folder), *map(str, panoramas)])
        return pairs_of(program, sorted(folder.iterdir()), None)[0]


def scores_of(program: pathlib.Path, photos: list[pathlib.Path], weights: pathlib.Path) -> list[dict]:
    """For each photograph what `evaluate` says of it, of `bright` and of the weights."""
    said = json.loads(run(program, ["evaluate", "--model", str(weights), "--predictors", "bright,chosen",
                                    "--json", "--", *map(str, photos)]))
    if len(said["pictures"]) != len(photos):
        raise Refused(f"expected scores of {len(photos)} photographs, found {len(said['pictures'])}")
    return said["pictures"]
