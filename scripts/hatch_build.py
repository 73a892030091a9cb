"""What the build of the wheel does beyond collecting files: it compiles the translations."""

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompiledCatalogues(BuildHookInterface):  # type: ignore[type-arg] # not installed to be checked
    """Compile every catalogue before files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; for the editable installation too, which reads the same files."""
        sys.path.insert(0, self.root)
        from scripts.compile_catalogues import (  # noqa: PLC0415 - needs the path
            catalogues,
            compile_catalogue,
        )

        for catalogue in catalogues():
            compile_catalogue(catalogue)
