"""Numbers of schemes as people write them."""

#: digits kept of a quantity, percentage or growth
DIGITS = 6


def number_in_words(env, number):
    """A number in the language of the environment: grouped, without trailing zeros, never as a power of ten.

    Money is formatted by its currency instead.
    """
    lang = env["res.lang"]._get_data(code=env.lang or "en_US")
    text = f"{number:,.{DIGITS}f}".rstrip("0").rstrip(".")
    return text.translate({ord(","): lang.thousands_sep or "", ord("."): lang.decimal_point or "."})
