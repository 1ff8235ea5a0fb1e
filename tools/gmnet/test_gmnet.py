#!/usr/bin/env python3
"""Tests of the exporter and of the program's GMNet stage against PyTorch, with random weights.

Run by `make test-gmnet`; needs build/release/hdr-process and build/release/bench/model_bench.
"""

import hashlib
import math
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy
import onnx
import torch

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent.parent / "build" / "release"
sys.path.insert(0, str(HERE))
import export_onnx  # noqa: E402
import gmnet  # noqa: E402


def export(*arguments):
    return subprocess.run([sys.executable, "-B", str(HERE / "export_onnx.py"), *map(str, arguments)],
                          capture_output=True, text=True, check=False)


class GmnetTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.checkpoint = gmnet.random_checkpoint(seed=1)
        cls.path = cls.folder / "random.pth"
        # As training on several devices writes it.
        torch.save({"module." + name: tensor for name, tensor in cls.checkpoint.items()}, cls.path)
        cls.model = cls.folder / "random.onnx"
        done = export(cls.path, "--allow-unknown-hash", "-o", cls.model)
        assert done.returncode == 0, done.stderr
        cls.network = gmnet.GMNet().eval()
        cls.network.load_state_dict(cls.checkpoint)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def saved(self, checkpoint):
        path = self.folder / "other.pth"
        torch.save(checkpoint, path)
        return path

    def refused(self, path, *more):
        output = self.folder / "never.onnx"
        done = export(path, "-o", output, *more)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        self.assertFalse(output.exists())
        return done.stderr

    def ours(self, image, thumbnail, threads=2):
        """The program's stage: stops."""
        source, result = self.folder / "in.raw", self.folder / "out.raw"
        source.write_bytes(image.tobytes() + thumbnail.tobytes())
        height, width = image.shape[:2]
        subprocess.run([BUILD / "bench" / "model_bench", "run", self.model, str(width), str(height),
                        str(threads), source, result], check=True, stderr=subprocess.DEVNULL)
        return numpy.fromfile(result, numpy.float32).reshape(height, width)

    def theirs(self, image, thumbnail):
        """The definition: replicate-padded to even sides, whole."""
        def planar(a):
            return torch.from_numpy(a).permute(2, 0, 1)[None]
        height, width = image.shape[:2]
        padded = torch.nn.functional.pad(planar(image), (0, width % 2, 0, height % 2), mode="replicate")
        with torch.no_grad():
            gain = self.network(padded, planar(thumbnail))[1]
        return gain[0, 0, :height, :width].clamp(0, 1).numpy() * math.log2(5)

    def test_counts(self):
        self.assertEqual(len(gmnet.shapes()), 126)
        self.assertEqual(sum(math.prod(shape) for shape in gmnet.shapes().values()), 1921827)

    def test_parity_with_pytorch(self):
        random = numpy.random.default_rng(5)
        thumbnail = random.random((256, 256, 3), numpy.float32)
        for width, height in ((2, 2), (1, 1), (61, 63), (512, 384), (900, 701)):  # the last in tiles
            with self.subTest(width=width, height=height):
                image = random.random((height, width, 3), numpy.float32)
                wanted = self.theirs(image, thumbnail)
                found = self.ours(image, thumbnail)
                difference = float(abs(found - wanted).max())
                print(f"  {width} x {height}: {difference:.2e} of gain 0..{wanted.max():.2f}, "
                      f"deviation {wanted.std():.3f}", file=sys.stderr)
                self.assertLessEqual(difference, 1e-5)
                self.assertTrue(0.1 < wanted.max() < math.log2(5), "weights that hide differences")

    def test_threads_change_nothing(self):
        random = numpy.random.default_rng(6)
        thumbnail = random.random((256, 256, 3), numpy.float32)
        image = random.random((300, 401, 3), numpy.float32)
        one = self.ours(image, thumbnail, 1)
        for threads in (2, 3, 4):
            self.assertTrue(numpy.array_equal(self.ours(image, thumbnail, threads), one), threads)

    def test_presets(self):
        for preset, peak, scale in (("real", math.log2(5), "2"), ("synthetic", 3.0, "1")):
            model = onnx.load_model_from_string(export_onnx.onnx_bytes(self.checkpoint, preset))
            properties = {row.key: row.value for row in model.metadata_props}
            self.assertEqual(properties["hdr_process.name"], f"gmnet-{preset}")
            self.assertEqual(float(properties["hdr_process.peak_stops"]), peak)
            self.assertEqual(properties["hdr_process.base_scale"], scale)
            self.assertEqual({output.name for output in model.graph.output}, {"map", "gain", "q"})

    def test_same_bytes_again(self):
        again = self.folder / "again.onnx"
        self.assertEqual(export(self.path, "--allow-unknown-hash", "-o", again).returncode, 0)
        self.assertEqual(again.read_bytes(), self.model.read_bytes())

    def test_default_place(self):
        done = subprocess.run([sys.executable, "-B", str(HERE / "export_onnx.py"), self.path,
                               "--allow-unknown-hash", "--preset", "synthetic"], capture_output=True, text=True,
                              check=False, env=os.environ | {"XDG_DATA_HOME": str(self.folder)})
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "hdr-process/models/gmnet-synthetic.onnx").exists())

    def test_unknown_hash(self):
        found = hashlib.sha256(self.path.read_bytes()).hexdigest()
        self.assertIn(f"found {found}", self.refused(self.path))

    def test_truncated(self):
        torn = self.folder / "torn.pth"
        torn.write_bytes(self.path.read_bytes()[:100000])
        self.assertIn("expected a PyTorch checkpoint", self.refused(torn, "--allow-unknown-hash"))

    def test_missing_file(self):
        self.assertIn("no such file", self.refused(self.folder / "nothing.pth"))

    def test_code_is_not_run(self):
        self.assertIn("expected a PyTorch checkpoint",
                      self.refused(self.saved({"x": subprocess.Popen}), "--allow-unknown-hash"))

    def test_tensors_are_exactly_gmnets(self):
        missing = dict(self.checkpoint)
        del missing["res2.3.conv1.bias"]
        self.assertIn("missing: res2.3.conv1.bias", self.refused(self.saved(missing), "--allow-unknown-hash"))
        extra = self.checkpoint | {"more": torch.zeros(1)}
        self.assertIn("unknown: more", self.refused(self.saved(extra), "--allow-unknown-hash"))
        wrong = self.checkpoint | {"conv_last.weight": torch.zeros(1, 64, 1, 1)}
        self.assertIn("conv_last.weight: expected shape", self.refused(self.saved(wrong), "--allow-unknown-hash"))
        nan = self.checkpoint | {"conv_last.bias": torch.tensor([float("nan")])}
        self.assertIn("finite", self.refused(self.saved(nan), "--allow-unknown-hash"))
        self.assertIn("named tensors", self.refused(self.saved([1, 2]), "--allow-unknown-hash"))

    def test_program(self):
        picture = self.folder / "white.png"
        subprocess.run([sys.executable, "-c", PNG, str(picture)], check=True)
        run = subprocess.run([BUILD / "hdr-process", "--img", picture, "--out", str(self.folder / "out") + "/",
                              "--model", f"gmnet={self.model}"], capture_output=True, text=True, check=False)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertEqual(run.stderr.count("\n"), 1, run.stderr)
        self.assertIn("predicted by gmnet-real", run.stderr)


# A 257 x 131 RGB PNG of noise, by the standard library alone.
PNG = """
import random, struct, sys, zlib
random.seed(1)
rows = b''.join(b'\\0' + random.randbytes(257 * 3) for _ in range(131))
def chunk(kind, data):
    return struct.pack('>I', len(data)) + kind + data + struct.pack('>I', zlib.crc32(kind + data))
header = struct.pack('>IIBBBBB', 257, 131, 8, 2, 0, 0, 0)
open(sys.argv[1], 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n' + chunk(b'IHDR', header) +
                              chunk(b'IDAT', zlib.compress(rows)) + chunk(b'IEND', b''))
"""

if __name__ == "__main__":
    unittest.main()
