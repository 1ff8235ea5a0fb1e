#!/usr/bin/env python3
"""Makes a model file for hdr-process from a published GMNet checkpoint (docs/models.md).

  env/setup torch
  env/run --torch tools/gmnet/export_onnx.py G_realworld.pth --preset real

The checkpoint is the user's own download. It is read as plain tensors only, after its SHA-256 was
recognised, and has to hold exactly GMNet's tensors. The same checkpoint gives the same bytes.
"""

import argparse
import hashlib
import io
import math
import os
import pathlib
import sys
import tempfile

import onnx
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import gmnet  # noqa: E402

# Peak: linear factor over SDR white that gain 1.0 stands for. Scale: base to local input.
PRESETS = {
    "real": {"peak": 5.0, "scale": 2,
             "sha256": "83bf27bcdbf6eacfdef37f0e24ed6d79152b7386620c012ae509a59a895c875f"},
    "synthetic": {"peak": 8.0, "scale": 1,
                  "sha256": "887c940d492424cd44f029c6b09dd3bbe1bbec07126f15d41192828ff95e6880"},
}
MAX_CHECKPOINT_BYTES = 256 << 20


class Refused(Exception):
    """What was expected and what was found."""


def read_checkpoint(path, preset, allow_unknown_hash):
    if not os.path.isfile(path):
        raise Refused(f"{path}: expected a checkpoint, found no such file")
    if os.path.getsize(path) > MAX_CHECKPOINT_BYTES:
        raise Refused(f"{path}: expected at most {MAX_CHECKPOINT_BYTES} bytes, found {os.path.getsize(path)}")
    data = pathlib.Path(path).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != PRESETS[preset]["sha256"]:
        other = [name for name, row in PRESETS.items() if row["sha256"] == found]
        if other:
            raise Refused(f"{path}: expected the checkpoint of preset {preset}, found that of "
                          f"{other[0]}; use --preset {other[0]}")
        if not allow_unknown_hash:
            raise Refused(f"{path}: expected SHA-256 {PRESETS[preset]['sha256']}, found {found}; "
                          "--allow-unknown-hash takes it all the same")
    try:
        checkpoint = torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for broken files
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise Refused(f"{path}: expected a PyTorch checkpoint, found none: {reason}") from error
    return checked(path, checkpoint)


def checked(path, checkpoint):
    """The tensors under their own names, as float32; refused unless they are exactly GMNet's."""
    if not isinstance(checkpoint, dict):
        raise Refused(f"{path}: expected named tensors, found {type(checkpoint).__name__}")
    tensors = {str(name).removeprefix("module."): value for name, value in checkpoint.items()}
    wanted = gmnet.shapes()
    missing = sorted(wanted.keys() - tensors.keys())
    extra = sorted(tensors.keys() - wanted.keys())
    if missing or extra or len(tensors) != len(checkpoint):
        raise Refused(f"{path}: expected GMNet's {len(wanted)} tensors, found {len(checkpoint)}; "
                      f"missing: {', '.join(missing[:3]) or 'none'}; unknown: {', '.join(extra[:3]) or 'none'}")
    for name, shape in wanted.items():
        tensor = tensors[name]
        if not torch.is_tensor(tensor) or tuple(tensor.shape) != shape:
            found = tuple(tensor.shape) if torch.is_tensor(tensor) else type(tensor).__name__
            raise Refused(f"{path}: {name}: expected shape {shape}, found {found}")
        if not torch.isfinite(tensor).all():
            raise Refused(f"{path}: {name}: expected finite weights")
    return {name: tensors[name].float() for name in wanted}


def onnx_bytes(checkpoint, preset):
    network = gmnet.GMNet().eval()
    network.load_state_dict(checkpoint, strict=True)
    size = {2: "height", 3: "width"}
    buffer = io.BytesIO()
    with torch.no_grad():
        torch.onnx.export(
            network,
            (torch.zeros(1, 3, 64, 96), torch.zeros(1, 3, gmnet.THUMBNAIL, gmnet.THUMBNAIL)),
            buffer, opset_version=17, do_constant_folding=True,
            input_names=["image", "thumbnail"], output_names=["map", "gain", "q"],
            dynamic_axes={"image": size, "map": size, "gain": size})
    model = onnx.load_model_from_string(buffer.getvalue())
    row = PRESETS[preset]
    onnx.helper.set_model_props(model, {
        "hdr_process.contract": "gain-map/1",
        "hdr_process.name": f"gmnet-{preset}",
        "hdr_process.peak_stops": repr(math.log2(row["peak"])),
        "hdr_process.base_scale": str(row["scale"]),
        "hdr_process.multiple": "2",
        "hdr_process.apron": str(gmnet.APRON),
        "hdr_process.thumbnail": str(gmnet.THUMBNAIL),
    })
    for node in model.graph.node:
        node.doc_string = ""  # places in the exporter's own source
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def model_folder():
    data = os.environ.get("XDG_DATA_HOME", "")
    base = pathlib.Path(data) if os.path.isabs(data) else pathlib.Path.home() / ".local" / "share"
    return base / "hdr-process" / "models"


def write(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", help="G_realworld.pth or G_synthetic.pth")
    parser.add_argument("--preset", choices=PRESETS, default="real")
    parser.add_argument("-o", dest="output", type=pathlib.Path,
                        help="default: gmnet-PRESET.onnx where hdr-process looks for models")
    parser.add_argument("--allow-unknown-hash", action="store_true",
                        help="take a checkpoint that is not the published one")
    arguments = parser.parse_args()
    output = arguments.output or model_folder() / f"gmnet-{arguments.preset}.onnx"
    try:
        checkpoint = read_checkpoint(arguments.checkpoint, arguments.preset, arguments.allow_unknown_hash)
        data = onnx_bytes(checkpoint, arguments.preset)
        write(output, data)
    except (Refused, OSError) as error:
        print(f"export_onnx: {error}", file=sys.stderr)
        return 1
    print(f"{output}: {len(data)} bytes, SHA-256 {hashlib.sha256(data).hexdigest()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
