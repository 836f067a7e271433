"""Small tables, and the drafts that are made of them."""

from registry.infer.assemble import Wish
from registry.infer.start import inferred
from registry.progress import Silent
from registry.source import FetchContext
from tests.worlds import table

ROOMS = [f"the room number {n} was clean and the people were kind to us" for n in range(200)]


def drafted(world, data, name="data/rooms.csv", **wishes):
    world.write({name: data})
    context = FetchContext(world.root, world.home, True, Silent())
    return inferred(str(world.root / name), Wish(wishes.pop("called", ""), **wishes), context)


def columns(**values):
    rows = zip(*(map(str, one) for one in values.values()), strict=True)
    return table(*rows, header=",".join(f'"{name}"' for name in values))


def cycle(*values, rows=200):
    return [values[n % len(values)] for n in range(rows)]
