"""Functions that behave badly, and functions whose Baton dies: processes are bounded, and none is left behind."""

import base64
import io
import json
import os
import signal
import threading
import zipfile

import botocore.exceptions
import pytest

from line import Line, Lost, Refused
from test_kill import package
from wire import eventually

ROLE = "arn:aws:iam::000000000000:role/any"


@pytest.fixture
def function(server):
    def make(code, **settings):
        server.client("lambda").create_function(
            FunctionName="f", Runtime="python3.11", Handler="main.handler", Role=ROLE, Code={"ZipFile": package(code)}, **settings)
        return "f"

    return make


def invoke(server, event=None, kind="RequestResponse"):
    return Line(server.port).send(
        "lambda", "POST", "/2015-03-31/functions/f/invocations", json.dumps(event), X_Amz_Invocation_Type=kind)


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def marked(folder):
    """Processes, other than Baton, that carry this folder in their environment or command."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as environment, open(f"/proc/{pid}/cmdline", "rb") as command:
                text, line = environment.read(), command.read()
        except OSError:
            continue
        if b"lambda" in text + line and str(folder).encode() in text + line and b"serve" not in line and alive(pid):
            found.append(int(pid))
    return found


# MARK: Bad functions


BAD = {
    "forks": "    while True:\n        if os.fork() == 0: time.sleep(1000)\n",
    "threads": "    import threading\n    while True: threading.Thread(target=time.sleep, args=[1000], daemon=True).start()\n",
    "floods": "    while True: print('x' * 1000)\n",
    "floods one line": "    while True: sys.stdout.write('x' * 100000)\n",
    "never ends": "    while True: pass\n",
    "ignores signals": "    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))\n    while True: time.sleep(1000)\n",
    "leaves its session": "    if os.fork() == 0:\n        os.setsid()\n        if os.fork() == 0:\n            os.closerange(0, 100)\n            time.sleep(1000)\n        os._exit(0)\n    while True: time.sleep(1000)\n",
    "eats memory": "    food = []\n    while True: food.append(bytearray(b'x' * 10_000_000))\n",
    "fills its disk": "    with open('/tmp/food', 'wb') as file:\n        for _ in range(10): file.write(b'x' * 1_000_000)\n    raise SystemExit(1)\n",
    "answers too much": "    return 'x' * 7_000_000\n",
    "answers nonsense": "    return object()\n",
    "closes everything": "    os.closerange(0, 100)\n    time.sleep(1000)\n",
    "kills itself": "    os.kill(os.getpid(), 9)\n",
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_function_ends_and_leaves_nothing(server, function, name):
    function("import os, signal, sys, time\ndef handler(event, context):\n    if event == 'good': return 'good'\n" + BAD[name], Timeout=3)
    answer = server.client("lambda").invoke(FunctionName="f", LogType="Tail")
    assert answer["FunctionError"], answer["Payload"].read()
    assert "errorMessage" in json.loads(answer["Payload"].read())
    assert len(base64.b64decode(answer.get("LogResult", ""))) <= 4096
    assert json.loads(invoke(server, "good")) == "good"
    eventually(lambda: len(marked(server.folder)) <= 1, what="the end of all processes but a warm one")
    assert server.stop() == 0
    assert not marked(server.folder)


# MARK: Bad packages


def archive(*entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("main.py", "import os\ndef handler(event, context): return open(event).read()\n")
        for name, mode, content in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, content)
    return buffer.getvalue()


LINK, FILE = 0o120777, 0o100644


@pytest.mark.parametrize("entries", [
    [("link", LINK, "{folder}"), ("link/escaped", FILE, "x")],
    [("link", LINK, "../../../.."), ("link/escaped", FILE, "x")],
    [("main.py", LINK, "{folder}/escaped"), ("main.py", FILE, "x")],
    [("../escaped", FILE, "x")], [("{folder}/escaped", FILE, "x")], [("a/../../escaped", FILE, "x")], [("..\\escaped", FILE, "x")],
    [("device", 0o020666, "x")], [("a" * 5000, FILE, "x")], [(("a" * 200 + "/") * 25 + "b", FILE, "x")], [("dir", FILE, "x"), ("dir/escaped", FILE, "x")],
    [("bomb", FILE, b"\0" * (300 << 20))],
], ids=range(12))
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_packages_stay_in_their_folder(server, folder, entries):
    """What a package may not do is refused, or it does it in its own folder."""
    outside = folder / "outside"
    outside.mkdir()
    code = archive(*[(name.replace("{folder}", str(outside)), mode,
                      content if isinstance(content, bytes) else content.replace("{folder}", str(outside)))
                     for name, mode, content in entries])
    try:
        server.client("lambda").create_function(
            FunctionName="f", Runtime="python3.11", Handler="main.handler", Role=ROLE, Code={"ZipFile": code})
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] in ("InvalidParameterValueException", "InvalidZipFileException"), error
    assert not list(outside.iterdir())
    at_home = folder / "data/lambda/code"
    assert [path for path in folder.rglob("escaped") if at_home not in path.parents] == []
    assert sum(path.lstat().st_size for path in at_home.rglob("*") if path.is_file()) <= 250 << 20
    assert server.process.poll() is None


# MARK: Baton ends


CHILDREN = (
    "import os, subprocess, time\n"
    "def handler(event, context):\n"
    "    pids = [os.getpid(), subprocess.Popen(['sleep', '1000']).pid]\n"
    "    pids.append(subprocess.Popen(['sleep', '1000'], start_new_session=True).pid)\n"
    "    with open(event + '.new', 'w') as file: file.write(' '.join(map(str, pids)))\n"
    "    os.rename(event + '.new', event)\n"
    "    time.sleep(1000)\n"
)


def busy(server, folder):
    """A function in the middle of its work → its processes: itself, a child, a child in a session of its own."""
    marker = folder / "pids"
    thread = threading.Thread(target=lambda: lost(server, str(marker)), daemon=True)
    thread.start()
    eventually(marker.exists, timeout=30, what="the function's start")
    return [int(pid) for pid in marker.read_text().split()], thread


def lost(server, event):
    try:
        invoke(server, event)
    except (Lost, Refused):
        pass


def test_processes_die_with_baton(server, function, folder):
    function(CHILDREN, Timeout=900)
    (first, child, stray), thread = busy(server, folder)
    server.kill()
    eventually(lambda: not alive(first) and not alive(child), what="the end of the function's session")
    server.start()
    eventually(lambda: not alive(stray), what="the end of who had left the session")
    thread.join(30)
    eventually(lambda: not marked(folder), what="nothing left")


def test_processes_end_when_baton_stops(server, function, folder):
    function(CHILDREN, Timeout=900)
    pids, thread = busy(server, folder)
    assert server.stop() == 0
    assert not any(map(alive, pids))
    thread.join(30)


QUEUE_WAITS = (
    "import json, os, time, urllib.request\n"
    "def handler(event, context):\n"
    "    marker = event['marker']\n"
    "    if not os.path.exists(marker):\n"
    "        open(marker, 'w').close()\n"
    "        time.sleep(1000)\n"
    "    return event['id']\n"
)


@pytest.mark.parametrize("end", ["kill", "stop"])
def test_an_event_in_work_is_worked_on_again(server, function, folder, end):
    """Neither a crash nor a stop counts as a failure of the function, which would cost an attempt and a minute."""
    function(QUEUE_WAITS, Timeout=900)
    sqs = server.client("sqs")
    url = sqs.create_queue(QueueName="done")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    server.client("lambda").put_function_event_invoke_config(
        FunctionName="f", MaximumRetryAttempts=0, DestinationConfig={"OnSuccess": {"Destination": arn}, "OnFailure": {"Destination": arn}})
    marker = folder / "began"
    invoke(server, {"marker": str(marker), "id": 7}, kind="Event")
    eventually(marker.exists, timeout=30, what="the function's start")
    getattr(server, end)()
    server.start()
    (message,) = Line(server.port, timeout=90).call("sqs", "ReceiveMessage", QueueUrl=url, WaitTimeSeconds=20)["Messages"]
    record = json.loads(message["Body"])
    assert (record["requestContext"]["condition"], record["responsePayload"]) == ("Success", 7)


def test_a_call_in_flight_is_answered_before_the_end(server, function, folder):
    """SIGTERM lets requests end: a function that still works gets to say its result."""
    marker = folder / "began"
    function(
        "import os, time\n"
        "def handler(event, context):\n"
        "    open(event, 'w').close()\n"
        "    while os.path.exists(event): time.sleep(0.01)\n"
        "    return 'done'\n", Timeout=60)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(invoke(server, str(marker))), daemon=True)
    thread.start()
    eventually(marker.exists, timeout=30, what="the function's start")
    server.process.send_signal(signal.SIGTERM)
    eventually(lambda: b"stopping" in (folder / "baton.log").read_bytes(), what="the beginning of the stop")
    marker.unlink()
    assert server.process.wait(30) == 0
    thread.join(30)
    assert answers == [b'"done"']


def test_a_stop_does_not_wait_for_the_queue_behind_busy_functions(server, function, folder):
    """All places of an event source mapping are taken when SIGTERM comes, and would be for a quarter of an hour."""
    function(
        "import time, uuid\n"
        "def handler(event, context):\n"
        f"    open({str(folder / 'began-')!r} + str(uuid.uuid4()), 'w').close()\n"
        "    time.sleep(900)\n", Timeout=900)
    sqs = server.client("sqs")
    url = sqs.create_queue(QueueName="in", Attributes={"VisibilityTimeout": "900"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    for number in range(4):
        sqs.send_message(QueueUrl=url, MessageBody=f"{number}")
    server.client("lambda").create_event_source_mapping(
        EventSourceArn=arn, FunctionName="f", BatchSize=1, ScalingConfig={"MaximumConcurrency": 2})
    eventually(lambda: len(list(folder.glob("began-*"))) == 2, timeout=30, what="two functions at work")
    assert server.stop() == 0
    assert not marked(folder)
