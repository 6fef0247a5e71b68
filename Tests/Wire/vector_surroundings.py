"""What recordings leave out: calls that look like polls, and the mocks of cases that ran with some."""

import json
import re


def is_mocked(case):
    return any("#" in call["params"].get("stateMachineArn", "") for call in case["calls"])


def after(replay):
    """Calls that the recording dropped though a label keeps their answer."""
    name = replay.case["name"].split("::")[-1]
    if is_mocked(replay.case):
        for arn in list(replay.started):
            answer = replay.history(arn, [])
            replay.add("GetExecutionHistory", answer)
    for call in MORE.get(name, lambda replay: [])(replay):
        replay.call(call)


def states(operation, **parameters):
    return {"service": "stepfunctions", "operation": operation, "params": parameters}


def executions(replay):
    """The second page, then pages that cannot be."""
    arn = next(call["params"]["stateMachineArn"] for call in replay.case["calls"] if call["operation"] == "ListExecutions")
    token = next(answer["nextToken"] for operation, answer in replay.answers if operation == "ListExecutions")
    return [
        states("ListExecutions", stateMachineArn=arn, maxResults=3, nextToken=token),
        states("ListExecutions", stateMachineArn=arn, maxResults=1001),
        states("ListExecutions", stateMachineArn=arn, nextToken=""),
        states("ListExecutions", stateMachineArn=arn, nextToken="x" * 3097),
    ]


def statuses(replay):
    arn = next(call["params"]["stateMachineArn"] for call in replay.case["calls"] if call["operation"] == "ListExecutions")
    return [states("ListExecutions", stateMachineArn=arn, statusFilter=status) for status in ("RUNNING", "succeeded")]


MORE = {
    "test_get_execution_history_reversed": lambda replay: [
        states("GetExecutionHistory", executionArn=replay.started[0], reverseOrder=True)],
    "test_list_executions_pagination": executions,
    "test_list_executions_versions_pagination": executions,
    "test_state_machine_status_filter": statuses,
}

ENTERED = re.compile("^(Task|Map|Parallel)StateEntered$")


def mock_configuration(folder):
    """A mock configuration with whose outcomes the histories are those that were recorded."""
    machines, responses = {}, {}
    for file in sorted(folder.glob("*.json")):
        for case in json.loads(file.read_text()):
            if not is_mocked(case):
                continue
            for name, test in named(case):
                mocks = machines.setdefault(name, {"TestCases": {}})["TestCases"].setdefault(test, {})
                for state, outcomes in recorded(case, name).items():
                    mocks[state] = f"{name}-{state}"
                    responses[f"{name}-{state}"] = {str(index): outcome for index, outcome in enumerate(outcomes)}
    return {"StateMachines": machines, "MockedResponses": responses}


def named(case):
    for call in case["calls"]:
        machine, _, test = call["params"].get("stateMachineArn", "").partition("#")
        if test:
            yield machine.split(":")[-1], test


def recorded(case, name):
    """State → what its attempts came to, in order."""
    found = {}
    for label, expected in case["expected"].items():
        if not isinstance(expected, dict):
            continue
        by_id = {str(event["id"]): event for event in expected.get("events", [])}
        for event in expected.get("events", []):
            if event["type"] not in {"TaskSucceeded", "TaskFailed", "LambdaFunctionSucceeded", "LambdaFunctionFailed"}:
                continue
            state = entered(event, by_id)
            if state is None:
                continue
            details = next(value for key, value in event.items() if key.endswith("EventDetails"))
            if event["type"].endswith("Succeeded"):
                output = details.get("output")
                outcome = {"Return": json.loads(output) if isinstance(output, str) else output}
            else:
                outcome = {"Throw": {"Error": details.get("error"), "Cause": details.get("cause")}}
            found.setdefault(state, []).append(outcome)
    return found


def entered(event, by_id):
    """The name of the state that an event belongs to."""
    while event is not None and not ENTERED.match(event["type"]):
        event = by_id.get(str(event["previousEventId"]))
    return event and event["stateEnteredEventDetails"]["name"]
