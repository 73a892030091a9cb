"""libcurl's multi handle on epoll: sockets and timer wired, woken from other threads by an eventfd.

epoll has no bound on descriptors, which libcurl's own select loop has (1,024 a process).
"""

import os
import select
import time
from collections.abc import Iterator
from threading import Lock
from typing import NamedTuple

import pycurl

_EVENTS = {
    pycurl.POLL_IN: select.EPOLLIN,
    pycurl.POLL_OUT: select.EPOLLOUT,
    pycurl.POLL_INOUT: select.EPOLLIN | select.EPOLLOUT,
}
# Errors and hang-ups wake both directions, so that libcurl finds them whichever way it waits.
_IN = select.EPOLLIN | select.EPOLLERR | select.EPOLLHUP
_OUT = select.EPOLLOUT | select.EPOLLERR | select.EPOLLHUP


class Done(NamedTuple):
    """A transfer that ended; `error` is libcurl's number, 0 for success."""

    curl: pycurl.Curl
    error: int
    message: str


class Multi:
    """Owned by one thread; only `wake` may be called from others."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._wake_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._wake_lock = Lock()
        self._closed = False
        self._watched: set[int] = set()
        self._timer_at: float | None = None
        self._epoll.register(self._wake_fd, select.EPOLLIN)
        self._curl = pycurl.CurlMulti()
        self._curl.setopt(pycurl.M_PIPELINING, 0)
        self._curl.setopt(pycurl.M_SOCKETFUNCTION, self._watch)
        self._curl.setopt(pycurl.M_TIMERFUNCTION, self._set_timer)

    def add(self, curl: pycurl.Curl) -> None:
        """Start a transfer at the next `wait`."""
        self._curl.add_handle(curl)

    def remove(self, curl: pycurl.Curl) -> None:
        """Take a transfer off, ended or not."""
        self._curl.remove_handle(curl)

    def wait(self, seconds: float | None) -> Iterator[Done]:
        """Drive transfers for one round, waiting at most `seconds`; yield those that ended."""
        for fd, events in self._epoll.poll(self._patience(seconds)):
            if fd == self._wake_fd:
                os.eventfd_read(fd)
            else:
                self._curl.socket_action(fd, _selected(events))
        if self._timer_at is not None and self._timer_at <= time.monotonic():
            self._timer_at = None
            self._curl.socket_action(pycurl.SOCKET_TIMEOUT, 0)
        return self._ended()

    def wake(self) -> None:
        """End a `wait` early; safe from any thread and after `close`."""
        with self._wake_lock:
            if not self._closed:
                os.eventfd_write(self._wake_fd, 1)

    def close(self) -> None:
        """Free everything; transfers must have been removed."""
        with self._wake_lock:
            self._closed = True
        self._curl.close()
        self._epoll.close()
        os.close(self._wake_fd)

    def _ended(self) -> Iterator[Done]:
        queued = 1
        while queued:
            queued, succeeded, failed = self._curl.info_read()
            for curl in succeeded:
                yield Done(curl, pycurl.E_OK, "")
            for curl, error, message in failed:
                yield Done(curl, error, message)

    def _patience(self, seconds: float | None) -> float | None:
        if self._timer_at is None:
            return seconds
        until_timer = max(0.0, self._timer_at - time.monotonic())
        return until_timer if seconds is None else min(seconds, until_timer)

    def _watch(self, what: int, fd: int, _multi: object, _data: object) -> None:
        if what == pycurl.POLL_REMOVE:
            if fd in self._watched:
                self._watched.discard(fd)
                self._epoll.unregister(fd)
        elif fd in self._watched:
            self._epoll.modify(fd, _EVENTS[what])
        else:
            self._watched.add(fd)
            self._epoll.register(fd, _EVENTS[what])

    def _set_timer(self, milliseconds: int) -> None:
        self._timer_at = None if milliseconds < 0 else time.monotonic() + milliseconds / 1000


def _selected(events: int) -> int:
    selected = 0
    if events & _IN:
        selected |= pycurl.CSELECT_IN
    if events & _OUT:
        selected |= pycurl.CSELECT_OUT
    return selected
