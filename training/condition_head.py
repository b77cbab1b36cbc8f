"""Stage 2: the condition head, fitted on many views whose features are computed once.

The convolutions need whole pictures and learn from some thousand of them in a quarter of an hour. The head
only needs their pooled statistics: with those kept, it sees every view hundreds of times in a minute.
"""

import numpy as np
import torch

import dirt
from losses import pull, push
from model import CONDITION, HIDDEN, Autoencoder, ConditionHead
from schedule import adamw, set_learning_rate
from views import CAMERA_BATCH, DEMO_BATCH, as_batch, draw_views

CAMERA, DEMO = 0, 1
HEAD_PARTS = 4
REACH = 1.3                # of the whole head; scales its distances
PULL_WEIGHTS = (4.0, 0.7)  # of camera and demo: renders vary less than a sea does
SCENE_WEIGHTS = (0.7, 0.3)
STATISTICS_NOISE = 0.3     # in standard deviations of each statistic
DROPOUT = 0.3
# How often a kind of dirt is drawn, against 1: more often those most like haze, fish and green water.
KIND_WEIGHTS = {"silt": 4.0, "droplets": 3.0, "biofilm": 2.0}


@torch.no_grad()
def collect_views(net: Autoencoder, camera_frames: np.ndarray, demo_frames: np.ndarray, rounds: int,
                  seed: int, has_tide: bool = False) -> dict:
    """The pooled statistics of `rounds` batches of views, clean and dirtied.

    Frames are (N, 216, 384, 3) uint8; with `has_tide`, half of their views are in greener or darker water.
    Returns tensors of V views: clean and dirty (V, Features.STATISTICS); strength and kind (V,) of the dirt;
    scene (V,), CAMERA or DEMO; source (V,), the place of the frame. Raises ValueError for fewer frames than a
    batch has.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    found = {key: [] for key in ("clean", "dirty", "strength", "kind", "scene", "source")}
    for _ in range(rounds):
        chosen = rng.choice(len(camera_frames), CAMERA_BATCH, replace=False)
        chosen_demo = rng.choice(len(demo_frames), DEMO_BATCH, replace=False)
        views = draw_views(camera_frames[chosen], demo_frames[chosen_demo], has_tide)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            statistics = net.features(as_batch(torch.cat([views.clean, views.dirty])))[1].float()
        clean, dirty = statistics.chunk(2)
        scene = torch.tensor([CAMERA] * CAMERA_BATCH + [DEMO] * DEMO_BATCH)
        source = torch.tensor([*chosen, *chosen_demo])
        for key, value in zip(found, (clean, dirty, views.strength, views.kind, scene, source)):
            found[key].append(value)
    return {key: torch.cat(values) for key, values in found.items()}


def fit_condition_head(net: Autoencoder, views: dict, seed: int, steps: int = 800, batch: int = 128) -> None:
    """Give `net` a fresh condition head, fitted on the tensors of `collect_views`.

    It is HEAD_PARTS small heads side by side, each fitted without a quarter of the camera's frames. One head
    alone sometimes takes an unusual clean snapshot for a dirty one; four rarely agree on it, but do on dirt.
    """
    # The statistics have very different scales: they are standardised for the fit, and `_joined` undoes it.
    both = torch.cat([views["clean"], views["dirty"]])
    mean, scale = both.mean(0), both.std(0) + 1e-3
    views = {**views, "clean": (views["clean"] - mean) / scale, "dirty": (views["dirty"] - mean) / scale}
    parts = []
    for k in range(HEAD_PARTS):
        is_seen = (views["scene"] == DEMO) | (views["source"] % HEAD_PARTS != k)
        parts.append(fit_part({key: value[is_seen] for key, value in views.items()}, seed + k, steps, batch))
        print(f"condition head, part {k + 1} of {HEAD_PARTS}", flush=True)
    net.condition = _joined(parts, mean, scale)


def fit_part(views: dict, seed: int, steps: int, batch: int) -> ConditionHead:
    """One of the small heads: clean views of one scene together, dirtied ones away by their strength.

    `views` are the standardised tensors of `collect_views`. A step takes `batch` clean and as many dirty
    views of the camera, and a third of that of the demo.
    """
    torch.manual_seed(seed)
    head = ConditionHead(HIDDEN // HEAD_PARTS, CONDITION // HEAD_PARTS)
    head.drop.p = DROPOUT
    counts = (batch, batch // 3)
    rows_of = [(views["scene"] == scene).nonzero()[:, 0] for scene in (CAMERA, DEMO)]
    kind_weight = torch.tensor([KIND_WEIGHTS.get(kind, 1.0) for kind in dirt.KINDS])[views["kind"]]
    optimiser = adamw(head.parameters())
    for step in range(steps):
        set_learning_rate(optimiser, step, steps, floor=0.003)
        loss = 0.0
        for rows, scene_weight, count, pull_weight in zip(rows_of, SCENE_WEIGHTS, counts, PULL_WEIGHTS):
            some = rows[torch.randint(len(rows), (count,))]
            soiled = rows[torch.multinomial(kind_weight[rows], count, replacement=True)]
            # Without this noise and a strong pull the head learns the frames by heart, and other days alarm.
            clean, dirty = (head(part + STATISTICS_NOISE * torch.randn_like(part))
                            for part in (views["clean"][some], views["dirty"][soiled]))
            # In this order: torch sums gradients in it, and another gives other last bits.
            together = pull_weight * pull(clean)
            apart = push(clean, dirty, views["strength"][soiled])
            loss = loss + scene_weight * (together + apart)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return head.eval()


@torch.no_grad()
def _joined(parts: list[ConditionHead], mean: torch.Tensor, scale: torch.Tensor) -> ConditionHead:
    """The small heads as one, for statistics that are not standardised."""
    head = ConditionHead()
    # Rounded here as the file will round it, so that the bias makes up for it.
    head.hidden.weight.copy_((torch.cat([part.hidden.weight for part in parts]) / scale).half().float())
    head.hidden.bias.copy_(torch.cat([part.hidden.bias for part in parts]) - head.hidden.weight @ mean)
    head.out.weight.copy_(torch.block_diag(*(part.out.weight for part in parts)))
    head.out.bias.copy_(torch.cat([part.out.bias for part in parts]))
    head.reach.fill_(REACH * HEAD_PARTS**-0.5)   # distances are the root mean square of the parts'
    return head.eval()
