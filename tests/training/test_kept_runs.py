"""Several runs that were cut short go on: those that are finished are not trained again, and the bytes are the same."""

import shutil
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from several import RECIPE, finished, popen, write_utterances
from several import job as job_of

from rnntag.errors import ModelError, RnntagError
from rnntag.formats import read_corpus
from rnntag.model.file import load_model, model_bytes
from rnntag.training.identity import identity
from rnntag.training.kept_runs import Finished, KeptRuns, folder_beside, kept_beside, place_beside
from rnntag.training.listener import Listener
from rnntag.training.reports import RunDone, RunEpoch
from rnntag.training.runs import together, train_runs, train_several

LONGER = replace(RECIPE, epochs=4, patience=4)


def job(data, recipe=LONGER):
    """A small job of some epochs."""
    return job_of(data, recipe)


@pytest.fixture(scope="module", autouse=True)
def _twins(trained):
    """All is computed by the twins, which start at once, here as in the processes of the runs."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
        yield


@pytest.fixture(scope="module")
def data(_twins, trained, tmp_path_factory):  # after the first training: the kernels are compiled
    return read_corpus(write_utterances(tmp_path_factory.mktemp("utterances")))


@pytest.fixture(scope="module")
def whole(data):
    """Three runs that nobody cut short: all that was reported."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        popen(monkeypatch)
        return list(train_runs(job(data), 3, 2))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "my.rnntag.runs"


@pytest.fixture(scope="module")
def cut_short(data, tmp_path_factory):
    """A folder of runs that were left when one was finished and the next half way, and what was reported."""
    folder = tmp_path_factory.mktemp("cut") / "my.rnntag.runs"
    with pytest.MonkeyPatch.context() as monkeypatch:
        popen(monkeypatch)
        runs, said = begun(folder, job(data), resume=False)
        assert said == []
        heard, reports = [], train_runs(job(data), 3, 1, kept=runs)
        for progress in reports:
            heard.append(progress)
            if isinstance(progress, RunEpoch) and (progress.run, progress.epoch.epoch) == (2, 2):
                break  # what was kept of it is of the first epoch at least
        reports.close()
    left = [name for name in names(folder) if not name.startswith(".")]  # a process that is killed may just be writing
    assert left == ["seed5.rnntag", "seed6.rnntag.checkpoint"]
    return folder, [progress for progress in heard if isinstance(progress, RunEpoch)]


@pytest.fixture(scope="module")
def gone_on(data, cut_short, tmp_path_factory):
    """A folder of runs that went on from there to their end, and what was reported."""
    folder = shutil.copytree(cut_short[0], tmp_path_factory.mktemp("on") / "my.rnntag.runs")
    with pytest.MonkeyPatch.context() as monkeypatch:
        started = popen(monkeypatch)
        runs, said = begun(folder, job(data))
        assert said == [f"going on with {folder}: 1 finished, 1 under way"]
        reports = list(train_runs(job(data), 3, 2, kept=runs))
    assert len(started) == 2
    return folder, reports


def kept(folder, resume=False):
    """The folder, and what is said of it."""
    said = []
    return KeptRuns(folder, resume, said.append, said.append), said


def begun(folder, work, seeds=range(5, 8), resume=True):
    """The folder, with the runs of a job begun in it, and what is said of it."""
    runs, said = kept(folder, resume)
    runs.begin(identity(work), seeds)
    return runs, said


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def learned(reports):
    """Of each run its epochs, without times, and the bytes of its model."""
    epochs = [(each.run, each.epoch.epoch, each.epoch.scores, each.epoch.loss) for each in reports if not ended(each)]
    return sorted(epochs, key=lambda each: each[:2]), [model_bytes(run.model) for run in finished(reports)]


def ended(report):
    return isinstance(report, RunDone)


def test_its_place_is_beside_the_output():
    assert folder_beside("models/my.rnntag") == "models/my.rnntag.runs"


def test_a_finished_run_comes_back_as_it_was(data, whole, tmp_path):
    [first, *_] = finished(whole)
    epochs = [each.epoch for each in whole if not ended(each) and each.run == 1]
    (tmp_path / "seed5.rnntag.checkpoint").write_bytes(b"of the last epoch")
    place = str(tmp_path / "seed5.rnntag")
    Finished(first.model, ["some warning"], epochs).save(place, identity(job(data)))
    assert names(tmp_path) == ["seed5.rnntag"]
    found, _ = Finished.load(place)
    assert (found.warnings, found.epochs) == (["some warning"], epochs)
    assert model_bytes(found.model) == model_bytes(load_model(place)) == model_bytes(first.model)


def test_runs_go_on_where_they_were_left_and_none_is_trained_twice(data, whole, gone_on, folder, monkeypatch):
    complete, reports = gone_on
    assert learned(reports) == learned(whole)
    assert names(complete) == ["seed5.rnntag", "seed6.rnntag", "seed7.rnntag"]
    started = popen(monkeypatch)
    runs, _ = begun(shutil.copytree(complete, folder), job(data))
    assert learned(list(train_runs(job(data), 3, 2, kept=runs))) == learned(whole)
    assert started == []
    runs.remove()
    assert not folder.exists()


def test_what_was_done_is_not_done_again_but_told_again(cut_short, gone_on):
    """Times are the same as well only where nothing was trained in them."""
    told = [progress for progress in gone_on[1] if isinstance(progress, RunEpoch)]
    kept = [progress for progress in cut_short[1] if (progress.run, progress.epoch.epoch) != (2, 2)]
    assert len(kept) == 5
    assert all(progress in told for progress in kept)


