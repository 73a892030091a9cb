"""What the channels' tests share."""

from tests.notifications.messages_cast import AT
from tocsin.notifications.channels.contract import ChannelKind, HttpRequest, Mail, Seal
from tocsin.notifications.channels.email import EmailTarget
from tocsin.notifications.channels.hooks import HookTarget
from tocsin.notifications.channels.registry import CHANNELS
from tocsin.notifications.channels.webhook import Method, WebhookTarget
from tocsin.notifications.messages import Message

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
HOOK = HookTarget("https://chat.example/hooks/abcdef0123456789")
TARGETS = {
    "email": (ChannelKind.EMAIL, EmailTarget(("ann@example.com",))),
    "slack": (ChannelKind.SLACK, HOOK),
    "microsoft_teams": (ChannelKind.MICROSOFT_TEAMS, HOOK),
    "discord": (ChannelKind.DISCORD, HOOK),
    "webhook": (ChannelKind.WEBHOOK, WebhookTarget("https://me.example/hook?key=1")),
    "webhook_get": (
        ChannelKind.WEBHOOK,
        WebhookTarget("https://me.example/hook?key=1", Method.GET),
    ),
}


def render(name: str, message: Message, *secrets: str) -> HttpRequest | Mail:
    kind, target = TARGETS[name]
    return CHANNELS[kind].render(message, target, Seal(AT, secrets))


def most_notices(name: str) -> int:
    kind, target = TARGETS[name]
    return CHANNELS[kind].most_notices(target)
