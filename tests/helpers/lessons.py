"""Small models that punctuate, taught by the command line on a few lines of text."""

import pytest
from shell import run

LESSON = """Well, is it late? Yes. He said it was late, but nobody listened. Why not, she asked. I do not know.

When the rain stopped, we went out. The streets were wet, the air was cold, and nobody was there. Is that strange? No.
"""
HANZI = "你好，今天去哪里？我去学校，他不去。\n\n天气很好，我们出去吧。他说：“好，走吧。”你呢？\n"
WORDS = "well is it late yes he said it was late but nobody listened"
PUNCTUATED = "Well, is it late? Yes. He said it was late, but nobody listened."


class Models:
    """Small models that have learnt a lesson by heart, made when they are first asked for."""

    def __init__(self, folder):
        self.folder, self.made = folder, {}

    def __call__(self, name, lesson, *options):
        if name not in self.made:
            (self.folder / f"{name}.txt").write_text((lesson + "\n") * 30, "utf-8")
            small = ("--hidden", 32, "--embedding", 16, "--epochs", 25, "--quiet")
            outcome = run(
                "train",
                "--task",
                "punctuation",
                f"{name}.txt",
                "-o",
                f"{name}.rnntag",
                *small,
                *options,
                cwd=self.folder,
            )
            assert outcome.status == 0, outcome.err
            self.made[name] = self.folder / f"{name}.rnntag"
        return self.made[name]

    @property
    def both(self):
        return self("both", LESSON)

    @property
    def live(self):
        return self("live", LESSON, "--look-ahead", 2)

    @property
    def hanzi(self):
        return self("hanzi", HANZI)


@pytest.fixture(scope="session")
def models(tmp_path_factory):
    return Models(tmp_path_factory.mktemp("models"))


def unmarked(text):
    """What came in, if it had no marks and no capitals."""
    return "".join(letter for letter in text if letter not in ",.?").lower()
