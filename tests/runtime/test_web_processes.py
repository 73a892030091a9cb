"""Several web processes on one port, from the outside."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from tests.runtime.conftest import environment, until
from tests.runtime.test_up import fails, free_port
from tocsin.config.environment import Environment
from tocsin.runtime import web_children

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux deals them out")
LISTENING = "0A"
TEAMS = "/api/v1/teams"
BEGUN = b"POST /oauth/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\na"


@pytest.fixture
def port() -> int:
    """A port that was free a moment ago."""
    return free_port()


@pytest.fixture
def supervisor(data_dir: Path, port: int) -> "Iterator[subprocess.Popen[str]]":
    """`tocsin run web` with two processes that both serve."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tocsin.cli.main",
         "run", "web", "--web-processes", "2", "--port", str(port)],
        env={**environment(data_dir), "TOCSIN_METRICS_PORT": str(free_port())},
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    until(lambda: len(listeners(port)) == 2, "two that listen")
    yield process
    process.kill()
    process.communicate()


def sockets(port: int) -> Iterator[tuple[int, str, str]]:
    """Yield the remote port, the state and the inode of each socket at a local port."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if int(fields[1].rpartition(":")[2], 16) == port:
            yield int(fields[2].rpartition(":")[2], 16), fields[3], fields[9]


def listeners(port: int) -> list[str]:
    return [inode for _, state, inode in sockets(port) if state == LISTENING]


def children(supervisor: "subprocess.Popen[str]") -> list[int]:
    pid = supervisor.pid
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def held_by(pid: int) -> set[str]:
    """Return the inodes of a process's sockets."""
    links = {str(each.readlink()) for each in Path(f"/proc/{pid}/fd").iterdir()}
    return {link[8:-1] for link in links if link.startswith("socket:")}


@contextmanager
def connected(port: int) -> Iterator[http.client.HTTPConnection]:
    """Yield a connection that answers, and does not open itself again when it is lost."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.connect()
        connection.auto_open = 0
        assert asked(connection) == 200
        yield connection


def asked(connection: http.client.HTTPConnection, path: str = "/healthz") -> int:
    connection.request("GET", path, headers={"Authorization": "Bearer none-of-ours"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def owned(connection: http.client.HTTPConnection, pid: int, port: int) -> bool:
    mine = connection.sock.getsockname()[1]
    inodes = {inode for remote, _, inode in sockets(port) if remote == mine}
    return bool(inodes & held_by(pid))


def test_one_that_is_killed_takes_along_its_own_connections_and_no_count(
    supervisor: "subprocess.Popen[str]", port: int
) -> None:
    killed, survivor = children(supervisor)
    with ExitStack() as stack:
        all_of_them: list[http.client.HTTPConnection] = []

        def both_hold_some() -> bool:
            all_of_them.append(stack.enter_context(connected(port)))
            return all(any(owned(each, pid, port) for each in all_of_them) for pid in pids)

        pids = (killed, survivor)
        until(both_hold_some, "connections to both")
        with_survivor = [each for each in all_of_them if owned(each, survivor, port)]
        lost = next(each for each in all_of_them if owned(each, killed, port))
        refused = [asked(each, TEAMS) for _ in range(35) for each in (lost, with_survivor[0])]
        assert refused == [401] * 60 + [429] * 10

        os.kill(killed, signal.SIGKILL)
        # Others' go on, before anybody noticed; and new ones come through at every moment after.
        assert {asked(each) for each in with_survivor} == {200}
        with pytest.raises((ConnectionError, http.client.HTTPException)):
            asked(lost)
        until(lambda: killed not in children(supervisor), "the supervisor to notice")

        def another_serves() -> bool:
            with connected(port):
                assert {asked(each) for each in with_survivor} == {200}
            return len(listeners(port)) == 2

        until(another_serves, "another in its place")
        (newcomer,) = {*children(supervisor)} - {survivor}

        def it_knows_what_was_counted() -> bool:
            connection = stack.enter_context(connected(port))
            assert asked(connection, TEAMS) == 429
            return owned(connection, newcomer, port)

        until(it_knows_what_was_counted, "a connection to it")
    assert survivor in children(supervisor)


def test_what_was_begun_is_answered_before_the_end(
    supervisor: "subprocess.Popen[str]", data_dir: Path, port: int
) -> None:
    assert "--port" in fails(data_dir, port)
    pids = children(supervisor)
    with ExitStack() as stack:
        begun = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), 20)) for _ in range(6)
        ]
        for each in begun:
            each.sendall(BEGUN)
        with connected(port):  # so what was sent before has arrived
            supervisor.terminate()
        until(lambda: not listeners(port), "the end of listening")
        for each in begun:
            each.sendall(b"=b")
            assert each.recv(12) == b"HTTP/1.1 400"
    assert supervisor.wait(30) == 0
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


@pytest.mark.parametrize(("cores", "processes"), [({0}, 1), ({0, 1}, 2), (set(range(64)), 2)])
def test_there_are_as_many_as_cores_and_two_at_the_most(
    monkeypatch: pytest.MonkeyPatch, cores: set[int], processes: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: cores)
    assert web_children.how_many(Environment()) == processes
    assert web_children.how_many(Environment(web_processes=3)) == 3


def test_several_share_a_process_with_no_other_role(data_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tocsin.cli.main", "run", "web", "notifier"],
        env={**environment(data_dir), "TOCSIN_WEB_PROCESSES": "2"},
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "run web by itself" in done.stderr
