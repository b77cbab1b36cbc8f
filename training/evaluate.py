#!/usr/bin/env python3
"""Judge exported models as the page uses them: python3 training/evaluate.py --data DIR model.onnx ... See README.md."""

import argparse
import importlib.util
import json
import statistics
import time
from pathlib import Path

import numpy as np
import torch

import dirt
from data import LAST_TRAINING_DAY, WINDOW, Camera, load_camera, read, tensor
from runtime import session

SIGMA, WARNING, DRIFT = 0.3, 0.05, 0.10
REPOSITORY = Path(__file__).resolve().parent.parent


# ---------------------------------------------------------------- embedding and distance

def embed(model, pictures: np.ndarray | torch.Tensor) -> np.ndarray:
    """(N, 216, 384, 3) uint8 or (N, 3, 216, 384) float32 -> (N, 64) float64."""
    rows = []
    for i in range(0, len(pictures), 8):
        part = pictures[i:i + 8]
        part = part if isinstance(part, torch.Tensor) else tensor(part)
        rows.append(model.run(["embedding"], {"image": part.numpy()})[0])
    return np.concatenate(rows).astype(np.float64)


def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(N, D), (M, D) -> (N, M)."""
    squared = (a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T
    return np.exp(-np.maximum(squared, 0) / (2 * SIGMA**2))


def distances(reference: np.ndarray, stream: np.ndarray, window: int = WINDOW) -> np.ndarray:
    """Unbiased MMD^2 of every full window of the stream, oldest first: (len(stream) - window + 1,)."""
    n = len(reference)
    k_reference = (kernel(reference, reference).sum() - n) / (n * (n - 1))
    cross, inner = kernel(stream, reference).mean(1), kernel(stream, stream)
    out = []
    for i in range(len(stream) - window + 1):
        part = slice(i, i + window)
        k_window = (inner[part, part].sum() - window) / (window * (window - 1))
        out.append(k_reference + k_window - 2 * cross[part].mean())
    return np.array(out)


def auc(clean: np.ndarray, dirty: np.ndarray) -> float:
    """Chance that a dirty score is above a clean one."""
    return float(((dirty[:, None] > clean).mean() + (dirty[:, None] >= clean).mean()) / 2)


def first_above(values: np.ndarray, line: float):
    """1-based place of the first value above the line, or None."""
    above = np.nonzero(values > line)[0]
    return int(above[0]) + 1 if len(above) else None


# ---------------------------------------------------------------- the real camera

def judge_camera(model, camera: Camera, until: str) -> dict:
    """Reference: clean until that day. Then 12 clean fill the window, then the other clean, then the dirty."""
    z, dirty = embed(model, camera.clean), embed(model, camera.dirty)
    reference, later = z[camera.clean_until(until)], z[camera.clean_after(until)]
    calm = distances(reference, later)[1:]      # the first window is the warm-up alone
    alarm = distances(reference, np.concatenate([later[-WINDOW + 1:], dirty]))
    delays = [first_above(distances(reference, np.concatenate([later[i:i + WINDOW - 1], dirty])), DRIFT) for i in range(0, len(later) - WINDOW + 1)]
    back = [first_above(-distances(reference, np.concatenate([np.resize(dirty, (WINDOW, dirty.shape[1]))[1:], later[i:i + WINDOW]])), -DRIFT) for i in range(0, len(later) - WINDOW + 1, 4)]
    score = lambda rows: 1 - kernel(rows, reference).mean(1)
    return {
        "reference": len(reference), "windows": len(calm),
        "cleanAboveWarning": float((calm > WARNING).mean()), "cleanAboveDrift": float((calm > DRIFT).mean()),
        "cleanMedian": float(np.median(calm)), "cleanMax": float(calm.max()), "afterNineDirty": float(alarm[-1]),
        "delay": first_above(alarm, DRIFT), "delayWorst": max((d or 99) for d in delays),
        "recoveryMedian": statistics.median((b or 99) for b in back), "auc": auc(score(later), score(dirty)),
    }


def judge_dirt(model, clean: np.ndarray, reference: np.ndarray, severities, lenses: int, simulate) -> dict:
    """12 clean snapshots, then 12 dirtied ones, from every possible start, through several dirty lenses."""
    x = tensor(clean)
    plain = embed(model, x)
    out = {}
    for kind in dirt.KINDS:
        rows = {}
        for severity in severities:
            ends, delays = [], []
            for lens in range(1 if kind == "defocus" else lenses):
                dirtied = embed(model, torch.cat([simulate(kind, x[i:i + 16], severity, 900 + lens) for i in range(0, len(x), 16)]))
                for start in range(WINDOW, len(x) - WINDOW + 1):
                    path = distances(reference, np.concatenate([plain[start - WINDOW + 1:start], dirtied[start:start + WINDOW]]))
                    ends.append(path[-1])
                    delays.append(first_above(path, DRIFT) or 99)
            ends = np.array(ends)
            rows[str(severity)] = {"median": float(np.median(ends)), "least": float(ends.min()), "warning": float((ends > WARNING).mean()),
                                   "drift": float((ends > DRIFT).mean()), "delayMedian": float(np.median(delays))}
        out[kind] = rows
    return out


# ---------------------------------------------------------------- the demo

def judge_demo(model, folder: Path) -> dict:
    """The shipped demo, streamed as the page does; the window is warm when its first 12 are in."""
    index = json.loads((folder / "index.json").read_text())
    reference = embed(model, np.stack([read(folder / "reference" / name) for name in index["reference"]]))
    names, frames = [], []
    for name in index["snapshots"]:
        try:
            frames.append(read(folder / "snapshots" / name))
            names.append(name)
        except OSError:
            pass                                # one file is broken on purpose
    values = distances(reference, embed(model, np.stack(frames)))
    days = np.array([int(name[6:8]) for name in names[WINDOW - 1:]])
    cleaned = np.array([name >= "20260522" for name in names[WINDOW - 1:]])
    before, fouled, after = values[days < 15], values[(days >= 15) & ~cleaned], values[cleaned]
    return {
        "cleanMax": float(before.max()), "cleanAboveWarning": float((before > WARNING).mean()), "fouledMax": float(fouled.max()),
        "delay": first_above(fouled, DRIFT), "recovery": first_above(-after, -DRIFT), "recoveredMax": float(after[WINDOW:].max()),
        "alongTheStream": [round(float(v), 3) for v in values],
    }


# ---------------------------------------------------------------- baselines, cost

def baselines(camera: Camera, until: str) -> dict:
    """AUC clean/dirty of scores that need no model; all fitted on the reference alone."""
    small = lambda x: x[:, 4::8, 4::8].reshape(len(x), -1) / 255.0
    reference = camera.clean[camera.clean_until(until)]
    later = camera.clean[camera.clean_after(until)]
    sets = {"reference": small(reference), "clean": small(later), "dirty": small(camera.dirty)}
    mean = sets["reference"].mean(0)
    axes = np.linalg.svd(sets["reference"] - mean, full_matrices=False)
    spread = axes[1][:16] / np.sqrt(len(reference) - 1)
    colour = {"reference": reference.mean((1, 2)), "clean": later.mean((1, 2)), "dirty": camera.dirty.mean((1, 2))}
    scores = {
        "distance to the mean image": lambda k: np.linalg.norm(sets[k] - mean, axis=1),
        "brightness": lambda k: np.abs(colour[k].mean(1) - colour["reference"].mean()),
        "blue - red": lambda k: np.abs((colour[k][:, 2] - colour[k][:, 0]) - (colour["reference"][:, 2] - colour["reference"][:, 0]).mean()),
        "Mahalanobis of PCA-16": lambda k: np.linalg.norm((sets[k] - mean) @ axes[2][:16].T / spread, axis=1),
    }
    return {name: round(auc(score("clean"), score("dirty")), 3) for name, score in scores.items()}


def cost(model, outputs=("embedding",)) -> float:
    """Median milliseconds per picture, one thread."""
    picture, spent = np.random.default_rng(1).random((1, 3, 216, 384), np.float32), []
    for _ in range(60):
        started = time.perf_counter()
        model.run(list(outputs), {"image": picture})
        spent.append(time.perf_counter() - started)
    return statistics.median(spent) * 1000


def other_simulator(path: Path):
    """A dirt module that is not ours: sim(kind, x, severity, seed). Every picture through the same lens."""
    spec = importlib.util.spec_from_file_location("other_dirt", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda kind, x, severity, seed: torch.cat([module.sim(kind, x[i:i + 1], severity, seed) for i in range(len(x))])


def judge(path: Path, camera: Camera, until: str, severities, lenses: int, simulate) -> dict:
    model = session(path)
    reference = embed(model, camera.clean[camera.clean_until(until)])
    unseen = camera.clean[camera.clean_after(until)]
    return {"camera": judge_camera(model, camera, until), "simulated": judge_dirt(model, unseen, reference, severities, lenses, simulate),
            "demo": judge_demo(model, REPOSITORY / "public" / "demo")}


def show(name: str, result: dict) -> None:
    c, d = result["camera"], result["demo"]
    print(f"\n## {name}")
    print(f"clean windows above .05 {c['cleanAboveWarning']:.1%}, above .10 {c['cleanAboveDrift']:.1%}, median {c['cleanMedian']:.3f}, max {c['cleanMax']:.3f}"
          f" ({c['windows']} windows, reference {c['reference']}); dirty: delay {c['delay']} (worst start {c['delayWorst']}), after 9 {c['afterNineDirty']:.2f};"
          f" recovery {c['recoveryMedian']}; AUC {c['auc']:.3f}")
    print(f"demo: clean max {d['cleanMax']:.3f}, fouled max {d['fouledMax']:.2f}, delay {d['delay']}, recovery {d['recovery']}, afterwards max {d['recoveredMax']:.3f}")
    severities = list(next(iter(result["simulated"].values())))
    print("median distance (share of starts above .10) after 12 dirtied snapshots\n| kind | " + " | ".join(severities) + " |\n|---|" + "---|" * len(severities))
    for kind, rows in result["simulated"].items():
        print(f"| {kind} | " + " | ".join(f"{r['median']:.2f} ({r['drift']:.0%})" for r in rows.values()) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--scratch", type=Path, default=Path("/tmp/train"))
    parser.add_argument("--until", default=LAST_TRAINING_DAY, help="last day of the reference")
    parser.add_argument("--severities", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--lenses", type=int, default=4)
    parser.add_argument("--simulator", type=Path, help="judge with sim() of this module instead of dirt.py")
    options = parser.parse_args()
    torch.set_num_threads(1)
    camera = load_camera(options.data, options.scratch)
    simulate = other_simulator(options.simulator) if options.simulator else dirt.simulate
    print("AUC of simple baselines:", baselines(camera, options.until))
    for path in options.models:
        result = judge(path, camera, options.until, options.severities, options.lenses, simulate)
        show(str(path), result)
        print("demo stream:", *result["demo"]["alongTheStream"])
        (options.scratch / f"{path.parent.name}-{path.stem}-judged.json").write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
