"""The autoencoder: features (convolutions and texture), two heads, a decoder; each can be replaced alone.

image (N, 3, 216, 384) in 0..1 -> embedding (N, 64), reconstruction (N, 3, 216, 384) in 0..1.
The embedding is [32 content, 32 condition]. Content says what is seen and is scaled so low that it hardly
counts in a distance; condition says how clearly it is seen, and carries the drift.

Names of attributes are names of weights in checkpoints and in the published file; names of nodes in that file
follow from them and from the order of operations.
"""

import torch
from torch import nn
from torch.nn import functional as F

CONTENT, CONDITION = 32, 32   # numbers of an embedding
HIDDEN = 64                   # of the condition head
CONTENT_SCALE = 0.01


def conv_norm_relu(inputs: int, outputs: int, kernel: int = 3, stride: int = 1,
                   padding: int = 1) -> nn.Sequential:
    """A convolution of `inputs` to `outputs` channels, BatchNorm, ReLU."""
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(outputs), nn.ReLU())


class Texture(nn.Module):
    """How much fine detail there is, on a 9 x 16 grid of 24 pixel patches: (N, 3, 216, 384) -> (N, 4, 9, 16).

    A fixed Haar pyramid of the grey picture gives the detail at four scales. Haze lowers all of them alike,
    blur the fine ones first: the maps are the log ratios of neighbouring scales, and the log of the coarsest.
    Without padding: a black border would look like detail that depends on the brightness.
    """

    FLOOR = 1.5e-3   # detail of sensor noise, in 0..1

    def __init__(self):
        super().__init__()
        haar = torch.tensor([[[1.0, 1], [1, 1]], [[1, 1], [-1, -1]], [[1, -1], [1, -1]]]) / 4
        grey = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
        self.register_buffer("first_mean", grey * haar[0:1, None])
        self.register_buffer("first_detail", grey * haar[1:, None])
        self.register_buffer("mean", haar[0:1, None])
        self.register_buffer("detail", haar[1:, None])
        slope = torch.tensor([[-1.0, 0, 1]]).expand(3, 3) / 6
        self.register_buffer("last_detail", torch.stack([slope, slope.T])[:, None].contiguous())
        self.register_buffer("both", torch.full((1, 2, 1, 1), 0.5))

    def log_detail(self, detail: torch.Tensor, patch: int) -> torch.Tensor:
        """Detail in two directions (N, 2, H, W) -> log of its mean size in patches (N, 1, 9, 16)."""
        pooled = detail.abs() if patch == 1 else F.avg_pool2d(detail.abs(), patch)
        return torch.log(F.conv2d(pooled, self.both) + self.FLOOR)

    def forward(self, x):
        half = F.conv2d(x, self.first_mean, stride=2)
        e1 = self.log_detail(F.conv2d(x, self.first_detail, stride=2), 12)
        quarter = F.conv2d(half, self.mean, stride=2)
        e2 = self.log_detail(F.conv2d(half, self.detail, stride=2), 6)
        eighth = F.conv2d(quarter, self.mean, stride=2)
        e3 = self.log_detail(F.conv2d(quarter, self.detail, stride=2), 3)
        e4 = self.log_detail(F.conv2d(eighth, self.last_detail, stride=3), 1)
        return torch.cat([e1 - e2, e2 - e3, e3 - e4, e4 * 0.5 + 2], 1)


class Features(nn.Module):
    """Convolutions and texture: picture -> deep map (N, 96, 9, 16), pooled statistics (N, STATISTICS)."""

    SIZES = (16, 24, 48, 96)
    STATISTICS = 12 * (96 + 24 + 4)

    def __init__(self):
        super().__init__()
        a, b, c, d = self.SIZES
        self.texture = Texture()
        self.low = nn.Sequential(conv_norm_relu(3, a, stride=2), conv_norm_relu(a, b, stride=2))
        self.middle = nn.Sequential(conv_norm_relu(b, c, stride=2), conv_norm_relu(c, d, stride=3, padding=0))
        self.high = conv_norm_relu(d + 4, d)

    def forward(self, x):
        with torch.autocast("cpu", enabled=False):   # bfloat16 would round the fine detail away
            texture = self.texture(x if x.dtype == torch.float32 else x.float())
        low = self.low(x)
        deep = self.high(torch.cat([self.middle(low), texture], 1))
        pooled = [F.avg_pool2d(deep, (3, 4)), F.avg_pool2d(low, (18, 24)), F.avg_pool2d(texture, (3, 4))]
        return deep, torch.cat([p.flatten(1) for p in pooled], 1)


