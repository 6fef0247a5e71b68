"""What recordings leave out: calls that look like polls, and the mocks of cases that ran with some."""

import io
import json
import re
import zipfile


def short_name(case):
    return case["name"].split("::")[-1]


def is_mocked(case):
    return short_name(case) not in PREPARED and names_test(case)


def names_test(case):
    return any("#" in call["params"].get("stateMachineArn", "") for call in case["calls"])


def more(replay):
    """Calls that the recording dropped though a label keeps their answer."""
    name = short_name(replay.case)
    if names_test(replay.case):
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



def prepare(replay):
    """What four of the cases with a mock need instead: there the recorder's mocks hid more than the history tells."""
    make = PREPARED.get(short_name(replay.case))
    if make:
        replay.names["#TestCaseName"] = ""
        make(replay)


def machine(replay):
    definition = {"StartAt": "P", "States": {"P": {"Type": "Pass", "Result": {"Arg1": "argument1"}, "End": True}}}
    name = re.sub(r"\W", "_", short_name(replay.case))
    replay.names["state-machine-arn"] = replay.client("stepfunctions").create_state_machine(
        name=name, definition=json.dumps(definition), roleArn="arn:aws:iam::001001001001:role/r")["stateMachineArn"]


def queue(replay):
    url = replay.client("sqs").create_queue(QueueName="mocked")["QueueUrl"]
    replay.names["sqs_queue_url"] = url

    def answer():
        body = replay.client("sqs").receive_message(QueueUrl=url, WaitTimeSeconds=10)["Messages"][0]["Body"]
        replay.client("stepfunctions").send_task_success(
            taskToken=json.loads(body)["TaskToken"], output='"string-literal"')
    replay.on_start = answer


def echo(replay):
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): return event\n")
    replay.names["arn:aws:lambda:us-east-1:111111111111:function:nosuchfunction"] = replay.client(
        "lambda").create_function(
            FunctionName="echo", Runtime="python3.11", Handler="main.handler", Code={"ZipFile": code.getvalue()},
            Role="arn:aws:iam::001001001001:role/r")["FunctionArn"]


PREPARED = {
    "test_sfn_start_execution_sync[SFN_SYNC]": machine, "test_sfn_start_execution_sync[SFN_SYNC2]": machine,
    "test_sqs_wait_for_task_token": queue, "test_map_state_lambda": echo,
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
        # Branches side by side have lost their ids: any assignment will do.
        branches = [event for event in expected.get("events", [])
                    if event["id"] == [0] and ENTERED.match(event["type"])]
        for event in expected.get("events", []):
            if event["type"] not in {"TaskSucceeded", "TaskFailed", "LambdaFunctionSucceeded", "LambdaFunctionFailed"}:
                continue
            event_of = branches.pop(0) if event["id"] == [0] and branches else event
            state = entered(event_of, by_id)
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
