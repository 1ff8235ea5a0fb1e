"""What stands beside the weights: everything that went in, and what came out."""

import argparse
import dataclasses
import hashlib
import json
import pathlib
import platform
import typing

import numpy
import torch

from pairs import Pair, Refused


@dataclasses.dataclass(frozen=True)
class Credit:
    licence: str
    repository: str
    path: str  # inside the repository


def credits_of(manifest: pathlib.Path) -> dict[str, Credit]:
    """By file, in the table's order; columns that are missing count as empty."""
    lines = [line.split("\t") for line in manifest.read_text().splitlines()]
    names = lines[0]
    if "file" not in names:
        raise Refused(f"{manifest}: expected a column named file, found {', '.join(names)}")
    rows = [dict(zip(names, line)) for line in lines[1:]]
    return {row["file"]: Credit(row.get("licence", ""), row.get("repo", ""), row.get("path", ""))
            for row in rows}


def digest_of(file: pathlib.Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def credited(file: str, sha256: str, found: dict[str, Credit]) -> dict[str, str]:
    credit = dataclasses.asdict(found[file]) if file in found else {}
    return {"file": file, "sha256": sha256, **{key: value for key, value in credit.items() if value}}


def panorama_rows(panoramas: list[pathlib.Path]) -> list[dict[str, str]]:
    """Their licences stand in the manifest.tsv one folder above them, if it is there."""
    rows = []
    for file in panoramas:
        manifest = file.parent.parent / "manifest.tsv"
        found = credits_of(manifest) if manifest.is_file() else {}
        rows.append(credited(file.name, digest_of(file), found))
    return rows


def record_of(options: argparse.Namespace, kept: list[Pair], held: list[Pair], panoramas: list[pathlib.Path],
              views: int, weights: bytes, scores: dict[str, typing.Any]) -> dict[str, typing.Any]:
    found = credits_of(options.manifest) if options.manifest else {}
    parts = ((kept, "training"), (held, "held out"))
    photographs = [{**credited(pair.file, pair.sha256, found), "source": pair.source, "part": part}
                   for some, part in parts for pair in some]
    return {
        "schema": "hdr-process/training/2",
        "weights_sha256": hashlib.sha256(weights).hexdigest(),
        "options": {name: getattr(options, name)
                    for name in ("seed", "members", "steps", "hold_out", "fold", "cross_validate")},
        "versions": {"python": platform.python_version(), "torch": torch.__version__,
                     "numpy": numpy.__version__},
        **scores,
        "photographs": photographs,
        "views_of_panoramas": views,
        "panoramas": panorama_rows(panoramas),
    }


def text_of(rows: dict[str, typing.Any]) -> bytes:
    """A millionth of a stop is enough."""
    short = json.loads(json.dumps(rows), parse_float=lambda text: round(float(text), 6))
    return (json.dumps(short, indent=1) + "\n").encode()
