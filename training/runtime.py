"""ONNX Runtime on one thread."""

import os
import sys
from contextlib import contextmanager


@contextmanager
def quiet():
    """Debian's build registers every operator twice and prints a thousand lines about it."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


with quiet():
    import onnxruntime


def session(path, optimise: bool = True):
    """An InferenceSession; `optimise=False` keeps the order of the graph as written."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    if not optimise:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    with quiet():
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
