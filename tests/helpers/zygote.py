"""Many ``rnntag`` commands at the price of one start: a process that has loaded all it needs forks for each.

A page of the documents runs dozens of commands, of which each would spend a second on importing Numba. Here the
command in the shell is a client that hands its arguments, folder, environment and its three streams to the server
and leaves with the status that comes back; what runs is the command line of this source, in a process of its own.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENT = """
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect(sys.argv[1])
request = json.dumps([sys.argv[2:], os.getcwd(), dict(os.environ)]).encode()
socket.send_fds(server, [len(request).to_bytes(8, "big")], [0, 1, 2])
server.sendall(request)
status = server.recv(1)
os._exit(status[0] if status else 141)  # killed: by the reader of a pipe that left
"""


@contextmanager
def served() -> Iterator[str]:
    """The text of a program ``rnntag``, which works inside of the ``with``."""
    with tempfile.TemporaryDirectory() as folder:
        place, client = Path(folder) / "socket", Path(folder) / "client.py"
        client.write_text(CLIENT, "utf-8")
        command = [sys.executable, str(Path(__file__)), str(place)]
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
        with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, **streams) as server:
            try:
                assert server.stdout is not None
                assert server.stdout.readline() == b"ready\n", "the server did not start"
                yield f'#!/bin/sh\nexec "{sys.executable}" -S -E "{client}" "{place}" "$@"\n'
            finally:
                server.terminate()


def _serve(place: str) -> None:
    """Fork for each client, until terminated."""
    from importlib import import_module

    from rnntag import cli, evaluation, formats, show, tagging, training  # noqa: F401
    from rnntag.arrays import engine

    for command in cli.COMMANDS:
        import_module(f"rnntag.cli.{command}")
    for name in ("training.trainer", "tagging.tagger", "evaluation.of_model", "show.scores", "model.model"):
        import_module(f"rnntag.{name}")
    engine.kernels()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(place)
        listening.listen()
        print("ready", flush=True)
        while True:
            client, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _answer(client)
            client.close()
            with suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass


def _answer(client: socket.socket) -> None:
    """Run one command on the streams of its client, and end this process."""
    size, streams, _, _ = socket.recv_fds(client, 8, 3)
    request = b""
    while len(request) < int.from_bytes(size, "big"):
        request += client.recv(1 << 16)
    words, folder, environment = json.loads(request)
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["rnntag", *words]
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(place, mode, encoding="utf-8") for place, mode in enumerate("rww"))
    from rnntag.cli import main

    status = 1
    try:
        main()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except Exception:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        client.send(bytes([status]))
        os._exit(status)


if __name__ == "__main__":
    _serve(sys.argv[1])
