#!/usr/bin/env python3
"""Tests of the training tool on small made-up pictures, with the program that users run. Run by
`make test-train`."""

import contextlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

import numpy
import torch

HERE = pathlib.Path(__file__).resolve().parent
RELEASE = HERE.parents[1] / "build" / "release"
PROGRAM = RELEASE / "hdr-process"
sys.path.insert(0, str(HERE))
import judge  # noqa: E402
import made_up  # noqa: E402
import pairs  # noqa: E402
import parity  # noqa: E402
import program  # noqa: E402
import scores  # noqa: E402
import train  # noqa: E402
from crops import image_of, thumbnail_of  # noqa: E402
from gain import gain_of  # noqa: E402
from lift import Lift  # noqa: E402
from model import GainCurveGrid, bright_knots  # noqa: E402
from predictor import Predictor, read, stored  # noqa: E402

SOURCES = 10


def disturbed(seed: int) -> Predictor:
    """Two networks and a lift that say something about the picture, norms and all."""
    torch.manual_seed(seed)
    networks = [GainCurveGrid().eval() for _ in range(2)]
    with torch.no_grad():
        for network in networks:
            for last in (network.level_out, network.shape_out, network.grid_out):
                last.weight.normal_(0, 0.3)
            for norm in network.encoder[1::3]:
                norm.running_mean.normal_(0, 0.1)
                norm.running_var.uniform_(0.5, 2)
                norm.weight.uniform_(0.5, 2)
                norm.bias.normal_(0, 0.1)
    return Predictor(networks, Lift(0.25, 0.01)).eval()


def pair(source: str, name: str = "") -> pairs.Pair:
    return pairs.Pair(name or source, source, "", source, numpy.zeros((8, 8, 3), numpy.uint8),
                      numpy.zeros((8, 8), numpy.float32))


class ModelTest(unittest.TestCase):
    def test_the_untrained_network_is_bright_and_a_small_lift(self):
        image = torch.full((1, 3, 8, 8), 0.75)
        with torch.no_grad():
            gain = gain_of(image, *GainCurveGrid().eval().look(torch.rand(1, 3, 96, 96)))
        self.assertLess(float((gain - 0.15 - 1.07289).abs().max()), 1e-4)
        self.assertLess(bright_knots()[3], 0.01)  # nothing below 0.2

    def test_every_other_pixel_has_the_gain_that_it_has_among_all(self):
        torch.manual_seed(1)
        image = torch.rand(2, 3, 96, 96)
        said = torch.rand(2, 1), torch.rand(2, 17), torch.rand(2, 8, 12, 12)
        whole = gain_of(image, *said)[:, :, ::2, ::2]
        self.assertLess(float((gain_of(image[:, :, ::2, ::2], *said, 2) - whole).abs().max()), 1e-5)


class WeightsTest(unittest.TestCase):
    def test_what_is_read_back_says_the_same_but_for_rounding(self):
        predictor = disturbed(1)
        data = stored(predictor, "test")
        self.assertEqual(data, stored(predictor, "test"))
        picture = parity.made_up_picture()
        image, thumbnail = image_of(picture), thumbnail_of(picture)
        with torch.no_grad():
            before, after = predictor(image, thumbnail), read(data)(image, thumbnail)
            other = disturbed(2)(image, thumbnail)
        self.assertLess(float((before - after).abs().max()), 0.01)
        self.assertGreater(float((before - other).abs().max()), 0.1)

    def test_names_and_numbers_that_the_program_would_refuse_are_not_written(self):
        with self.assertRaises(ValueError):
            stored(disturbed(1), "My Phone")
        broken = disturbed(1)
        broken.lift.lift_out.bias.data.fill_(numpy.nan)
        with self.assertRaises(ValueError):
            stored(broken, "test")

    def test_the_table_for_the_programs_own_test_is_that_of_the_shipped_weights(self):
        rows = parity.rows_of(parity.WEIGHTS.read_bytes())
        for line in parity.TABLE.read_text().splitlines()[1:]:
            name, *numbers = line.split("\t")
            self.assertLess(numpy.abs(numpy.array(numbers, float) - rows[name].ravel()).max(), 1e-5, name)


