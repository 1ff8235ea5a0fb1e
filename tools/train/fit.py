"""The training loop."""

import copy

import numpy
import torch

import losses
from crops import Crops, crops_of, edited
from gain import gain_of
from lift import fit_lift
from model import GainCurveGrid
from pairs import Pair, Refused
from picture_statistics import statistics_of
from predictor import Predictor

STEPS = 400
BATCH = 16
OTHERS = 1  # of each batch, a picture that is not a phone's
OTHER_WEIGHT = 0.5  # and counts for that
RATE, DECAY = 3e-3, 0.02
DROP = 0.2
AVERAGE = 0.985  # of the weights, per step
SOURCE_POWER = 0.5  # a source of n pictures is drawn in proportion to n^power
CROPS, OTHERS_CROPS = 24, 8  # of each picture, made once


def fix_everything() -> None:
    """The same bytes on every run of a machine."""
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    # Filling new memory with NaN finds errors, and takes a third of the time.
    torch.utils.deterministic.fill_uninitialized_memory = False


def chances(pairs: list[Pair]) -> numpy.ndarray:
    sources = [pair.source for pair in pairs]
    chance = numpy.array([sources.count(source) ** (SOURCE_POWER - 1.0) for source in sources])
    return chance / chance.sum()


def prepared(pairs: list[Pair], extra: list[Pair]) -> Crops:
    return {p.name: crops_of(p, count).astype(numpy.float16)
            for some, count in ((pairs, CROPS), (extra, OTHERS_CROPS)) for p in some}


def drawn(crops: Crops, pairs: list[Pair], chosen: numpy.ndarray,
          random: numpy.random.Generator) -> torch.Tensor:
    """Any of each chosen picture's crops, or its mirror image."""
    samples = []
    for index in chosen:
        crop = crops[pairs[index].name]
        sample = crop[random.integers(len(crop))]
        samples.append(sample[:, :, ::-1] if random.random() < 0.5 else sample)
    return torch.from_numpy(numpy.stack(samples).astype(numpy.float32))


class Batches:
    """N x 4 x 96 x 96, base and target, and how much each of the N counts."""

    def __init__(self, pairs: list[Pair], extra: list[Pair], crops: Crops):
        self.pairs, self.extra, self.crops = pairs, extra, crops
        self.chance = chances(pairs)
        self.others = OTHERS if extra else 0
        importance = torch.ones(BATCH)
        importance[BATCH - self.others:] = OTHER_WEIGHT
        self.importance = importance / importance.sum()

    def next(self, random: numpy.random.Generator) -> torch.Tensor:
        chosen = random.choice(len(self.pairs), BATCH - self.others, p=self.chance)
        samples = drawn(self.crops, self.pairs, chosen, random)
        if self.others:
            more = drawn(self.crops, self.extra, random.choice(len(self.extra), self.others), random)
            samples = torch.cat([samples, more])
        return samples


def averaged(average: torch.nn.Module, network: torch.nn.Module, keep: float) -> None:
    with torch.no_grad():
        for mean, now in zip(average.state_dict().values(), network.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.lerp_(now, 1 - keep)
            else:
                mean.copy_(now)


def loss_of(network: GainCurveGrid, samples: torch.Tensor, importance: torch.Tensor,
            random: numpy.random.Generator) -> torch.Tensor:
    base = edited(samples[:, :3], random)
    level, shape, grid = network.look(base)
    # Every other pixel says enough of a gain, for a quarter of the time.
    gain = gain_of(base[:, :, ::2, ::2], level, shape, grid, 2)
    each = losses.picture_losses(gain, samples[:, 3:, ::2, ::2])
    return (importance * each).sum() + losses.grid_loss(grid)


def fit(batches: Batches, seed: int, steps: int) -> GainCurveGrid:
    """The network after the last step, its weights averaged over the steps before."""
    torch.manual_seed(seed)
    random = numpy.random.default_rng(seed)
    network = GainCurveGrid(DROP)
    whole = numpy.stack([batches.crops[pair.name][0, :3] for pair in batches.pairs]).astype(numpy.float32)
    network.know_usual(statistics_of(torch.from_numpy(whole)))
    average = copy.deepcopy(network).eval()
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps, pct_start=0.15)
    network.train()
    for step in range(steps):
        loss = loss_of(network, batches.next(random), batches.importance, random)
        if not torch.isfinite(loss):
            raise Refused(f"step {step}: expected a finite loss, found {float(loss)}")
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        averaged(average, network, min(AVERAGE, (step + 1) / (step + 10)))
    return average.eval()


def fit_predictor(pairs: list[Pair], extra: list[Pair], crops: Crops, seeds: list[int],
                  steps: int) -> Predictor:
    """One network for each seed, and the lift."""
    batches = Batches(pairs, extra, crops)
    networks = [fit(batches, seed, steps) for seed in seeds]
    return Predictor(networks, fit_lift(pairs, extra, crops, batches.chance, seeds[0])).eval()
