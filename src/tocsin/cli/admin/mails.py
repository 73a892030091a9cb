"""`tocsin admin outbox`."""

from tocsin.cli.database import load_django
from tocsin.cli.output import JsonOption, print_json, print_table


def outbox(*, as_json: JsonOption = False) -> None:
    """Show the mails that are kept because no mail server is configured."""
    load_django()
    from tocsin.kit import outbox as kept  # noqa: PLC0415 - needs the settings

    mails = kept.read()
    if as_json:
        print_json(mails)
        return
    if not mails:
        print("No mails are kept.")
        return
    rows = [
        (mail.sent_at, ", ".join(mail.to), mail.subject, "\n".join(mail.links)) for mail in mails
    ]
    print_table(("sent", "to", "subject", "links"), rows)