def test_all_of_them_as_one_are_the_same_as_well(data, whole, gone_on, folder):
    runs, _ = kept(shutil.copytree(gone_on[0], folder), resume=True)
    several = train_several(job(data), 3, 2, True, Listener(), (), runs)
    assert model_bytes(several.averaged) == model_bytes(together(finished(whole), data))
    assert len(several.averaged.members) == 3


def test_runs_that_were_stopped_are_not_taken_for_finished(data, whole, folder, monkeypatch):
    popen(monkeypatch)
    runs, _ = begun(folder, job(data), resume=False)
    asked, stopped = Event(), []
    for progress in train_runs(job(data), 3, 2, asked.is_set, runs):
        asked.set()
        stopped += [progress.run] * ended(progress)
    assert 1 in stopped
    assert all(name.endswith(".checkpoint") for name in names(folder))
    reports = list(train_runs(job(data), 3, 2, kept=begun(folder, job(data))[0]))
    assert learned(reports) == learned(whole)


def test_of_fewer_runs_only_those_are_taken_and_of_more_the_others_are_trained(
    data, whole, gone_on, folder, monkeypatch
):
    started = popen(monkeypatch)
    shutil.copytree(gone_on[0], folder)
    (folder / "seed7.rnntag").unlink()
    runs, said = begun(folder, job(data), range(5, 6))
    [*_, end] = train_runs(job(data), 1, 1, kept=runs)
    assert started == []
    assert model_bytes(end.model) == model_bytes(finished(whole)[0].model)
    shutil.copy(folder / "seed5.rnntag", folder.parent)
    runs.remove()
    assert said[1:] == [f"{folder} stays, for it holds more than was asked for: seed 6"]
    assert names(folder) == ["seed6.rnntag"]
    shutil.copy(folder.parent / "seed5.rnntag", folder)
    reports = list(train_runs(job(data), 3, 2, kept=begun(folder, job(data))[0]))
    assert len(started) == 1
    assert learned(reports) == learned(whole)


# What is there before


def test_with_nothing_to_go_on_with_that_is_said(folder):
    said = f"nothing to resume: there is no {folder}; the training begins at the beginning"
    assert kept(folder, resume=True)[1] == [said]
    folder.mkdir()  # by a command that was killed before the first epoch's end
    assert kept(folder, resume=True)[1] == [said]
    assert kept(folder)[1] == []


def test_without_resume_what_is_there_is_told_of_and_removed(data, folder):
    folder.mkdir()
    left = ("seed5.rnntag", "seed12.rnntag.checkpoint", ".seed6.rnntag.checkpoint.abc", ".seed12.rnntag.x")
    for name in left:
        (folder / name).write_bytes(b"")
    runs, said = kept(folder)
    of = f"{folder} is of runs that were cut short (1 finished, 1 under way)"
    aside = folder.with_name(f"{folder.name}.old")
    assert said == [f"{of}; it goes to {aside}, and away in the end; --resume goes on with them"]
    assert names(folder) == sorted(left)
    runs.begin(identity(job(data)), range(5, 8))
    assert names(folder) == []
    assert names(aside) == sorted(left)  # these runs may be stopped before they have come to anything
    runs.remove()
    assert not folder.exists()
    assert not aside.exists()


@pytest.mark.parametrize("resume", [False, True])
def test_something_else_in_its_place_is_left_alone(folder, resume):
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(RnntagError) as told:
        kept(folder, resume)
    hint = "hint: move it away, or name another place with -o"
    assert str(told.value) == f"{folder}: stands where the folder of the runs goes, and holds notes.txt\n{hint}"
    place = folder / "notes.txt"
    with pytest.raises(RnntagError) as told:
        kept(place, resume)
    assert str(told.value) == f"{place}: stands where the folder of the runs goes, and is not one\n{hint}"
    assert names(folder) == ["notes.txt"]


def test_runs_of_another_training_are_refused_by_name(data, cut_short):
    folder, _ = cut_short
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(ModelError) as told:
        begun(folder, job(data, replace(LONGER, dropout=0.25)))
    place = folder / "seed5.rnntag"
    assert str(told.value).startswith(f"{place}: is of another training: dropout was 0.5 and is 0.25\nhint: ")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_number_of_a_run_does_not_matter_but_its_seed(data, cut_short):
    folder, _ = cut_short
    _, said = begun(folder, job(data, replace(LONGER, seed=6)), range(6, 9))
    assert said == [f"going on with {folder}: 0 finished, 1 under way"]


@pytest.mark.parametrize("name", ["seed5.rnntag", "seed6.rnntag.checkpoint"])
def test_a_damaged_file_is_told_with_the_way_to_train_that_seed_again(data, cut_short, folder, name):
    place = shutil.copytree(cut_short[0], folder) / name
    place.write_bytes(place.read_bytes()[:-1])
    with pytest.raises(ModelError) as told:
        begun(folder, job(data))
    assert told.value.where == str(place)
    assert told.value.hint == f"rm {place}  # its seed is then trained again"


def test_a_checkpoint_under_the_name_of_a_finished_run_is_told(data, cut_short, folder):
    shutil.copytree(cut_short[0], folder)
    (folder / "seed6.rnntag.checkpoint").rename(folder / "seed6.rnntag")
    with pytest.raises(ModelError, match=r"seed6.rnntag: is not of a run that is finished \(KeyError: 'reports'\)"):
        begun(folder, job(data))


@pytest.mark.parametrize(("runs", "kind"), [(1, "of several runs"), (2, "without --runs")])
def test_what_is_of_the_other_kind_of_training_is_told_of_and_stays(tmp_path, runs, kind):
    other, said = Path(place_beside(tmp_path / "model", 3 - runs)), []
    other.mkdir()
    kept_beside(tmp_path / "model", runs, False, said.append, pytest.fail)
    assert said == [f"{other} stays as it is: it is of a training {kind}"]
    assert other.exists()