class PairsTest(unittest.TestCase):
    def test_a_split_never_tears_a_source_and_stays_when_one_is_added(self):
        every = [pair(f"s{i // 2}", f"p{i}") for i in range(40)]
        kept, held = pairs.split(every, 0.25, 1)
        self.assertEqual(len({p.source for p in held}), 5)
        self.assertFalse({p.source for p in kept} & {p.source for p in held})
        self.assertEqual(len(kept) + len(held), 40)
        again = pairs.split(every[::-1], 0.25, 1)[1]
        self.assertEqual({p.name for p in held}, {p.name for p in again})
        more = pairs.split(every + [pair("new")], 0.25, 1)[1]
        self.assertLessEqual(len({p.source for p in held} - {p.source for p in more}), 1)
        self.assertNotEqual({p.source for p in held}, {p.source for p in pairs.split(every, 0.25, 2)[1]})

    def test_every_source_is_held_out_in_one_fold(self):
        every = [pair(f"s{i * i % 11}", f"p{i}") for i in range(40)]
        held = [p.name for sources in pairs.folds_of(every, 5) for p in pairs.parted(every, sources)[1]]
        self.assertEqual(sorted(held), sorted(p.name for p in every))
        sources = [source for some in pairs.folds_of(every, 5) for source in some]
        self.assertEqual(sorted(sources), sorted({p.source for p in every}))


class ScoresTest(unittest.TestCase):
    def test_the_interval_draws_whole_sources(self):
        self.assertIsNone(scores.interval([-0.1, 0.2], ["a", "a"]))
        low, high = scores.interval([-0.1] * 9 + [0.2], ["a"] * 9 + ["b"])
        self.assertAlmostEqual(low, -0.1)
        self.assertAlmostEqual(high, 0.2)


class GateTest(unittest.TestCase):
    SHIPPED = {"mae_stops": {"bright": 0.36, "ours": 0.29}}

    def summary(self, **changed) -> dict:
        good = {"pictures": 8, "mae": 0.288, "high": -0.01, "false_boost": 0.08, "worst": 0.4, **changed}
        return {"pictures": good["pictures"], "mae_stops": {"bright": 0.36, "ours": good["mae"]},
                "interval_stops": None if good["high"] is None else (-0.2, good["high"]),
                "false_boost_stops": {"ours": good["false_boost"]}, "worst": {"stops": good["worst"]}}

    def test_each_condition_counts(self):
        self.assertEqual(judge.objections(self.summary(), self.SHIPPED), [])
        for key, bad in (("pictures", 7), ("mae", 0.289), ("high", 0.0), ("high", None), ("high", numpy.nan),
                         ("false_boost", 0.081), ("false_boost", None), ("worst", 0.41)):
            self.assertEqual(len(judge.objections(self.summary(**{key: bad}), self.SHIPPED)), 1, key)
        better = {"mae_stops": {"bright": 0.36, "ours": 0.288}}
        self.assertEqual(len(judge.objections(self.summary(), better)), 1)

    def test_only_a_winner_is_installed(self):
        with tempfile.TemporaryDirectory() as data, \
                unittest.mock.patch.dict(os.environ, {"XDG_DATA_HOME": data}), \
                contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            installed = pathlib.Path(data) / "hdr-process" / "models" / "trained.weights"
            self.assertEqual(train.install(b"weights", ["too bad"]), 3)
            self.assertFalse(installed.exists())
            self.assertEqual(train.install(b"weights", []), 0)
            self.assertEqual(installed.read_bytes(), b"weights")


class FlowTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory()
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = pathlib.Path(scratch.name)
        cls.photos = cls.folder / "photos"
        made_up.write_photographs(RELEASE / "tools" / "panorama_views", cls.photos, SOURCES)
        cls.panorama = made_up.write_panorama(cls.folder / "room.hdr", 99)

    def train(self, out: str, *more: str, photos: pathlib.Path | None = None) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, "-B", HERE / "train.py", photos or self.photos, "--steps", "8", "--members", "1",
             "--out", self.folder / out, *more],
            capture_output=True, text=True, check=False,
            env={**os.environ, "XDG_DATA_HOME": str(self.folder / "data")})

    def test_two_runs_give_the_same_bytes_and_another_seed_does_not(self):
        for out, seed in (("a/mine.weights", "1"), ("b/mine.weights", "1"), ("c/mine.weights", "2")):
            done = self.train(out, "--seed", seed, "--panoramas", str(self.panorama))
            self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("mine.weights", "mine.json"):
            self.assertEqual((self.folder / "a" / name).read_bytes(), (self.folder / "b" / name).read_bytes())
        self.assertNotEqual((self.folder / "a/mine.weights").read_bytes(),
                            (self.folder / "c/mine.weights").read_bytes())
        record = json.loads((self.folder / "a/mine.json").read_text())
        self.assertEqual(len({row["source"] for row in record["photographs"]}), SOURCES)
        self.assertEqual({row["part"] for row in record["photographs"]}, {"training"})
        self.assertTrue(all(len(row["sha256"]) == 64 for row in record["photographs"] + record["panoramas"]))
        self.assertEqual([row["file"] for row in record["panoramas"]], ["room.hdr"])
        self.assertGreater(record["views_of_panoramas"], 0)

    def test_a_manifest_says_what_counts_and_who_made_it(self):
        files = sorted(self.photos.rglob("*.jpg"))
        rows = [f"{'validate' if i == 0 else 'train'}\t{file.name}\tMIT\tsomebody/{i // 2}"
                for i, file in enumerate(files)]
        manifest = self.folder / "manifest.tsv"
        manifest.write_text("\n".join(["use\tfile\tlicence\trepo", *reversed(rows)]) + "\n")
        done = self.train("listed.weights", "--manifest", str(manifest), "--fold", "0/2", "--install",
                          "--cross-validate", "2")
        self.assertEqual(done.returncode, 3, done.stderr)  # eight steps do not beat anything
        self.assertIn("not installed: expected", done.stderr)
        self.assertFalse((self.folder / "data").exists())
        record = json.loads((self.folder / "listed.json").read_text())
        self.assertEqual(len(record["photographs"]), len(files) - 1)
        self.assertEqual({row["licence"] for row in record["photographs"]}, {"MIT"})
        def sources(part: str) -> set[str]:
            return {row["source"] for row in record["photographs"] if row["part"] == part}
        self.assertTrue(sources("held out"))
        self.assertFalse(sources("held out") & sources("training"))
        self.assertEqual(record["cross_validated"]["pictures"], len(files) - 1)
        strata = record["cross_validated"]["strata"].values()
        self.assertEqual(sum(stratum["pictures"] for stratum in strata), len(files) - 1)

    def test_too_few_sources_are_refused(self):
        done = self.train("few.weights", photos=self.photos / "source00")
        self.assertEqual(done.returncode, 1)
        self.assertIn("expected photographs of at least 8 sources, found 1", done.stderr)
        self.assertFalse((self.folder / "few.weights").exists())

    def test_the_programs_gain_is_the_networks(self):
        """The mean over a map of a quarter of the size, where no guard has a say (gains are small, nothing is
        dark). Pixel by pixel: the program's own test, with parity.py's table."""
        some = sorted(self.photos.rglob("*.jpg"))[:6]
        bases = [p.base for p in program.pairs_of(PROGRAM, some, None)[0]]
        predictor = disturbed(3)
        for network in predictor.networks:
            network.shape_out.bias.data.fill_(0.6)
        data = stored(predictor, "test")
        weights = self.folder / "test.weights"
        weights.write_bytes(data)
        for base, picture in zip(bases, program.scores_of(PROGRAM, some, weights)):
            height, width = base.shape[:2]
            small = base.reshape(height // 4, 4, width // 4, 4, 3).mean((1, 3)).round().astype(numpy.uint8)
            with torch.no_grad():
                gain = read(data)(image_of(small), thumbnail_of(base))
            said = picture["scores"]["chosen"]["mean_gain_stops"]
            self.assertAlmostEqual(float(gain.mean()), said, delta=0.002)

    def test_damaged_weights_are_refused_by_the_program(self):
        data = bytearray(stored(disturbed(1), "test"))
        data[len(data) // 2] ^= 1
        damaged = self.folder / "damaged.weights"
        damaged.write_bytes(data)
        done = subprocess.run([PROGRAM, "evaluate", "--model", damaged, self.photos / "source00"],
                              capture_output=True, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("model_failed", done.stderr)
        with self.assertRaises(ValueError):
            read(bytes(data))


if __name__ == "__main__":
    unittest.main()
