"""The detector that a model is made for, with its published settings; as the page has it, in numpy."""

import numpy as np

SIGMA = 0.3           # bandwidth of the kernel, in embedding units
WINDOW_SIZE = 12      # snapshots
WARNING, DRIFT = 0.05, 0.10   # thresholds of the distance


def rbf_kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """exp(-d^2 / 2 SIGMA^2) of all pairs: (N, D), (M, D) -> (N, M), dimensionless."""
    squared = (a * a).sum(1)[:, None] + (b * b).sum(1)[None] - 2 * a @ b.T
    return np.exp(-np.maximum(squared, 0) / (2 * SIGMA**2))


def mmd_streaming(reference: np.ndarray, stream: np.ndarray) -> np.ndarray:
    """Distance, unbiased squared MMD, between the reference and each full window of the stream, oldest first.

    reference (N, D), N >= 2; stream (M, D). Returns (M - WINDOW_SIZE + 1,), empty for a shorter stream.
    Source: Gretton et al. 2012, JMLR 13, Lemma 6; what Frouros calls MMDStreaming.
    """
    n, m = len(reference), WINDOW_SIZE
    of_reference = (rbf_kernel(reference, reference).sum() - n) / (n * (n - 1))
    across, within = rbf_kernel(stream, reference).mean(1), rbf_kernel(stream, stream)
    distances = []
    for i in range(len(stream) - m + 1):
        window = slice(i, i + m)
        of_window = (within[window, window].sum() - m) / (m * (m - 1))
        distances.append(of_reference + of_window - 2 * across[window].mean())
    return np.array(distances)
