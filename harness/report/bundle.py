"""The chart program (Vega, Vega-Lite, Vega-Embed) that vl-convert carries, as text to put inline into a page.

Owns its cache, because making it takes more than a second. Refuses to fetch anything.
"""

from pathlib import Path

from registry.atomic import write_text

# What the bundle does by default, said here because the type stubs ask for it.
SETTERS = "window.vegaEmbed=vegaEmbed;window.vega=vega;window.vegaLite=vegaLite;"


def vega(cache: Path) -> str:
    """The bundle, an ES module that sets window.vegaEmbed; made once per version of the two libraries."""
    from importlib.metadata import version as installed

    import altair
    import vl_convert

    wanted = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
    known = vl_convert.get_vegalite_versions()
    version = wanted if wanted in known else known[-1]
    path = cache / f"vega-{installed('vl-convert-python')}-vl{version}.js"
    if not path.is_file():
        write_text(path, _inline(vl_convert.javascript_bundle(SETTERS, vl_version=version)))
    return path.read_text(encoding="utf-8")


def _inline(script: str) -> str:
    """Only these two end a script element early. Replacing every `</` would break an expression in Vega."""
    return script.replace("</script", r"<\/script").replace("<!--", r"<\!--")
