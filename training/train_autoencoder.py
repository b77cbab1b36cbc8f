"""Stages 1 and 3, which learn from whole pictures: everything together, then the decoder alone."""

import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from losses import pull, push
from model import CONTENT, Autoencoder
from schedule import adamw, set_learning_rate
from views import CAMERA_BATCH, DEMO_BATCH, Views, as_batch, draw_views

FLOOR = 0.005            # of the learning rate
LONGEST_GRADIENT = 5.0   # longer ones are shortened to it
SCENES = (   # rows of a batch, weight in the loss
    (slice(0, CAMERA_BATCH), 0.7),
    (slice(CAMERA_BATCH, CAMERA_BATCH + DEMO_BATCH), 0.3),
)
DECODER_CAMERA_BATCH, DECODER_DEMO_BATCH = 6, 2


def train_all(camera_frames: np.ndarray, demo_frames: np.ndarray, steps: int, seed: int) -> Autoencoder:
    """Stage 1: a new model, everything together.

    Frames are (N, 216, 384, 3) uint8, at least a batch of each.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net = Autoencoder().to(memory_format=torch.channels_last)
    optimiser = adamw(net.parameters())
    started, losses, order = time.time(), [], np.array([], int)
    for step in range(steps):
        set_learning_rate(optimiser, step, steps, FLOOR)
        if step == int(0.45 * steps):
            _freeze_batch_norms(net)
        if len(order) < CAMERA_BATCH:
            order = rng.permutation(len(camera_frames))
        chosen, order = order[:CAMERA_BATCH], order[CAMERA_BATCH:]
        chosen_demo = rng.choice(len(demo_frames), DEMO_BATCH, replace=False)
        loss, parts = _loss_of_all(net, draw_views(camera_frames[chosen], demo_frames[chosen_demo]))
        _step(optimiser, loss, net)
        losses.append(parts)
        if step % 50 == 49:
            error, *rest = np.mean(losses[-50:], 0)
            print(f"step {step + 1:5d}  {time.time() - started:5.0f} s  error {error:.4f}"
                  f"  camera pull {rest[0]:.4f} push {rest[1]:.4f}"
                  f"  demo pull {rest[2]:.4f} push {rest[3]:.4f}", flush=True)
    return net.eval()


def _freeze_batch_norms(net: Autoencoder) -> None:
    """Half of a batch is dirty: its statistics would leak which half. From here on the averages are used."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


def _loss_of_all(net: Autoencoder, views: Views) -> tuple:
    """The loss, and its parts as numbers: the decoder's error, then pull and push of each scene."""
    n = len(views.clean)
    batch = as_batch(torch.cat([views.clean, views.dirty]))
    # The decoder is most of the cost and learns from a third of the batch.
    some = torch.randperm(2 * n)[: 2 * n // 3]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        embedding = net.encode(batch)
        pictures = net.decoder(embedding[some])
    embedding, pictures = embedding.float(), pictures.float()
    clean, dirty = embedding.chunk(2)
    error = F.mse_loss(pictures, views.target[some % n])
    loss = 10 * error + 1e-6 * embedding.abs().sum()
    parts = [float(error)]
    for rows, weight in SCENES:
        together = pull(clean[rows])
        apart = push(clean[rows], dirty[rows], views.strength[rows])
        loss = loss + weight * (together + apart)
        parts += [float(together), float(apart)]
    return loss, parts


def train_decoder(net: Autoencoder, camera_frames: np.ndarray, demo_frames: np.ndarray, steps: int,
                  seed: int) -> None:
    """Stage 3: the decoder of `net`, from the content alone: the condition head can be replaced under it.

    Frames are (N, 216, 384, 3) uint8, at least a batch of each.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net.decoder.gain[CONTENT:] = 0
    net.decoder.to(memory_format=torch.channels_last)
    optimiser = adamw(net.decoder.parameters())
    net.eval()
    errors = []
    for step in range(steps):
        set_learning_rate(optimiser, step, steps, FLOOR)
        chosen = rng.choice(len(camera_frames), DECODER_CAMERA_BATCH, replace=False)
        chosen_demo = rng.choice(len(demo_frames), DECODER_DEMO_BATCH, replace=False)
        views = draw_views(camera_frames[chosen], demo_frames[chosen_demo])
        # About as many clean views as dirty ones; the target is always the clean view without fish.
        is_clean = torch.rand(len(views.clean), 1, 1, 1) < 0.5
        batch = as_batch(torch.where(is_clean, views.clean, views.dirty))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            with torch.no_grad():
                embedding = net.encode(batch)
            pictures = net.decoder(embedding)
        loss = F.mse_loss(pictures.float(), views.target)
        _step(optimiser, loss, net.decoder)
        errors.append(float(loss))
        if step % 100 == 99:
            print(f"decoder, step {step + 1:5d}  error {np.mean(errors[-100:]):.4f}", flush=True)


def _step(optimiser: torch.optim.Optimizer, loss: torch.Tensor, module: nn.Module) -> None:
    optimiser.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(module.parameters(), LONGEST_GRADIENT)
    optimiser.step()
