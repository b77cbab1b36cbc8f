"""ONNX Runtime on one thread."""

import os
import sys
from contextlib import contextmanager


@contextmanager
def quiet():
    """Keep standard error empty: Debian's build prints a thousand lines on operators registered twice."""
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


def open_session(path, is_optimised: bool = True):
    """An onnxruntime.InferenceSession; where it is not optimised, it computes the graph as it is written.

    Raises onnxruntime's own errors for a file that is no model.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    if not is_optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    with quiet():
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
