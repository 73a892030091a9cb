"""`tocsin check`: look at a URL once, from here, without database or account."""

import asyncio
import logging
from collections.abc import Callable
from typing import Annotated, Any

import typer

from tocsin.cli.check_plan import Plan, make_plan, require_open
from tocsin.cli.output import JsonOption, print_json
from tocsin.probes.answer import Answer
from tocsin.probes.contract import CheckStatus, Outcome, ProbeRequest, Tool
from tocsin.probes.registry import OnProgress, build_probes
from tocsin.probes.runner import Runner

Answers = dict[Tool, Answer]


def check(
    url: Annotated[str, typer.Argument(metavar="URL", help="What to look at.")],
    *,
    tool: Annotated[
        list[str] | None,
        typer.Option(
            "--tool",
            metavar="TOOL",
            help="Only this tool; may be given again. Without it the quick ones run: status, ssl, "
            "dns. broken-links and performance take minutes, and load the site, so they run only "
            "where they are named.",
        ),
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option("--header", metavar="'N: V'", help="Send this header to the site's own host."),
    ] = None,
    resolver: Annotated[
        list[str] | None,
        typer.Option(
            "--resolver",
            metavar="URL",
            help="Ask this resolver: udp://host[:port], tls://host[:port] or https://host/path.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Look at a URL with every quick tool, or those named. Exit 0: all well, 1: not, 2: misuse."""
    silence_logs()
    plan = make_plan(url, tool or (), header or (), resolver or ())
    if as_json:
        answers = asyncio.run(run_plan(plan, lambda _: None))
        print_json(document(plan, answers))
    else:
        answers = _show(plan)
    return exit_code(answers)


async def run_plan(
    plan: Plan,
    on_answer: Callable[[Tool], None],
    on_progress: OnProgress = lambda _request, _progress: None,
) -> Answers:
    """Run every request of a plan at once; `on_answer` hears of each as it comes.

    `on_progress` hears now and then how far the long ones have come.

    Raises UsageError where the URL leads to refused addresses only.
    """
    await require_open(plan)
    probes = build_probes(plan.options, [request.tool for request in plan.requests])
    runner = Runner(plan.options, probes=probes)
    runner.watch(on_progress)

    async def run(request: ProbeRequest) -> Answer:
        result = await runner.run(request)
        on_answer(request.tool)
        return Answer(result.status, result.outcome, result.result, result.error)

    try:
        answers = await asyncio.gather(*(run(request) for request in plan.requests))
    finally:
        await runner.close()
    return dict(zip((request.tool for request in plan.requests), answers, strict=True))


def document(plan: Plan, answers: Answers) -> dict[str, Any]:
    """Make the contract's JSON document."""
    return {"url": plan.url, "tools": answers}


def exit_code(answers: Answers) -> int:
    """Return 0 where every tool found all well or had nothing to look at, else 1."""
    skipped, well = CheckStatus.SKIPPED, Outcome.OK
    return int(any(each.outcome != well and each.status != skipped for each in answers.values()))


def silence_logs() -> None:
    """Keep log lines, tracebacks among them, out of what people read here."""
    logging.getLogger("tocsin").addHandler(logging.NullHandler())


def _show(plan: Plan) -> Answers:
    # rich is slow to load, and --json never needs it.
    from tocsin.cli.render import print_report, progress  # noqa: PLC0415

    with progress([request.tool for request in plan.requests]) as watch:
        answers = asyncio.run(run_plan(plan, watch.on_answer, watch.on_progress))
    print_report(plan.url, answers)
    return answers
