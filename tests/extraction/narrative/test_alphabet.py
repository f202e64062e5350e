"""One id a character; digits by the length of their run; years by whose they are."""

from hypothesis import given, settings
from hypothesis import strategies as st

from extraction.narrative.alphabet import SPECIALS, UNKNOWN, Alphabet

ALPHABET = Alphabet("公开信息年条件,. \n")


def names(text, year=None):
    return [
        SPECIALS[i] if i < len(SPECIALS) else ALPHABET.characters[i - len(SPECIALS)]
        for i in ALPHABET.encode(text, year=year)
    ]


@settings(deadline=None)
@given(st.text(max_size=80))
def test_one_id_a_character(text):
    ids = ALPHABET.encode(text)
    assert len(ids) == len(text)
    assert all(0 <= i < len(ALPHABET) for i in ids)


def test_numbers_of_one_length_look_alike():
    assert (ALPHABET.encode("公开2802条") == ALPHABET.encode("公开7482条")).all()
    assert names("9件12条1234567") == ["<1>", "件", "<2>", "<2>", "条"] + ["<6>"] * 7


def test_full_width_digits_are_digits():
    assert (ALPHABET.encode("公开１２条，") == ALPHABET.encode("公开12条,")).all()


def test_years_are_told_apart_by_the_report():
    assert set(names("2019", 2019)) == {"<this>"}
    assert set(names("2018", 2019)) == {"<past>"}
    assert set(names("2020", 2019)) == set(names("2020")) == {"<year>"}
    assert set(names("2802", 2019)) == {"<4>"}


def test_strange_characters_are_unknown():
    assert ALPHABET.encode("鑫😀")[0] == ALPHABET.encode("鑫😀")[1] == UNKNOWN


def test_an_alphabet_survives_its_file(tmp_path):
    ALPHABET.save(tmp_path / "a.json")
    assert Alphabet.load(tmp_path / "a.json").characters == ALPHABET.characters


def test_counting_keeps_the_frequent_and_no_digits():
    counted = Alphabet.count(["公公公开开信12", "公"], at_least=2)
    assert counted.characters == ("公", "开")
