"""The condition head, fitted on many views whose features are computed once.

The convolutions need whole pictures and learn from some thousand of them in a quarter of an hour. The head only
needs their pooled statistics: with those kept, it sees every view hundreds of times in a minute.
"""

import numpy as np
import torch

import dirt
import nature
from data import tensor
from losses import pull, push
from model import CONDITION, Autoencoder, ConditionHead

CAMERA, DEMO = 0, 1
NOISE = 0.3            # in standard deviations of each statistic
PRACTICE = {"silt": 4.0, "droplets": 3.0, "biofilm": 2.0}   # the kinds most like haze, fish and green water are drawn more often
PARTS, REACH = 4, 1.3
PULL = (4.0, 0.7)      # camera, demo: renders vary less than a sea does


@torch.no_grad()
def collect_views(net: Autoencoder, camera_frames: np.ndarray, demo_frames: np.ndarray, rounds: int, seed: int, tide: bool = False, camera_batch: int = 8, demo_batch: int = 3) -> dict:
    """`rounds` batches of clean views and of dirtied ones; with `tide`, half of them in greener or darker water.

    Tensors: clean (V, 1488), dirty (V, 1488), strength (V,), kind (V,), scene (V,), source (V,) index of the frame.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    found = {key: [] for key in ("clean", "dirty", "strength", "kind", "scene", "source")}
    for _ in range(rounds):
        chosen, demo = rng.choice(len(camera_frames), camera_batch, replace=False), rng.choice(len(demo_frames), demo_batch, replace=False)
        frames = torch.cat([tensor(camera_frames[chosen]), tensor(demo_frames[demo])])
        frames[:camera_batch] = nature.without_text(frames[:camera_batch])
        clean = nature.weather(nature.shifted(frames))
        clean = nature.fish(nature.tide(clean) if tide else clean)
        dirty, strength, kind = dirt.random_dirt(clean)
        batch = nature.sensor(torch.cat([clean, dirty])).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            pooled = net.features(batch)[1].float()
        n = len(clean)
        for key, value in zip(found, (pooled[:n], pooled[n:], strength, kind, torch.tensor([CAMERA] * camera_batch + [DEMO] * demo_batch),
                                      torch.tensor([*chosen, *demo]))):
            found[key].append(value)
    return {key: torch.cat(values) for key, values in found.items()}


def fit_condition(net: Autoencoder, views: dict, seed: int, steps: int = 800, batch: int = 128) -> None:
    """Give `net` a fresh condition head: four small heads side by side, each fitted without a quarter of the camera's frames.

    One head alone sometimes takes an unusual clean snapshot for a dirty one; four rarely agree on it, but do on dirt.
    """
    # The statistics have very different scales; standardised for the fit, folded into the first layer afterwards.
    both = torch.cat([views["clean"], views["dirty"]])
    mean, scale = both.mean(0), both.std(0) + 1e-3
    views = {**views, "clean": (views["clean"] - mean) / scale, "dirty": (views["dirty"] - mean) / scale}
    parts = []
    for k in range(PARTS):
        kept = (views["scene"] == DEMO) | (views["source"] % PARTS != k)
        parts.append(fit_part({key: value[kept] for key, value in views.items()}, seed + k, steps, batch))
        print(f"condition head, part {k + 1} of {PARTS}", flush=True)
    head = ConditionHead()
    with torch.no_grad():
        # Rounded here as the file will round it, so that the bias makes up for it.
        head.hidden.weight.copy_((torch.cat([part.hidden.weight for part in parts]) / scale).half().float())
        head.hidden.bias.copy_(torch.cat([part.hidden.bias for part in parts]) - head.hidden.weight @ mean)
        head.out.weight.copy_(torch.block_diag(*(part.out.weight for part in parts)))
        head.out.bias.copy_(torch.cat([part.out.bias for part in parts]))
        head.reach.fill_(REACH * PARTS**-0.5)        # distances are the root mean square of the parts'
    net.condition = head.eval()


def fit_part(views: dict, seed: int, steps: int, batch: int, learning_rate: float = 2e-3) -> ConditionHead:
    """Clean views of one scene together, dirtied ones away by their strength."""
    torch.manual_seed(seed)
    head = ConditionHead(64 // PARTS, CONDITION // PARTS)
    head.drop.p = 0.3
    scene = [(views["scene"] == which).nonzero()[:, 0] for which in (CAMERA, DEMO)]
    scenes = [(scene[CAMERA], 0.7, batch, PULL[CAMERA]), (scene[DEMO], 0.3, batch // 3, PULL[DEMO])]
    weight = torch.tensor([PRACTICE.get(kind, 1.0) for kind in dirt.KINDS])[views["kind"]]
    optimiser = torch.optim.AdamW(head.parameters(), lr=learning_rate, weight_decay=1e-4)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate * min(1, (step + 1) / 30) * (0.5 * (1 + np.cos(np.pi * step / steps)) + 0.003)
        loss = 0.0
        for rows, share, count, weight_of_pull in scenes:
            some = rows[torch.randint(len(rows), (count,))]
            soiled = rows[torch.multinomial(weight[rows], count, replacement=True)]
            # Noise on the statistics and a strong pull: without them the head learns the frames by heart, and other days alarm.
            clean, dirty = (head(part + NOISE * torch.randn_like(part)) for part in (views["clean"][some], views["dirty"][soiled]))
            loss = loss + share * (weight_of_pull * pull(clean) + push(clean, dirty, views["strength"][soiled]))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return head.eval()
