#!/usr/bin/env python3
"""Trains a small gain-map model on your own HDR photographs (docs/training.md).

  env/setup torch
  env/run --torch tools/train/train.py ~/photos --out mine.onnx --install

Reads the pairs with `hdr-process evaluate --write-pairs`, keeps some scenes out of training, judges the
result on them with `hdr-process evaluate`, and installs it only if it wins there.
"""

import argparse
import copy
import dataclasses
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import pairs  # noqa: E402
from losses import loss  # noqa: E402
from model import PEAK_STOPS, THUMBNAIL, GainCurveGrid  # noqa: E402

MIN_SCENES = 6           # to train on at all: fewer cannot be split three ways
MIN_HELD_OUT = 8         # pictures, to install
MAX_FALSE_BOOST_STOPS = 0.05
MAX_LOSS_STOPS = 0.25    # on any held-out picture
BATCH = 8
CHECK_EVERY = 25         # steps


class Refused(Exception):
    """What was expected and what was found."""


@dataclasses.dataclass
class Settings:
    steps: int
    seed: int
    device: str
    width: int
    guide: str


def batch_loss(network: GainCurveGrid, part: list[pairs.Pair], device: str) -> float:
    with torch.no_grad():
        total = 0.0
        for pair in part:
            total += loss(network, pair.base[None].to(device), pair.target[None].to(device)).item()
    return total / len(part)


def train(part: list[pairs.Pair], settings: Settings, say=print) -> GainCurveGrid:
    """The checkpoint, the untrained network included, with the least loss on scenes of `part` that it
    was not trained on."""
    torch.manual_seed(settings.seed)
    torch.use_deterministic_algorithms(True, warn_only=settings.device != "cpu")
    random = torch.Generator().manual_seed(settings.seed)
    taught, checked = pairs.split(part, 0.25)
    network = GainCurveGrid(settings.width, settings.guide).to(settings.device)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    best, best_loss = copy.deepcopy(network.state_dict()), batch_loss(network, checked, settings.device)
    say(f"before training: loss {best_loss:.4f} on {len(checked)} pictures kept for checking")
    for step in range(1, settings.steps + 1):
        for group in optimiser.param_groups:
            group["lr"] = 1e-3 * 0.5 * (1 + np.cos(np.pi * step / settings.steps))
        chosen = torch.randint(len(taught), (min(BATCH, len(taught)),), generator=random)
        made = [pairs.augmented(taught[int(i)], random) for i in chosen]
        value = loss(network, torch.stack([base for base, _ in made]).to(settings.device),
                     torch.stack([target for _, target in made]).to(settings.device))
        optimiser.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        if step % CHECK_EVERY == 0 or step == settings.steps:
            found = batch_loss(network, checked, settings.device)
            if found < best_loss:
                best, best_loss = copy.deepcopy(network.state_dict()), found
                say(f"step {step}: loss {found:.4f}")
    network.load_state_dict(best)
    return network.cpu().eval()


def onnx_bytes(network: GainCurveGrid, name: str) -> bytes:
    size = {2: "height", 3: "width"}
    buffer = io.BytesIO()
    with torch.no_grad():
        torch.onnx.export(network, (torch.rand(1, 3, 48, 64), torch.rand(1, 3, THUMBNAIL, THUMBNAIL)),
                          buffer, opset_version=17, input_names=["image", "thumbnail"],
                          output_names=["gain", "q"], dynamic_axes={"image": size, "gain": size})
    model = onnx.load_model_from_string(buffer.getvalue())
    onnx.helper.set_model_props(model, {
        "hdr_process.contract": "gain-map/1",
        "hdr_process.name": name,
        "hdr_process.peak_stops": repr(PEAK_STOPS),
        "hdr_process.base_scale": "1",
        "hdr_process.multiple": "1",
        "hdr_process.thumbnail": str(THUMBNAIL),
    })
    for node in model.graph.node:
        node.doc_string = ""  # places in the exporter's own source
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def runtime():
    """ONNX Runtime, without the hundreds of lines that Debian's prints when it meets onnx."""
    sys.stderr.flush()
    kept = os.dup(2)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 2)
        try:
            import onnxruntime
        finally:
            os.dup2(kept, 2)
            os.close(kept)
    return onnxruntime


