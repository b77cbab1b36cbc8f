"""The Python peers of `npm run bench`: Pillow + onnxruntime with the same model, one thread a process.

    python3 scripts/bench/peer.py MODEL.onnx FOLDER PROCESSES encode|all

`encode` decodes, resizes and encodes. `all` does what the page does with a snapshot: also its SHA-256, a thumbnail, growth
and loss as tests/fixtures/glass/glass.py restates them, and a transaction for each batch.
Prints the snapshots a second, and the milliseconds of processor time of each.
Debian: python3-pil python3-numpy python3-onnx python3-onnxruntime python3-scipy.
"""

import hashlib
import io
import multiprocessing
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

try:
    import numpy as np
    import onnx
    import onnxruntime
    import scipy  # noqa: F401 that of glass.py
    from PIL import Image
except ImportError:
    sys.exit(3)

MODEL, FOLDER, PROCESSES, WORK = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
ROOT = Path(__file__).resolve().parents[2]
BATCH = 8
REFERENCE = 40


def opened(path):
    return Image.open(path).convert("RGB")


def glass_picture(image):
    """192 pixels wide."""
    return np.asarray(image.resize((192, round(192 * image.height / image.width)), Image.BILINEAR))


class Embeddings:
    def __init__(self):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        with tempfile.TemporaryDirectory() as folder:
            # As the page does: the decoder is never run while scoring.
            encoder = str(Path(folder) / "encoder.onnx")
            onnx.utils.extract_model(str(MODEL), encoder, ["image"], ["embedding"])
            self.session = onnxruntime.InferenceSession(encoder, options, providers=["CPUExecutionProvider"])
        self.session.run(None, {"image": np.zeros((1, 3, 216, 384), np.float32)})

    def of(self, image):
        small = image.resize((384, 216), Image.BILINEAR)
        tensor = np.asarray(small, dtype=np.uint8).transpose(2, 0, 1).astype(np.float32) / np.float32(255)
        return self.session.run(None, {"image": tensor[None]})[0]


def row(path, embeddings):
    """The row of a snapshot: name, SHA-256, embedding, thumbnail, growth and loss."""
    content = path.read_bytes()
    image = opened(io.BytesIO(content))
    thumbnail, jpeg = image.copy(), io.BytesIO()
    thumbnail.thumbnail((320, 320), Image.BILINEAR)
    thumbnail.save(jpeg, "JPEG", quality=80)
    sight = lens.look(glass_picture(image))
    return (
        path.name,
        hashlib.sha256(content).hexdigest(),
        embeddings.of(image).tobytes(),
        jpeg.getvalue(),
        sight["excess"].astype(np.float32).tobytes(),
        sight["parts"].astype(np.float32).tobytes(),
    )


def take(share):
    """Share: paths. Returns the seconds that they took, and those of processor time, after a first run."""
    embeddings = Embeddings()
    database = sqlite3.connect(DATABASE, timeout=60)
    # As the page's transactions: safe from a crash of the program, not of the machine.
    database.execute("PRAGMA synchronous = OFF")
    # A process that has ended comes to none.
    barrier.wait(60)
    began, used = time.perf_counter(), time.process_time()
    if WORK == "encode":
        for path in share:
            embeddings.of(opened(path))
    else:
        for i in range(0, len(share), BATCH):
            rows = [row(path, embeddings) for path in share[i : i + BATCH]]
            with database:
                database.executemany("INSERT INTO jobs VALUES (?, ?, ?, ?, ?, ?)", rows)
    return time.perf_counter() - began, time.process_time() - used


def begin(shared):
    global barrier
    barrier = shared


paths = sorted(FOLDER.rglob("*.jpg"))
if WORK == "all":
    sys.path.insert(0, str(ROOT / "tests" / "fixtures" / "glass"))
    from glass import Glass

    # The processes share it, as the page's workers share a reference that was set up before.
    lens = Glass([glass_picture(opened(path)) for path in paths[:REFERENCE]])
shares = [paths[i::PROCESSES] for i in range(PROCESSES)]
with tempfile.TemporaryDirectory() as folder:
    DATABASE = str(Path(folder) / "jobs.db")
    columns = "name TEXT, sha256 TEXT UNIQUE, embedding BLOB, thumbnail BLOB, growth BLOB, loss BLOB"
    database = sqlite3.connect(DATABASE)
    # Here, where no other process has it open: the switch takes the whole file.
    database.execute("PRAGMA journal_mode = WAL")
    database.execute(f"CREATE TABLE jobs ({columns})")
    database.close()
    with multiprocessing.get_context("fork").Pool(PROCESSES, begin, (multiprocessing.Barrier(PROCESSES),)) as pool:
        took, used = zip(*pool.map(take, shares, chunksize=1))
print(len(paths) / max(took), 1000 * sum(used) / len(paths))
