"""public/models: a model's file and manifest (read by src/core/domain/model/manifest.ts), and their list."""

import hashlib
import json
import os
from pathlib import Path

from data import HEIGHT, WIDTH
from detector import DRIFT, SIGMA, WARNING, WINDOW_SIZE
from model import CONDITION, CONTENT, HIDDEN, Features
from self_test import self_test

IDENTITY = {
    "id": "obsea-autoencoder-1",
    "name": "OBSEA autoencoder",
    "version": "1.0.0",
    "description": "Autoencoder for a fixed underwater camera. "
    "Clean snapshots embed into a cluster that is small beside sigma 0.3; biofilm, silt, droplets, fouling, "
    "occlusion and defocus leave it, while light, turbid water and fish should not.",
}
# Parts of the condition head. A model that names them decides alone only on its own camera:
# src/core/domain/model/own-model.ts.
ADAPTABLE = {
    "embedding": "embedding",
    "statistics": {"name": "/features/Concat_1_output_0", "length": Features.STATISTICS},
    "content": {
        "numbers": CONTENT,
        "weight": "content.out.weight",
        "bias": "content.out.bias",
        "gain": "decoder.gain",
    },
    "condition": {
        "hidden": HIDDEN,
        "hiddenWeight": "condition.hidden.weight",
        "hiddenBias": "condition.hidden.bias",
        "outWeight": "condition.out.weight",
        "outBias": "condition.out.bias",
        "reach": "condition.reach",
    },
}


def publish(model: Path, models: Path, training: dict, judged: dict) -> None:
    """Put an exported model and its manifest into the folder `models`, and into its list.

    Which model a new camera gets stays as it is: scripts/refit.mjs makes that one from this one. `training`
    says how it was made, `judged` how well it does; both go into the manifest as they are.
    """
    data = model.read_bytes()
    manifest = {
        **IDENTITY,
        "file": "autoencoder.onnx",
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "input": {"name": "image", "height": HEIGHT, "width": WIDTH},
        "outputs": {"embedding": "embedding", "reconstruction": "reconstruction"},
        "embeddingLength": CONTENT + CONDITION,
        "transform": {"resize": {"height": HEIGHT, "width": WIDTH}, "mean": [0, 0, 0], "std": [1, 1, 1]},
        "detector": {"name": "mmd-streaming", "windowSize": WINDOW_SIZE, "sigma": SIGMA},
        "thresholds": {"warning": WARNING, "drift": DRIFT},
        "selfTest": self_test(model),
        "license": "MIT",
        "adaptable": ADAPTABLE,
        "training": training,
        "judged": judged,
    }
    folder = models / IDENTITY["id"]
    write_atomically(folder / "autoencoder.onnx", data)
    write_atomically(folder / "model.json", (json.dumps(manifest, indent=2) + "\n").encode())
    place = models / "index.json"
    index = json.loads(place.read_text()) if place.exists() else {"models": [], "default": IDENTITY["id"]}
    index["models"] = [*(each for each in index["models"] if each != IDENTITY["id"]), IDENTITY["id"]]
    write_atomically(place, (json.dumps(index, indent=2) + "\n").encode())


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(path.name + ".new")
    waiting.write_bytes(data)
    os.replace(waiting, path)
