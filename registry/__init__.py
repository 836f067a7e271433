"""Cards in, versioned leak-free splits out. Knows nothing of models.

`registry.load("movie-reviews")` and `registry.load_polars("movie-reviews")` read what `bench build` published.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from registry.loading import load as load
    from registry.loading import load_polars as load_polars

__all__ = ["load", "load_polars"]


def __getattr__(name: str) -> Any:
    # Polars and datasets are imported when something is loaded, so that `bench --help` stays instant.
    if name in __all__:
        import importlib

        return getattr(importlib.import_module("registry.loading"), name)
    raise AttributeError(f"module 'registry' has no attribute '{name}'")
