#!/usr/bin/env python3
"""Make the shipped model: python3 training/train.py --data DIR. See README.md."""

import argparse
import json
from pathlib import Path

import torch

import dirt
from condition_head import collect_views, fit_condition_head
from data import LAST_TRAINING_DAY, load_camera, load_demo_renders
from evaluate import print_judgement
from export import export
from judge import judge
from model import Autoencoder
from publish import publish
from schedule import LEARNING_RATE
from train_autoencoder import train_all, train_decoder
from views import CAMERA_BATCH, DEMO_BATCH

MODELS = Path(__file__).resolve().parent.parent / "public" / "models"
STAGES = ("stage1.pt", "views.pt", "stage2.pt", "stage3.pt")   # files in the scratch folder
SOURCE = (
    "OBSEA (Expandable Seafloor Observatory), camera IPC608_8B64_165, Zenodo DOI 10.5281/zenodo.13903520, "
    "public GitHub Laauraprieto/Dataset-Obsea-YOLOv8-; simulated dirt; renders of the demo scene"
)


def train(frames, demo_frames, options: argparse.Namespace) -> Path:
    """Run all stages, or with --resume those that are missing. Frames are (N, 216, 384, 3) uint8.

    Returns the checkpoint of the last stage. Each stage begins from the file of the one before.
    """
    stage1, views, stage2, stage3 = (options.scratch / name for name in STAGES)

    def is_missing(path: Path) -> bool:
        return not (options.resume and path.exists())

    if is_missing(stage1):
        torch.save(train_all(frames, demo_frames, options.steps, options.seed).state_dict(), stage1)
    net = Autoencoder()
    net.load_state_dict(torch.load(stage1, weights_only=True))
    net.eval()
    if is_missing(views):
        parts = [collect_views(net, frames, demo_frames, rounds, options.seed + 10, has_tide)
                 for rounds, has_tide in zip(options.rounds, (False, True))]
        torch.save({key: torch.cat([part[key] for part in parts]) for key in parts[0]}, views)
    if is_missing(stage2):
        fit_condition_head(net, torch.load(views, weights_only=True), options.seed)
        torch.save(net.state_dict(), stage2)
    net.load_state_dict(torch.load(stage2, weights_only=True))
    if is_missing(stage3):
        train_decoder(net, frames, demo_frames, options.decoder_steps, options.seed + 20)
        torch.save(net.state_dict(), stage3)
    return stage3


def training_record(options: argparse.Namespace, frames: int, demo_frames: int) -> dict:
    """`training` of the manifest: how the model was made, from how many frames."""
    views = sum(options.rounds) * (CAMERA_BATCH + DEMO_BATCH)
    return {
        "data": SOURCE,
        "recipe": f"training/train.py: {options.steps} steps of everything, "
        f"a fresh condition head on {views} clean and as many dirtied views, "
        f"{options.decoder_steps} steps of the decoder; AdamW {LEARNING_RATE}, cosine",
        "seed": options.seed,
        "trainedOn": f"{frames} clean snapshots, 20230730 to {options.until}, "
        f"and {demo_frames} demo renders; no real dirty one, no later day: "
        "so that the figures are those of this very file",
    }


def summary(judged: dict, until: str) -> dict:
    """`judged` of the manifest: the figures of `judge`, rounded, and what they are worth."""

    def rounded(figures: dict) -> dict:
        return {key: round(v, 3) if isinstance(v, float) else v for key, v in figures.items()}

    demo = {key: value for key, value in judged["demo"].items() if key != "alongTheStream"}
    return {
        "split": f"reference: clean snapshots to {until}, the same that training saw; "
        "judged on the later clean ones (to 20230916) and on the 9 dirty ones (20230720 - 20230728). "
        "Nothing was fitted on either, but both were looked at some twelve times "
        "while the condition head was chosen, so the figures are somewhat optimistic. "
        "One camera; 88 overlapping windows are about 8 independent ones. "
        "The demo's scene was trained on, from other renders.",
        "camera": rounded(judged["camera"]),
        "simulatedShareAboveDrift": {
            kind: {severity: round(row["drift"], 2) for severity, row in rows.items()}
            for kind, rows in judged["simulated"].items()
        },
        "demo": rounded(demo),
    }


def parsed_options() -> argparse.Namespace:
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True,
                        help="folder with clean/ and dirty/ snapshots of the OBSEA camera")
    parser.add_argument("--scratch", type=Path, default=Path("/tmp/train"),
                        help="cache and checkpoints, outside the repository")
    parser.add_argument("--until", default=LAST_TRAINING_DAY,
                        help="last day (YYYYMMDD) of clean snapshots to learn from")
    parser.add_argument("--steps", type=int, default=1200, help="of stage 1")
    parser.add_argument("--rounds", type=int, nargs=2, default=[700, 600],
                        help="batches of views for stage 2: without and with nature.tide")
    parser.add_argument("--decoder-steps", type=int, default=500, help="of stage 3")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true",
                        help="keep the stages that are already in the scratch folder")
    parser.add_argument("--no-publish", action="store_true", help="leave public/models alone")
    return parser.parse_args()


def main() -> None:
    """Train, export, judge and publish."""
    options = parsed_options()
    torch.set_num_threads(1)
    camera = load_camera(options.data, options.scratch)
    frames = camera.clean[camera.clean_until(options.until)]
    demo_frames = load_demo_renders(options.scratch)
    print(f"{len(frames)} clean snapshots until {options.until}, {len(demo_frames)} demo renders", flush=True)

    model = export(train(frames, demo_frames, options), options.scratch)
    judged = judge(model, camera, options.until, [1, 2, 3, 4, 5], 4, dirt.simulate)
    print_judgement(str(model), judged)
    (options.scratch / "judged.json").write_text(json.dumps(judged, indent=1))
    if not options.no_publish:
        record = training_record(options, len(frames), len(demo_frames))
        publish(model, MODELS, record, summary(judged, options.until))


if __name__ == "__main__":
    main()
