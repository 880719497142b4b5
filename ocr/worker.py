"""The inside of one worker process: `python -m ocr.worker FD MODULE:FUNCTION MEMORY`.

Started anew rather than forked, so that neither the server's memory nor its open files are here.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
from multiprocessing.connection import Connection

from ocr import zbar


def serve(pipe: Connection[bytes, bytes], work: str, memory: int) -> None:
    """Answers until the other end closes. No core dumps, no files written, memory as given."""
    module, _, function = work.partition(":")
    answer = getattr(importlib.import_module(module), function)
    zbar.available()  # looks for its library with other processes, which the limits would stop
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    pipe.send_bytes(b"ready")
    while True:
        try:
            kind = json.loads(pipe.recv_bytes())
            data = pipe.recv_bytes()
        except EOFError:
            return
        pipe.send_bytes(json.dumps(answer(data, kind)).encode())


if __name__ == "__main__":
    serve(Connection(int(sys.argv[1])), sys.argv[2], int(sys.argv[3]))
