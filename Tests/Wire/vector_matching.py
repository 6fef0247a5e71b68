"""Compares an answer with what a recorder kept of AWS's: values that change from run to run are placeholders there."""

import datetime
import json
import re

# Words by which recorders replaced values without angle brackets.
WORDS = [
    "state_machine_alias_name", "snf_role_arn", "sqs_queue_url", "log_group_name", "activity_arn",
    "lambda_function_name", "map_run_arn", "function_name_branch1", "function_name_branch2", "sm_nonexistent_arn",
    "bucket-name", "table-name", "execution-arn", "state-machine-arn",
]
TIMES = {
    "timestamp", "date", "datetime", "start-time", "entered-time", "start-date", "stop-date", "<start-date>",
    "<stop-date>",
}
PLACEHOLDER = re.compile("|".join([r"<[A-Za-z][^<>\s]*>", "111111111111", *map(re.escape, WORDS)]))
# Members that AWS has added to its answers since some of the cases were recorded.
ADDED_LATER = {"redriveCount", "redriveStatus", "redriveStatusReason", "redrive_count", "redriveAllowed"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d|\d{10}|\d\d:\d\d:\d\d GMT")
# What depends on the length of names.
LENGTHS = {"Content-Length"}
# Names of AWS's tests end with a random part that recorders cut off.
RANDOM_END = re.compile(r"-?[0-9a-f]{8}")


class Matching:
    """Placeholders stand for the same value wherever they occur."""

    def __init__(self, bindings=None):
        self.bindings = dict(bindings or {})

    def differences(self, expected, actual, path="$"):
        """All places where `actual` is not what was expected, as text."""
        if isinstance(expected, (dict, list)) and isinstance(actual, str):
            try:
                actual = json.loads(actual)
            except ValueError:
                return [f"{path}: expected {short(expected)}, got the text {short(actual)}"]
        if isinstance(expected, dict):
            return self.of_objects(expected, actual, path)
        if isinstance(expected, list):
            return self.of_arrays(expected, actual, path)
        if isinstance(expected, str):
            return self.of_texts(expected, actual, path)
        if isinstance(expected, bool) or isinstance(actual, bool) or expected is None or actual is None:
            same = expected is actual
        else:
            same = expected == actual
        return [] if same else [f"{path}: expected {short(expected)}, got {short(actual)}"]

    def of_objects(self, expected, actual, path):
        if not isinstance(actual, dict):
            return [f"{path}: expected an object, got {short(actual)}"]
        if path.endswith(".ResponseMetadata"):
            expected, actual = ({"HTTPStatusCode": o.get("HTTPStatusCode")} for o in (expected, actual))
        found = []
        names = {}
        for name in expected:
            if name in actual:
                names[name] = name
                continue
            other = [key for key in actual if key not in expected and PLACEHOLDER.search(name)
                     and not Matching(self.bindings).of_texts(name, key, path)]
            if other:
                self.of_texts(name, other[0], path)
                names[name] = other[0]
            else:
                found.append(f"{path}.{name}: missing, expected {short(expected[name])}")
        for name in actual:
            if name not in names.values() and name not in ADDED_LATER:
                found.append(f"{path}.{name}: not expected, got {short(actual[name])}")
        for name, other in names.items():
            if name in LENGTHS or expected[name] == name:
                continue  # A member that holds its own name was replaced.
            found += self.differences(expected[name], actual[other], f"{path}.{name}")
        return found

    def of_arrays(self, expected, actual, path):
        if not isinstance(actual, list):
            return [f"{path}: expected an array, got {short(actual)}"]
        if expected == [0]:
            return []  # The recorder cut long arrays like this.
        if any(isinstance(event, dict) and event.get("id") == [0] for event in expected):
            return self.of_mixed_events(expected, actual, path)
        found = []
        if len(expected) != len(actual):
            kinds = [[e.get("type") for e in side if isinstance(e, dict)] for side in (expected, actual)]
            found = [f"{path}: expected {len(expected)} elements, got {len(actual)}: {kinds[0]} {kinds[1]}"]
        for index, (one, other) in enumerate(zip(expected, actual)):
            found += self.differences(one, other, f"{path}[{index}]")
        return found

    def of_mixed_events(self, expected, actual, path):
        """A history with branches side by side: the recorder took the ids of their events away and sorted them; it
        also dropped ParallelStateSucceeded."""
        rest, found = [event for event in actual if event["type"] != "ParallelStateSucceeded"], []
        for event in expected:
            if event["id"] == [0]:
                event = {**event, "id": None, "previousEventId": None}
            best = None
            for other in rest:
                same = event["id"] is None or event["id"] == other["id"]
                if not same or other["type"] != event["type"]:
                    continue
                compared = {**other, "id": None, "previousEventId": None} if event["id"] is None else other
                matching = Matching(self.bindings)
                differences = matching.differences(event, compared, f"{path}({event['type']})")
                if best is None or len(differences) < len(best[1]):
                    best = (other, differences, matching)
            if best is None:
                found.append(f"{path}: no event like {short(event)}")
                continue
            rest.remove(best[0])
            found += best[1]
            self.bindings = best[2].bindings
        return found + [f"{path}: not expected, got {short(event)}" for event in rest]

    def of_texts(self, expected, actual, path):
        if expected.strip('"') in TIMES:
            is_time = isinstance(actual, (datetime.datetime, int, float)) or (
                isinstance(actual, list) and len(actual) == 1 and TIME.search(str(actual[0]))) or (
                isinstance(actual, str) and (TIME.search(actual) or actual == expected))
            return [] if is_time else [f"{path}: expected a time, got {short(actual)}"]
        if path.endswith(expected):
            return []  # A text that holds its own place was replaced.
        if expected.startswith("Error=ValueError"):
            return []  # The wording of the recorder's own tool; the code beside it is compared.
        if expected == "[0]" and isinstance(actual, (int, list)):
            return []
        if not isinstance(actual, str):
            if PLACEHOLDER.fullmatch(expected):
                return self.bind({expected: json.dumps(actual, default=str)}, path)
            return [f"{path}: expected {short(expected)}, got {short(actual)}"]
        if expected == actual or sorted_sets(expected) == sorted_sets(actual):
            return []
        if actual.startswith(expected) and RANDOM_END.fullmatch(actual[len(expected):]):
            return []
        if expected[:1] == "[" and actual[:1] == "[":
            return self.differences(json.loads(expected), actual, path)  # White space was not kept.
        pattern, names, end = "", [], 0
        for match in PLACEHOLDER.finditer(expected):
            pattern += re.escape(expected[end:match.start()])
            name = match.group()
            if name in names:
                pattern += f"(?P=p{names.index(name)})"
            else:
                pattern += f"(?P<p{len(names)}>{known(self.bindings.get(name), name)})"
                names.append(name)
            end = match.end()
        pattern += re.escape(expected[end:])
        match = re.fullmatch(pattern, actual, re.DOTALL)
        if not match:
            return [f"{path}: expected {short(expected, 400)}, got {short(actual, 400)}"]
        return self.bind({name: match.group(f"p{index}") for index, name in enumerate(names)}, path)

    def bind(self, values, path):
        found = []
        for name, value in values.items():
            if name in LOOSE or self.bindings.setdefault(name, value) == value:
                continue
            found.append(f"{path}: {name} was {short(self.bindings[name])} before, is {short(value)} here")
        return found


# What recorders replaced by the same word though it changes within one case.
LOOSE = {"<request_id>", "map_run_arn", "<extended_request_id>", "<m-d5-of-message-body:1>", "<sequence-number:1>", "111111111111"}


def known(value, name):
    if name == "111111111111" or name == "<secondary_test_aws_account_id>":
        return r"\d{12}"
    return re.escape(value) + "|.+?" if value is not None else ".+?"


def sorted_sets(text):
    """AWS lists the values of an enumeration in the order of a hash table."""
    return re.sub(r"enum value set: \[([^\]]*)\]", lambda m: str(sorted(m.group(1).split(", "))), text)


def short(value, limit=160):
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    return text if len(text) <= limit else text[:limit] + "…"
