"""``rnntag convert`` as a shell runs it."""

import gzip

from shell import SAMPLE, run

CORPUS = "# intent = go\nto\tO\nnew\tB-city\nyork\tI-city\n\nhere\tO\n\n"


def test_a_corpus_goes_through_unchanged():
    assert run("convert", text=CORPUS) == (0, CORPUS, "")


def test_another_scheme():
    found = run("convert", "--to-scheme", "bioes", text=CORPUS)
    assert found == (0, CORPUS.replace("york\tI-city", "york\tE-city"), "")
    found = run("convert", "--to-scheme", "bilou", text=found.out)
    assert found == (0, CORPUS.replace("york\tI-city", "york\tL-city"), "")
    assert run("convert", "--to-scheme", "bio", text=found.out) == (0, CORPUS, "")


def test_tags_of_tokens_have_no_spans_to_rewrite():
    found = run("convert", "--to-scheme", "bio", text="it\tPRON\nis\tAUX\n\n")
    fault = "Error: -: each token has a tag of its own, and no spans\nhint: leave --to-scheme out\n"
    assert found == (1, "", fault.replace("-:", "<stdin>:"))


def test_columns_by_number_and_by_name():
    table = "id\tner\tword\n1\tB-city\tOslo\n2\tO\t!\n\n"
    wanted = "1\tOslo\tB-city\n2\t!\tO\n\n"
    assert run("convert", "--token-column", "word", "--tag-column", "ner", text=table) == (0, wanted, "")
    assert run("convert", "--token-column", 3, "--tag-column", 2, text=table.partition("\n")[2]) == (0, wanted, "")
    fault = "Error: <stdin>:1: no column is called 'form'\nhint: there are: id, ner, word\n"
    assert run("convert", "--token-column", "form", text=table) == (1, "", fault)


def test_inline_and_back(tmp_path):
    found = run("convert", "--to", "inline", text=CORPUS)
    assert found == (0, "to [new york](city)\tgo\nhere\n", "")


def test_a_file_is_compressed_by_its_name_and_appears_whole(tmp_path):
    assert run("convert", "-o", "out.conll.gz", text=CORPUS, cwd=tmp_path) == (0, "", "")
    assert gzip.decompress((tmp_path / "out.conll.gz").read_bytes()).decode() == CORPUS
    assert run("convert", "out.conll.gz", cwd=tmp_path) == (0, CORPUS, "")
    broken = run("convert", "-o", "out.conll.gz", text=CORPUS + "lost\n", cwd=tmp_path)
    assert broken.status == 1
    assert broken.err.startswith("replacing out.conll.gz\nError: <stdin>:8: 1 column, but 2 in the lines before\n")
    assert gzip.decompress((tmp_path / "out.conll.gz").read_bytes()).decode() == CORPUS
    assert [path.name for path in tmp_path.iterdir()] == ["out.conll.gz"]


def test_a_folder_is_made_for_formats_that_are_folders(tmp_path):
    assert run("convert", "--to", "brat", "-o", "new/folder/", text=CORPUS, cwd=tmp_path) == (0, "", "")
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == ["sentences.ann", "sentences.txt"]
    fault = "Error: other/: is the name of a folder, but conll is one file\n"
    hint = "hint: name a file in it, or a format that is a folder: --to brat, --to seq\n"
    assert run("convert", "-o", "other/", text=CORPUS, cwd=tmp_path) == (1, "", fault + hint)


def test_several_files_and_none(tmp_path):
    (tmp_path / "a.conll").write_text(CORPUS)
    assert run("convert", "a.conll", "a.conll", cwd=tmp_path) == (0, CORPUS * 2, "")
    assert run("convert", "a.conll", "b.conll", cwd=tmp_path) == (1, "", "Error: b.conll: no such file\n")
    assert run("convert", text="") == (0, "", "")


def test_plain_text_and_characters():
    assert run("convert", "--from", "plain", text="我要 go.\n").out == "我要\ngo.\n\n"
    assert run("convert", "--from", "plain", "--characters", text="我要 go.\n").out == "我\n要\ngo\n.\n\n"
    assert run("convert", "--untagged", text="a\tDT\n\n").out == "a\tDT\n\n"


def test_a_real_corpus_is_the_same_after_a_way_through_another_scheme():
    text = (SAMPLE / "dev.conll").read_text("utf-8")
    there = run("convert", "--to-scheme", "bmes", SAMPLE / "dev.conll")
    assert there.out != text
    assert run("convert", "--to-scheme", "bio", text=there.out) == (0, text, "")


def test_tags_that_would_be_lost_are_faults():
    found = run("convert", "--to", "inline", text="a\tB-time\nb\tb-time\nc\tB-date\n\n")
    assert (found.status, found.out) == (1, "")
    assert found.err.startswith("Error: <stdin>:2: tag 'b-time' is not a tag of BIO\n")


def test_what_tags_mean_is_seen_by_the_first_that_are_not_o(tmp_path):
    """However slowly they come."""
    many = ("a\tO\n" * 20 + "\n") * 5_000 + "b\tS-x\n\n"  # more than one read gives
    assert run("convert", "--to-scheme", "bio", text=many).out.endswith("\n\nb\tB-x\n\n")
