"""How well a model does with the page's detector: on the real camera, on simulated dirt, on the demo."""

import json
import statistics
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

import dirt
from data import Camera, read_snapshot, to_tensor
from detector import DRIFT, WARNING, WINDOW_SIZE, mmd_streaming, rbf_kernel
from render_demo import FOULING_ENDS, FOULING_STARTS
from session import open_session

DEMO = Path(__file__).resolve().parent.parent / "public" / "demo"
NEVER = 99   # stands for a delay without end, in medians and maxima

Simulator = Callable[[str, torch.Tensor, float, int], torch.Tensor]   # as dirt.simulate


def judge(path: Path, camera: Camera, until: str, severities, lenses: int, simulate: Simulator) -> dict:
    """All judgements of an ONNX file with an input `image` and an output `embedding`.

    The reference is the clean snapshots up to the day `until` (YYYYMMDD). Dirt is simulated on the later ones
    at each of the `severities`, through so many `lenses`. Raises OSError where public/demo is missing.
    """
    model = open_session(path)
    reference = embed(model, camera.clean[camera.clean_until(until)])
    later = camera.clean[camera.clean_after(until)]
    return {
        "camera": judge_camera(model, camera, until),
        "simulated": judge_dirt(model, later, reference, severities, lenses, simulate),
        "demo": judge_demo(model, DEMO),
    }


def embed(model, pictures: np.ndarray | torch.Tensor) -> np.ndarray:
    """(N, 216, 384, 3) uint8 or (N, 3, 216, 384) float32 in 0..1 -> embeddings (N, D) float64."""
    rows = []
    for i in range(0, len(pictures), 8):
        part = pictures[i:i + 8]
        part = part if isinstance(part, torch.Tensor) else to_tensor(part)
        rows.append(model.run(["embedding"], {"image": part.numpy()})[0])
    return np.concatenate(rows).astype(np.float64)


def auc(clean: np.ndarray, dirty: np.ndarray) -> float:
    """Chance that a dirty score (M,) is above a clean one (N,); ties count half."""
    return float(((dirty[:, None] > clean).mean() + (dirty[:, None] >= clean).mean()) / 2)


def first_place(is_there: np.ndarray) -> int | None:
    """Place of the first true value, counted from 1, or None."""
    places = np.nonzero(is_there)[0]
    return int(places[0]) + 1 if len(places) else None


def judge_camera(model, camera: Camera, until: str) -> dict:
    """The real camera: the later clean snapshots as a stream, 12 of them to fill the window, then the dirty.

    Delay is the number of dirty snapshots until a distance is above DRIFT, recovery that of clean ones until
    one is below it.
    """
    clean, dirty = embed(model, camera.clean), embed(model, camera.dirty)
    reference, later = clean[camera.clean_until(until)], clean[camera.clean_after(until)]
    starts = range(len(later) - WINDOW_SIZE + 1)
    calm = mmd_streaming(reference, later)[1:]   # the first window only fills
    alarm = mmd_streaming(reference, np.concatenate([later[-WINDOW_SIZE + 1:], dirty]))

    def delay(start: int) -> int | None:
        stream = np.concatenate([later[start:start + WINDOW_SIZE - 1], dirty])
        return first_place(mmd_streaming(reference, stream) > DRIFT)

    dirty_window = np.resize(dirty, (WINDOW_SIZE, dirty.shape[1]))[1:]   # repeated until there are enough

    def recovery(start: int) -> int | None:
        stream = np.concatenate([dirty_window, later[start:start + WINDOW_SIZE]])
        return first_place(mmd_streaming(reference, stream) < DRIFT)

    def score(embeddings):
        return 1 - rbf_kernel(embeddings, reference).mean(1)

    return {
        "reference": len(reference),
        "windows": len(calm),
        "cleanAboveWarning": float((calm > WARNING).mean()),
        "cleanAboveDrift": float((calm > DRIFT).mean()),
        "cleanMedian": float(np.median(calm)),
        "cleanMax": float(calm.max()),
        "afterNineDirty": float(alarm[-1]),
        "delay": first_place(alarm > DRIFT),
        "delayWorst": max(delay(start) or NEVER for start in starts),
        "recoveryMedian": statistics.median(recovery(start) or NEVER for start in starts[::4]),
        "auc": auc(score(later), score(dirty)),
    }


def judge_dirt(model, clean: np.ndarray, reference: np.ndarray, severities, lenses: int,
               simulate: Simulator) -> dict:
    """12 clean snapshots, then 12 dirtied ones, from every possible start, through several dirty lenses.

    clean (N, 216, 384, 3) uint8, N >= 24; reference (M, D) embeddings. Returns for each kind and severity the
    median and least distance after 12, the shares of them above the thresholds, and the median delay.
    """
    pictures = to_tensor(clean)
    plain = embed(model, pictures)
    judged = {}
    for kind in dirt.KINDS:
        judged[kind] = {}
        for severity in severities:
            last, delays = [], []
            for lens in range(1 if kind == "defocus" else lenses):
                parts = [simulate(kind, part, severity, 900 + lens) for part in pictures.split(16)]
                dirtied = embed(model, torch.cat(parts))
                for start in range(WINDOW_SIZE, len(pictures) - WINDOW_SIZE + 1):
                    stream = [plain[start - WINDOW_SIZE + 1:start], dirtied[start:start + WINDOW_SIZE]]
                    distances = mmd_streaming(reference, np.concatenate(stream))
                    last.append(distances[-1])
                    delays.append(first_place(distances > DRIFT) or NEVER)
            last = np.array(last)
            judged[kind][str(severity)] = {
                "median": float(np.median(last)),
                "least": float(last.min()),
                "warning": float((last > WARNING).mean()),
                "drift": float((last > DRIFT).mean()),
                "delayMedian": float(np.median(delays)),
            }
    return judged


def judge_demo(model, folder: Path) -> dict:
    """The demo in `folder`, streamed as the page does; the window is full when its first 12 are in."""
    index = json.loads((folder / "index.json").read_text())
    frames = [read_snapshot(folder / "reference" / name) for name in index["reference"]]
    reference = embed(model, np.stack(frames))
    days, frames = [], []
    for name in index["snapshots"]:
        try:
            frames.append(read_snapshot(folder / "snapshots" / name))
            days.append(name[:8])
        except OSError:
            pass   # one file is broken on purpose
    distances = mmd_streaming(reference, embed(model, np.stack(frames)))
    days = np.array(days[WINDOW_SIZE - 1:])
    start, end = (day.strftime("%Y%m%d") for day in (FOULING_STARTS, FOULING_ENDS))
    before, after = distances[days < start], distances[days >= end]
    fouled = distances[(days >= start) & (days < end)]
    return {
        "cleanMax": float(before.max()),
        "cleanAboveWarning": float((before > WARNING).mean()),
        "fouledMax": float(fouled.max()),
        "delay": first_place(fouled > DRIFT),
        "recovery": first_place(after < DRIFT),
        "recoveredMax": float(after[WINDOW_SIZE:].max()),
        "alongTheStream": [round(float(distance), 3) for distance in distances],
    }
