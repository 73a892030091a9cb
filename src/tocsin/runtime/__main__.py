"""`python -m tocsin.runtime ROLE…`: a process of the supervisor's, or of `tocsin run`."""

import sys

from tocsin.runtime import parent, setup


def main(arguments: list[str]) -> int:
    """Run `worker`, or `web HOST PORT`, until SIGTERM or SIGINT; return the exit status."""
    parent.end_with_supervisor()
    loaded = setup.django()
    # Not before Django is set up: these load the models.
    if arguments[0] == "web":
        from tocsin.runtime import web  # noqa: PLC0415

        return web.main(arguments[1], int(arguments[2]))
    from tocsin.runtime import worker  # noqa: PLC0415

    return worker.main(loaded)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
