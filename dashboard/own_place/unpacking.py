"""Open the archive of a place's folder in memory, and refuse archives and workbooks made to overwhelm."""

import io
import zipfile
from collections.abc import Sequence

from dashboard.own_place.limits import MOST_ENTRIES, MOST_UNPACKED
from experiments.importing.archives import ZIP
from experiments.importing.tables import Upload, clean
from simulation.scenario.problems import Findings

WANTED = ("place.toml", "organisations.csv", "relationships.csv")


def unpacked(files: Sequence[Upload], findings: Findings) -> list[Upload]:
    """Return the files, those of a place's folder in the stead of its archive; what else is packed stays as it is."""
    found: list[Upload] = []
    for file in files:
        found += _unpacked(file, findings) if file.content.startswith(ZIP) else [file]
    return found


def _unpacked(file: Upload, findings: Findings) -> list[Upload]:
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
                allowed = f"up to {MOST_ENTRIES} files and {MOST_UNPACKED:,} bytes unpacked"
                findings.add("holds too much", file=file.name, allowed=allowed)
                return []
            named = {entry.filename.replace("\\", "/").rpartition("/")[2]: entry for entry in reversed(entries)}
            wanted = [name for name in WANTED if name in named]
            if "xl/workbook.xml" in archive.namelist() or not wanted:
                return [file]
            return [Upload(name, archive.read(named[name])) for name in wanted]
    except Exception as error:  # a broken archive: zipfile and zlib have many ways to say so
        findings.add(f"this archive can't be read ({clean(error)[:100]})", file=file.name)
        return []
