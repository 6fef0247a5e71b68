"""What the sources look like, held as a test: who may import whom, sizes, and words that must not appear."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*ROOT.glob("Sources/**/*.swift"), *ROOT.glob("Systems/**/Sources/**/*.swift")])
CODE = [path for path in SOURCES if "AWSModel/Data" not in str(path)]

# Our own rooms only; a library may be used where Package.swift gives it to the target.
CORE = {"JSON", "AWSModel", "AWSWire", "BatonStore", "BatonCore"}
MAY_IMPORT = {
    "JSON": set(),
    "AWSModel": {"JSON"},
    "AWSWire": {"JSON", "AWSModel"},
    "AWSClient": {"JSON", "AWSModel", "AWSWire"},
    "JSONata": {"JSON"},
    "StatesLanguage": {"JSON", "JSONata"},
    "BatonStore": set(),
    "BatonCore": {"JSON", "AWSModel", "AWSWire", "BatonStore"},
    "BatonProcess": {"CLinux"},
    "Archive": {"CZlib"},
    "Services/APIGateway": CORE | {"StatesLanguage"},
    "Services/APIGatewayV2": CORE,
    "Services/Batch": CORE | {"BatonProcess"},
    "Services/CloudFormation": CORE,
    "Services/CloudWatchLogs": CORE,
    "DynamoDBExpressions": {"JSON", "AWSWire"},
    "Services/DynamoDB": CORE | {"DynamoDBExpressions"},
    "Services/EventBridge": CORE,
    "Services/IAM": CORE,
    "Services/CloudWatchLogs": CORE | {"AWSModel", "Archive"},
    "Services/Lambda": CORE | {"BatonProcess", "Archive"},
    "Services/S3": CORE,
    "Services/SNS": CORE,
    "Services/SQS": CORE,
    "Services/SSM": CORE,
    "Services/STS": CORE,
    "Services/Scheduler": CORE,
    "Services/SecretsManager": CORE,
    "Services/StepFunctions": CORE | {"Archive", "JSONata", "StatesLanguage"},
    "BatonHTTP": CORE,
    "LambdaRuntime": {"JSON", "AWSClient"},
    "Systems/UniversalScheduler": {"JSON", "AWSClient", "LambdaRuntime", "Archive"},
    "Systems/JobDispatch": {"JSON", "AWSClient", "LambdaRuntime", "CZlib"},
}
ROOMS = {name.split("/")[-1] for name in MAY_IMPORT} | {"CZlib", "CLinux", "BatonTesting"}

FORBIDDEN = {
    r"\btry!": "handle the error",
    r"\bfatalError\(": "answer an AWSError",
    r"(?<![\w.])Date\(\)": "ask the injected clock",
    r"\bDate\.now\b": "ask the injected clock",
    r"\bTask\.sleep\b": "wait on the injected clock",
    r"\bThread\.sleep\b": "wait on the injected clock",
    r"\busleep\(": "wait on the injected clock",
    r"(?<![\w.])UUID\(\)": "ask the injected random source",
    r"\bas!\s": "cast with `as?`",
    r"\bTODO\b|\bFIXME\b": "do it, or describe it in the documentation",
}
# The places where time and randomness enter the house.
ALLOWED = {
    "Sources/BatonStore/RandomSource.swift": {"SystemRandomNumberGenerator"},
}
FORCE_UNWRAP = re.compile(r"[\w\)\]]!(?=[\s\.,\)\]\(\[;:]|$)")
LINES = 800


def room(path: Path) -> str:
    parts = path.relative_to(ROOT).parts
    if parts[0] == "Systems":
        return f"Systems/{parts[1]}"
    return f"Services/{parts[2]}" if parts[1] == "Services" else parts[1]


def code_lines(path: Path):
    """Lines without comments and the inside of strings."""
    inside = False
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.count('"""') == 1:
            inside = not inside
            continue
        if inside:
            continue
        line = re.sub(r'#?"(?:[^"\\]|\\.)*"#?', '""', line)
        yield number, line.split("//")[0]


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_only_what_its_room_may(path):
    name = room(path)
    if name == "baton":
        return
    assert name in MAY_IMPORT, f"{name} is not in the plan: add it to MAY_IMPORT and to docs/architecture.md"
    imported = set(re.findall(r"^(?:@\w+ )?(?:public |package |internal )?import (?:struct |enum |class )?(\w+)", path.read_text(), re.M))
    assert imported & ROOMS <= MAY_IMPORT[name]


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_says_nothing_forbidden(path):
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match.group(0)}: {advice}"
        for number, line in code_lines(path)
        for pattern, advice in FORBIDDEN.items()
        if (match := re.search(pattern, line))
    ]
    found += [
        f"{path.relative_to(ROOT)}:{number}: force unwrap"
        for number, line in code_lines(path)
        if FORCE_UNWRAP.search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_is_not_too_long(path):
    assert len(path.read_text().splitlines()) <= LINES


def functions(path: Path):
    """(name, first line, number of lines) of each function, by indentation."""
    lines = path.read_text().splitlines()
    for start, line in enumerate(lines):
        if match := re.match(r"^(\s*)(?:[\w@()]+ )*(?:func (\S+?)|(init))[(<]", line):
            indent = match.group(1)
            for end in range(start + 1, len(lines)):
                if lines[end] == indent + "}":
                    yield match.group(2) or "init", start + 1, end - start + 1
                    break
                if re.match(rf"^{indent}(?:[\w@]+ )*(?:func|var|let|struct|enum|init)\b", lines[end]):
                    break


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_fit_on_a_screen(path):
    long = [f"{path.relative_to(ROOT)}:{line}: {name} has {count} lines" for name, line, count in functions(path) if count > 70]
    assert not long, "\n".join(long)


def test_each_operation_is_one_file_named_after_it():
    wrong = [
        str(path.relative_to(ROOT))
        for path in ROOT.glob("Sources/Services/*/Operations/*.swift")
        if not re.search(rf"\b(?:enum|struct) {path.stem}: (?:\w+, )*(?:BatonCore\.)?(?:Read|Write|Submitted)?Operation\b", path.read_text())
    ]
    assert not wrong, f"no operation of the file's name in: {wrong}"


def test_the_list_of_each_service_equals_its_folder_and_the_model():
    botocore = pytest.importorskip("botocore.session")
    session = botocore.get_session()
    for service in sorted(ROOT.glob("Sources/Services/*/Operations")):
        main = service.parent / f"{service.parent.name}.swift"
        files = {path.stem for path in service.glob("*.swift")}
        listed = set(re.findall(r"(\w+)\.self", main.read_text()))
        assert files <= listed, f"{main.name} does not list {sorted(files - listed)}"
        identifier = re.search(r'static (?:let|var) id(?:: String)? = "(\w+)"', main.read_text()).group(1)
        model = set(session.get_service_model(identifier).operation_names)
        assert files <= model, f"AWS has no {sorted(files - model)} in {identifier}"
