import Foundation
import JSON
import Testing

@testable import baton

@Suite("A file of test cases")
struct TestFileTests {
    private func file(_ text: String, machine: String = "{}") throws -> TestFile {
        let folder =
            FileManager.default.temporaryDirectory.path
            + "/baton-test-file-\(ProcessInfo.processInfo.globallyUniqueString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try machine.write(toFile: folder + "/machine.json", atomically: true, encoding: .utf8)
        try text.write(toFile: folder + "/cases.yaml", atomically: true, encoding: .utf8)
        return try TestFile(path: folder + "/cases.yaml")
    }

    private let cases = """
        stateMachine: machine.json
        substitutions: { Name: world }
        cases:
          - name: good
            input: { id: null }
            mocks:
              Call:
                - throw: { error: Busy }
                - return: { done: true }
            expect: { output: 1 }
          - expect: { error: Broken }
        """

    @Test("takes its state machine from beside it, substitutions applied")
    func definition() throws {
        let file = try file(cases, machine: #"{"Comment": "hello ${Name}"}"#)
        #expect(file.definition == #"{"Comment": "hello world"}"#)
        #expect(file.cases.map(\.name) == ["good", "case 2"])
        #expect(file.cases[0].input == ["id": nil])
    }

    @Test("becomes mocks by attempt, the last answer staying")
    func mocks() throws {
        #expect(
            try file(cases).mockConfiguration() == [
                "StateMachines": ["tested": ["TestCases": ["case0": ["Call": "0 Call"], "case1": [:]]]],
                "MockedResponses": [
                    "0 Call": [
                        "0": ["Throw": ["Error": "Busy", "Cause": ""]], "1-99999999": ["Return": ["done": true]],
                    ]
                ],
            ])
    }

    @Test(
        "says what is wrong with it",
        arguments: [
            ("cases: [{expect: {}}]", "needs `stateMachine`, a file, or `definition`."),
            ("stateMachine: other.json", "the state machine other.json cannot be read."),
            ("definition: {}", "there are no `cases`."),
            ("definition: {}\ncases: [{name: a}]", "case 1 needs `expect`."),
            (
                "definition: {}\ncases: [{name: a, expect: {}, mocks: {S: [{give: 1}]}}]",
                "a: a mock of S needs `return`, or `throw` with `error`."
            ),
        ])
    func faults(_ text: String, message: String) {
        let error = #expect(throws: Failure.self) { try file(text).mockConfiguration() }
        #expect(error?.description.hasSuffix(message) == true)
    }

    @Test(
        "compares what is expected, and success where nothing is said",
        arguments: [
            (["output": ["a": 1.0, "b": [2]]], []), (["output": 2], [#"output: expected 2, was {"b":[2],"a":1}"#]),
            (["path": ["A", "B"]], []), (["path": ["A"]], [#"path: expected ["A"], was ["A","B"]"#]),
            (["error": "E"], [#"status: expected "FAILED", was "SUCCEEDED""#, #"error: expected "E", was absent"#]),
            (["status": "FAILED"], [#"status: expected "FAILED", was "SUCCEEDED""#]),
        ] as [(JSON, [String])])
    func differences(_ expect: JSON, differences: [String]) {
        let end: JSON = ["status": "SUCCEEDED", "output": #"{"b":[2],"a":1}"#]
        let found = TestResult.differences(expect.object ?? [:], end, path: ["A", "B"])
        #expect(Set(found) == Set(differences))
    }

    @Test("is reported in JUnit's form")
    func junit() {
        let results = [
            TestResult(name: "a", milliseconds: 5, differences: []),
            TestResult(name: "b", milliseconds: 1500, differences: ["x < y\u{1}"]),
        ]
        #expect(
            JUnitReport.text([(name: "f", results: results)]) == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites>
                  <testsuite name="f" tests="2" failures="1">
                    <testcase name="a" time="0.005"/>
                    <testcase name="b" time="1.5">
                      <failure>x &lt; y?</failure>
                    </testcase>
                  </testsuite>
                </testsuites>

                """)
    }
}
