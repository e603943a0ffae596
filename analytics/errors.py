"""What can be wrong with the numbers a statistic is asked for."""


class StatisticsError(Exception):
    """The input has no meaning for the statistic: the message names the argument and the rule."""
