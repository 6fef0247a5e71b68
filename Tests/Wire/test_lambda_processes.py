"""Function processes on bad days: they never outlive the Baton that started them."""

import json
import os
import threading

import botocore.exceptions
import pytest

from conftest import Server, eventually
from test_lambda import ROLE, package

CODE = """
import os, subprocess, time
def handler(event, context):
    child = subprocess.Popen(['sleep', '1000'])
    leaver = subprocess.Popen(['setsid', 'sleep', '1000'])
    with open(os.environ['PIDS'] + '.part', 'w') as file:
        file.write(f'{os.getpid()} {child.pid} {leaver.pid}')
    os.rename(os.environ['PIDS'] + '.part', os.environ['PIDS'])
    time.sleep(1000)
"""


def running(pid):
    try:
        return open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def busy(tmp_path):
    """A server with a function at work, and the pids of the function, its child, and a child in a session of its own."""
    server = Server(tmp_path)
    marker = tmp_path / "pids"
    server.client("lambda").create_function(
        FunctionName="busy", Runtime="python3.11", Handler="main.handler", Role=ROLE, Timeout=900,
        Code={"ZipFile": package({"main.py": CODE})}, Environment={"Variables": {"PIDS": str(marker)}},
    )
    server.client("lambda").invoke(FunctionName="busy", InvocationType="Event", Payload=json.dumps({}))
    eventually(marker.exists, what="the function's process")
    yield server, [int(pid) for pid in marker.read_text().split()], marker
    server.stop()


def test_a_stop_ends_them_all(busy):
    server, pids, _ = busy
    server.stop()
    assert not any(running(pid) for pid in pids)


def test_a_killed_baton_takes_its_functions_along_and_runs_the_event_again(busy):
    server, pids, marker = busy
    marker.unlink()
    server.kill()
    eventually(lambda: not any(running(pid) for pid in pids[:2]), what="the end of the function's session")
    server.start()
    assert not running(pids[2]), "what had left the session ends when Baton starts again"
    eventually(marker.exists, what="the event that was acknowledged")
    assert not set(pids) & {int(pid) for pid in marker.read_text().split()}


def test_a_client_that_waits_gets_its_answer_before_the_end(tmp_path):
    server = Server(tmp_path)
    marker = tmp_path / "began"
    code = f"import time\ndef handler(event, context):\n    open({str(marker)!r}, 'w')\n    time.sleep(1)\n    return 'whole'\n"
    server.client("lambda").create_function(
        FunctionName="slow", Runtime="python3.11", Handler="main.handler", Role=ROLE, Timeout=60,
        Code={"ZipFile": package({"main.py": code})},
    )
    answers = []
    client = server.client("lambda")
    call = threading.Thread(target=lambda: answers.append(client.invoke(FunctionName="slow")["Payload"].read()))
    call.start()
    eventually(marker.exists, what="the function at work")
    assert server.stop() == 0
    call.join()
    assert answers == [b'"whole"']


def test_functions_may_call_where_keys_are_asked_for(tmp_path):
    server = Server(tmp_path, "--access-key", "AKIDEXAMPLE:secret")
    keys = {"aws_access_key_id": "AKIDEXAMPLE", "aws_secret_access_key": "secret"}
    code = "import boto3\ndef handler(event, context): return boto3.client('sts').get_caller_identity()['Account']\n"
    client = server.client("lambda", **keys)
    client.create_function(
        FunctionName="caller", Runtime="python3.11", Handler="main.handler", Role=ROLE, Timeout=60, MemorySize=512,
        Code={"ZipFile": package({"main.py": code})},
    )
    assert json.loads(client.invoke(FunctionName="caller")["Payload"].read()) == "000000000000"
    with pytest.raises(botocore.exceptions.ClientError):
        server.client("lambda", aws_access_key_id="000000000000", aws_secret_access_key="guess").list_functions()
    server.stop()


def test_a_fork_bomb_is_bounded(tmp_path):
    server = Server(tmp_path)
    code = "import os, time\ndef handler(event, context):\n    while True:\n        if os.fork() == 0: time.sleep(1000)\n"
    server.client("lambda").create_function(
        FunctionName="bomb", Runtime="python3.11", Handler="main.handler", Role=ROLE, Timeout=60,
        Code={"ZipFile": package({"main.py": code})},
    )
    answer = server.client("lambda").invoke(FunctionName="bomb")
    assert answer["FunctionError"] == "Unhandled"
    assert json.loads(answer["Payload"].read())["errorType"] in ("Runtime.ExitError", "Runtime.OutOfMemory")
    server.stop()
    left = [pid for pid in os.listdir("/proc") if pid.isdigit() and marked(pid, str(tmp_path))]
    assert not left


def marked(pid, folder):
    try:
        return folder.encode() in open(f"/proc/{pid}/environ", "rb").read()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return False
