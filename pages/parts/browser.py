"""Which browser asks, where nobody signs in."""

from binascii import unhexlify
from hashlib import sha256


def browser_of(cookie: str) -> str:
    """What tells a browser from others: a hash of the secret in Streamlit's cookie against forged requests.

    The cookie is `2|mask|secret|time`, its secret masked anew on every visit (bytes XOR the mask's, in hexadecimal), so
    that the cookie itself does not outlive a reload; the secret does.

    Args:
        cookie: Its value; one of another form is taken as it is.
    """
    try:
        version, mask, masked, _ = cookie.strip("\"'").split("|")
        key, hidden = unhexlify(mask), unhexlify(masked)
    except ValueError:
        return sha256(cookie.encode()).hexdigest()
    if version != "2" or len(key) != 4 or len(hidden) < 16:
        return sha256(cookie.encode()).hexdigest()
    secret = bytes(byte ^ key[place % 4] for place, byte in enumerate(hidden))
    return sha256(secret).hexdigest()
