"""Packages that come with an extra of this one only: what is said where they are not installed."""

from importlib.metadata import PackageNotFoundError, version

from registry.errors import UserError


def lacking(package: str, extra: str) -> UserError:
    do = f'Run `pip install "cardbench[{extra}]"`, then the same command again.'
    return UserError(f"{package} is not installed", do=do)


def installed(package: str) -> str:
    """Its version; "none" where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
