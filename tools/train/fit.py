"""The training loop, and the model file that comes of it."""

import copy
import io
import os
import typing

import numpy
import onnx
import torch

import losses
from model import GainCurveGrid, PEAK_STOPS, THUMBNAIL, guide_of
from pairs import Pair, Refused, augmented, image_of, split, thumbnail_of

BATCH = 4
LEARNING_RATE = 5e-4
CHECK_EVERY = 20  # steps between looks at the validation pictures
VALIDATION_SHARE = 0.2  # of the training scenes
PARITY = 1e-5  # ONNX Runtime against PyTorch, of an output in 0..1


class Fitted(typing.NamedTuple):
    network: GainCurveGrid
    step: int  # at which the kept weights were best
    validation_stops: float
    start_stops: float  # of the untrained network, on the same pictures
    validation_names: list[str]


def fix_everything(seed: int, threads: int, device: str) -> None:
    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    # Some backward passes on a GPU have no deterministic form.
    torch.use_deterministic_algorithms(True, warn_only=device != "cpu")


def error_stops(network: GainCurveGrid, pairs: list[Pair], device: str) -> float:
    """Mean over pictures of the mean absolute error."""
    errors = []
    with torch.no_grad():
        for pair in pairs:
            image = image_of(pair.base).to(device)
            gain = network(image, thumbnail_of(image)) * PEAK_STOPS
            target = torch.from_numpy(pair.target).to(device)
            errors.append(float((gain[0, 0] - target).abs().mean()))
    return float(numpy.mean(errors))


def step_loss(network: GainCurveGrid, batch: list[Pair], random: numpy.random.Generator,
              device: str) -> torch.Tensor:
    samples = [augmented(pair, random) for pair in batch]
    images = [image_of(base).to(device) for base, _, _ in samples]
    curves, tops, grids = network.look(torch.cat([thumbnail_of(image) for image in images]))
    loss = losses.grid_loss(grids)
    for i, (whole, (_, target, window)) in enumerate(zip(images, samples)):
        one = slice(i, i + 1)
        # Every other pixel says enough of a gain, for a quarter of the time.
        image, target = whole[:, :, ::2, ::2], numpy.ascontiguousarray(target[::2, ::2])
        gain = network.gain_stops(image, curves[one], tops[one], grids[one])
        wanted = torch.from_numpy(target)[None, None].to(device)
        guide = guide_of(image, network.guide)[0, 0].cpu().numpy()
        oracle, support = (torch.from_numpy(a).to(device) for a in losses.oracle_curve(guide, target))
        seen = (slice(None), slice(None), *window)
        loss = loss + (losses.gain_loss(gain[seen], wanted[seen], image[seen])
                       + losses.curve_loss(curves[i], oracle, support)
                       + losses.top_loss(tops[i], wanted)) / len(batch)
    return loss


def fit(pairs: list[Pair], style: str, guide: str, steps: int, seed: int, device: str,
        channels: int = 16) -> Fitted:
    """Trains on most scenes of `pairs` and keeps the weights that were best on the others of them; the
    untrained network is the first candidate."""
    training, validation = split(pairs, VALIDATION_SHARE, seed, "validate")
    network = GainCurveGrid(style, guide, channels).to(device)
    optimizer = torch.optim.Adam(network.parameters(), LEARNING_RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, max(steps, 1))
    random = numpy.random.default_rng(seed)
    start = error_stops(network, validation, device)
    best = Fitted(copy.deepcopy(network), 0, start, start, [p.name for p in validation])
    for step in range(1, steps + 1):
        chosen = random.choice(len(training), min(BATCH, len(training)), replace=False)
        loss = step_loss(network, [training[i] for i in chosen], random, device)
        if not torch.isfinite(loss):
            raise Refused(f"step {step}: expected a finite loss, found {float(loss)}")
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % CHECK_EVERY == 0 or step == steps:
            now = error_stops(network, validation, device)
            if now < best.validation_stops:
                best = best._replace(network=copy.deepcopy(network), step=step, validation_stops=now)
    return best


def model_bytes(network: GainCurveGrid, name: str) -> bytes:
    """A model file after the contract gain-map/1 (docs/models.md)."""
    network = copy.deepcopy(network).cpu().eval()
    size = {2: "height", 3: "width"}
    buffer = io.BytesIO()
    with torch.no_grad():
        torch.onnx.export(
            network, (torch.zeros(1, 3, 48, 64), torch.zeros(1, 3, THUMBNAIL, THUMBNAIL)), buffer,
            opset_version=17, do_constant_folding=True, input_names=["image", "thumbnail"],
            output_names=["gain"], dynamic_axes={"image": size, "gain": size})
    model = onnx.load_model_from_string(buffer.getvalue())
    # No apron: the grid spans the whole picture.
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


def open_session(data: bytes):
    """Debian's ONNX Runtime greets with hundreds of lines about schemas, from outside Python."""
    stderr, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        import onnxruntime
        return onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    finally:
        os.dup2(stderr, 2)
        os.close(stderr)
        os.close(nowhere)


def parity(network: GainCurveGrid, data: bytes, sizes: typing.Sequence[tuple[int, int]]) -> float:
    """The largest difference of ONNX Runtime to PyTorch over random pictures of these sizes."""
    session = open_session(data)
    network = copy.deepcopy(network).cpu().eval()
    random = numpy.random.default_rng(0)
    worst = 0.0
    for height, width in sizes:
        image = random.random((1, 3, height, width), numpy.float32)
        thumbnail = random.random((1, 3, THUMBNAIL, THUMBNAIL), numpy.float32)
        with torch.no_grad():
            ours = network(torch.from_numpy(image), torch.from_numpy(thumbnail)).numpy()
        theirs = session.run(["gain"], {"image": image, "thumbnail": thumbnail})[0]
        worst = max(worst, float(numpy.abs(ours - theirs).max()))
    return worst
