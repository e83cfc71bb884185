"""Text is read as what it is stored as, or the ways it may be are named; wrong letters never make a place."""

import re
import sys

import pytest

from simulation.importers.choices import ENCODINGS
from simulation.importers.delimited import known_encoding
from simulation.importers.importer import choices_of
from simulation.scenario import ProblemError
from tests.simulation.importers.maps import said, taken

RUSSIAN = "Label,Type\nГорсовет Нижнего,Орган власти\nФонд Мост,НКО\nБольница номер два,Здравоохранение\n"
JAPANESE = "Label,Type\n市役所,行政\nあおぞら財団,非営利団体\nさくら病院,医療機関\n"
FRENCH = "Label,Type\nCafé de Créteil,Association\nMairie de Sète,Collectivité\nÉcole Zoë,Éducation\n"
SPANISH = "Label,Type\nAlcaldía de León,Gobierno\nFundación Niños,ONG\n"
POLISH = "Label,Type\nUrząd Łódź,Urząd\nFundacja Gdańsk,Fundacja\n"
GREEK = "Label,Type\nΔήμος Αθηναίων,Δήμος\nΝοσοκομείο,Υγεία\n"
CHINESE = "Label,Type\n市政府,政府\n青空基金会,非营利\n"
KOREAN = "Label,Type\n시청,정부\n푸른재단,비영리\n"
STORED = (
    (RUSSIAN, "windows-1251 koi8-r cp866 mac-cyrillic"), (JAPANESE, "shift-jis euc-jp"),
    (FRENCH, "windows-1252 latin-1 mac-roman cp850"), (SPANISH, "windows-1252 mac-roman cp850"),
    (POLISH, "windows-1250 iso-8859-2"), (GREEK, "windows-1253"), (CHINESE, "gb18030"), (KOREAN, "euc-kr"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "encoding"), [(text, encoding) for text, encodings in STORED for encoding in encodings.split()]
)
def test_letters_come_out_right_or_the_right_way_is_among_those_offered(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    right = [line.split(",")[0] for line in text.splitlines()[1:]]
    try:
        imported = taken(content)
    except ProblemError as error:
        offered = re.findall(r"--encoding ([\w-]+)", str(error))
        assert encoding in offered[:4]
        imported = taken(content, encoding=encoding)
    else:
        assert "not UTF-8: read as" in said(imported)
    assert [one.name for one in imported.organisations] == right


@pytest.mark.parametrize("encoding", ["windows-1251", "shift-jis", "mac-roman"])
def test_the_usual_ones_are_read_unasked_or_offered_first(encoding: str) -> None:
    text = {"windows-1251": RUSSIAN, "shift-jis": JAPANESE, "mac-roman": FRENCH}[encoding]
    try:
        words = said(taken(text.encode(encoding)))
    except ProblemError as error:
        words = str(error)
    assert re.findall("|".join(ENCODINGS), words.replace("UTF-8", ""))[0] == encoding


def test_one_short_word_is_not_guessed_against_the_odds() -> None:
    with pytest.raises(ProblemError, match="windows-1251"):
        taken("Label,Type\nЦентр,Charity\nCouncil,Council\n".encode("windows-1251"))
    with pytest.raises(ProblemError, match="mac-roman"):
        taken("Label,Type\nLeón,Charity\nCouncil,Council\n".encode("mac-roman"))
    western = taken("Label,Type\nLove – the charity’s £5 café,Charity\n".encode("windows-1252"))
    assert western.organisations[0].name == "Love – the charity’s £5 café"


def test_an_encoding_goes_by_any_of_its_names() -> None:
    assert known_encoding("SJIS") == known_encoding("Shift_JIS") == "shift-jis"
    assert known_encoding("cp1251") == "windows-1251"
    assert choices_of(encoding="Macintosh").encoding == "mac-roman"
    for name in ENCODINGS:
        assert known_encoding(name) == name
    with pytest.raises(ProblemError, match="none of the choices"):
        choices_of(encoding="zlib_codec")


@pytest.mark.parametrize("wide", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_offered(wide: str) -> None:
    with pytest.raises(ProblemError, match=f"--encoding {wide}"):
        taken(FRENCH.encode(wide))
    assert taken(FRENCH.encode(wide), encoding=wide).organisations[0].name == "Café de Créteil"


def test_without_charset_normalizer_the_importer_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "charset_normalizer", None)
    assert taken(FRENCH.encode("windows-1252")).organisations[0].name == "Café de Créteil"
    for text, encoding in ((RUSSIAN, "windows-1251"), (JAPANESE, "shift-jis"), (FRENCH, "mac-roman")):
        with pytest.raises(ProblemError, match=r"pip install 'system-behaviours\[import\]'"):
            taken(text.encode(encoding))
        assert taken(text.encode(encoding), encoding=encoding).organisations


@pytest.mark.parametrize("encoding", ["windows-1251", "shift_jis", "iso-8859-1", "utf-16"])
def test_xml_is_stored_as_it_says_itself(encoding: str) -> None:
    name = {"windows-1251": "Горсовет", "shift_jis": "市役所"}.get(encoding, "Café")
    graph = f'<gexf><graph><nodes><node id="1" label="{name}"/></nodes></graph></gexf>'
    text = f'<?xml version="1.0" encoding="{encoding}"?>{graph}'
    assert taken(text.encode(encoding)).organisations[0].name == name


def test_xml_that_does_not_say_is_read_as_text_is() -> None:
    text = '<gexf><graph><nodes><node id="1" label="Café"/></nodes></graph></gexf>'
    imported = taken(text.encode("windows-1252"))
    assert imported.organisations[0].name == "Café"
    assert "read as Windows-1252" in said(imported)