def largest_difference(network: GainCurveGrid, data: bytes) -> float:
    """Of ONNX Runtime's gain to PyTorch's, as a share of the peak, at odd sizes."""
    session = runtime().InferenceSession(data, providers=["CPUExecutionProvider"])
    random = torch.Generator().manual_seed(3)
    worst = 0.0
    for height, width in ((61, 97), (1, 1), (7, 5), (192, 256)):
        image = torch.rand(1, 3, height, width, generator=random)
        thumbnail = torch.rand(1, 3, THUMBNAIL, THUMBNAIL, generator=random)
        with torch.no_grad():
            expected = network(image, thumbnail)[0].numpy()
        found = session.run(["gain"], {"image": image.numpy(), "thumbnail": thumbnail.numpy()})[0]
        worst = max(worst, float(np.abs(found - expected).max()))
    return worst


def run(program: str, *arguments: str) -> str:
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(done.stderr.strip() or f"{program} ended with {done.returncode}")
    return done.stdout


def files_by_hash(photos: list[pathlib.Path]) -> dict[str, pathlib.Path]:
    files = []
    for photo in photos:
        files += sorted(path for path in photo.iterdir() if path.is_file()) if photo.is_dir() else [photo]
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in files}


def scores(program: str, model: pathlib.Path, files: list[pathlib.Path], style: str) -> dict:
    """Of `model` and of bright on these files, as the harness reports them for one group."""
    report = json.loads(run(program, "evaluate", *map(str, files), "--model", str(model), "--style", style,
                            "--predictors", "bright,chosen", "--json", "--quiet"))
    rows = {row["predictor"]: row for group in report["groups"] if group["group"] == style
            for row in group["predictors"]}
    if "chosen" not in rows:
        raise Refused(f"none of the pictures kept for judging is of the group {style}")
    worst = max(picture["scores"]["chosen"]["mae_stops"] - picture["scores"]["bright"]["mae_stops"]
                for picture in report["pictures"] if picture["group"] == style)
    return {"pictures": len(report["pictures"]), "bright": rows["bright"]["means"],
            "model": rows["chosen"]["means"], "difference": rows["chosen"]["difference_to_bright"],
            "worst_loss_stops": worst}


def reasons_against(found: dict, rivals: dict[str, float]) -> list[str]:
    """Why the model is not installed; empty where it won."""
    reasons = []
    difference, means = found["difference"], found["model"]
    if found["pictures"] < MIN_HELD_OUT:
        reasons.append(f"only {found['pictures']} pictures were kept for judging; {MIN_HELD_OUT} are needed")
    if not difference["high_stops"] < 0:
        reasons.append("it does not clearly beat bright: the 95 % interval of the difference is "
                       f"{difference['low_stops']:+.4f} to {difference['high_stops']:+.4f} stops")
    false = means["false_brightening_stops"]
    if false is not None and false > MAX_FALSE_BOOST_STOPS:
        reasons.append(f"it brightens by {false:.3f} stops where nothing should be")
    if found["worst_loss_stops"] > MAX_LOSS_STOPS:
        reasons.append(f"one picture is {found['worst_loss_stops']:.2f} stops worse than with bright")
    for name, error in rivals.items():
        if error <= means["mae_stops"]:
            reasons.append(f"the installed {name} is as good: {error:.4f} stops")
    return reasons


