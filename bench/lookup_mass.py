"""The keys of a million photos, made up so that they meet a picture's probes as real ones would.

What a look-up costs hangs on how often the key of a strange photo happens to equal one of the
probes.  That is measured on made-up field photos (`tests.prints.scenes`) through the product's
own features.  The mass then gets just such a share of keys that equal probes, a few of them far
more often than most (Zipf); its other keys are those of scenes with some bits flipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageOps

from app.prints import features
from app.prints.features import Features
from tests.prints import scenes

Numbers = NDArray[np.int64]
CORES = 2
_FLIP = 0.2  # of every bit of an ordinary key: keeps what is common to keys, and meets nobody


@dataclass(frozen=True, slots=True)
class Scene:
    """A made-up photo as it is stored, and two copies of it as somebody may hand them in."""

    stored: Features
    copies: tuple[Features, Features]


@dataclass(frozen=True, slots=True)
class Mass:
    """Distinct pairs of key and number of a photo (from 1), in the order of the index."""

    keys: Numbers
    numbers: Numbers


def scenes_from(first: int, count: int) -> list[Scene]:
    """Scenes number `first` and the following, on both cores: a fifth of a second each."""
    with ProcessPoolExecutor(CORES) as pool:
        return list(pool.map(_scene, range(first, first + count)))


def _scene(seed: int) -> Scene:
    photo = scenes.plot(seed)
    width, height = photo.size
    cropped = photo.crop((width // 20, height // 20, width - width // 20, height - height // 20))
    mirrored = ImageOps.mirror(photo).resize((width // 2, height // 2), Image.Resampling.BILINEAR)
    return Scene(features.of(photo), (features.of(cropped), features.of(mirrored)))


def chance_to_meet(keys: Numbers, asked: Sequence[Sequence[int]]) -> float:
    """How likely one key equals one probe, where key and probe are of different photos."""
    ordered = np.sort(keys)
    probes = np.concatenate([np.unique(np.array(one, np.int64)) for one in asked])
    met = np.searchsorted(ordered, probes, "right") - np.searchsorted(ordered, probes, "left")
    return float(met.sum()) / (len(probes) * len(ordered))


@dataclass(frozen=True, slots=True)
class Source:
    """Where keys of strange photos are drawn from."""

    centres: Numbers  # real keys
    met: Numbers  # keys that equal probes, the most popular first
    share_met: float

    def draw(self, count: int, chance: Generator) -> Numbers:
        """So many keys."""
        keys = chance.choice(self.centres, count)
        for bit in range(int(self.centres.max()).bit_length()):
            flipped = chance.random(count, dtype=np.float32) < _FLIP
            keys ^= flipped.astype(np.int64) << bit
        meets = np.flatnonzero(chance.random(count, dtype=np.float32) < self.share_met)
        popularity = np.cumsum(1 / np.arange(1, len(self.met) + 1))
        which = np.searchsorted(popularity, chance.random(len(meets)) * popularity[-1])
        keys[meets] = self.met[which]
        return keys


def source_of(centres: Numbers, asked: Sequence[Sequence[int]], chance: Generator) -> Source:
    """A source whose keys meet `asked` as often as `centres` do, which are of other photos."""
    probes = np.concatenate([np.unique(np.array(one, np.int64)) for one in asked])
    met = chance.permutation(probes)
    # A key drawn from `met` meets one probe in len(probes), so this share gives the chance wanted.
    return Source(centres, met, chance_to_meet(centres, asked) * len(probes))


def mass_of(photos: int, planted: Sequence[Features], source: Source, chance: Generator) -> Mass:
    """`photos` photos, the planted ones among them first: numbers 1 to len(planted)."""
    own = [np.array(one.keys, np.int64) for one in planted]
    each = round(sum(map(len, own)) / len(own))
    others = photos - len(own)
    keys = np.concatenate([*own, source.draw(others * each, chance)])
    counts = np.concatenate([[len(one) for one in own], np.full(others, each)])
    numbers = np.repeat(np.arange(1, photos + 1, dtype=np.int64), counts)
    order = np.argsort(keys, kind="stable")  # numbers ascend already
    keys, numbers = keys[order], numbers[order]
    new = np.ones(len(keys), bool)
    new[1:] = (keys[1:] != keys[:-1]) | (numbers[1:] != numbers[:-1])
    return Mass(keys[new], numbers[new])


def fully_scanned(
    mass: Mass, asked: Sequence[Sequence[int]], min_votes: int
) -> list[list[tuple[int, int]]]:
    """What a look-up must find: (number, votes), by reading every row; for each set of probes."""
    everything = np.unique(np.concatenate([np.array(one, np.int64) for one in asked]))
    place = np.minimum(np.searchsorted(everything, mass.keys), len(everything) - 1)
    row = everything[place] == mass.keys
    keys, numbers = mass.keys[row], mass.numbers[row]
    answers = []
    for one in asked:
        who, votes = np.unique(numbers[np.isin(keys, np.array(one))], return_counts=True)
        found = [(int(n), int(v)) for n, v in zip(who, votes, strict=True) if v >= min_votes]
        answers.append(sorted(found, key=lambda pair: (-pair[1], pair[0])))
    return answers
