"""A real Baton for real clients: one process for the whole run, on a free port and an empty data folder."""

import json
import os
import re
import select
import signal
import subprocess
import time
from pathlib import Path

import boto3
import botocore.config
import pytest

ROOT = Path(__file__).resolve().parents[2]
BATON = os.environ.get("BATON", str(ROOT / ".build/debug/baton"))
ACCOUNT = "000000000000"
REGION = "us-east-1"


class Server:
    """One `baton serve`. It can be killed and started again on the same folder and port."""

    def __init__(self, folder, *options, port=0, environment=None, wrapper=()):
        """`wrapper`: the words of a command that ends by executing what follows it."""
        self.folder = Path(folder)
        self.options = options
        self.wrapper = wrapper
        self.port = port
        self.environment = environment or {}
        self.process = None
        self.start()

    def start(self):
        log = open(self.folder / "baton.log", "ab")
        self.process = subprocess.Popen(
            [*self.wrapper, BATON, "serve", "--port", str(self.port), "--data", str(self.folder / "data"), "--json",
             *self.options],
            stdout=subprocess.PIPE, stderr=log, env={**os.environ, **self.environment},
        )
        ready, _, _ = select.select([self.process.stdout], [], [], 60)
        line = self.process.stdout.readline() if ready else b""
        assert line, f"baton did not start: {(self.folder / 'baton.log').read_text()[-2000:]}"
        self.ready = json.loads(line)
        self.port = int(re.search(r":(\d+)$", self.ready["endpoint"]).group(1))
        return self

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def client(self, service, **options):
        return boto3.client(service, endpoint_url=self.endpoint, **{**CREDENTIALS, "config": CONFIG, **options})

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=30)
        return self.process.returncode


CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
CONFIG = botocore.config.Config(retries={"max_attempts": 0}, read_timeout=120, s3={"addressing_style": "path"})


def eventually(probe, timeout=15, what="the expected state"):
    """The first true answer of `probe`, which itself waits on the wire where it can."""
    end = time.monotonic() + timeout
    while time.monotonic() < end:
        if (answer := probe()):
            return answer
        select.select([], [], [], 0.05)
    raise AssertionError(f"{what} did not come within {timeout} s")


@pytest.fixture(scope="session")
def baton(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("baton"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def endpoint(baton):
    return baton.endpoint


@pytest.fixture(scope="session")
def aws(baton):
    """Service name → boto3 client of this Baton."""
    clients = {}
    return lambda service: clients.setdefault(service, baton.client(service))


@pytest.fixture(scope="session")
def environment(endpoint):
    """What the AWS CLI and others need to find this Baton."""
    return {
        **os.environ, "AWS_ENDPOINT_URL": endpoint, "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION, "AWS_REGION": REGION, "AWS_EC2_METADATA_DISABLED": "true", "AWS_PAGER": "",
    }


@pytest.fixture(scope="session")
def deploy(environment):
    """`baton deploy` → the stack's outputs."""

    def run(template, stack, parameters=None):
        words = [BATON, "deploy", str(template), "--stack", stack, "--json"]
        for key, value in (parameters or {}).items():
            words += ["--parameter", f"{key}={value}"]
        result = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=300)
        assert result.returncode == 0, result.stdout + result.stderr
        return json.loads(result.stdout.strip().splitlines()[-1])["outputs"]

    return run
