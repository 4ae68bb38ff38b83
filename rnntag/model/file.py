"""A model as a file, and a checkpoint of its training, which is a model file with more in it.

Loading runs nothing that the file brings (`rnntag.model.container`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, NamedTuple

import numpy as np

from rnntag.arrays.parameters import LANES, Parameters
from rnntag.arrays.ragged import Array
from rnntag.data.bio import SCHEMES
from rnntag.data.tokeniser import Tokeniser
from rnntag.errors import ModelError, SpecError
from rnntag.features.gazetteer import Gazetteer
from rnntag.features.table import gazetteer
from rnntag.features.vocabulary import Vocabulary
from rnntag.files.whole import write_whole
from rnntag.model.container import DAMAGED, foreign, packed, parts, unpacked, unpacked_bytes
from rnntag.model.model import Model
from rnntag.model.record import Record, Temperatures
from rnntag.network.decoders import DECODERS
from rnntag.network.spec import Spec, from_dict
from rnntag.version import __version__

MEMBERS = range(1, 1001)
TOKENISER = "tokeniser"  # the array of its weights
CHECKPOINT = "checkpoint"  # the part of the document that holds its state; its arrays are called checkpoint.NAME


class TrainingState(NamedTuple):
    """What a training needs besides the model so as to go on.

    values  what JSON can hold, by name
    arrays  by name
    """

    values: dict[str, Any]
    arrays: dict[str, Array]


def save_model(model: Model, path: str | os.PathLike[str], state: TrainingState | None = None) -> None:
    """Write a model's file whole or not at all; with the state of its training, it is a checkpoint.

    Raises RnntagError where it cannot be written.
    """
    write_whole(path, *parts(*_contents(model, state), __version__))


def load_model(path: str | os.PathLike[str]) -> Model:
    """Read a model's file, or the model of a checkpoint.

    Raises ModelError for one that is missing, damaged, foreign or of another format.
    """
    return read_model(os.fspath(path))[0]


def load_checkpoint(path: str | os.PathLike[str]) -> tuple[Model, TrainingState]:
    """Read a checkpoint; its arrays cannot be written to. Raises ModelError as `load_model` does, and for a model."""
    model, state = read_model(os.fspath(path))
    if state is None:
        raise ModelError("is a model, but no checkpoint of a training", where=os.fspath(path))
    return model, state


def model_bytes(model: Model) -> bytes:
    """The bytes of the file that `save_model` writes."""
    return packed(*_contents(model), __version__)


def model_of(content: bytes | bytearray) -> Model:
    """The model whose file has these bytes: those that `model_bytes` gave, in another process."""
    return _model(*unpacked_bytes(content, "a model"))


def read_model(where: str) -> tuple[Model, TrainingState | None]:
    """Read a model's file and, if it is a checkpoint, the state of its training. Raises what `load_model` does."""
    if os.path.isdir(where):
        raise ModelError("is a folder", where=where)
    if os.path.exists(where) and not os.path.isfile(where):
        raise foreign(where)
    try:
        document, tensors = unpacked(where)
        state = _state(document, tensors)
        return _model(document, tensors), state
    except FileNotFoundError:
        hint = "train one with: rnntag train train.conll -o " + where
        raise ModelError("no such model", where=where, hint=hint) from None
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror or error}", where=where) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError, SpecError) as error:
        reason = str(error).partition("\n")[0]  # without the hint of a SpecError
        fact = f"its parts do not fit together ({type(error).__name__}: {reason})"
        raise ModelError(fact, where=where, hint=DAMAGED) from None


def _contents(model: Model, state: TrainingState | None = None) -> tuple[dict[str, Any], dict[str, Array]]:
    """The document and the arrays of a file."""
    document, tensors = _document(model), _tensors(model)
    if state:
        document[CHECKPOINT] = state.values
        tensors |= {f"{CHECKPOINT}.{name}": array for name, array in state.arrays.items()}
    return document, tensors


def _document(model: Model) -> dict[str, Any]:
    """All of a model but its arrays, as JSON can hold it. The fingerprint is for other tools."""
    return {
        "spec": asdict(model.spec),
        "fingerprint": model.fingerprint(),
        "scheme": model.scheme.name,
        "tags": model.tags,
        "intents": model.intents,
        "members": len(model.members),
        "temperatures": model.temperatures._asdict(),
        "vocabularies": {name: known.entries for name, known in model.lexicon.vocabularies.items()},
        "record": model.record.as_dict(),
    }


