"""The model file: what is saved is what is loaded, and what is no model is told in a sentence."""

import json
import os
import random
import struct
import tracemalloc

import numpy as np
import pytest
import safetensors
import safetensors.numpy
from shell import LESSONS

from rnntag.data.bio import SCHEMES
from rnntag.errors import ModelError, RnntagError
from rnntag.features.gazetteer import Gazetteer
from rnntag.features.vocabulary import Vocabulary
from rnntag.model.container import FORMAT, packed
from rnntag.model.file import TrainingState, load_checkpoint, load_model, model_bytes, model_of, save_model
from rnntag.model.model import Model
from rnntag.network.spec import Spec
from rnntag.tagging.tagger import Tagger

NOT_A_MODEL = "is not a model file"
DAMAGED = "is damaged: its checksum is not that of its bytes"
needs_posix = pytest.mark.skipif(os.name == "nt", reason="POSIX permissions and links")


@pytest.fixture(scope="module")
def content(trained):
    return trained.path.read_bytes()


@pytest.fixture(scope="module")
def tensors(content):
    return safetensors.numpy.load(content)


@pytest.fixture(scope="module")
def document(trained):
    with safetensors.safe_open(trained.path, "numpy") as file:
        metadata = file.metadata()
    assert list(metadata) == ["rnntag"]
    return json.loads(metadata["rnntag"])


@pytest.fixture
def path(tmp_path):
    return tmp_path / "some.rnntag"


def crafted(tensors, document):
    """The bytes of a file whose checksum is right, whatever else is wrong with it."""
    rest = {name: value for name, value in document.items() if name not in ("format", "version", "checksum")}
    return packed(rest, tensors, "0.1.0")


def refused(path):
    """What is said of a file that must not load: a fact in one sentence, and perhaps a hint."""
    with pytest.raises(ModelError) as caught:
        load_model(path)
    told = caught.value
    assert told.where == str(path)
    assert "\n" not in told.fact
    assert not told.fact.endswith(".")
    return told.fact


# Saved and loaded


def test_what_is_loaded_is_what_was_saved(trained, content, path):
    model = load_model(trained.path)
    save_model(model, path)
    assert path.read_bytes() == content
    assert model_bytes(model_of(content)) == content
    again = load_model(path)
    assert again.fingerprint() == model.fingerprint()
    assert (again.spec, again.scheme, again.tags, again.record) == (model.spec, model.scheme, model.tags, model.record)
    sentences = [words.split() for words in LESSONS] + [["new", "words", "夜", ""], []]
    tags = Tagger(model).tags(sentences)
    assert Tagger(again).tags(sentences) == tags
    assert [" ".join(row) for row in tags[: len(LESSONS)]] == list(LESSONS.values())


def test_tagging_leaves_the_model_as_it_is(trained, content, path):
    model = load_model(trained.path)
    Tagger(model).tags([["never", "seen", "Before", "1999"]])
    save_model(model, path)
    assert path.read_bytes() == content


def test_other_tools_can_read_it(tensors, document):
    assert {"embedding.word", "output.weights", "output.bias", "moves"} <= set(tensors)
    assert {array.dtype for name, array in tensors.items() if name != "tokeniser"} == {np.dtype(np.float32)}
    assert all(np.isfinite(array).all() for array in tensors.values())
    assert document["format"] == FORMAT
    assert document["tags"][0] == "O"
    assert "seven" in document["vocabularies"]["word"]


def test_there_is_nothing_that_runs_when_it_is_loaded(content):
    header = struct.unpack("<Q", content[:8])[0]
    json.loads(content[8 : 8 + header])  # all before the weights is JSON
    for module in ("pickle", "marshal", "shelve", "dill", "cloudpickle"):
        assert module.encode() not in content


def test_saving_where_it_cannot_be_is_told(trained, tmp_path):
    model = load_model(trained.path)
    for place in (tmp_path / "no" / "m.rnntag", tmp_path):
        with pytest.raises(RnntagError) as caught:
            save_model(model, place)
        assert str(caught.value).startswith(f"{place}: ")
    assert os.listdir(tmp_path) == []


# What is no model


def test_a_file_cut_short_is_refused_wherever_it_is_cut(content, path):
    header = 8 + struct.unpack("<Q", content[:8])[0]
    cuts = {*range(64), *range(64, header, 2999), header - 1, header, header + 1}
    cuts |= {*range(header, len(content), 40_009), len(content) - 1}
    for cut in sorted(cuts):
        path.write_bytes(content[:cut])
        assert refused(path) == (NOT_A_MODEL if cut < header else DAMAGED), cut


def test_a_file_with_more_at_its_end_is_refused(content, path):
    path.write_bytes(content + b"\0")
    assert refused(path) == DAMAGED


