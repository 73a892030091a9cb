"""The child process that parses pages: `python -m tocsin.probes.broken_links.reading`.

The best HTML5 parser takes minutes for two megabytes of nested tags, and nothing can interrupt it
inside the worker. So it works here, with bounds on memory, without secrets, and is killed when it
takes too long.
"""

import resource
import sys
from typing import BinaryIO

import msgspec

from tocsin.probes.broken_links.exchange import LENGTH, Page
from tocsin.probes.broken_links.markup import read_links

MEMORY_BYTES = 1024 * 1024 * 1024


def write_frame(pipe: BinaryIO, content: bytes) -> None:
    """Send one frame."""
    pipe.write(LENGTH.pack(len(content)) + content)
    pipe.flush()


def read_frame(pipe: BinaryIO) -> bytes | None:
    """Receive one frame, None at the end."""
    head = pipe.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return pipe.read(LENGTH.unpack(head)[0])


def main() -> None:
    """Answer pages with their links until the pipe ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    decoder, encoder = msgspec.msgpack.Decoder(Page), msgspec.msgpack.Encoder()
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        write_frame(sys.stdout.buffer, encoder.encode(read_links(decoder.decode(frame))))


if __name__ == "__main__":
    main()
