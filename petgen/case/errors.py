"""The error that every room raises for input it cannot use."""


class InputError(ValueError):
    """Input from outside that petgen cannot use.

    Args:
        what: What is wrong, in one sentence.
        where: The file, field or subject that holds it.
        mend: How to put it right.
    """

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.what, self.where, self.mend = what, where, mend
        told = f"{where}: {what}" if where else what
        if mend and not told.endswith((".", "!", "?")):
            told += "."
        super().__init__(" ".join(part for part in (told, mend) if part))
