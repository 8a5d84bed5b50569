"""Reading files in a folder where anything may stand: what is no plain file is never waited for.
Imports the standard library only.
"""

from __future__ import annotations

import errno
import os
import stat
from io import BufferedReader
from pathlib import Path

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_KINDS = {
    stat.S_IFDIR: "is a folder, and a file belongs there",
    stat.S_IFIFO: "is a pipe, and a file belongs there",
    stat.S_IFSOCK: "is a socket, and a file belongs there",
}


def opened_plain(path: Path) -> BufferedReader:
    """The file, to be read. Raises OSError, also for what is no plain file."""
    try:
        descriptor = os.open(path, _FLAGS)
    except OSError as error:
        if error.errno == errno.ENXIO:  # how a socket refuses
            raise OSError(errno.EINVAL, _KINDS[stat.S_IFSOCK], str(path)) from None
        if isinstance(error, FileNotFoundError) and path.is_symlink():
            raise OSError(errno.EINVAL, "is a link that leads nowhere", str(path)) from None
        raise
    kind = stat.S_IFMT(os.fstat(descriptor).st_mode)
    if kind != stat.S_IFREG:
        os.close(descriptor)
        words = _KINDS.get(kind, "is a device, and a file belongs there")
        raise OSError(errno.EINVAL, words, str(path))
    return os.fdopen(descriptor, "rb")