class ContentHead(nn.Module):
    """Deep map (N, 96, 9, 16) -> what is seen (N, 32)."""

    def __init__(self):
        super().__init__()
        self.narrow = conv_norm_relu(Features.SIZES[-1], 16, 1, 1, 0)
        self.out = nn.Linear(16 * 9 * 16, CONTENT)

    def forward(self, deep):
        return self.out(self.narrow(deep).flatten(1)) * CONTENT_SCALE


class ConditionHead(nn.Module):
    """Pooled statistics (N, Features.STATISTICS) -> how clearly it is seen (N, size).

    The last step is a leaky dead zone: numbers within +-ZONE keep a tenth of their size, larger ones lose 0.9
    ZONE. Natural variation stays inside and nearly vanishes; dirt is pushed out of it.
    """

    ZONE, LEAK = 0.25, 0.1

    def __init__(self, hidden: int = HIDDEN, size: int = CONDITION):
        super().__init__()
        self.drop = nn.Dropout(0.1)
        self.hidden = nn.Linear(Features.STATISTICS, hidden)
        self.out = nn.Linear(hidden, size)
        nn.init.normal_(self.out.weight, 0, 0.05)
        nn.init.zeros_(self.out.bias)
        self.register_buffer("reach", torch.tensor([1.0]))   # scales all distances; set after the fit

    def forward(self, statistics):
        z = self.out(F.relu(self.hidden(self.drop(statistics))))
        inside = F.relu(z + self.ZONE) - F.relu(z - self.ZONE) - self.ZONE
        return (z - inside * (1 - self.LEAK)) * self.reach


class Decoder(nn.Module):
    """Embedding (N, 64) -> picture (N, 3, 216, 384) in 0..1."""

    def __init__(self):
        super().__init__()
        gain = torch.cat([torch.full((CONTENT,), 1 / CONTENT_SCALE), torch.ones(CONDITION)])
        self.register_buffer("gain", gain)
        self.start = nn.Linear(CONTENT + CONDITION, 20 * 9 * 16)
        self.conv0, self.up0 = conv_norm_relu(20, 64), nn.ConvTranspose2d(64, 48, 3, 3)
        self.prior = nn.Parameter(torch.zeros(1, 48, 27, 48))   # what a still camera always sees
        self.conv1, self.up1 = conv_norm_relu(48, 48), nn.ConvTranspose2d(48, 32, 2, 2)
        self.conv2, self.up2 = conv_norm_relu(32, 24), nn.ConvTranspose2d(24, 16, 2, 2)
        self.conv3, self.up3 = conv_norm_relu(16, 16), nn.ConvTranspose2d(16, 3, 4, 2, 1)

    def forward(self, embedding):
        h = F.relu(self.start(embedding * self.gain)).view(-1, 20, 9, 16)
        h = F.relu(self.up0(self.conv0(h)) + self.prior)
        h = F.relu(self.up1(self.conv1(h)))
        h = F.relu(self.up2(self.conv2(h)))
        return torch.sigmoid(self.up3(self.conv3(h)))


class Autoencoder(nn.Module):
    """The whole model: image (N, 3, 216, 384) in 0..1 -> embedding (N, 64), reconstruction like the image."""

    def __init__(self):
        super().__init__()
        self.features, self.content = Features(), ContentHead()
        self.condition, self.decoder = ConditionHead(), Decoder()

    def encode(self, image: torch.Tensor) -> torch.Tensor:
        """(N, 3, 216, 384) in 0..1 -> embedding (N, 64)."""
        deep, statistics = self.features(image)
        return torch.cat([self.content(deep), self.condition(statistics)], 1)

    def forward(self, image):
        embedding = self.encode(image)
        return embedding, self.decoder(embedding)


def fold_batch_norms(module: nn.Module) -> None:
    """Put every BatchNorm into the convolution before it, in place; for a model in evaluation mode."""
    for name, child in module.named_children():
        if isinstance(child, nn.Sequential) and len(child) == 3 and isinstance(child[1], nn.BatchNorm2d):
            layer, norm, relu = child
            factor = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            layer.weight.data.mul_(factor.view(-1, 1, 1, 1))
            layer.bias = nn.Parameter(norm.bias - norm.running_mean * factor)
            setattr(module, name, nn.Sequential(layer, relu))
        else:
            fold_batch_norms(child)
