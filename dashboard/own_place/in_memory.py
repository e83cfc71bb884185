"""Read a place from texts in memory by the very code that reads a folder, so that both mean the same to the bit."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from simulation.scenario.find import PLACE_FILE, Found
from simulation.scenario.place_folder import read_place
from simulation.scenario.places import PlaceFile
from simulation.scenario.problems import Findings


@dataclass(frozen=True)
class File:
    """A file that is on no disk: what the reading code asks of a path, and no more."""

    files: Mapping[str, bytes]
    name: str

    def __str__(self) -> str:
        return self.name

    def __truediv__(self, name: str) -> "File":
        return File(self.files, name)

    @property
    def parent(self) -> "File":
        """The folder."""
        return File(self.files, "")

    def iterdir(self) -> Iterator["File"]:
        """Yield the folder's files."""
        return (File(self.files, name) for name in self.files)

    def is_dir(self) -> bool:
        """Tell whether this is the folder."""
        return not self.name

    def exists(self) -> bool:
        """Tell whether it is there."""
        return self.is_dir() or self.name in self.files

    def is_file(self) -> bool:
        """Tell whether it is a file."""
        return self.name in self.files

    def open(self, mode: str) -> io.BytesIO:
        """Return the content as a stream of bytes."""
        if mode != "rb":
            msg = f"a file in memory is read as bytes, not as {mode!r}"
            raise ValueError(msg)
        return io.BytesIO(self.files[self.name])


def read_texts(texts: Mapping[str, str], *, name: str) -> tuple[PlaceFile | None, Findings]:
    """Return the place that a folder of these files would give (None where something is wrong), and all findings."""
    findings = Findings()
    files = {file: text.encode() for file, text in texts.items()}
    found = Found(cast(Any, File(files, PLACE_FILE)), name)
    return read_place(found, findings), findings
