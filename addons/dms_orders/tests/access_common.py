import contextlib
import inspect

from odoo import models
from odoo.exceptions import AccessError, UserError

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
NOTHING = ("", "")
#: who has no role in distribution, and another distributor
STRANGERS = ("public", "employee", "portal_b")


def nobody(model, *methods):
    """Rows of a table of public methods that answer no stranger."""
    return dict.fromkeys(((model, method) for method in methods), ())


def everybody(model, *methods):
    """Rows of methods that give an action back, which holds nothing but what the caller said."""
    return dict.fromkeys(((model, method) for method in methods), STRANGERS)


class PublicMethodsMixin:
    """For the table of what the models of a module offer to callers: a method without underscore is an endpoint.

    A test brings ``METHODS``, a mapping of ``(model, method)`` to what becomes of a call.
    """

    METHODS = {}

    def test_every_public_method_is_in_the_table(self):
        home = f"odoo.addons.{self.test_module}."
        found = {
            (name, method)
            for name, model in self.env.registry.items()
            if not (model._abstract and model._inherit_children)  # these are called on their heirs
            for cls in model.mro()
            if cls.__module__.startswith(home)
            for method, function in vars(cls).items()
            if not method.startswith("_") and callable(function) and not hasattr(models.BaseModel, method)
            if not getattr(function, "_api_private", False)
        }
        self.assertTrue(found, "the test would prove nothing")
        self.assertEqual(found, set(self.METHODS), "a public method is an endpoint: decide who may call it")


class StrangerMethodsMixin(PublicMethodsMixin):
    """The same for a module whose other tests say who may call what: here, that nobody else gets through.

    ``METHODS`` is ``{(model, method): the strangers who get an answer}``, which holds nothing but what they said and read. A test
    brings what :class:`~.test_rpc.RpcCommon` has; it looks at any record there is.
    """

    def get_arguments(self, method):
        """Something for every argument that has to be there."""
        wanted = list(inspect.signature(method).parameters.values())[1:]
        return ["x" for argument in wanted if argument.default is argument.empty and argument.kind is argument.POSITIONAL_OR_KEYWORD]

    def get_stranger_outcome(self, role, record, method):
        return self.tried(
            self.users[role], record, method, *self.get_arguments(getattr(type(record), method)), context={"uid": 1, "su": True}
        )

    def test_strangers_are_refused(self):
        seen = set()
        for (model, method), answered in self.METHODS.items():
            record = self.env[model].sudo().search([], limit=1, order="id")
            if self.env[model]._abstract or not record:
                continue
            seen.add(model)
            for role in STRANGERS:
                with self.subTest(model=model, method=method, role=role):
                    self.assertEqual(self.get_stranger_outcome(role, record, method) == "ok", role in answered)
        self.assertTrue(seen, "the test would prove nothing")


class AccessTableMixin:
    """For tables of model x role x operation whose cells hold what may be done on the record of each side, as letters.

    A test brings ``users`` (``{role: user}``), ``sides`` (``{"alpha": {model: record}, "beta": ...}``) and what an operation is
    (``do_read`` and so on). What a model refuses to everybody by a sentence counts as refused.
    """

    def is_allowed(self, operation, record):
        """Whether the user of the record gets through with an operation; what it did is undone."""
        action = getattr(self, f"do_{operation}")
        allowed = False
        with self.env.cr.savepoint() as savepoint:
            with contextlib.suppress(AccessError, UserError):
                action(record)
                self.env.flush_all()
                allowed = True
            savepoint.rollback()
        self.env.invalidate_all()
        return allowed

    def assertAccessTable(self, table, roles):
        """Every role does what the table says; a role that is not named may do nothing."""
        for model, cells in table.items():
            for role in roles:
                for side, expected in zip(("alpha", "beta"), cells.get(role, NOTHING), strict=True):
                    record = self.sides[side][model].with_user(self.users[role])
                    found = "".join(key for key, operation in OPERATIONS.items() if self.is_allowed(operation, record))
                    self.assertEqual(found, expected, (model, role, side))

    def assertFieldsOfStaff(self, fields):
        """``{model: names}`` that the order desk reads and a distributor's login does not find."""
        for model, names in fields.items():
            portal = self.env[model].with_user(self.alpha_user)
            staff = self.env[model].with_user(self.desk)
            for name in names:
                self.assertFalse(portal._has_field_access(portal._fields[name], "read"), f"{model}.{name}")
                self.assertTrue(staff._has_field_access(staff._fields[name], "read"), f"{model}.{name}")
