"""Runs the command line: ``rnntag``, or ``python -m rnntag``. Ctrl-C is no traceback while it loads or leaves."""

from __future__ import annotations

import sys

TYPE_CHECKING = False  # as that of typing, which takes its time to load
if TYPE_CHECKING:
    from sys import UnraisableHookArgs


def main() -> None:
    """Load the command line and run it, which exits."""
    try:
        sys.unraisablehook = _come_again
        from rnntag.cli import main as run

        run()
    except KeyboardInterrupt:  # before it could see to that itself
        if sys.stderr:
            sys.stderr.write("interrupted\n")
        sys.exit(130)
    finally:  # all is done and told: Ctrl-C could only break what Python does on leaving
        import signal

        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _come_again(fault: UnraisableHookArgs) -> None:
    """Let Ctrl-C come again soon where it fell into a callback, which nothing can be raised out of."""
    if issubclass(fault.exc_type, KeyboardInterrupt):
        import _thread

        _thread.start_new_thread(_interrupt_soon, ())  # which waits for nothing: here it could not be raised either
    else:
        sys.__unraisablehook__(fault)


def _interrupt_soon() -> None:
    import _thread
    import time

    time.sleep(0.05)
    _thread.interrupt_main()


if __name__ == "__main__":
    main()
