"""Read by every Python whose path begins with this folder: it then reaches no network."""

from loopback import guard_for_good

guard_for_good()
