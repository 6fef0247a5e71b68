"""Terraform with the AWS provider: apply, a plan without changes, destroy."""

import os
import shutil
import subprocess
import uuid
import zipfile
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def mirror():
    """Where this machine keeps providers (TF_PLUGIN_MIRROR, else the usual folders); None without the AWS provider."""
    named = os.environ.get("TF_PLUGIN_MIRROR")
    places = [Path(named)] if named else [
        Path.home() / ".terraform.d/plugins", Path("/usr/local/share/terraform/plugins"), *Path("/opt").glob("*"),
    ]
    return next((place for place in places if (place / "registry.terraform.io/hashicorp/aws").is_dir()), None)


MIRROR = mirror()


@pytest.mark.skipif(not shutil.which("terraform"), reason="no terraform on this machine")
@pytest.mark.skipif(not MIRROR, reason="no mirror of the AWS provider on this machine (TF_PLUGIN_MIRROR)")
def test_apply_plan_destroy(baton, environment, tmp_path):
    shutil.copy(HERE / "terraform/main.tf", tmp_path)
    code = tmp_path / "code.zip"
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("main.py", "def handler(event, context): return 1\n")
    (tmp_path / "terraformrc").write_text(
        f'provider_installation {{\n  filesystem_mirror {{ path = "{MIRROR}" }}\n}}\n'
    )
    name = f"tf-{uuid.uuid4().hex[:12]}"
    variables = {"TF_VAR_endpoint": baton.endpoint, "TF_VAR_name": name, "TF_VAR_code": str(code)}

    def terraform(*words, expect=0):
        result = subprocess.run(
            ["terraform", *words], cwd=tmp_path, capture_output=True, text=True, timeout=300,
            env={**environment, **variables, "TF_CLI_CONFIG_FILE": str(tmp_path / "terraformrc"), "TF_IN_AUTOMATION": "1"},
        )
        assert result.returncode == expect, result.stdout[-6000:] + result.stderr[-6000:]
        return result.stdout

    terraform("init", "-no-color")
    terraform("apply", "-auto-approve", "-no-color")
    # Exit status 0: no changes; 2 would be changes.
    terraform("plan", "-detailed-exitcode", "-no-color")
    assert baton.client("lambda").invoke(FunctionName=name)["Payload"].read() == b"1"
    terraform("destroy", "-auto-approve", "-no-color")
