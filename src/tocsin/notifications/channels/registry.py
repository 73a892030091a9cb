"""Every channel, a line each."""

from typing import Any

from tocsin.notifications.channels.contract import Channel, ChannelKind
from tocsin.notifications.channels.discord import Discord
from tocsin.notifications.channels.email import Email
from tocsin.notifications.channels.microsoft_teams import MicrosoftTeams
from tocsin.notifications.channels.slack import Slack
from tocsin.notifications.channels.webhook import Webhook

CHANNELS: dict[ChannelKind, Channel[Any]] = {
    ChannelKind.EMAIL: Email(),
    ChannelKind.SLACK: Slack(),
    ChannelKind.MICROSOFT_TEAMS: MicrosoftTeams(),
    ChannelKind.DISCORD: Discord(),
    ChannelKind.WEBHOOK: Webhook(),
}
