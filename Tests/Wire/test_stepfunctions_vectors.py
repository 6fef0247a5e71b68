"""The cases recorded from AWS, replayed against Baton: the same calls, the same answers.

What cannot pass is listed with its reason in `stepfunctions_not_passing.json`.
"""

import json
import os
from pathlib import Path

import pytest

from conftest import Server
from vector_matching import Matching, short
from vector_replay import Replay, cases_of
from vector_surroundings import is_mocked, mock_configuration, more, prepare

ROOT = Path(__file__).resolve().parents[2]
VECTORS = Path(os.environ.get("VECTORS", ROOT.parent / "shared/vectors")) / "stepfunctions"
NOT_PASSING = json.loads(Path(__file__).with_name("stepfunctions_not_passing.json").read_text())


def cases():
    if not VECTORS.is_dir():
        return [pytest.param(None, marks=pytest.mark.skip("the folder ../shared/vectors/stepfunctions is not here"))]
    found = []
    for file in sorted(VECTORS.glob("*.json")):
        for case in json.loads(file.read_text()):
            name = f"{file.stem}:{case['name'].split('::')[-1]}"
            reason = next((why for start, why in NOT_PASSING.items() if name.startswith(start)), None)
            marks = [pytest.mark.xfail(reason=reason, strict=False)] if reason else []
            found.append(pytest.param(case, id=name.encode("unicode_escape").decode(), marks=marks))
    return found


@pytest.fixture(scope="module")
def mocking(tmp_path_factory):
    """A Baton whose integrations are mocked as the cases expect that name a test case (`…#TestCaseName`)."""
    folder = tmp_path_factory.mktemp("mocking")
    (folder / "mocks.json").write_text(json.dumps(mock_configuration(VECTORS)))
    server = Server(folder, environment={"SFN_MOCK_CONFIG": str(folder / "mocks.json")})
    yield server
    server.stop()


@pytest.mark.parametrize("case", cases())
def test_case(case, request):
    replay = Replay(case, request.getfixturevalue("mocking" if is_mocked(case) else "baton"))
    prepare(replay)
    replay.run(more)
    compare(case, [*replay.answers, ("cases", cases_of(replay.answers))])


def as_today(expected):
    """Since the end of 2024 MapStateExited counts from MapRunStarted, before it counted from MapRunSucceeded."""
    if isinstance(expected, dict) and "events" in expected:
        by_id = {str(event["id"]): event for event in expected["events"]}
        for event in expected["events"]:
            before = by_id.get(str(event["previousEventId"]))
            if event["type"] == "MapStateExited" and before and before["type"] == "MapRunSucceeded":
                event["previousEventId"] = before["previousEventId"]
    if isinstance(expected, list) and all("detail-type" in value for value in expected):
        # A queue that is asked again before the message is deleted gives it again.
        return [value for index, value in enumerate(expected) if value not in expected[:index]]
    return expected


def shared(expected, answer):
    """How many names of members two answers have in common: which answer was probably meant."""
    if type(expected) is not type(answer):
        return -1
    names = [set(side) - {"ResponseMetadata"} if isinstance(side, dict) else set() for side in (expected, answer)]
    return len(names[0] & names[1])


def compare(case, answers):
    bindings, used = {}, set()
    for label, expected in case["expected"].items():
        expected = as_today(expected)
        best = None
        # Each label takes the first answer that fits, those not taken yet before others.
        for index in sorted(range(len(answers)), key=lambda i: (i in used, i)):
            matching = Matching(bindings)
            differences = matching.differences(expected, answers[index][1], label)
            if not differences:
                bindings, best = matching.bindings, None
                used.add(index)
                break
            distance = (-shared(expected, answers[index][1]), len(differences))
            if best is None or distance < best[0]:
                best = (distance, answers[index], differences)
        else:
            assert best, f"{label}: no answers at all"
            _, (operation, answer), differences = best
            pytest.fail(f"{label} (nearest: {operation}):\n" + "\n".join(differences[:12]), pytrace=False)
