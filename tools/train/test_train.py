#!/usr/bin/env python3
"""Tests of the training tool (`make test-train`). HDR_PROCESS_BINARY names the program."""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest
import zlib

import numpy as np
import torch

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import losses  # noqa: E402
import pairs  # noqa: E402
import train  # noqa: E402
from model import KNOTS, GainCurveGrid, bright_stops  # noqa: E402

PROGRAM = os.environ.get("HDR_PROCESS_BINARY", "build/release/hdr-process")


def shaken(width=4, guide="luma"):
    """A network that is not the untrained one: every layer says something."""
    torch.manual_seed(5)
    network = GainCurveGrid(width, guide)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return network.eval()


def tiny_pairs(count=8):
    random = torch.Generator().manual_seed(9)
    made = []
    for i in range(count):
        base = torch.rand(3, pairs.SIDE, pairs.SIDE, generator=random) ** 2
        made.append(pairs.Pair(f"{i}", f"{i}", f"scene {i // 2}", base, 2 * pairs.luminance(base)))
    return made


class ModelTest(unittest.TestCase):
    def test_untrained_it_is_brights_curve(self):
        network = GainCurveGrid(4).eval()
        knots = torch.linspace(0, 1, KNOTS)
        image = knots.view(1, 1, 1, -1).expand(1, 3, 1, KNOTS)
        with torch.no_grad():
            found = 4 * network(image, torch.rand(1, 3, 256, 256))[0].flatten()
        for g, stops in zip(knots.tolist(), found.tolist()):
            self.assertAlmostEqual(stops, bright_stops(g), delta=0.002)

    def test_the_curve_rises_and_a_flat_grid_adds_nothing(self):
        network = shaken()
        with torch.no_grad():
            network.grid[1].weight.zero_()
            network.grid[1].bias.zero_()
            image = torch.linspace(0, 1, 200).view(1, 1, 1, -1).expand(1, 3, 4, 200)
            gain = network(image, torch.rand(1, 3, 256, 256))[0]
        self.assertTrue((gain.diff(dim=-1) >= -1e-6).all())
        self.assertTrue(torch.allclose(gain[0, 0, 0], gain[0, 0, 3]), "the same in every row")

    def test_onnx_runtime_agrees_at_odd_sizes(self):
        for guide in ("luma", "max"):
            network = shaken(guide=guide)
            data = train.onnx_bytes(network, "trained")
            self.assertLess(train.largest_difference(network, data), 1e-5)


class PairsTest(unittest.TestCase):
    def test_scenes_are_never_torn_apart(self):
        made = tiny_pairs()
        kept, out = pairs.split(made, 0.25)
        self.assertEqual(len(out), 2)
        self.assertFalse({p.scene for p in kept} & {p.scene for p in out})
        again = pairs.split(list(reversed(made)), 0.25)[1]
        self.assertEqual({p.name for p in out}, {p.name for p in again}, "whatever the order")

    def test_exposure_leaves_the_hdr_picture_alone(self):
        pair = tiny_pairs(1)[0]
        hdr = pairs.luminance(pair.base).add(pairs.OFFSET) * 2 ** pair.target
        random = torch.Generator().manual_seed(0)
        changed = 0
        for _ in range(8):
            base, target = pairs.augmented(pair, random)
            again = pairs.luminance(base).add(pairs.OFFSET) * 2 ** target
            self.assertLess((again.flatten().sort()[0] - hdr.flatten().sort()[0]).abs().max(), 1e-3)
            changed += not torch.equal(base.sort()[0], pair.base.sort()[0])
        self.assertGreater(changed, 0)


class TrainingTest(unittest.TestCase):
    def test_the_same_inputs_give_the_same_bytes(self):
        settings = train.Settings(steps=3, seed=1, device="cpu", width=4, guide="luma")
        made = tiny_pairs()
        runs = [train.onnx_bytes(train.train(made, settings, say=lambda _: None), "trained") for _ in range(2)]
        self.assertEqual(runs[0], runs[1])

    def test_it_learns_what_it_is_shown(self):
        made = tiny_pairs()
        settings = train.Settings(steps=80, seed=1, device="cpu", width=4, guide="luma")
        network = train.train(made, settings, say=lambda _: None)
        self.assertLess(train.batch_loss(network, made, "cpu"),
                        0.8 * train.batch_loss(GainCurveGrid(4), made, "cpu"))

    def test_the_best_curve_is_the_targets_own(self):
        brightness = torch.linspace(0, 1, 4000).view(1, 1, 1, -1)
        curve = losses.oracle_curve(brightness, 2 * brightness)[0]
        self.assertLess((curve[1:-1] - 2 * torch.linspace(0, 1, KNOTS)[1:-1]).abs().max(), 0.01)


