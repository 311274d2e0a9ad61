"""Numbers in words."""


def percent(share: float) -> str:
    """A probability in words that never claim certainty: "38 %", "under 1 %", "over 99 %"."""
    if share < 0.01:
        return "under 1 %"
    return "over 99 %" if share > 0.99 else f"{share:.0%}".replace("%", " %")


def number(value: float, digits: int = 0) -> str:
    """A figure with a sign of print and no zero below zero: "64", "−3", "0.00"."""
    return f"{value:z.{digits}f}".replace("-", "−")


def signed(value: float, digits: int = 0) -> str:
    """A change with its sign, but for none: "+7", "−2", "0"."""
    words = number(value, digits)
    return words if words.startswith("−") or not float(words) else f"+{words}"
