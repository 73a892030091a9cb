"""What higher apps ask of this one: called inside the transaction of the action that does it.

Higher apps append to these lists when they are loaded (`AppConfig.ready`).
"""

from collections.abc import Callable

from tocsin.access.principal import Principal
from tocsin.accounts.models import User

# A user has been created.
user_created: list[Callable[[Principal, User], None]] = []
# May this account be deleted? Answers with a sentence where it may not.
deletion_obstacles: list[Callable[[User], str | None]] = []
# All that lets somebody in for a user is to end, for this reason.
access_revoked: list[Callable[[Principal, User, str], None]] = []
# A user is about to be removed for good.
user_purged: list[Callable[[Principal, User], None]] = []