def model_folder() -> pathlib.Path:
    data = os.environ.get("XDG_DATA_HOME", "")
    base = pathlib.Path(data) if os.path.isabs(data) else pathlib.Path.home() / ".local" / "share"
    return base / "hdr-process" / "models"


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", nargs="+", type=pathlib.Path, help="gain-map photographs, or folders of them")
    parser.add_argument("--out", required=True, type=pathlib.Path, help="the model file; FILE.json beside it")
    parser.add_argument("--style", choices=("phone", "acr"), default="phone", help="whose maps to learn from")
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--hold-out", type=float, default=0.25, help="share of the scenes to judge by")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--width", type=int, default=16, help="channels of the first layer")
    parser.add_argument("--guide", choices=("luma", "max"), default="luma")
    parser.add_argument("--install", action="store_true", help="as trained.onnx, if it wins")
    parser.add_argument("--model-dir", type=pathlib.Path, default=model_folder())
    parser.add_argument("--program", default="build/release/hdr-process")
    return parser.parse_args()


def main_checked(arguments: argparse.Namespace) -> int:
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch) / "pairs"
        run(arguments.program, "evaluate", *map(str, arguments.photos), "--predictors", "identity",
            "--write-pairs", str(folder), "--quiet")
        found = pairs.load(folder, arguments.style)
    count = len(pairs.scenes(found))
    if count < MIN_SCENES:
        raise Refused(f"expected photographs of at least {MIN_SCENES} scenes (folder and hour of capture) of "
                      f"the group {arguments.style}, found {count}")
    part, held_out = pairs.split(found, arguments.hold_out)
    print(f"{len(part)} pictures of {len(pairs.scenes(part))} scenes to train on, "
          f"{len(held_out)} of {len(pairs.scenes(held_out))} to judge by")
    settings = Settings(arguments.steps, arguments.seed, arguments.device, arguments.width, arguments.guide)
    network = train(part, settings)
    data = onnx_bytes(network, "trained")
    difference = largest_difference(network, data)
    if difference > 1e-5:
        raise Refused(f"ONNX Runtime and PyTorch differ by {difference:.2g} of the peak, expected 1e-5 at most")
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_bytes(data)

    paths = files_by_hash(arguments.photos)
    files = [paths[pair.sha256] for pair in held_out]
    result = scores(arguments.program, arguments.out, files, arguments.style)
    rivals = {name: scores(arguments.program, arguments.model_dir / name, files, arguments.style)["model"]["mae_stops"]
              for name in ("trained.onnx", "gmnet-real.onnx") if (arguments.model_dir / name).is_file()}
    against = reasons_against(result, rivals)
    print(f"mean error on the pictures kept for judging: bright {result['bright']['mae_stops']:.4f}, "
          f"trained {result['model']['mae_stops']:.4f} stops; difference "
          f"{result['difference']['mean_stops']:+.4f} ({result['difference']['low_stops']:+.4f} .. "
          f"{result['difference']['high_stops']:+.4f}), worst picture {result['worst_loss_stops']:+.3f}")
    record = {"settings": dataclasses.asdict(settings), "style": arguments.style,
              "trained_on": [dict(sha256=p.sha256, scene=p.scene) for p in part],
              "judged_on": [dict(sha256=p.sha256, scene=p.scene) for p in held_out],
              "scores": result, "rivals_mae_stops": rivals, "against": against,
              "torch": torch.__version__, "onnx_sha256": hashlib.sha256(data).hexdigest()}
    pathlib.Path(f"{arguments.out}.json").write_text(json.dumps(record, indent=2) + "\n")
    if against:
        print("it did not win:\n  " + "\n  ".join(against))
    if not arguments.install:
        return 0
    if against:
        print("nothing was installed")
        return 1
    arguments.model_dir.mkdir(parents=True, exist_ok=True)
    target = arguments.model_dir / "trained.onnx"
    shutil.copyfile(arguments.out, target.with_suffix(".new"))
    os.replace(target.with_suffix(".new"), target)
    print(f"installed as {target}")
    return 0


def main() -> int:
    try:
        return main_checked(parse())
    except (Refused, OSError) as error:
        print(f"train: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
