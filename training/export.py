"""A checkpoint as ONNX with float16 weights."""

from pathlib import Path

import numpy as np
import torch

from data import HEIGHT, WIDTH
from model import Autoencoder, fold_batch_norms
from session import quiet

with quiet():
    import onnx
    from onnx import TensorProto, helper, numpy_helper

# What the page is known to compute.
ALLOWED_OPERATORS = {
    "Abs", "Add", "AveragePool", "Cast", "Concat", "Constant", "Conv", "ConvTranspose", "Flatten", "Gemm",
    "Log", "Mul", "Relu", "Reshape", "Sigmoid", "Sub",
}
SMALLEST_HALVED = 256   # numbers; what is smaller stays float32


def export(checkpoint: Path, scratch: Path) -> Path:
    """Write <scratch>/autoencoder.onnx with float16 weights; float32.onnx beside it is the step before.

    Raises SystemExit for an operator that is not in ALLOWED_OPERATORS.
    """
    full, half = scratch / "float32.onnx", scratch / "autoencoder.onnx"
    write_onnx(load_checkpoint(checkpoint), full)
    store_as_float16(full, half)
    return half


def load_checkpoint(path: Path) -> Autoencoder:
    """The model of a checkpoint of stage 3, in evaluation mode."""
    net = Autoencoder()
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return net.eval()


def write_onnx(net: Autoencoder, path: Path) -> None:
    """Fold the BatchNorms of `net` and write it as float32 with a free batch size.

    Raises SystemExit for an operator that is not in ALLOWED_OPERATORS.
    """
    fold_batch_norms(net)
    names = ["image", "embedding", "reconstruction"]
    with quiet():
        torch.onnx.export(net, torch.rand(2, 3, HEIGHT, WIDTH), str(path), input_names=names[:1],
                          output_names=names[1:], dynamic_axes={name: {0: "N"} for name in names},
                          opset_version=17, dynamo=False)
    model = onnx.load(path)
    remove_identities(model)
    # The exporter leaves the reconstruction's size open.
    for dim, size in zip(model.graph.output[1].type.tensor_type.shape.dim[2:], (HEIGHT, WIDTH)):
        dim.dim_value = size
    onnx.save(model, str(path))
    unknown = {node.op_type for node in model.graph.node} - ALLOWED_OPERATORS
    if unknown:
        raise SystemExit(f"operators that the page may not know: {sorted(unknown)}")


def remove_identities(model) -> None:
    """Let nodes use shared initializers directly, in place: the exporter shares them by Identity nodes."""
    graph = model.graph
    shared = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
    kept = [node for node in graph.node if node.op_type != "Identity"]
    for node in kept:
        node.input[:] = [shared.get(name, name) for name in node.input]
    del graph.node[:]
    graph.node.extend(kept)


def store_as_float16(source: Path, target: Path) -> None:
    """Copy a model with every large float32 initializer as float16, followed by a Cast to float32.

    Raises onnx.checker.ValidationError where the result is no valid model.
    """
    model = onnx.load(source)
    kept, casts = [], []
    for item in model.graph.initializer:
        array = numpy_helper.to_array(item)
        if array.dtype != np.float32 or array.size < SMALLEST_HALVED:
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
