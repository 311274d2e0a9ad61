"""What every message of petgen must be."""

from petgen.case import InputError

LONGEST_MESSAGE = 1500


def told(error: InputError) -> str:
    """The message, once it says what, where and how to mend it, in one line of bounded length that can be printed."""
    assert error.what
    assert error.where
    assert error.mend
    message = str(error)
    assert len(message) < LONGEST_MESSAGE
    assert message.isprintable(), repr(message)
    message.encode()
    return message
