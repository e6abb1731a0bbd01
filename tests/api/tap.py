# SPDX-License-Identifier: Apache-2.0
"""TAP for tests that are functions; a name, read as a sentence, is the test's."""
import traceback

LINES = 8  # of a traceback


class Tap:
    def __init__(self):
        self.count = 0
        self.failures = 0

    def run(self, test, world):
        self.count += 1
        sentence = test.__name__.replace("_", " ")
        try:
            world.begin_test()
            test(world)
            print(f"ok {self.count} - {sentence}", flush=True)
        except Exception:  # whatever it is, the next test runs
            self.failures += 1
            for line in traceback.format_exc().splitlines()[-LINES:]:
                print(f"# {line}")
            print(f"not ok {self.count} - {sentence}", flush=True)

    def finish(self):
        print(f"1..{self.count}")
        return 1 if self.failures else 0


def test(function):
    function.is_test = True
    return function


def tests_of(module):
    """The functions marked with @test, in the order of the file."""
    return [f for f in vars(module).values() if getattr(f, "is_test", False)]


def equal(got, wanted, about=""):
    assert got == wanted, f"{about}\n got    {got!r}\n wanted {wanted!r}"


def contains(text, part):
    assert part in text, f"\n {part!r} is not in\n {text!r}"