@pytest.mark.parametrize(
    "other",
    [b"", b"\n", b"wake me at seven\n" * 99, b"PK\x03\x04" + bytes(400), b"\x80\x04\x95" + bytes(99), bytes(4096)],
    ids=["empty", "newline", "text", "zip", "pickle", "zeros"],
)
def test_some_other_file_is_refused(path, other):
    path.write_bytes(other)
    assert refused(path) == NOT_A_MODEL


def test_a_missing_file_is_told_with_the_way_to_one(path):
    assert refused(path) == "no such model"
    assert refused(path / "deeper")


def test_a_folder_is_told(tmp_path):
    assert refused(tmp_path) == "is a folder"


@needs_posix
def test_a_device_is_told():
    assert refused("/dev/null") == NOT_A_MODEL


@needs_posix
def test_a_file_that_may_not_be_read_is_told(content, path):
    if os.geteuid() == 0:
        pytest.skip("the superuser may read everything")
    path.write_bytes(content)
    path.chmod(0)
    assert refused(path) == "cannot be read: Permission denied"


FOREIGN = "is a safetensors file, but not one of rnntag's"


def test_a_foreign_safetensors_file_is_told(path):
    for metadata in (None, {}, {"format": "pt"}):
        path.write_bytes(safetensors.numpy.save({"weight": np.ones((2, 3), np.float32)}, metadata))
        assert refused(path) == FOREIGN


@pytest.mark.parametrize("kind", ["BF16", "F16", "F64", "I64", "U8", "BOOL", "F8_E4M3", "F8_E5M2", "F4"])
def test_a_foreign_safetensors_file_of_any_kind_of_number_is_told(path, kind):
    header = json.dumps({"weight": {"dtype": kind, "shape": [16 if kind == "F4" else 8], "data_offsets": [0, 0]}})
    width = {"F4": 8, "BF16": 16, "F16": 16, "F64": 64, "I64": 64}.get(kind, 8)
    header = header.replace("[0, 0]", f"[0, {width}]")
    path.write_bytes(struct.pack("<Q", len(header)) + header.encode() + bytes(width))
    assert refused(path) == FOREIGN


@pytest.mark.parametrize(
    ("step", "age", "hint"), [(1, "a later", "pip install --upgrade rnntag"), (-1, "an earlier", "train it again")]
)
def test_another_format_is_told_with_the_way_to_read_it(path, tensors, document, step, age, hint):
    other = document | {"format": FORMAT + step, "version": "9.8"}
    del other["checksum"]  # other formats may have none
    path.write_bytes(safetensors.numpy.save(tensors, {"rnntag": json.dumps(other)}))
    with pytest.raises(ModelError) as told:
        load_model(path)
    fact = f"was written by rnntag 9.8, in {age} format than this one reads"
    assert str(told.value) == f"{path}: {fact}\nhint: {hint}"


PARTS = "its parts do not fit together"


@pytest.mark.parametrize("name", ["embedding.word", "layer0.backward.recurrent", "output.bias", "moves"])
def test_a_missing_or_misshapen_array_is_told(path, tensors, document, name):
    array = tensors[name]
    for other in (None, array[:-1], array[:1], array[..., None], array.astype(np.float64), array.astype(np.int32)):
        changed = {key: value for key, value in tensors.items() if key != name}
        if other is not None:
            changed[name] = np.ascontiguousarray(other)
        path.write_bytes(crafted(changed, document))
        assert refused(path).startswith(PARTS)


@pytest.mark.parametrize("decoder", ["crf", "softmax"])
def test_more_tags_than_the_arrays_have_are_refused_before_memory_is_taken(path, tensors, document, decoder):
    tags = ["O", *(f"B-{number}" for number in range(20_000))]
    spec = document["spec"] | {"decoder": decoder}
    path.write_bytes(crafted(tensors, document | {"tags": tags, "spec": spec}))
    tracemalloc.start()
    assert refused(path) == f"{PARTS} (ValueError: output.bias is not the array expected for 20001 tags)"
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


def test_an_array_too_many_is_told(path, tensors, document):
    changed = tensors | {"layer1.forward.input": np.ones((4, 4), np.float32)}
    path.write_bytes(crafted(changed, document))
    assert refused(path).startswith(PARTS)


WRONG = {
    "spec": (None, [], {}, {"hidden": 0}, {"hidden": 4096}, {"hidden": "32"}, {"hidden": 32.5}, {"cell": "gru"}),
    "scheme": (None, 3, [], "biox"),
    "tags": (None, 7, [], [1, 2], [["O"]], ["O"]),
    "intents": (None, 7, ["a"], [["a"]], [1, 2]),
    "vocabularies": (None, [], {}, {"word": []}, {"hat": ["a"]}, {"word": 5}),
    "record": (
        None,
        5,
        [],
        "seed 1",
        {"recipe": None},
        {"recipe": []},
        {"recipe": "seed 1"},
        {"seeds": 5},
        {"seeds": None},
        {"seeds": [1, "2"]},
        {"epoch": "third"},
        {"train": {"sentences": 5}},
        {"dev": {"corpus": 5, "sentences": 5}},
        {"f1": "high"},
        {"characters": 1},
        {"recipe": {"bptt": "128"}},
        {"task": {"name": "cooking", "marks": None, "case": False}},
        {"colour": "red"},
    ),
}


