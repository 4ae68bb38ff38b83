"""Measures everything, one benchmark after the other, and writes the figures into the pages.

    python benchmarks/figures.py [--corpora DIR] [--only NAME,...] [--long] [--measure | --write] [--smoke]

DIR holds the folders of public corpora that `CORPORA` names, each with train.conll and dev.conll; one that is absent
is left out, and without DIR speeds are those on the sample corpora. Results are kept as JSON in benchmarks/results, so
that --write alone writes the pages anew, and --measure leaves the pages alone. A table goes between the lines
`<!-- figures: NAME -->` and `<!-- end -->` of its page, and ends with how, where, when and at which commit it was
measured. A page or a block that is not there is told of.

With --smoke all of it runs in seconds, on a few sentences, and writes into copies of the pages that are thrown away.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import click
from measure import ROOT, SAMPLE, SAMPLE_TEXT, Rows, shown

HERE = Path(__file__).parent
RESULTS = HERE / "results"
CORPORA = {
    "atis": "ATIS, slots",
    "snips": "SNIPS, slots",
    "cais": "CAIS, slots, Chinese by character",
    "conll2000": "CoNLL-2000, chunks",
    "ud_english_ewt": "UD English EWT, parts of speech",
    "punct_en_ted": "TED talks, punctuation",
}
PUNCTUATION, TREEBANK = "punct_en_ted", "ud_english_ewt"
BY_TOKEN = (TREEBANK,)  # what is scored is accuracy
PICTURES = ("growth", "streaming")
# Of running text, so that six models are trained within five minutes.
SHORT = {
    PUNCTUATION: ["--words", "300000", "--with", "--epochs 3 --consistency 0"],
    SAMPLE_TEXT.name: ["--with", "--epochs 5"],
}

Results = dict[str, dict[str, Any]]  # of each benchmark, as it wrote it


def say(sentence: str) -> None:
    """Talk, on standard error."""
    click.echo(sentence, err=True)


# Measuring.


def commands(there: dict[str, Path], long: bool, results: Path) -> dict[str, list[str]]:
    """Each benchmark's arguments; ``there`` are the public corpora at hand."""
    scored = [str(folder) for name, folder in there.items() if name != PUNCTUATION or long]
    atis, snips, text = (there.get(name, SAMPLE) for name in ("atis", "snips", PUNCTUATION))
    text = text if text != SAMPLE else SAMPLE_TEXT
    pictures = {name: ["--svg", str(results / f"{name}.svg")] for name in PICTURES}
    return {
        "startup": [],
        "roofline": [],
        "growth": pictures["growth"],
        "speed": [str(atis)],
        "against": [str(atis)],
        "conversion": [str(snips), "--megabytes", "100"],
        "warm_start": [str(SAMPLE), *([str(atis)] if atis != SAMPLE else [])],
        "gazetteers": [str(SAMPLE), *([str(snips)] if snips != SAMPLE else []), "--with", "--epochs 12"],
        "streaming": [str(text), *SHORT[text.name], *pictures["streaming"]],
        "kills": [str(atis)],
        "endless": ["--millions", "1"],
        "raw_text": [str(there.get(TREEBANK, SAMPLE))],
        "accuracy": [*(scored or [str(SAMPLE)]), "--seeds", "1"],
    } | {name: [] for name in BY_HAND}


def measure(name: str, arguments: Sequence[str], results: Path, smoke: bool) -> bool:
    """Run a benchmark, and say how long it took; False if it failed. A smoke test is silent unless it fails."""
    began = time.monotonic()
    command = [sys.executable, str(HERE / f"{name}.py"), *arguments, "--json", str(results / f"{name}.json")]
    done = subprocess.run(
        [*command, *(["--smoke"] if smoke else [])],
        stdout=subprocess.PIPE if smoke else None,
        stderr=subprocess.STDOUT if smoke else None,
        text=True,
    )
    if done.returncode and done.stdout:
        say(done.stdout)
    say(f"{name}: {'failed after ' if done.returncode else ''}{time.monotonic() - began:.0f} s")
    return done.returncode == 0


# Tables.


def markdown(rows: Rows) -> str:
    """Rows as a table: text to the left, figures to the right."""
    kinds = {name: isinstance(value, str) for name, value in rows[0].items()}
    lines = [" | ".join(kinds), " | ".join("---" if text else "--:" for text in kinds.values())]
    lines += [" | ".join(shown(row.get(name, "")) for name in kinds) for row in rows]
    return "\n".join(f"| {line} |" for line in lines)


def measured_as(result: dict[str, Any], command: str | None = None) -> str:
    """The line below a table."""
    return f"*`{command or result['command']}`; {result['machine']}; {result['date']}; commit {result['commit']}*"


