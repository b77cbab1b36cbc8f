"""What can be had without a model: simple scores of a picture, to compare a model with."""

import numpy as np

from data import Camera
from judge import auc

COMPONENTS = 16   # of the principal component analysis


def baseline_aucs(camera: Camera, until: str) -> dict:
    """AUC clean/dirty of scores that are fitted on the reference alone: the clean snapshots up to `until`."""
    frames = {
        "reference": camera.clean[camera.clean_until(until)],
        "clean": camera.clean[camera.clean_after(until)],
        "dirty": camera.dirty,
    }
    # Every eighth pixel: 27 x 48.
    small = {key: x[:, 4::8, 4::8].reshape(len(x), -1) / 255.0 for key, x in frames.items()}
    colour = {key: x.mean((1, 2)) for key, x in frames.items()}
    usual = colour["reference"]
    mean = small["reference"].mean(0)
    _, singular, axes = np.linalg.svd(small["reference"] - mean, full_matrices=False)
    deviation = singular[:COMPONENTS] / np.sqrt(len(small["reference"]) - 1)

    def distance_to_mean(key):
        return np.linalg.norm(small[key] - mean, axis=1)

    def brightness(key):
        return np.abs(colour[key].mean(1) - usual.mean())

    def blue_minus_red(key):
        return np.abs((colour[key][:, 2] - colour[key][:, 0]) - (usual[:, 2] - usual[:, 0]).mean())

    def mahalanobis(key):
        return np.linalg.norm((small[key] - mean) @ axes[:COMPONENTS].T / deviation, axis=1)

    scores = {
        "distance to the mean image": distance_to_mean,
        "brightness": brightness,
        "blue - red": blue_minus_red,
        "Mahalanobis of PCA-16": mahalanobis,
    }
    return {name: round(auc(score("clean"), score("dirty")), 3) for name, score in scores.items()}
