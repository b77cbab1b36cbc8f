"""Checkpoint -> public/models/<id>/autoencoder.onnx (float16 weights) and model.json."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import torch

from data import HEIGHT, WIDTH
from model import CONTENT, Autoencoder, Features, fold_batch_norms
from runtime import quiet, session

with quiet():
    import onnx
    from onnx import TensorProto, helper, numpy_helper

ALLOWED = set("Conv ConvTranspose Gemm Relu AveragePool Concat Reshape Flatten Mul Add Sub Sigmoid Abs Log Cast Constant".split())


# The parts that the page replaces when it adapts the model to another camera: src/core/domain/model/model.ts, `Adaptable`.
ADAPTABLE = {
    "embedding": "embedding",
    "statistics": {"name": "/features/Concat_1_output_0", "length": Features.POOLED},
    "content": {"numbers": CONTENT, "weight": "content.out.weight", "bias": "content.out.bias", "gain": "decoder.gain"},
    "condition": {
        "hidden": 64,
        "hiddenWeight": "condition.hidden.weight",
        "hiddenBias": "condition.hidden.bias",
        "outWeight": "condition.out.weight",
        "outBias": "condition.out.bias",
        "reach": "condition.reach",
    },
    "fixed": ["features.texture."],
    "reconstruction": "reconstruction",
}


def load_checkpoint(path: Path) -> Autoencoder:
    net = Autoencoder()
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return net.eval()


def to_onnx(net: Autoencoder, path: Path) -> None:
    """Write the folded float32 graph with a free batch size."""
    fold_batch_norms(net)
    names = ["image", "embedding", "reconstruction"]
    with quiet():
        torch.onnx.export(net, torch.rand(2, 3, HEIGHT, WIDTH), str(path), input_names=names[:1], output_names=names[1:],
                          dynamic_axes={name: {0: "N"} for name in names}, opset_version=17, dynamo=False)
    model = onnx.load(path)
    without_identities(model)
    for dim, size in zip(model.graph.output[1].type.tensor_type.shape.dim[2:], (HEIGHT, WIDTH)):
        dim.dim_value = size
    onnx.save(model, str(path))
    graph = model.graph
    unknown = {node.op_type for node in graph.node} - ALLOWED
    if unknown:
        raise SystemExit(f"operators that the page may not know: {sorted(unknown)}")


def without_identities(model) -> None:
    """The exporter shares equal initializers through Identity nodes; use the shared one directly."""
    graph = model.graph
    shared = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
    kept = [node for node in graph.node if node.op_type != "Identity"]
    for node in kept:
        node.input[:] = [shared.get(name, name) for name in node.input]
    del graph.node[:]
    graph.node.extend(kept)


def halve(source: Path, target: Path, smallest: int = 256) -> None:
    """Store every float32 initializer of at least `smallest` numbers as float16, followed by a Cast to float32."""
    model = onnx.load(source)
    kept, casts = [], []
    for item in model.graph.initializer:
        array = numpy_helper.to_array(item)
        if array.dtype != np.float32 or array.size < smallest:
            kept.append(item)
            continue
        kept.append(numpy_helper.from_array(array.astype(np.float16), f"{item.name}.half"))
        casts.append(helper.make_node("Cast", [f"{item.name}.half"], [item.name], to=TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(casts + nodes)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, str(target))


def xor_gradient() -> np.ndarray:
    """The self-test picture (1, 3, 216, 384), from integers so that any language makes the same bytes."""
    c, y, x = np.meshgrid(np.arange(3), np.arange(HEIGHT), np.arange(WIDTH), indexing="ij")
    value = ((x * 7 + y * 13 + c * 61) ^ ((x * y) >> 4)) & 255
    return (value.astype(np.float32) / np.float32(255))[None]


def self_test(path: Path) -> dict:
    """The embedding of the self-test picture, and how far another float32 order or float64 strays from it."""
    picture = xor_gradient()
    expected = session(path).run(["embedding"], {"image": picture})[0][0]
    other = session(path, optimise=False).run(["embedding"], {"image": picture})[0][0]
    stray = float(np.abs(expected - other).max())
    tolerance = max(2e-4, 20 * stray)
    return {"picture": "xor-gradient", "embedding": [float(v) for v in expected], "tolerance": float(f"{tolerance:.1g}")}


def write_atomically(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(path.name + ".new")
    waiting.write_bytes(data)
    os.replace(waiting, path)


def export(checkpoint: Path, scratch: Path) -> Path:
    """Checkpoint -> <scratch>/autoencoder.onnx with float16 weights."""
    full, half = scratch / "float32.onnx", scratch / "autoencoder.onnx"
    to_onnx(load_checkpoint(checkpoint), full)
    halve(full, half)
    return half


def publish(model: Path, models: Path, identity: dict, training: dict, judged: dict) -> None:
    """Put the file and its manifest into public/models, and make it the default."""
    data = model.read_bytes()
    manifest = {
        **identity,
        "file": "autoencoder.onnx",
        "sha256": hashlib.sha256(data).hexdigest(),
        "bytes": len(data),
        "input": {"name": "image", "height": HEIGHT, "width": WIDTH},
        "outputs": {"embedding": "embedding", "reconstruction": "reconstruction"},
        "embeddingLength": 64,
        "transform": {"resize": {"height": HEIGHT, "width": WIDTH}, "mean": [0, 0, 0], "std": [1, 1, 1]},
        "detector": {"name": "mmd-streaming", "windowSize": 12, "sigma": 0.3},
        "thresholds": {"warning": 0.05, "drift": 0.1},
        "selfTest": self_test(model),
        "license": "MIT",
        "adaptable": ADAPTABLE,
        "training": training,
        "judged": judged,
    }
    folder = models / identity["id"]
    write_atomically(folder / "autoencoder.onnx", data)
    write_atomically(folder / "model.json", (json.dumps(manifest, indent=2) + "\n").encode())
    index = {"models": [identity["id"]], "default": identity["id"]}
    write_atomically(models / "index.json", (json.dumps(index, indent=2) + "\n").encode())
