"""What random lives of documents share: one thing after another is done, and after each all must hold."""

from odoo.exceptions import UserError
from odoo.tools import mute_logger


class RandomLife:
    """Things that may happen are methods named in ``weights``; :meth:`check` says what must hold, :meth:`picture` what may not change twice."""

    #: ``{name: weight}``
    weights = {}
    #: names of what done again right away must change nothing
    repeatable = frozenset()

    def __init__(self, case, dice):
        self.case, self.dice = case, dice
        self.env = case.env
        self.done = []

    def step(self):
        """One thing is done and looked at, then done again where that must change nothing."""
        name = self.choose()
        self.before()
        if not self.attempt(name):
            return
        self.check()
        if name in self.repeatable:
            picture = self.picture()
            self.repeat(name)
            self.case.assertEqual(self.picture(), picture, f"{self.done}: done again it changes nothing")

    def choose(self):
        possible = self.possible()
        return self.dice.choices(list(possible), list(possible.values()))[0]

    def possible(self):
        """What may be tried now, a part of ``weights``."""
        return self.weights

    def before(self):
        """Remember what :meth:`check` and a repetition need."""

    def repeat(self, name):
        self.attempt(name)

    def attempt(self, name):
        """Do it; False when it was refused, which may change nothing."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                getattr(self, name)()
        except UserError:
            self.env.invalidate_all()
            return False
        self.env.flush_all()
        self.env.invalidate_all()
        self.done.append(name)
        return True

    def check(self):
        raise NotImplementedError

    def picture(self):
        raise NotImplementedError
