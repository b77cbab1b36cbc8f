"""A known answer, by which a device finds out whether it computes a model right."""

from pathlib import Path

import numpy as np

from data import HEIGHT, WIDTH
from session import open_session


def xor_gradient() -> np.ndarray:
    """The picture of the test (1, 3, 216, 384) in 0..1, from integers: any language makes the same bytes.

    Equals `selfTestTensor` of src/core/encoder/self-test.ts.
    """
    c, y, x = np.meshgrid(np.arange(3), np.arange(HEIGHT), np.arange(WIDTH), indexing="ij")
    value = ((x * 7 + y * 13 + c * 61) ^ ((x * y) >> 4)) & 255
    return (value.astype(np.float32) / np.float32(255))[None]


def self_test(path: Path) -> dict:
    """`selfTest` of the manifest: the embedding of the picture, and how far another device may stray from it.

    The tolerance is 20 times what another order of float32 sums changes, at least 2e-4.
    """
    picture = xor_gradient()
    expected = open_session(path).run(["embedding"], {"image": picture})[0][0]
    other = open_session(path, is_optimised=False).run(["embedding"], {"image": picture})[0][0]
    tolerance = max(2e-4, 20 * float(np.abs(expected - other).max()))
    return {
        "picture": "xor-gradient",
        "embedding": [float(v) for v in expected],
        "tolerance": float(f"{tolerance:.1g}"),
    }
