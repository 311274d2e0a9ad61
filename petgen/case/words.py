"""Numbers in words."""


def percent(share: float) -> str:
    """A probability in words that never claim certainty: "38 %", "under 1 %", "over 99 %"."""
    if share < 0.01:
        return "under 1 %"
    return "over 99 %" if share > 0.99 else f"{share:.0%}".replace("%", " %")
