"""`python -m tocsin.runtime ROLE…`: a process of the supervisor's, or of `tocsin run`."""

import sys
from collections.abc import Collection

from tocsin.kit import shared_table
from tocsin.runtime import parent, roles, setup
from tocsin.runtime.roles import Role


def main(arguments: list[str]) -> int:
    """Run `worker`, or `web HOST PORT TABLE`, until SIGTERM or SIGINT; return the exit status.

    `TABLE` is the descriptor of the memory in which the web processes count together.
    """
    if arguments[0] == "web":
        shared_table.join(int(arguments[3]))
        return run({Role.WEB}, arguments[1], int(arguments[2]))
    return run(roles.WORKER)


def run(wanted: Collection[Role], host: str = "127.0.0.1", port: int = 8000) -> int:
    """Run some roles until SIGTERM or SIGINT; return the exit status."""
    parent.end_with_supervisor()
    loaded = setup.django() if roles.needs_database(wanted) else setup.plain()
    # Not before Django is set up: roles load the models.
    from tocsin.runtime import worker  # noqa: PLC0415

    return worker.main(wanted, loaded, host, port)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
