"""Small growth on the glass, anywhere on it: what dirt.py lays over pictures.

Each kind: (count of pictures n, strength (n, 1, 1, 1) in 0..1, generator) -> how much each place is hidden,
and how light the growth is there against its tone, both (n, 1, 216, 384). settlers.py draws it.
"""

import torch

from data import HEIGHT, WIDTH
from pictures import clouds
from settlers import Glass, settle_barnacles, settle_nets, settle_rosettes, settle_tubes


def barnacles(n, strength, generator=None) -> tuple:
    return each_glass(n, strength, generator, settle_barnacles)


def tubes(n, strength, generator=None) -> tuple:
    return each_glass(n, strength, generator, settle_tubes)


def nets(n, strength, generator=None) -> tuple:
    return each_glass(n, strength, generator, settle_nets)


def rosettes(n, strength, generator=None) -> tuple:
    return each_glass(n, strength, generator, settle_rosettes)


def each_glass(n, strength, generator, settle) -> tuple:
    """One glass after the other: (n, 1, 216, 384) of what is hidden, and of how light it is."""
    seen = []
    for i in range(n):
        glass = Glass(HEIGHT, WIDTH)
        settle(glass, float(strength[i]), TorchDraws(generator))
        seen.append([torch.from_numpy(array[None]) for array in glass.seen()])
    return torch.stack([hidden for hidden, _ in seen]), torch.stack([light for _, light in seen])


class TorchDraws:
    """The chance of a torch generator."""

    def __init__(self, generator=None):
        self.generator = generator

    def uniform(self, *shape: int) -> list:
        return torch.rand(*shape, generator=self.generator).tolist()

    def normal(self, *shape: int) -> list:
        return torch.randn(*shape, generator=self.generator).tolist()

    def clouds(self, rows: int, columns: int):
        return clouds(1, rows, columns, self.generator)[0, 0].numpy()
