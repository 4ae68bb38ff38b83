"""Folders of files, read and written."""

import pytest

from rnntag.data.bio import SCHEMES
from rnntag.errors import CorpusError
from rnntag.formats.output import Output


def write_folder(path, format, sentences, scheme="bio"):
    """Write sentences one by one; the folder as its files' names and texts."""
    with Output(format, SCHEMES[scheme], str(path)) as out:
        for sentence in sentences:
            out.write([sentence])
    return {file.name: file.read_bytes().decode() for file in path.iterdir()}


def write_fault(path, format, sentences):
    """What is said of sentences that cannot be written; then there is no folder."""
    with pytest.raises(CorpusError) as caught:
        write_folder(path, format, sentences)
    assert not path.exists()
    return str(caught.value)


SLOTS = {
    "seq.in": "flights to new york\n\nhi\n去 北 京\n",
    "seq.out": "O O B-city I-city\n\nO\nO B-city I-city\n",
    "label": "flight\n\ngreet you\n\n",
}


STAND_OFF = {
    "a.txt": "Don't fly to  Oslo.\n\n 北京 😀 Bergen \nfin",
    "a.ann": "T1\tcity 14 18\tOslo\nT2\tcity 22 24\t北京\nT3\tcity 27 33\tBergen\n",
    "b.txt": "to Rome\n",
    "b.ann": "",
}
