"""A training that goes on from a model on other data: what stays, what grows, and what must not differ.

Words, letters, affixes, tags and intents keep their ids, and those that are new stand behind them. So each array of the
base has its place in one of the larger network, whose other values are first ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from rnntag.arrays.parameters import Parameters
from rnntag.arrays.ragged import Array
from rnntag.corpora.schemes import gathered
from rnntag.corpora.vector_files import Vectors
from rnntag.data.bio import Scheme, detect
from rnntag.data.sentence import Sentence
from rnntag.errors import SpecError
from rnntag.features import table as features
from rnntag.features.gazetteer import Gazetteer
from rnntag.features.neighbours import frequent_bigrams
from rnntag.features.vocabulary import Vocabulary
from rnntag.model.model import Model
from rnntag.network.network import Network
from rnntag.network.spec import Spec
from rnntag.punctuation.marks import Marks
from rnntag.punctuation.task import Task
from rnntag.training.recipe import Recipe, parted

ALIKE = 0.99  # cosine above which two vectors of a word are from the same file
LEAVE_OUT = "leave it out"


def settings(base: Model | None, given: dict[str, Any]) -> tuple[Spec, Recipe]:
    """Spec and recipe of the settings that were given; what was not given is that of the base or, without one, default.

    Raises SpecError for an unknown setting, for one in which the base differs, and for a base of several members.
    """
    if base is None:
        return parted(given)
    if len(base.members) > 1:
        fact = f"the base averages {len(base.members)} members, but training goes on from a single network"
        raise SpecError(fact, hint="take a model that was trained without --average")
    own = asdict(base.spec) | {"features": _chosen_features(base.spec)}
    for name, value in given.items():
        if name == "features":
            value = tuple(value.split(",") if isinstance(value, str) else value)
            if value not in (features.AUTO, base.spec.features):
                _check_same(name, ",".join(value), ",".join(own[name]))
        elif name in own:
            _check_same(name, value, own[name])
    rest = {name: value for name, value in given.items() if name not in own}
    return base.spec, parted({**rest, **_of_recipe(base, rest)})[1]


def _chosen_features(spec: Spec) -> tuple[str, ...]:
    """The features of a spec that did not come with a file."""
    return tuple(name for name in spec.features if name != features.VECTOR and features.gazetteer(name) is None)


def _check_same(name: str, given: object, own: object) -> None:
    """Raise SpecError where a setting is not that of the base."""
    if given != own:
        raise _other(name, given, own)


def _other(name: str, given: object, own: object) -> SpecError:
    return SpecError(f"{name.replace('_', '-')} is {given}, but the base has {own}", hint=LEAVE_OUT)


def _of_recipe(base: Model, given: dict[str, Any]) -> dict[str, Any]:
    """Settings of a recipe in which a training follows its base. Raises SpecError where that must be and is not."""
    known = base.record.recipe
    own = {"bptt": 0} | {name: known[name] for name in ("bptt", "context", "intents") if name in known}
    asked = given.get("bptt", -1)
    if asked != -1:
        if bool(asked) != bool(own["bptt"]):
            _check_same("bptt", asked, own["bptt"])
        own["bptt"] = asked
    if "context" in given:
        own["context"] = given["context"]
    if "intents" in given:
        if base.intents:
            _check_same("intents", given["intents"], own.get("intents", given["intents"]))
        own["intents"] = given["intents"]
    return own


def task_beside(base: Model | None, task: Task | None, marks: Marks | None) -> tuple[Task | None, Marks | None]:
    """What ordinary text is to teach and what tags stand for: what was asked for or, where nothing was, as the base.

    Raises SpecError where the base has another task, or other marks.
    """
    if base is None:
        return task, marks
    own, own_marks = base.record.task, base.record.tag_marks
    if task is not None:
        if own is None or task.name != own.name:
            raise _other("task", task.name, own.name if own else "none")
        if task.marks not in (None, own.marks):
            raise _other("marks", f"'{task.marks}'", f"'{own.marks}'" if own.marks else "the usual ones")
        if task.case and not own.case:
            raise SpecError("case is asked for, but the base was trained without", hint=LEAVE_OUT)
    if marks not in (None, own_marks):
        raise _other("marks", f"'{marks}'", f"'{own_marks}'" if own_marks else "none")
    return own, own_marks


def beside_base(
    base: Model, sentences: list[Sentence], scheme: Scheme | None = None
) -> tuple[list[Sentence], list[str]]:
    """Sentences with tags of the scheme of a base, and a note on each file that was in another.

    scheme  the one that was asked for

    Raises SpecError where that is not the base's, and for spans beside tags of single tokens.
    """
    own = base.scheme
    if scheme:
        _check_same("scheme", scheme.name, own.name)
    found = detect(sentence.tags or () for sentence in sentences)
    if found.prefixes and not own.prefixes:
        fact = f"the tags are spans ({found.name}), but those of the base are of single tokens"
        raise SpecError(fact, hint="leave --base out")
    notes = []
    if base.record.lower and any(token != token.lower() for sentence in sentences for token in sentence.tokens):
        notes.append("the base knows small letters only: capitals count as small ones")
    sentences, conversions = gathered(sentences, own)
    return sentences, [*notes, *conversions]


def grown(
    base: Model, taught: Iterable[Sentence], lists: Mapping[str, Gazetteer], vectors: Vectors | None
) -> tuple[Spec, dict[str, Vocabulary]]:
    """The spec of a base and its vocabularies, open where what is taught adds to them.

    lists    lists of names; those that the base has not are features of their own
    vectors  those that the base and the job have together (`joined_vectors`)
    """
    spec, known = base.spec, base.lexicon.vocabularies
    vocabularies = {name: Vocabulary(each.entries) for name, each in known.items()}
    if bigrams := set(features.BIGRAMS) & known.keys():
        frequent = frequent_bigrams(sentence.tokens for sentence in taught)
        name = min(bigrams)  # both know the same pairs
        pairs = Vocabulary(dict.fromkeys([*known[name].entries, *frequent]), frozen=True)
        vocabularies |= dict.fromkeys(bigrams, pairs)
    if features.OWN in known:
        vocabularies[features.OWN] = vocabularies["word"]
    if vectors:
        vocabularies[features.VECTOR] = Vocabulary(vectors.words, frozen=True)
    vocabularies |= {name: own for name, own in known.items() if isinstance(own, Gazetteer)}
    vocabularies |= {f"{features.GAZETTEER}{name}": own for name, own in lists.items()}
    names = tuple(dict.fromkeys([*spec.features, *vocabularies]))
    return replace(spec, features=names), vocabularies


def joined_vectors(base: Model, given: Vectors | None) -> Vectors | None:
    """The pretrained vectors of a base with those of further words, as large; None if it has none.

    Raises SpecError for vectors where the base has none, of another width, or of another file.
    """
    known = base.lexicon.vocabularies.get(features.VECTOR)
    if known is None:
        if given:
            raise SpecError("vectors are given, but the base has none", hint="leave --vectors out")
        return None
    words, table = known.entries, base.parameters[f"embedding.{features.VECTOR}"][1:]
    if given is None:
        return Vectors(words, table)
    if given.table.shape[1] != table.shape[1]:
        fact = f"the vectors have width {given.table.shape[1]}, but those of the base {table.shape[1]}"
        raise SpecError(fact, hint="give the file that the base was trained with")
    places = [number for number, word in enumerate(given.words) if word in known.ids]
    ours = table[[known.ids[given.words[number]] - 1 for number in places]].astype(np.float64)
    theirs = given.table[places].astype(np.float64)
    dot, square = float((ours * theirs).sum()), float((theirs * theirs).sum())
    if dot < ALIKE * np.sqrt(square * float((ours * ours).sum())) or not dot:
        raise SpecError("the vectors are not those of the base", hint="give the file that the base was trained with")
    new = [number for number, word in enumerate(given.words) if word not in known.ids]
    more = (given.table[new] * (dot / square)).astype(np.float32)
    return Vectors([*words, *(given.words[number] for number in new)], np.concatenate([table, more]))


def carry_over(base: Model, model: Model, P: Parameters) -> None:
    """Write the weights of a base to their places among first values P of a larger model."""
    tags, intents = len(base.tags), len(base.intents)
    W = base.network.W
    real: dict[str, tuple[int, ...]] = {  # what is not padding
        "output.weights": (W, tags),
        "output.bias": (tags,),
        "moves": (tags, tags),
        "bounds": (2, tags),
        "intents.weights": (2 * W, intents),
        "intents.bias": (intents,),
    }
    rows = _input_rows(base.network, model.network)
    for name, values in base.parameters:
        if name.startswith("layer0.") and name.endswith(".input"):
            P[name][rows] = values
        else:
            shape: tuple[int, ...] = values.shape
            place = tuple(map(slice, real.get(name, shape)))
            P[name][place] = values[place]


def _input_rows(small: Network, large: Network) -> Array:
    """Of each row of the first layer's input weights in the smaller network, its row in the larger one."""
    starts, start = {}, 0
    for name, width in _inputs(large):
        starts[name], start = start, start + width
    own = np.concatenate([starts[name] + np.arange(width) for name, width in _inputs(small)])
    return np.concatenate([number * large.D + own for number in range(1 + small.layers[0].window)])


def _inputs(network: Network) -> Sequence[tuple[str, int]]:
    """What a network reads of a token, side by side: each with its width."""
    letters = network.char_lstm
    return [*network.tables.items(), *([(features.CHARACTERS, letters.width)] if letters else [])]
