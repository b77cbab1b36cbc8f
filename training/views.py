"""Views to learn from: camera and demo frames as they may look at another hour, clean and dirtied."""

from dataclasses import dataclass

import numpy as np
import torch

import dirt
import nature
from data import to_tensor

CAMERA_BATCH, DEMO_BATCH = 8, 3   # frames in a step that learns everything


@dataclass
class Views:
    """N views, those of camera frames first; pictures are (N, 3, 216, 384) float32 in 0..1."""

    target: torch.Tensor     # clean and without fish: what the decoder is to give back
    clean: torch.Tensor
    dirty: torch.Tensor      # the clean ones with dirt
    strength: torch.Tensor   # (N,) of the dirt, 0.15..1
    kind: torch.Tensor       # (N,) its number in dirt.KINDS


def draw_views(camera_frames: np.ndarray, demo_frames: np.ndarray, has_tide: bool = False) -> Views:
    """One view of each frame, (n, 216, 384, 3) uint8.

    With `has_tide`, half of them are in greener, darker or backlit water.
    """
    n = len(camera_frames)
    frames = torch.cat([to_tensor(camera_frames), to_tensor(demo_frames)])
    frames[:n] = nature.without_caption(frames[:n])
    target = nature.weather(nature.shifted(frames))
    if has_tide:
        target = nature.tide(target)
    clean = nature.fish(target)
    return Views(target, clean, *dirt.random_dirt(clean))


def as_batch(pictures: torch.Tensor) -> torch.Tensor:
    """Pictures (N, 3, 216, 384) with sensor noise, in the memory format that convolutions are fast in."""
    return nature.sensor_noise(pictures).contiguous(memory_format=torch.channels_last)
