"""The one exception that a user is meant to read: a sentence that says what, where, and what to do."""


class InputError(Exception):
    """A mistake in what the user gave us; the command line prints it without a traceback and exits with 2."""
