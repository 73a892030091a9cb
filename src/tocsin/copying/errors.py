"""Why a copy, backup or restore was refused, in one sentence for people."""

from tocsin.kit.errors import DomainError


class CopyError(DomainError):
    """Nothing was copied: the source, the target or the file is not what it must be."""

    code = "copy_refused"


class BadBackup(CopyError):  # noqa: N818 - named for what is the matter
    """The file is no backup, or not a whole one."""

    code = "bad_backup"
