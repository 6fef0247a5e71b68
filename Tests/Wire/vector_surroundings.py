"""What the recorded calls leave out: functions and tables that a case needs, and calls that look like polls."""


def prepare(replay):
    """Creates what the case finds already there."""


def more_calls(case):
    """Calls that the recording dropped as repetitions though a label keeps their answer."""
    return []
