#!/usr/bin/env python3
"""Stands in for `hdr-process evaluate` in the tests: every file is a photograph of its own scene (the
name up to the first "_"), with a made-up picture; a model differs from bright by FAKE_DIFFERENCE."""

import hashlib
import json
import os
import pathlib
import sys

import numpy


def write_pairs(folder: pathlib.Path, files: list[pathlib.Path]) -> None:
    folder.mkdir()
    rows = []
    for i, file in enumerate(files):
        random = numpy.random.default_rng(i)
        ramp = numpy.linspace(0, 255, 24)[None, :, None] + random.uniform(-20, 20, (18, 24, 3))
        base = numpy.clip(ramp, 0, 255).astype(numpy.uint8)
        numpy.save(folder / f"{i:04}.base.npy", base)
        numpy.save(folder / f"{i:04}.target.npy", (base.mean(2) / 255).astype(numpy.float32) ** 4 * 3)
        rows.append({"name": f"{i:04}", "file": file.name, "group": "phone", "width": 24, "height": 18,
                     "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
                     "scene": file.name.split("_")[0]})
    (folder / "pairs.json").write_text(json.dumps({"pairs": rows}))


def evaluation(files: list[pathlib.Path]) -> dict:
    difference = float(os.environ.get("FAKE_DIFFERENCE", "0"))
    bright = {"mae_stops": 0.3, "false_brightening_stops": 0.01}
    chosen = {"mae_stops": 0.3 + difference, "false_brightening_stops": 0.01}
    rows = [{"predictor": "bright", "means": bright},
            {"predictor": "chosen", "means": chosen,
             "difference_to_bright": {"mean_stops": difference, "low_stops": difference - 0.01,
                                      "high_stops": difference + 0.01}}]
    pictures = [{"name": f.name, "group": "phone", "scores": {"bright": bright, "chosen": chosen}}
                for f in files]
    return {"groups": [{"group": "phone", "pictures": len(files), "predictors": rows}],
            "pictures": pictures, "skipped": []}


def main() -> None:
    arguments = sys.argv[1:]
    at = arguments.index("--")
    files = [pathlib.Path(name) for name in arguments[at + 1:]]
    if "--write-pairs" in arguments[:at]:
        write_pairs(pathlib.Path(arguments[arguments.index("--write-pairs") + 1]), files)
    print(json.dumps(evaluation(files)))


if __name__ == "__main__":
    main()
