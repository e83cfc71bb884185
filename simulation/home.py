"""Find a folder of the user's own: their home, or one among the temporary files where they have none."""

import os
import stat
import tempfile
from pathlib import Path


def home() -> Path:
    """Return the user's home; where neither HOME nor the list of users names one, a temporary folder of their own."""
    try:
        return Path.home()
    except RuntimeError:
        return private_folder()


def private_folder() -> Path:
    """Return a folder that the next process finds again, and that nobody else can write: what lies in it may be run."""
    try:
        folder = Path(tempfile.gettempdir()) / f"system-behaviours-{os.getuid() if hasattr(os, 'getuid') else ''}"
        folder.mkdir(mode=0o700, exist_ok=True)
        about = folder.lstat()
        is_private = os.name == "nt" or (about.st_uid, about.st_mode & 0o77) == (os.getuid(), 0)
        if stat.S_ISDIR(about.st_mode) and is_private:
            return folder
    except OSError:
        pass
    return Path(tempfile.mkdtemp(prefix="system-behaviours-"))
