"""The Python peer of `npm run bench`: Pillow + onnxruntime with the same model, one thread a process.

    python3 scripts/bench/peer.py MODEL.onnx FOLDER PROCESSES

Prints the snapshots a second, decode to embedding, and the milliseconds of processor time of each.
Debian: python3-pil python3-numpy python3-onnx python3-onnxruntime.
"""

import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from PIL import Image

MODEL, FOLDER, PROCESSES = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])


def encode(share):
    """Share: paths. Returns the seconds that they took, and those of processor time, after a first run."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    with tempfile.TemporaryDirectory() as folder:
        # As the page does: the decoder is never run while scoring.
        encoder = str(Path(folder) / "encoder.onnx")
        onnx.utils.extract_model(str(MODEL), encoder, ["image"], ["embedding"])
        session = onnxruntime.InferenceSession(encoder, options, providers=["CPUExecutionProvider"])
    session.run(None, {"image": np.zeros((1, 3, 216, 384), np.float32)})
    start.wait()
    began, used = time.perf_counter(), time.process_time()
    for path in share:
        image = Image.open(path).convert("RGB").resize((384, 216), Image.BILINEAR)
        tensor = np.asarray(image, dtype=np.uint8).transpose(2, 0, 1).astype(np.float32) / np.float32(255)
        session.run(None, {"image": tensor[None]})
    return time.perf_counter() - began, time.process_time() - used


def begin(barrier):
    global start
    start = barrier


paths = sorted(FOLDER.rglob("*.jpg"))
shares = [paths[i::PROCESSES] for i in range(PROCESSES)]
barrier = multiprocessing.Barrier(PROCESSES)
with multiprocessing.Pool(PROCESSES, begin, (barrier,)) as pool:
    took, used = zip(*pool.map(encode, shares, chunksize=1))
print(len(paths) / max(took), 1000 * sum(used) / len(paths))
