"""Words tell what an organisation is, in several languages; people and things are none; names may decide."""

import tomllib
from importlib.resources import files

import pytest

from simulation.importers.kinds import guess_kind, in_order, is_no_organisation, languages
from simulation.scenario import ProblemError
from simulation.vocabulary import KIND_IDS
from tests.simulation.importers.maps import said, taken

MAPS = {
    "spanish": (
        "Ayuntamiento de Villa|Gobierno local|council; Hospital San Juan|Hospital público|health; "
        "Ana Pérez|Coordinadora de proyecto|; Escuela Norte|Institución educativa|education; "
        "Cáritas|Organización sin fines de lucro|voluntary; Panadería Sol|Empresa|business; Luis|Estudiante|; "
        "Expedientes|Base de datos|; "
        "Policía Local|Organismo público|police; Comedor Popular|Organización comunitaria|community"
    ),
    "french": (
        "Mairie de Ville|Collectivité|council; Association Le Pont|Association|voluntary; Hôpital Sud|Santé|health; "
        "Jeanne|Directrice|; Paul|Chargé de mission|voluntary; École du Parc|Établissement public|education; "
        "Mission locale|Emploi|employment; Boulangerie|Entreprise privée|business; Fichier|Base de données|; "
        "Marie|Coordinatrice de réseau|; Maison de l’enfance|Protection de l’enfance|social-care"
    ),
    "german": (
        "Stadt Neudorf|Stadtverwaltung|council; Bürgerstiftung|Stiftung|voluntary; "
        "Klinikum Mitte|Krankenhaus|health; "
        "Eva|Projektleiterin|; Jan|Studierende|; Grundschule Nord|Öffentliche Einrichtung|education; "
        "Jobcenter|Behörde|employment; Jugendamt|Amt|social-care; Bäckerei|Unternehmen|business; Akten|Datenbank|; "
        "Bert|Sozialarbeiter*in|"
    ),
    "portuguese": (
        "Câmara Municipal|Autarquia|council; Hospital Central|Saúde|health; Rui|Coordenador de projeto|; "
        "Escola Norte|Instituição pública|education; Cruz Vermelha|ONG|voluntary; Padaria|Empresa|business; "
        "Inês|Estudante|; Ficheiros|Base de dados|; PSP|Polícia|police; Junta de Freguesia|Governo local|council"
    ),
    "italian": (
        "Comune di Borgo|Ente pubblico|council; Ospedale Nuovo|Sanità|health; Anna|Direttrice|; "
        "Scuola Media|Istituzione|education; Croce Rossa|Volontariato|voluntary; "
        "Fornaio|Impresa|business; Luca|Studente|; "
        "Cartelle|Banca dati|; Questura|Polizia|police; ASL|Azienda sanitaria|health; Marta|Coordinatrice di rete|"
    ),
    "welsh": (
        "Cyngor Sir|Awdurdod lleol|council; Ysbyty Gwynedd|Iechyd|health; Elin|Cydlynydd prosiect|; "
        "Ysgol y Bryn|Corff cyhoeddus|education; Elusen y Dref|Elusen|voluntary; "
        "Siop|Busnes|business; Dafydd|Myfyriwr|; "
        "Cofnodion|Cronfa ddata|; Heddlu|Heddlu|police; Neuadd|Grŵp cymunedol|community"
    ),
    "chinese": (
        "市政府|政府机构|council; 人民医院|医疗机构|health; 王老师|教师|; "
        "第一小学|公共机构|education; 青空基金会|公益组织|voluntary; "
        "面包店|私营企业|business; 李明|学生|; 档案|数据库|; 派出所|公安|police; 张伟|项目协调员|"
    ),
    "english": (
        "Anytown Borough Council|Statutory body|council; Hill NHS Trust|Public body|health; Ann|PhD student|; "
        "Joe|Project coordinator|; Sue|Director|; "
        "Lee|Senior researcher|; Hill School|Public sector organisation|education; "
        "Bakery|Business|business; Ledger|Database|; Kim|Head of housing|; Police|Emergency services|police; "
        "Riverside Charity|Partner organisation|voluntary; Students' Guild|Student union|voluntary; Max|Volunteer|"
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", MAPS)
def test_a_map_in_a_language_gives_its_kinds_and_leaves_people_and_things_out(language: str) -> None:
    rows = [row.strip().split("|") for row in MAPS[language].split("; ")]
    text = "Label,Type\n" + "".join(f"{name},{type_}\n" for name, type_, _ in rows)
    imported = taken(text)
    kinds = {one.name: one.kind for one in imported.organisations}
    assert kinds == {name: kind for name, _, kind in rows if kind}
    assert (f"kinds were guessed by words that are {language.title()} first" in said(imported)) == (
        language != "english"
    )


def test_each_language_is_one_file_with_the_same_parts() -> None:
    paths = list(files("simulation.importers").joinpath("words").iterdir())
    assert {path.name for path in paths} == {f"{one.name}.toml" for one in languages()}
    for path in paths:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        assert set(data) == {"head", "endings", "kinds", "types"}
        assert set(data["types"]) == {"general", "people", "things"}
        assert set(data["kinds"]) == set(KIND_IDS)


def test_a_type_that_says_too_little_gives_way_to_the_name() -> None:
    for type_ in ("Statutory body", "Public sector", "Statutory partner", "Government agency", "Organisation", "Other"):
        assert guess_kind(type_, "Anytown Borough Council")[0] == "council"
        assert guess_kind(type_, "Hill NHS Trust") == ("health", "name")
    assert guess_kind("Charity", "Anytown Council for Voluntary Service")[0] == "voluntary"
    assert guess_kind("Local government", "Museum")[0] == "council"
    assert guess_kind("Housing association", "St Ann's Hospital Trust")[0] == "housing"


@pytest.mark.parametrize(
    "type_",
    ["Parent organisation", "Contact centre", "Patient group", "Expert panel", "Student union", "Family centre",
     "Agent bank", "Carers' association", "Staff college", "Volunteer centre", "Teacher training college", "Youth club",
     "Funder", "Charity"],
)  # fmt: skip
def test_organisations_of_people_are_organisations(type_: str) -> None:
    assert not is_no_organisation(type_, in_order([type_, "Leeds Council", "Age UK"]))


def test_initials_of_another_language_mean_nothing_here() -> None:
    for name in ("RSA", "CAF Bank", "SAS Group", "DIF Capital", "APS Trust"):
        assert guess_kind("", name)[0] in ("voluntary", "business")


def test_roles_alone_tell_people_from_organisations() -> None:
    people = "Name,Role\nAnn,Director\nJoe,Student\nSue,\n"
    with pytest.raises(ProblemError, match="no element is left"):
        taken(people.replace("Sue,\n", ""))
    kept = taken(people, kinds={"Director": "voluntary"})
    assert [one.name for one in kept.organisations] == ["Ann", "Sue"]
    partners = taken("Name,Role\nHill University,Coordinator\nAge UK,Partner\n")
    assert len(partners.organisations) == 2