def png(path, codes):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    height, width, _ = codes.shape
    rows = b"".join(b"\0" + codes[y].tobytes() for y in range(height))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
                     chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def photograph(folder, index):
    """A gain-map JPEG of a scene of its own, made by the program from a procedural HDR picture."""
    random = np.random.default_rng(index)
    y, x = np.mgrid[0:96, 0:128] / 96
    hdr = 0.1 + 0.3 * y + 4 * np.exp(-((x - random.random()) ** 2 + (y - 0.4) ** 2) / 0.02)
    hdr = np.repeat(hdr[..., None], 3, 2).astype("<f4")
    coded = np.where(hdr <= 0.0031308, 12.92 * hdr, 1.055 * np.maximum(hdr, 1e-6) ** (1 / 2.4) - 0.055)
    scene = folder / f"scene{index}"
    scene.mkdir(parents=True)
    png(scene / "edit.png", np.round(255 * np.clip(coded, 0, 1)).astype(np.uint8))
    (scene / "hdr.pfm").write_bytes(b"PF\n128 96\n-1.0\n" + hdr[::-1].tobytes())
    out = scene / "photo.jpg"
    subprocess.run([PROGRAM, "--img", scene / "edit.png", "--ref", scene / "hdr.pfm", "--out", out, "--quiet"],
                   check=True, timeout=60)
    (scene / "edit.png").unlink()
    (scene / "hdr.pfm").unlink()
    return out


@unittest.skipUnless(os.path.exists(PROGRAM), f"no program at {PROGRAM}")
class WholeFlowTest(unittest.TestCase):
    def run_tool(self, folder, photos, *arguments):
        return subprocess.run([sys.executable, "-B", str(pathlib.Path(__file__).with_name("train.py")),
                               *map(str, photos), "--out", str(folder / "m.onnx"), "--program", PROGRAM,
                               "--model-dir", str(folder / "models"), "--width", "4", *arguments],
                              capture_output=True, text=True, timeout=600, check=False)

    def test_too_few_scenes_are_refused(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            done = self.run_tool(folder, [photograph(folder, 0)])
            self.assertEqual(done.returncode, 2)
            self.assertIn("at least 6 scenes", done.stderr)
            self.assertFalse((folder / "m.onnx").exists())

    def test_a_model_that_does_not_win_is_not_installed(self):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            photos = [photograph(folder, i) for i in range(8)]
            done = self.run_tool(folder, photos, "--steps", "2", "--install")
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("nothing was installed", done.stdout)
            self.assertIn("pictures were kept for judging; 8 are needed", done.stdout)
            self.assertFalse((folder / "models").exists())
            record = json.loads((folder / "m.onnx.json").read_text())
            self.assertEqual(len(record["trained_on"]) + len(record["judged_on"]), 8)
            # The program takes the file all the same, where it is named.
            again = subprocess.run([PROGRAM, "--img", photos[0], "--mode", "predict", "--out", folder / "out.jpg",
                                    "--model", folder / "m.onnx"], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual(again.returncode, 0, again.stderr)
            self.assertIn("predicted by trained", again.stderr)

    def test_a_winner_is_installed(self):
        means = {"mae_stops": 0.1, "false_brightening_stops": 0.0}
        found = {"pictures": 8, "model": means, "worst_loss_stops": 0.1,
                 "difference": {"low_stops": -0.2, "high_stops": -0.01}}
        self.assertEqual(train.reasons_against(found, {"gmnet-real.onnx": 0.2}), [])
        self.assertEqual(len(train.reasons_against(found, {"gmnet-real.onnx": 0.1})), 1)


if __name__ == "__main__":
    unittest.main()