def _state(document: Mapping[str, Any], tensors: dict[str, Array]) -> TrainingState | None:
    """The state of a training, if the file is a checkpoint; its arrays are taken out of the others."""
    if CHECKPOINT not in document:
        return None
    if not isinstance(document[CHECKPOINT], dict):
        raise TypeError("the checkpoint is none")
    begin = f"{CHECKPOINT}."
    names = [name for name in tensors if name.startswith(begin)]
    return TrainingState(document[CHECKPOINT], {name.removeprefix(begin): tensors.pop(name) for name in names})


def _model(document: dict[str, Any], tensors: dict[str, Array]) -> Model:
    """The model of a file's document and arrays; any of several exceptions where they do not fit."""
    spec, tags = from_dict(Spec, document["spec"]), _strings(document["tags"], "tags")
    _check_tags(spec, tags, tensors)
    vocabularies = {name: _vocabulary(name, entries) for name, entries in document["vocabularies"].items()}
    if spec.features != tuple(vocabularies):
        raise ValueError("the vocabularies are not those of the features")
    model = Model(
        spec,
        SCHEMES[document["scheme"]],
        tags,
        vocabularies,
        _strings(document["intents"], "intents"),
        members=[Parameters({})],
        record=Record.from_dict(document["record"]),
    )
    model.temperatures = Temperatures(**document["temperatures"])
    model.temperatures.check()
    if TOKENISER in tensors:
        model.tokeniser = Tokeniser(tensors.pop(TOKENISER).copy())
    if type(document["members"]) is not int or document["members"] not in MEMBERS:
        raise ValueError("the number of members is none")
    model.members = _members(model.network.shapes(), document["members"], tensors)
    return model


def _strings(entries: list[str], what: str) -> list[str]:
    """Strings of which no two are alike. Raises TypeError or ValueError for what are none."""
    if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
        raise TypeError(f"the {what} are none")
    if len(set(entries)) < len(entries):
        raise ValueError(f"two of the {what} are alike")
    return entries


def _check_tags(spec: Spec, tags: Sequence[str], tensors: Mapping[str, Array]) -> None:
    """Raise ValueError where arrays are not of so many tags: a damaged document may name any number of them.

    It is asked before the first table of all transitions is made, which takes the square of that number.
    """
    columns = -(-len(tags) // LANES) * LANES
    for name, shape in {"output.bias": (columns,), **DECODERS[spec.decoder].shapes(columns)}.items():
        if not tags or tensors[name].shape != shape:
            raise ValueError(f"{name} is not the array expected for {len(tags)} tags")


def _vocabulary(name: str, entries: list[str]) -> Vocabulary:
    """The vocabulary of a feature, made from its entries again. Raises TypeError or ValueError for what are none."""
    strings = _strings(entries, f"entries of the feature {name}")
    return Gazetteer(strings) if gazetteer(name) is not None else Vocabulary(strings, frozen=True)


def _members(one: dict[str, tuple[int, ...]], count: int, tensors: dict[str, Array]) -> list[Parameters]:
    """The weights of each member; ``one`` gives the shapes of those of a single one. Raises ValueError for others."""
    shapes = {_tensor(name, member): shape for member in range(count) for name, shape in one.items()}
    for name in shapes.keys() | tensors.keys():  # before memory is taken: a damaged spec may ask for any amount
        if shapes.get(name) != tensors[name].shape or tensors[name].dtype != np.float32:
            raise ValueError(f"{name} is not the array expected")
    members = [Parameters(one) for _ in range(count)]
    for member, parameters in enumerate(members):
        for name, view in parameters:
            view[:] = tensors[_tensor(name, member)]
    if not all(np.isfinite(member.flat).all() for member in members):
        raise ValueError("some weights are no numbers")
    return members


def _tensor(name: str, member: int) -> str:
    """What an array of a member is called in the file."""
    return f"{name}.{member}" if member else name


def _tensors(model: Model) -> dict[str, Array]:
    """All arrays of a model, by their names in the file."""
    tensors = {_tensor(name, number): view for number, member in enumerate(model.members) for name, view in member}
    return tensors | ({TOKENISER: model.tokeniser.weights} if model.tokeniser else {})