def titled(result: dict[str, Any]) -> str:
    """All tables of a benchmark under their titles, then how they were measured."""
    tables = [f"{title[0].upper()}{title[1:]}:\n\n{markdown(rows)}" for title, rows in result["tables"].items()]
    return "\n\n".join([*tables, measured_as(result)])


def alone(result: dict[str, Any], rows: Rows) -> str:
    """Some rows of a benchmark, then how they were measured."""
    return "\n\n".join([markdown(rows), measured_as(result)])


def picked(rows: Iterable[dict[str, Any]], *columns: str) -> Rows:
    """Only some columns."""
    return [{column: row[column] for column in columns} for row in rows]


def named(corpus: str) -> str:
    """A corpus as a table names it."""
    return CORPORA.get(corpus, corpus)


def dev_scores(accuracy: dict[str, Any]) -> Rows:
    """The rows that tell of dev, under the names of the corpora."""
    return [row | {"corpus": named(row["corpus"])} for row in accuracy["tables"]["scores"] if row["scored"] == "dev"]


def accuracy(results: Results) -> str:
    """What models trained by the default command score on dev, and what they cost."""
    kept = [
        "corpus",
        "seeds",
        "F1",
        "token accuracy",
        "intent",
        "utterance",
        "epochs",
        "seconds",
        "peak MB",
        "model MB",
    ]
    return alone(results["accuracy"], picked(dev_scores(results["accuracy"]), *kept))


def training(results: Results) -> str:
    """Words a second of training: by default, and against others doing the same work."""
    ratios = [row for row in results["against"]["tables"]["ratios"] if row["what"].startswith("training")]
    ours = alone(results["speed"], results["speed"]["tables"]["training"])
    return "\n\n".join([ours, alone(results["against"], ratios)])


def tagging(results: Results) -> str:
    """The same of tagging."""
    ratios = [row for row in results["against"]["tables"]["ratios"] if not row["what"].startswith("training")]
    ours = alone(results["speed"], results["speed"]["tables"]["tagging"])
    return "\n\n".join([ours, alone(results["against"], ratios)])


def growth(results: Results) -> str:
    """All sweeps in one table."""
    rows = [
        {"size": name, "value": row[name]} | {column: row[column] for column in row if column != name}
        for name, sweep in results["growth"]["tables"].items()
        for row in sweep
    ]
    return alone(results["growth"], rows)


def summary(results: Results) -> str:
    """At most twelve rows: speed against others, start-up, scores on dev."""
    rows = []
    for row in results["against"]["tables"]["ratios"]:
        if row["against"] != "1 thread" and not row["what"].startswith("forward"):
            theirs = f"{row['against']}: {row['theirs, words/s']:,}"
            rows.append((row["what"], f"{row['ours, words/s']:,} words/s", theirs, f"{row['ratio']:.1f}"))
    for row in results["startup"]["tables"]["commands"]:
        theirs = f"{row['against']}: {row['its s']:.2f} s"
        rows.append((row["command"], f"{row['s']:.2f} s", theirs, f"{row['ratio']:.2f}"))
    for row in results["accuracy"]["tables"]["scores"]:
        if row["scored"] == "dev":
            figure = "token accuracy" if row["corpus"] in BY_TOKEN else "F1"
            rows.append((f"{named(row['corpus'])}: {figure} on dev", shown(row[figure]), "", ""))
    scored = {row["corpus"] for row in results["accuracy"]["tables"]["scores"]}
    if PUNCTUATION in results["streaming"]["command"] and PUNCTUATION not in scored:
        both = results["streaming"]["tables"]["waiting"][-1]
        rows.append((f"{named(PUNCTUATION)}, trained on a part: F1 on dev", shown(both["F1"]), "", ""))
    table = markdown([dict(zip(("what", "rnntag", "against", "ratio"), row, strict=True)) for row in rows])
    where = {measured_as(results[name], "make figures") for name in BLOCKS["summary"][0]}
    return "\n\n".join([table, *sorted(where)])


def all_of(name: str) -> Callable[[Results], str]:
    """The block that is all tables of one benchmark."""
    return lambda results: titled(results[name])