@pytest.mark.parametrize(("part", "value"), [(part, value) for part, values in WRONG.items() for value in values])
def test_a_document_that_makes_no_sense_is_told(path, tensors, document, part, value):
    mended = document[part] | value if isinstance(value, dict) and part == "spec" and value else value
    path.write_bytes(crafted(tensors, document | {part: mended}))
    refused(path)


@pytest.mark.parametrize("part", ["spec", "scheme", "tags", "intents", "vocabularies", "record"])
def test_a_document_without_one_of_its_parts_is_told(path, tensors, document, part):
    less = {name: value for name, value in document.items() if name != part}
    path.write_bytes(crafted(tensors, less))
    refused(path)


@pytest.mark.parametrize(
    "text", ["", "null", "5", "[]", "{}", "{", "\0", "9" * 5000, "[" * 100_000], ids=lambda text: text[:6] or "empty"
)
def test_a_document_that_is_none_is_told(path, tensors, text):
    path.write_bytes(safetensors.numpy.save(tensors, {"rnntag": text}))
    refused(path)


# Lists of names


@pytest.fixture
def listed(path):
    """A model with a list of names, and the document in its file."""
    known = {"word": Vocabulary(["to"], frozen=True), "gazetteer:cities": Gazetteer.of(["New York", "Rome", "北京"])}
    model = Model(Spec(hidden=4, embedding=4, features=tuple(known)), SCHEMES["bio"], ["O", "B-x"], known)
    save_model(model, path)
    with safetensors.safe_open(path, "numpy") as file:
        return model, json.loads(file.metadata()["rnntag"])


def test_lists_are_in_the_file(listed, path):
    model, document = listed
    assert document["vocabularies"]["gazetteer:cities"] == ["new york", "rome", "北 京"]
    again = load_model(path)
    assert again.gazetteers["cities"].entries == model.gazetteers["cities"].entries
    assert again.fingerprint() == model.fingerprint()
    before = path.read_bytes()
    save_model(again, path)
    assert path.read_bytes() == before


def test_a_flipped_bit_is_refused_wherever_it_is(listed, path):
    rng, content = random.Random(7), path.read_bytes()
    header = 8 + struct.unpack("<Q", content[:8])[0]
    for place in (*range(header), *(rng.randrange(header, len(content)) for _ in range(200))):
        damaged = bytearray(content)
        damaged[place] ^= 1 << rng.randrange(8)
        path.write_bytes(damaged)
        refused(path)


@pytest.mark.parametrize("names", [[1], 5, None, "rome", ["rome", None]])
def test_names_that_are_none_are_refused(listed, path, names):
    tensors = safetensors.numpy.load(path.read_bytes())
    document = listed[1] | {"vocabularies": {"word": ["to"], "gazetteer:cities": names}}
    path.write_bytes(crafted(tensors, document))
    assert refused(path).startswith(PARTS)


# A checkpoint


@pytest.fixture
def checkpoint():
    arrays = {"moments": np.arange(6, dtype=np.float32).reshape(2, 3), "order": np.arange(3), "one": np.array(2.5)}
    return TrainingState({"epoch": 3, "best": None, "words": ["夜"]}, arrays)


def test_a_checkpoint_is_a_model_and_more(trained, content, path, checkpoint):
    model = load_model(trained.path)
    save_model(model, path, checkpoint)
    assert load_model(path).fingerprint() == model.fingerprint()
    again, found = load_checkpoint(path)
    assert found.values == checkpoint.values
    assert found.arrays.keys() == checkpoint.arrays.keys()
    for name, array in checkpoint.arrays.items():
        assert found.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(found.arrays[name], array)
    save_model(again, path)
    assert path.read_bytes() == content


def test_a_model_without_a_checkpoint_is_told(trained):
    with pytest.raises(ModelError, match="is a model, but no checkpoint of a training"):
        load_checkpoint(trained.path)


def test_arrays_of_a_checkpoint_that_is_not_there_are_refused(path, tensors, document):
    path.write_bytes(crafted(tensors | {"checkpoint.moments": np.ones(3, np.float32)}, document))
    assert refused(path).startswith(PARTS)
    path.write_bytes(crafted(tensors, document | {"checkpoint": [1]}))
    assert refused(path).startswith(PARTS)
