"""The data folder on bad days: taken, damaged, read-only, full. And the end of the process on SIGTERM."""

import concurrent.futures
import os
import random
import re
import signal
import socket
import subprocess
import threading
import urllib.request

import pytest

from line import Line, Lost, Refused
from test_kill import Client, Countdown, check, mixed_load
from wire import BATON, Server, eventually


def serve(folder, *wrapper):
    """A start that is expected to fail → exit status and what it said."""
    result = subprocess.run(
        [*wrapper, BATON, "serve", "--port", "0", "--data", str(folder)], capture_output=True, text=True, timeout=60)
    return result.returncode, result.stderr


def queue(line, name="q", **attributes):
    return line.call("sqs", "CreateQueue", QueueName=name, Attributes=attributes)["QueueUrl"]


def bodies(line, url):
    found = []
    while messages := line.call("sqs", "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in messages]
    return sorted(found)


# MARK: Taken, damaged, read-only


def test_a_second_baton_refuses_the_folder(server, folder):
    status, said = serve(folder / "data")
    assert status != 0 and "is in use by another Baton" in said and "--data" in said
    assert server.client("sqs").create_queue(QueueName="still-there")


def test_the_lock_ends_with_the_process(server):
    server.kill()
    server.start()


@pytest.mark.parametrize("damage", [b"this was never a database" * 400, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_file_that_is_no_database_is_refused(server, folder, damage):
    server.stop()
    (folder / "data/baton.db").write_bytes(damage)
    for suffix in ("-wal", "-shm"):
        (folder / f"data/baton.db{suffix}").unlink(missing_ok=True)
    status, said = serve(folder / "data")
    assert status != 0 and "is damaged" in said and "backup" in said
    assert (folder / "data/baton.db").read_bytes() == damage, "the damaged file is what remains to be rescued"


def test_damage_inside_is_told_and_never_guessed_over(server, folder):
    """Pages in the middle are overwritten: whoever meets them gets a 5xx, or Baton does not start or stops saying why."""
    line = Line(server.port)
    url = queue(line)
    for number in range(300):
        line.call("sqs", "SendMessage", QueueUrl=url, MessageBody=f"{number}" * 500)
    assert server.stop() == 0
    path = folder / "data/baton.db"
    with open(path, "r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(b"\xa5" * 65536)
    try:
        server.start()
    except AssertionError as error:
        assert "is damaged" in str(error)
        return
    line = Line(server.port)
    try:
        for _ in range(60):
            line.call("sqs", "ReceiveMessage", QueueUrl=url, MaxNumberOfMessages=10)
    except Refused as error:
        assert error.status == 503
    except Lost:
        assert server.process.wait(timeout=30) != 0
    assert "is damaged" in (folder / "baton.log").read_text()


def test_a_torn_end_of_the_log_is_harmless(server, folder):
    """Half a frame at the end of the write-ahead log is what a power cut leaves of a commit nobody was told of."""
    line = Line(server.port)
    url = queue(line)
    line.call("sqs", "SendMessage", QueueUrl=url, MessageBody="kept")
    server.kill()
    with open(folder / "data/baton.db-wal", "ab") as file:
        file.write(os.urandom(1500))
    server.start()
    assert bodies(Line(server.port), url) == ["kept"]


@pytest.fixture(scope="module")
def namespaces():
    """Mounts that only their process sees need rights that a container may not have."""
    if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode:
        pytest.skip("no rights to make a mount namespace")


def test_a_read_only_folder_is_refused(namespaces, server, folder):
    server.stop()
    data = folder / "data"
    status, said = serve(
        data, "unshare", "-m", "sh", "-c", 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"', data)
    assert status != 0 and "cannot be written" in said and "--data" in said


# MARK: Full


@pytest.fixture
def small(namespaces, folder):
    """A Baton on a disk of its own of 64 MB, and a way to fill and free it."""
    (folder / "data").mkdir()
    server = Server(folder, wrapper=(
        "unshare", "-m", "sh", "-c", 'mount -t tmpfs -o size=64m tmpfs "$0" && exec "$@"', str(folder / "data")))
    yield server
    server.stop()


class Disk:
    def __init__(self, server):
        self.path = f"/proc/{server.process.pid}/root{server.folder}/data"

    def fill(self, leaving=0):
        """Until nothing more fits, not even a page; then `leaving` bytes are given back."""
        with open(f"{self.path}/filler", "ab", buffering=0) as file:
            for size in (1 << 20, 4096, 512, 1):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError:
                    pass
            file.truncate(max(0, file.tell() - leaving))

    def free(self):
        os.unlink(f"{self.path}/filler")


def refused(action):
    try:
        action()
    except Refused as error:
        assert error.status == 503 and "disk" in str(error), error
        return True
    return False


def test_a_full_disk_refuses_writes_and_serves_reads(small):
    line, disk = Line(small.port), Disk(small)
    url = queue(line)
    line.call("dynamodb", "CreateTable", TableName="items", BillingMode="PAY_PER_REQUEST",
              KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
              AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    line.send("s3", "PUT", "/bucket")
    line.send("s3", "PUT", "/bucket/key", b"content")
    line.call("dynamodb", "PutItem", TableName="items", Item={"id": {"S": "a"}, "text": {"S": "before"}})

    def send(body):
        line.call("sqs", "SendMessage", QueueUrl=url, MessageBody=body + "-" + "x" * 50_000)
        sent.append(body)

    def put(text):
        line.call("dynamodb", "PutItem", TableName="items", Item={"id": {"S": "a"}, "text": {"S": text * 1000}})

    sent = []
    for _ in range(3):
        disk.fill(leaving=200_000)
        for write in (lambda: send(f"{len(sent)}"), lambda: put("during")):
            assert any(refused(write) for _ in range(1000)), "the disk does not become full"
        assert refused(lambda: line.send("s3", "PUT", "/bucket/other", b"x" * 100_000))
        assert refused(lambda: line.send("s3", "PUT", "/bucket/large", b"x" * 12_000_000))
        item = line.call("dynamodb", "GetItem", TableName="items", Key={"id": {"S": "a"}}, ConsistentRead=True)["Item"]
        assert item["text"]["S"].startswith(("before", "during"))
        assert line.send("s3", "GET", "/bucket/key") == b"content"
        assert line.call("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=["All"])["Attributes"][
            "ApproximateNumberOfMessages"] == str(len(sent))
        disk.free()
        send(f"{len(sent)}")
        put("before")
    line.send("s3", "PUT", "/bucket/other", b"now it fits")
    assert [body.split("-")[0] for body in bodies(line, url)] == sorted(sent)
    left = [name for name in os.listdir(f"{disk.path}/spool")]
    assert left == [], "nothing remains of bodies that did not fit"


class Stubborn(threading.Thread):
    """One load that goes on when it is refused for want of room, until it is told to stop."""

    def __init__(self, load, port, countdown, stop):
        super().__init__(daemon=True)
        self.load, self.line, self.countdown, self.stop, self.error = load, Line(port), countdown, stop, None

    def run(self):
        try:
            while not self.stop.is_set():
                try:
                    self.load.recover(self.line)
                    while not self.stop.is_set():
                        self.load.step(self.line)
                        self.countdown().step()
                except Refused as error:
                    assert error.status == 503, error
                    self.countdown().step()
        except StopIteration:
            pass
        except BaseException as error:
            self.error = error
            self.countdown().over.set()


def test_a_disk_that_is_full_now_and_then_loses_nothing(small):
    loads, dice, disk, stop = mixed_load(small), random.Random(3), Disk(small), threading.Event()
    countdown = [Countdown(100)]
    clients = [Stubborn(load, small.port, lambda: countdown[0], stop) for load in loads]
    for client in clients:
        client.start()
    for _ in range(20):
        for change in (lambda: disk.fill(dice.choice([0, 1_000, 30_000, 300_000])), disk.free):
            assert countdown[0].over.wait(60), "the load came to a halt"
            change()
            countdown[0] = Countdown(dice.randrange(1, 200))
    stop.set()
    check(clients)
    line = Line(small.port)
    for load in loads:
        load.recover(line)
        load.finish(line)


def test_a_delivery_that_cannot_be_recorded_is_not_repeated_without_end(small):
    """A full disk keeps Baton from noting that a subscriber has its message. It asks again later, not all the time."""
    line, disk = Line(small.port), Disk(small)
    url = queue(line)
    arrived, goes_on = [], threading.Event()

    def receive(connection):
        with connection:
            request = b""
            while not request.endswith(b"}"):
                request += connection.recv(65536)
            arrived.append(request)
            if b"Notification" in arrived[-1]:
                goes_on.wait(60)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def listen(listener):
        while True:
            try:
                threading.Thread(target=receive, args=[listener.accept()[0]], daemon=True).start()
            except OSError:
                return

    def notifications():
        return sum(b"Notification" in data for data in arrived)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=listen, args=[listener], daemon=True).start()
        topic = line.query("sns", "CreateTopic", Name="t")[0][0].text
        line.query("sns", "Subscribe", TopicArn=topic, Protocol="http",
                   Endpoint=f"http://127.0.0.1:{listener.getsockname()[1]}/")
        confirmation = eventually(lambda: arrived, what="the confirmation")[0].decode()
        token = re.search(r'"Token"\s*:\s*"([^"]+)"', confirmation)[1]
        line.query("sns", "ConfirmSubscription", TopicArn=topic, Token=token)
        line.query("sns", "Publish", TopicArn=topic, Message="once")
        eventually(notifications, what="the delivery")
        disk.fill()
        while not refused(lambda: line.call("sqs", "SendMessage", QueueUrl=url, MessageBody="x")):
            pass
        goes_on.set()
        for _ in range(300):
            line.call("sqs", "GetQueueUrl", QueueName="q")
        assert notifications() < 30
        disk.free()
        line.call("sqs", "SendMessage", QueueUrl=url, MessageBody="x")
        listener.shutdown(socket.SHUT_RDWR)


# MARK: The end


def long_poll(port, url):
    return Line(port).call("sqs", "ReceiveMessage", QueueUrl=url, WaitTimeSeconds=20)


def test_a_stop_releases_long_polls(server):
    """All are answered, and the process ends long before they would have on their own."""
    url = queue(Line(server.port))
    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        polls = [pool.submit(long_poll, server.port, url) for _ in range(20)]
        metric = f"http://127.0.0.1:{server.port}/_baton/metrics"
        eventually(lambda: waiting(metric) >= 20, what="twenty open polls")
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=15) == 0
        for poll in polls:
            assert poll.result(15).get("Messages") is None


def waiting(url):
    with urllib.request.urlopen(url) as answer:
        found = re.search(rb"^baton_requests_in_flight (\d+)", answer.read(), re.M)
    return int(found[1]) if found else 0


def test_a_stop_lets_a_request_end(server):
    """Half of a body is there when SIGTERM comes; the other half comes after the listener has closed."""
    line = Line(server.port)
    line.send("s3", "PUT", "/bucket")
    content = b"0123456789" * 20_000
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(
            b"PUT /bucket/key HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\nExpect: 100-continue\r\n\r\n" % len(content))
        assert b"100" in connection.recv(4096)
        connection.sendall(content[:100_000])
        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: is_closed(server.port), what="the end of listening")
        connection.sendall(content[100_000:])
        assert b"200" in connection.recv(4096)
    assert server.process.wait(timeout=30) == 0
    server.start()
    assert Line(server.port).send("s3", "GET", "/bucket/key") == content


def is_closed(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        return False
    except OSError:
        return True


def test_stops_during_load_lose_nothing(server):
    loads, dice = mixed_load(server), random.Random(1)
    for _ in range(5):
        ready, countdown = threading.Barrier(len(loads) + 1), Countdown(dice.randrange(1, 400))
        clients = [Client(load, server.port, ready, countdown) for load in loads]
        for client in clients:
            client.start()
        ready.wait(60)
        assert countdown.over.wait(60), "the load came to a halt"
        assert server.stop() == 0
        check(clients)
        server.start()
    line = Line(server.port)
    for load in loads:
        load.finish(line)
