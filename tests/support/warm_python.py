"""Python processes that have the libraries loaded already: a command then starts at once.

Dagster, dbt and Great Expectations take five seconds of the processor to load. A server loads
them once and forks for each command, which is a process of its own from there on: it may be
killed, and it imports the project's own modules itself, from whatever copy it runs in.
"""

import importlib
import json
import os
import runpy
import socket
import socketserver
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

_LIBRARIES = (
    "dagster", "dagster_dbt", "dbt.adapters.duckdb", "dbt.adapters.duckdb.connections",
    "dbt.cli.main", "duckdb", "great_expectations", "pandas", "pyarrow", "rich", "scipy.optimize",
    "scipy.stats", "sqlalchemy", "typer",
)  # fmt: skip


def run_python(
    arguments: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> tuple[int, str]:
    """Run ``python -m`` or ``python -c`` with the rest of ``arguments`` in ``folder``.

    Returns the exit code, negative if a signal ended it, and all that was printed.
    """
    with tempfile.TemporaryFile("w+") as output:
        request = [list(arguments), str(folder), dict(environment)]
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(_server())
            socket.send_fds(connection, [b"."], [output.fileno()])
            with connection.makefile("rw") as stream:
                stream.write(json.dumps(request) + "\n")
                stream.flush()
                code = int(stream.readline())
        output.seek(0)
        return code, output.read()


@cache
def _server() -> str:
    """Start the server of this process; it ends with it, as its standard input does."""
    address = tempfile.mkdtemp(prefix="warm") + "/socket"
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(  # noqa: S603 - this Python
        [sys.executable, "-m", "tests.support.warm_python", address],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return address


class _Handler(socketserver.BaseRequestHandler):
    """One command: a fork of this fork, so that its end can be waited for."""

    def handle(self) -> None:
        """Run what the request names and answer with the exit code."""
        _, [output], _, _ = socket.recv_fds(self.request, 1, 1)
        with self.request.makefile("rw") as stream:
            arguments, folder, environment = json.loads(stream.readline())
            child = os.fork()
            if child == 0:
                _become(arguments, folder, environment, output)
            _, status = os.waitpid(child, 0)
            stream.write(f"{os.waitstatus_to_exitcode(status)}\n")


class _Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    max_children = 8


def _become(arguments: list[str], folder: str, environment: dict[str, str], output: int) -> None:
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path[:0] = [folder]
    kind, subject, *rest = arguments
    sys.argv = [subject if kind == "-m" else kind, *rest]
    code: int | str | None = 0
    try:
        if kind == "-m":
            runpy.run_module(subject, run_name="__main__", alter_sys=True)
        else:
            exec(compile(subject, "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102 - the test's own
    except SystemExit as ended:
        code = ended.code
    except BaseException:  # noqa: BLE001 - as the interpreter would
        traceback.print_exc()
        code = 1
    if isinstance(code, str):
        print(code, file=sys.stderr)  # noqa: T201 - as the interpreter would
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code or 0)


def _serve(address: str) -> None:
    for library in _LIBRARIES:
        importlib.import_module(library)
    with _Server(address, _Handler) as server:
        print("ready", flush=True)  # noqa: T201 - what the starter waits for
        server.timeout = 1
        os.set_blocking(0, False)
        # the starter's end closes the pipe, which then reads as empty instead of as not ready
        while _is_open():
            server.handle_request()


def _is_open() -> bool:
    try:
        return os.read(0, 1) != b""
    except BlockingIOError:
        return True


if __name__ == "__main__":
    _serve(sys.argv[1])
