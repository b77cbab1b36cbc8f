"""Snapshots as arrays: the real camera's, and renders of the demo scene.

Every picture goes through the page's own transform: Pillow's bilinear resize to 216 x 384 on bytes, then in
`to_tensor` a division by 255. Arrays of frames are (N, 216, 384, 3) uint8.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from demo_scene.snapshot import render

HEIGHT, WIDTH = 216, 384
LAST_TRAINING_DAY = "20230831"   # a model may learn from clean snapshots up to this day


def read_snapshot(path: Path) -> np.ndarray:
    """One picture file as (216, 384, 3) uint8. Raises OSError for a file that is no picture or cut short."""
    with Image.open(path) as picture:
        return resized(picture.convert("RGB"))


def resized(picture: Image.Image) -> np.ndarray:
    """An RGB picture of any size as (216, 384, 3) uint8."""
    return np.asarray(picture.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR))


@dataclass
class Camera:
    """Labelled snapshots of the real camera, (N, 216, 384, 3) uint8, and their file names; in time order."""

    clean: np.ndarray
    clean_names: list
    dirty: np.ndarray
    dirty_names: list

    def clean_until(self, day: str) -> np.ndarray:
        """Indices of the clean snapshots up to and including `day` (YYYYMMDD)."""
        return np.array([i for i, name in enumerate(self.clean_names) if name[:8] <= day])

    def clean_after(self, day: str) -> np.ndarray:
        """Indices of the clean snapshots after `day` (YYYYMMDD)."""
        return np.array([i for i, name in enumerate(self.clean_names) if name[:8] > day])


def load_camera(folder: Path, cache: Path) -> Camera:
    """Read <folder>/clean/*.jpg and <folder>/dirty/*.jpg; file names begin with YYYYMMDD.

    The resized arrays are kept in `cache`, outside the repository. What is there is used, whatever `folder`
    is. Raises ValueError for a folder without pictures.
    """
    kept = cache / "camera.npz"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        arrays = {}
        for label in ("clean", "dirty"):
            paths = sorted((folder / label).glob("*.jpg"))
            arrays[label] = np.stack([read_snapshot(path) for path in paths])
            arrays[f"{label}_names"] = np.array([path.name for path in paths])
        np.savez(kept, **arrays)
    with np.load(kept) as arrays:
        clean_names, dirty_names = arrays["clean_names"].tolist(), arrays["dirty_names"].tolist()
        return Camera(arrays["clean"], clean_names, arrays["dirty"], dirty_names)


def load_demo_renders(cache: Path, count: int = 180, seed: int = 4000) -> np.ndarray:
    """Clean renders of the demo scene, (count, 216, 384, 3) uint8, kept in `cache`.

    Their days, weathers and seeds are others than those of public/demo.
    """
    kept = cache / f"demo-{count}-{seed}.npy"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        rng = np.random.default_rng(seed)
        frames = []
        for i in range(count):
            # Daylight mostly; every fourth at dusk or dawn, where the infrared lamp glows.
            twilight = [rng.uniform(4.3, 5.5), rng.uniform(18.3, 19.4)] if i % 4 == 0 else None
            hour = rng.choice(twilight) if twilight else rng.uniform(5.5, 18.5)
            when = datetime(2025, 4, 20) + timedelta(days=int(rng.integers(0, 60)), hours=float(hour))
            fish = "big" if rng.random() < 0.12 else "small"
            picture = render(when, seed + i, fish=fish, weather=float(rng.beta(1.1, 1.4)))
            frames.append(resized(Image.fromarray(picture)))
        np.save(kept, np.stack(frames))
    return np.load(kept)


def to_tensor(frames: np.ndarray) -> torch.Tensor:
    """(N, 216, 384, 3) uint8 -> (N, 3, 216, 384) float32 in 0..1."""
    return torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2).float() / 255
