"""Runs of tests side by side, as ./dms test makes them."""

import subprocess
import sys

import pytest

from tools import testing


class FakeRun:
    """A run of tests that prints a word and ends with an exit code."""

    def __init__(self, folder, word, code):
        self.output = folder / word
        self.command = [sys.executable, "-c", f"print({word!r}); raise SystemExit({code})"]
        self.process = None
        self.ended = False

    def start(self, hidden=False):
        output = self.output.open("wb") if hidden else subprocess.DEVNULL
        self.process = subprocess.Popen(self.command, stdout=output)
        return self.process

    def end(self):
        self.ended = True


@pytest.mark.parametrize(("codes", "expected"), [((0, 0), 0), ((0, 3), 3), ((2, 0), 2)])
def test_runs_side_by_side_fail_when_one_does(tmp_path, capsys, codes, expected):
    runs = [FakeRun(tmp_path, word, code) for word, code in zip(("seen", "hidden"), codes, strict=True)]
    assert testing._side_by_side(runs) == expected
    assert "hidden" in capsys.readouterr().out
    assert all(run.ended for run in runs)


def test_everything_is_in_one_lane(tree, suite):
    folders = [folder for lane in testing.get_lanes(tree).values() for folder in lane]
    expected = {str(tree / "tests"), *(str(tree / "addons" / name) for name in suite)}
    assert (len(folders), set(folders)) == (len(expected), expected)
