"""Small trainings: a corpus, a trainer over it, and what that reports."""

import numpy as np

from rnntag.data.sentence import Sentence
from rnntag.model.file import save_model
from rnntag.network.spec import Spec
from rnntag.training.job import Job
from rnntag.training.recipe import Recipe
from rnntag.training.reports import Epoch, Step
from rnntag.training.trainer import Trainer
from rnntag.training.training_set import TrainingSet

SMALL = Spec(hidden=8, embedding=8)
CITIES = ["Oslo", "Lima", "Bonn", "New York", "Cape Town", "Rome"]


def corpus(sentences, seed=0, noise=0.0, intents=False):
    """Flights between cities in BIO; some tags are wrong at random. ``intents``: whoever says please has a wish."""
    rng, made = np.random.default_rng(seed), []
    for _ in range(sentences):
        tokens, tags = [], []
        for word, kind in (("from", "origin"), ("to", "goal"))[: rng.integers(1, 3)]:
            city = CITIES[rng.integers(len(CITIES))].split()
            tokens += [word, *city]
            tags += ["O", f"B-{kind}", *[f"I-{kind}"] * (len(city) - 1)]
        tokens += ["at", str(rng.integers(1, 24)), "please"][: rng.integers(0, 4)]
        tags += ["O"] * (len(tokens) - len(tags))
        tags = ["O" if tag[0] != "I" and rng.random() < noise else tag for tag in tags]
        pairs = zip(["O", *tags], tags, strict=False)
        tags = ["B" + tag[1:] if before == "O" and tag[0] == "I" else tag for before, tag in pairs]
        intent = "wish" if tokens[-1] == "please" else "trip"
        made.append(Sentence(tokens, tags, intent=intent if intents else None))
    return made


def running_text(*lengths, seed=0):
    """Texts of so many words, each a sentence whose comment begins it, with commas after some words."""
    rng, made = np.random.default_rng(seed), []
    for length in lengths:
        tokens = rng.choice(list("abcdefg"), length).tolist()
        tags = [["O", "COMMA"][number] for number in rng.integers(0, 2, length)]
        made.append(Sentence(tokens, tags, comments=(f"# doc = {len(made)}",)))
    return made


def training_set(train, dev=None, spec=SMALL, **recipe):
    """The training set of a short training."""
    return TrainingSet.of(Job(train, dev or train, spec, Recipe(**({"epochs": 2, "batch": 4} | recipe))))


def trainer(train, dev=None, spec=SMALL, threads=1, **recipe):
    """The trainer of a short training."""
    return Trainer(training_set(train, dev, spec, **recipe), threads)


def finished(trainer):
    """The reports of a whole run: (steps, epochs)."""
    reports = list(trainer.run())
    return [r for r in reports if isinstance(r, Step)], [r for r in reports if isinstance(r, Epoch)]


def saved(trainer, path):
    """The bytes of the file of a trained model."""
    finished(trainer)
    save_model(trainer.model, path)
    return path.read_bytes()