BY_HAND = ("flips", "flips_of_code", "faults")  # those that take long are run if they are asked for by --only
PROMISES = ("kills", "endless", "flips")
# A block's name: the benchmarks it needs, and what it says.
BLOCKS: dict[str, tuple[tuple[str, ...], Callable[[Results], str]]] = {
    "summary": (("against", "startup", "accuracy", "streaming"), summary),
    "accuracy": (("accuracy",), accuracy),
    "training": (("speed", "against"), training),
    "tagging": (("speed", "against"), tagging),
    "growth": (("growth",), growth),
} | {
    name: ((name,), all_of(name))
    for name in ("roofline", "startup", "conversion", "streaming", "raw_text", "gazetteers", *PROMISES)
}
UNWRITTEN = ("recipe",)  # it is run by hand alone, but its code must run
PAGES = {
    "README.md": ("summary",),
    "docs/promises.md": PROMISES,
    "docs/figures.md": tuple(name for name in BLOCKS if name not in ("summary", *PROMISES)),
}


# Writing.


def filled(page: str, name: str, block: str) -> str | None:
    """The page with a block between its two lines; None where it has none of that name."""
    begin, end = f"<!-- figures: {name} -->", "<!-- end -->"
    found = re.search(f"{re.escape(begin)}\n.*?{re.escape(end)}", page, re.DOTALL)
    return page[: found.start()] + f"{begin}\n{block}\n{end}" + page[found.end() :] if found else None


def write(results: Path, pages: Path) -> None:
    """Write what has been measured into the pages that there are."""
    kept = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in results.glob("*.json")}
    missing = {name: [need for need in needs if need not in kept] for name, (needs, _) in BLOCKS.items()}
    blocks = {name: made(kept) for name, (_, made) in BLOCKS.items() if not missing[name]}
    for page, names in PAGES.items():
        path = pages / page
        if not path.exists():
            say(f"{page} is not there: its figures are written nowhere")
            continue
        text = path.read_text(encoding="utf-8")
        for name in names:
            if name not in blocks:
                say(f"{page}: {name} stays as it is, for {' and '.join(missing[name])} was not measured")
            elif (changed := filled(text, name, blocks[name])) is None:
                say(f"{page} has no block <!-- figures: {name} -->")
            else:
                text = changed
        path.write_text(text, encoding="utf-8")
    for name in PICTURES:
        if (picture := results / f"{name}.svg").exists() and (pages / "benchmarks").exists():
            shutil.copyfile(picture, pages / "benchmarks" / picture.name)


def smoke_test(names: Sequence[str]) -> bool:
    """All of it on a few sentences, two benchmarks at a time; False if any failed."""
    with tempfile.TemporaryDirectory() as scratch:
        results, pages = Path(scratch, "results"), Path(scratch, "pages")
        results.mkdir()
        for page in PAGES:
            (pages / page).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / page).exists():
                shutil.copyfile(ROOT / page, pages / page)
        arguments = commands({}, True, results) | {name: [] for name in UNWRITTEN}
        with ThreadPoolExecutor(2) as pool:
            fine = list(pool.map(lambda name: measure(name, arguments[name], results, True), names))
        if all(fine):
            write(results, pages)
            subprocess.run(
                [sys.executable, HERE / "compare.py", results, results], stdout=subprocess.DEVNULL, check=True
            )
        return all(fine)


@click.command(help=__doc__.replace("\n\n", "\n\n\b\n"))
@click.option("--corpora", type=click.Path(exists=True, file_okay=False, path_type=Path), help="The public corpora.")
@click.option("--only", help="Benchmarks, parted by commas.")
@click.option("--long", is_flag=True, help="Score punct_en_ted by the default command as well: some ten minutes more.")
@click.option("--measure", "step", flag_value="measure", help="Leave the pages alone.")
@click.option("--write", "step", flag_value="write", help="Measure nothing.")
@click.option(
    "--results", type=click.Path(file_okay=False, path_type=Path), default=RESULTS, help="Where JSON is kept."
)
@click.option(
    "--pages", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT, help="Whose pages."
)
@click.option("--smoke", is_flag=True, help="All the code on a few sentences, in seconds.")
def main(
    corpora: Path | None, only: str | None, long: bool, step: str | None, results: Path, pages: Path, smoke: bool
) -> None:
    there = {name: corpora / name for name in CORPORA if corpora and (corpora / name / "train.conll").exists()}
    known = commands(there, long, results)
    names = only.split(",") if only else [name for name in known if smoke or name not in BY_HAND]
    if unknown := [name for name in names if name not in known]:
        raise click.UsageError(f"{unknown[0]}: is no benchmark; there are {', '.join(known)}")
    if smoke:
        sys.exit(0 if smoke_test(names if only else [*names, *UNWRITTEN]) else 1)
    results.mkdir(parents=True, exist_ok=True)
    failed: list[str] = []
    if step != "write":
        if absent := [name for name in CORPORA if name not in there]:
            say(f"left out, for want of --corpora DIR with them: {', '.join(absent)}")
        failed = [name for name in names if not measure(name, known[name], results, False)]
    if step != "measure":
        write(results, pages)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
