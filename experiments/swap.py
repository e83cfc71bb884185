"""Exchange two folders so that at every moment the name holds either the one or the other, whole."""

import ctypes
import errno
import os
import sys
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)


def exchange(new: Path, old: Path) -> bool:
    """Exchange two folders in one step of the file system; False where the system can't do that.

    Raises OSError for any other failure.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(new), os.fsencode(old)
    if sys.platform == "darwin" and hasattr(libc, "renamex_np"):
        result = libc.renamex_np(*names, _RENAME_EXCHANGE)
    elif hasattr(libc, "renameat2"):
        result = libc.renameat2(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE)
    else:
        return False
    if result == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNSUPPORTED:
        return False
    raise OSError(code, os.strerror(code), str(old))


def put_in_place(new: Path, old: Path, aside: Path) -> None:
    """Let `new` take the place of `old`, which ends up at `new` or `aside`, or never was.

    Where the system can't exchange folders, `old` is gone for a moment; a kill just then is mended by `recover`.
    """
    if not old.exists():
        os.rename(new, old)
    elif not exchange(new, old):
        os.rename(old, aside)
        os.rename(new, old)


def recover(old: Path, aside: Path) -> None:
    """Put the old folder back where a kill came between the two renames of `put_in_place`."""
    if aside.is_dir() and not old.exists():
        os.rename(aside, old)
