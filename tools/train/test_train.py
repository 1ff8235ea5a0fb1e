#!/usr/bin/env python3
"""Tests of the training tool on tiny made-up pictures. Run by `make test-train`."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy
import torch

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import fit  # noqa: E402
import judge  # noqa: E402
import losses  # noqa: E402
import pairs  # noqa: E402
from model import BINS, GainCurveGrid, bright_knots, hats, luma_of  # noqa: E402


def disturbed(seed: int, **options) -> GainCurveGrid:
    """A network whose last layers say something about the picture."""
    torch.manual_seed(seed)
    network = GainCurveGrid(**options).eval()
    with torch.no_grad():
        for layer in (network.head_curve, network.grid_out):
            layer.weight.normal_(0, 1)
    return network


def pair(scene: str, name: str = "") -> pairs.Pair:
    return pairs.Pair(name or scene, scene, "", scene, numpy.zeros((8, 8, 3), numpy.float32),
                      numpy.zeros((8, 8), numpy.float32))


class ModelTest(unittest.TestCase):
    def test_the_curve_never_falls_and_top_stays_in_its_range(self):
        network = disturbed(1)
        with torch.no_grad():
            curve, top, grid = network.look(torch.rand(4, 3, 256, 256))
        self.assertGreater(float((curve[0] - curve[1]).abs().max()), 0)  # it does depend on the picture
        self.assertTrue(bool((curve.diff(dim=1) >= 0).all()))
        self.assertTrue(bool((curve >= 0).all()))
        self.assertTrue(bool(((top >= 0) & (top <= 4)).all()))
        self.assertEqual(tuple(grid.shape), (4, 2 * BINS, 16, 16))

    def test_without_a_grid_the_gain_is_the_curve_at_the_guide(self):
        network = disturbed(2)
        image = torch.rand(1, 3, 37, 53)
        with torch.no_grad():
            curve, top, grid = network.look(torch.rand(1, 3, 256, 256))
            gain = network.gain_stops(image, curve, top, torch.zeros_like(grid))
            with_grid = network.gain_stops(image, curve, top, grid)
        knots = numpy.linspace(0, 1, 17)
        wanted = numpy.interp(luma_of(image)[0, 0].numpy(), knots, curve[0].numpy())
        wanted = numpy.minimum(wanted, float(top))
        self.assertLess(float(numpy.abs(gain[0, 0].numpy() - wanted).max()), 1e-4)
        self.assertGreater(float((with_grid - gain).abs().max()), 0.01)

    def test_the_untrained_network_is_bright(self):
        for style, check in (("phone", {0.5: 0.07717, 0.75: 1.07289, 1.0: 2.0}),
                             ("acr", {0.5: 0.47484, 0.75: 1.48600, 1.0: 2.0})):
            network = GainCurveGrid(style)
            for value, stops in check.items():
                with torch.no_grad():
                    gain = network(torch.full((1, 3, 8, 8), value), torch.rand(1, 3, 256, 256)) * 4
                self.assertLess(abs(float(gain.mean()) - stops), 0.01, (style, value))
        self.assertLess(bright_knots("phone")[3], 0.01)  # nothing below 0.2

    def test_hats_share_out_one(self):
        self.assertLess(float((hats(torch.rand(1, 1, 9, 9), 8).sum(1) - 1).abs().max()), 1e-6)

    def test_onnx_runtime_agrees_at_odd_sizes(self):
        for guide in ("luma", "max"):
            network = disturbed(3, guide=guide)
            data = fit.model_bytes(network, "test")
            self.assertLessEqual(fit.parity(network, data, [(61, 83), (1, 7), (193, 256), (48, 64)]), 1e-5)
            self.assertEqual(data, fit.model_bytes(network, "test"))
            self.assertGreater(fit.parity(disturbed(4, guide=guide), data, [(48, 64)]), 1e-2)


class PairsTest(unittest.TestCase):
    def test_a_split_never_tears_a_scene_and_stays_when_one_is_added(self):
        all_pairs = [pair(f"s{i // 2}", f"p{i}") for i in range(40)]
        kept, held = pairs.split(all_pairs, 0.25, 1, "hold out")
        self.assertEqual(len({p.scene for p in held}), 5)
        self.assertFalse({p.scene for p in kept} & {p.scene for p in held})
        self.assertEqual(len(kept) + len(held), 40)
        again = pairs.split(all_pairs[::-1], 0.25, 1, "hold out")[1]
        self.assertEqual({p.name for p in held}, {p.name for p in again})
        more = pairs.split(all_pairs + [pair("new")], 0.25, 1, "hold out")[1]
        self.assertLessEqual(len({p.scene for p in held} - {p.scene for p in more}), 1)
        self.assertNotEqual({p.scene for p in held},
                            {p.scene for p in pairs.split(all_pairs, 0.25, 2, "hold out")[1]})

    def test_every_scene_is_held_out_in_one_fold(self):
        all_pairs = [pair(f"s{i}") for i in range(11)]
        held = [p.scene for k in range(5) for p in pairs.fold(all_pairs, k, 5, 1)[1]]
        self.assertEqual(sorted(held), sorted(p.scene for p in all_pairs))

    def test_exposure_keeps_the_hdr_rendition_in_step(self):
        base = numpy.full((1, 2, 3), 0.9)
        base[0, 1] = 0.3
        brighter, target = pairs.exposed(base, numpy.ones((1, 2)), 0.5)
        self.assertAlmostEqual(float(brighter[0, 0, 0]), 1)
        clipped = 2 ** float(target[0, 0])
        wanted = (((pairs.linear_of(0.9) + 1 / 64) * 2 - 1 / 64) * 2**0.5 + 1 / 64) / (1 + 1 / 64)
        self.assertAlmostEqual(clipped, float(wanted), 6)
        self.assertAlmostEqual(float(target[0, 1]), 1, 1)  # nothing clipped, nothing changed

    def test_the_oracle_finds_a_curve(self):
        guide = numpy.random.default_rng(1).random((64, 64))
        knots, support = losses.oracle_curve(guide, 2 * guide**2)
        self.assertLess(float(numpy.abs(knots - 2 * numpy.linspace(0, 1, 17) ** 2).max()), 0.03)
        self.assertAlmostEqual(float(support.sum()), 1, 5)
        self.assertTrue((numpy.diff(losses.oracle_curve(guide, 1 - guide)[0]) >= 0).all())


class FlowTest(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.installed = self.folder / "data" / "hdr-process" / "models" / "trained.onnx"

    def photos(self, scenes: int) -> pathlib.Path:
        folder = self.folder / f"photos{scenes}"
        folder.mkdir(exist_ok=True)
        for i in range(scenes):
            (folder / f"s{i:02}_.jpg").write_text(str(i))
        return folder

    def train(self, photos: pathlib.Path, out: str, *more: str, difference: float = 0.0):
        env = {**os.environ, "XDG_DATA_HOME": str(self.folder / "data"),
               "FAKE_DIFFERENCE": str(difference)}
        return subprocess.run(
            [sys.executable, "-B", str(HERE / "train.py"), str(photos), "--steps", "3", "--out",
             str(self.folder / out), "--program", str(HERE / "fake_program.py"), *more],
            capture_output=True, text=True, check=False, env=env)

    def test_two_runs_give_the_same_bytes_and_another_seed_does_not(self):
        photos = self.photos(8)
        (self.folder / "a").mkdir()
        (self.folder / "b").mkdir()
        for out, seed in (("a/mine.onnx", "1"), ("b/mine.onnx", "1"), ("mine.onnx", "2")):
            done = self.train(photos, out, "--seed", seed)
            self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("mine.onnx", "mine.json"):
            self.assertEqual((self.folder / "a" / name).read_bytes(), (self.folder / "b" / name).read_bytes())
        self.assertNotEqual((self.folder / "a/mine.onnx").read_bytes(), (self.folder / "mine.onnx").read_bytes())
        record = json.loads((self.folder / "a/mine.json").read_text())
        self.assertEqual(len(record["files"]), 8)
        self.assertEqual({f["part"] for f in record["files"]}, {"training", "validation", "held out"})
        self.assertTrue(all(len(f["sha256"]) == 64 for f in record["files"]))

    def test_too_few_scenes_are_refused(self):
        done = self.train(self.photos(7), "few.onnx")
        self.assertEqual(done.returncode, 1)
        self.assertIn("expected at least 8 scenes of style phone, found 7 in 7 photographs", done.stderr)
        self.assertFalse((self.folder / "few.onnx").exists())

    def test_only_a_winner_is_installed(self):
        photos = self.photos(16)
        for difference, status in ((0.05, 3), (-0.005, 3), (-0.05, 0)):
            done = self.train(photos, "mine.onnx", "--install", "--hold-out", "0.5", difference=difference)
            self.assertEqual(done.returncode, status, done.stdout + done.stderr)
            self.assertEqual(self.installed.exists(), status == 0, difference)
        self.assertEqual(self.installed.read_bytes(), (self.folder / "mine.onnx").read_bytes())

    def test_a_winner_on_too_few_pictures_is_not_installed(self):
        done = self.train(self.photos(12), "mine.onnx", "--install", difference=-0.1)
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertIn("expected at least 8 held-out pictures, found 3", done.stderr)
        self.assertFalse(self.installed.exists())


class GateTest(unittest.TestCase):
    GOOD = {"pictures": 8, "difference_stops": -0.02, "difference_high_stops": -0.01,
            "false_boost_stops": 0.05, "worst_difference_stops": 0.25}

    def test_each_condition_counts(self):
        self.assertEqual(judge.objections(self.GOOD), [])
        for key, bad in (("pictures", 7), ("difference_high_stops", 0.0), ("false_boost_stops", 0.051),
                         ("false_boost_stops", None), ("worst_difference_stops", 0.26),
                         ("difference_high_stops", float("nan"))):
            self.assertEqual(len(judge.objections({**self.GOOD, key: bad})), 1, key)


if __name__ == "__main__":
    unittest.main()
