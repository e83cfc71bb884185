"""Write numbers into English sentences."""


def counted(count: int, one: str, many: str = "") -> str:
    """Return a number with what is counted, one of it or several.

    >>> counted(1, "route"), counted(1200, "route"), counted(0, "person", "people")
    ('1 route', '1,200 routes', '0 people')
    """
    return f"{count:,} {one}" if count == 1 else f"{count:,} {many or one + 's'}"
