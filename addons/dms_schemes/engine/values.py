"""Frozen values that are made quickly."""

from collections.abc import Callable
from dataclasses import fields, make_dataclass


def maker(frozen: type) -> Callable:
    """A function that makes instances of a frozen, slotted dataclass at the price of an ordinary one.

    A frozen dataclass sets field by field through ``object.__setattr__``, at five times the cost. Here an ordinary twin with
    the same slots is filled and then becomes an instance of ``frozen``. Every field is given.
    """

    def become(made):
        made.__class__ = frozen

    names = [field.name for field in fields(frozen)]
    return make_dataclass(f"Open{frozen.__name__}", names, slots=True, eq=False, repr=False, namespace={"__post_init__": become})
