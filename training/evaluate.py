#!/usr/bin/env python3
"""Judge exported models as the page uses them: python3 training/evaluate.py --data DIR model.onnx ...

Prints the figures of README.md, and writes them to <folder>-<name>-judged.json in the scratch folder.
"""

import argparse
import importlib.util
import json
import statistics
import time
from pathlib import Path

import numpy as np
import torch

import dirt
from baselines import baseline_aucs
from data import HEIGHT, LAST_TRAINING_DAY, WIDTH, load_camera
from judge import Simulator, judge
from session import open_session


def encoding_time(model) -> float:
    """Median milliseconds for the embedding of one picture, on one thread."""
    picture = np.random.default_rng(1).random((1, 3, HEIGHT, WIDTH), np.float32)
    seconds = []
    for _ in range(60):
        started = time.perf_counter()
        model.run(["embedding"], {"image": picture})
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1000


def load_simulator(path: Path) -> Simulator:
    """A dirt module that is not ours, with sim(kind, picture, severity, seed), in place of dirt.simulate."""
    spec = importlib.util.spec_from_file_location("other_dirt", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def simulate(kind, x, severity, seed):
        # One at a time: every picture through the same lens.
        return torch.cat([module.sim(kind, x[i:i + 1], severity, seed) for i in range(len(x))])

    return simulate


def print_judgement(name: str, judged: dict) -> None:
    """Print what `judge` found, its dirt as a Markdown table."""
    c, d = judged["camera"], judged["demo"]
    print(f"\n## {name}")
    print(f"clean windows above .05 {c['cleanAboveWarning']:.1%}, above .10 {c['cleanAboveDrift']:.1%},"
          f" median {c['cleanMedian']:.3f}, max {c['cleanMax']:.3f}"
          f" ({c['windows']} windows, reference {c['reference']});"
          f" dirty: delay {c['delay']} (worst start {c['delayWorst']}), after 9 {c['afterNineDirty']:.2f};"
          f" recovery {c['recoveryMedian']}; AUC {c['auc']:.3f}")
    print(f"demo: clean max {d['cleanMax']:.3f}, fouled max {d['fouledMax']:.2f}, delay {d['delay']},"
          f" recovery {d['recovery']}, afterwards max {d['recoveredMax']:.3f}")
    severities = list(next(iter(judged["simulated"].values())))
    print("median distance (share of starts above .10) after 12 dirtied snapshots")
    print("| kind | " + " | ".join(severities) + " |\n|---|" + "---|" * len(severities))
    for kind, rows in judged["simulated"].items():
        cells = (f"{row['median']:.2f} ({row['drift']:.0%})" for row in rows.values())
        print(f"| {kind} | " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    """Judge the models of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True, help="folder with clean/ and dirty/ snapshots")
    parser.add_argument("--scratch", type=Path, default=Path("/tmp/train"), help="cache and results")
    parser.add_argument("--until", default=LAST_TRAINING_DAY, help="last day of the reference")
    parser.add_argument("--severities", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--lenses", type=int, default=4)
    parser.add_argument("--simulator", type=Path, help="judge with sim() of this module instead of dirt.py")
    options = parser.parse_args()
    torch.set_num_threads(1)
    camera = load_camera(options.data, options.scratch)
    simulate = load_simulator(options.simulator) if options.simulator else dirt.simulate
    print("AUC of simple baselines:", baseline_aucs(camera, options.until))
    for path in options.models:
        judged = judge(path, camera, options.until, options.severities, options.lenses, simulate)
        print_judgement(str(path), judged)
        print("demo stream:", *judged["demo"]["alongTheStream"])
        milliseconds, megabytes = encoding_time(open_session(path)), path.stat().st_size / 1e6
        print(f"encoder: {milliseconds:.1f} ms; file: {megabytes:.1f} MB")
        result = options.scratch / f"{path.parent.name}-{path.stem}-judged.json"
        result.write_text(json.dumps(judged, indent=1))


if __name__ == "__main__":
    main()
