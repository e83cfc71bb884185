from pathlib import Path

import pytest

PLACE = """title = "A small place"
council = "council"
days = 3
"""
ORGANISATIONS = """id,name,kind,role,size,practice
council,Council,council,strategy,6,
trust,Mental health trust,health,care,3,0.1
foodbank,Foodbank,community,food,0.3,0.2
"""
RELATIONSHIPS = """from,to,strength,trust,kind
council,trust,0.5,,partnership board
trust,foodbank,0.4,0.35,referral
"""


class Folder:
    """A small good place in a folder, whose files a test can replace or change."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.write("place.toml", PLACE)
        self.write("organisations.csv", ORGANISATIONS)
        self.write("relationships.csv", RELATIONSHIPS)

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, name: str) -> str:
        return (self.path / name).read_bytes().decode()

    def replace(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert old in text
        self.write(name, text.replace(old, new, 1))


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "mine")
