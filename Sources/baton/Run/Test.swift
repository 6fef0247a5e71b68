import AWSClient
import AWSWire
import ArgumentParser
import BatonStore
import Foundation
import JSON

/// `baton test`: unit tests of state machines.
struct Test: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Test state machines: prepared answers in, path and output compared.",
        discussion: """
            Each file holds cases for one state machine; tasks answer what the case says, waiting takes no time:

              stateMachine: machine.asl.json
              cases:
                - name: a busy function is tried again
                  input: {id: 1}
                  mocks:
                    Call:
                      - throw: {error: Lambda.TooManyRequestsException, cause: busy}
                      - return: {Payload: done}
                  expect: {status: SUCCEEDED, output: done, path: [Call, Done]}

            Of `expect` (status, output, error, cause, path) only what is there is compared. Exit status 1 when a case \
            failed.
            """)

    @Argument(help: "Files with cases, YAML or JSON.")
    var files: [String]

    @Option(help: "Only cases whose name contains this.")
    var filter: String?

    @Option(help: "Write a JUnit report to this file.")
    var junit: String?

    @Flag(help: "Print one line of JSON for each case.")
    var json = false

    func run() async throws {
        var suites: [(name: String, results: [TestResult])] = []
        for file in files { suites.append((file, try await Self.results(of: TestFile(path: file), filter, show))) }
        if let junit { try JUnitReport.text(suites).write(toFile: junit, atomically: true, encoding: .utf8) }
        let all = suites.flatMap(\.results)
        let failed = all.count { !$0.differences.isEmpty }
        if !json { print("\(all.count - failed) passed, \(failed) failed") }
        if failed > 0 || all.isEmpty { throw ExitCode.failure }
    }

    private func show(_ result: TestResult) {
        if json {
            let line: JSON = [
                "name": .string(result.name), "passed": .bool(result.differences.isEmpty),
                "milliseconds": .number(Int(result.milliseconds)),
                "differences": .array(result.differences.map(JSON.string)),
            ]
            return print(line.text())
        }
        print("\(result.differences.isEmpty ? "✔" : "✘")  \(result.name)  \(TreeText.duration(result.milliseconds))")
        for difference in result.differences { print("     \(difference)") }
    }

    private static func results(
        of file: TestFile, _ filter: String?, _ show: (TestResult) -> Void
    ) async throws -> [TestResult] {
        let mocks =
            FileManager.default.temporaryDirectory.path
            + "/baton-mocks-\(ProcessInfo.processInfo.processIdentifier).json"
        try file.mockConfiguration().text().write(toFile: mocks, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: mocks) }
        setenv("SFN_MOCK_CONFIG", mocks, 1)
        var results: [TestResult] = []
        try await OneShot.run(clock: .skip) { client in
            do {
                let arn = try await OneShot.create(file.definition, named: TestFile.machineName, client)
                for (place, one) in file.cases.enumerated() where filter.map({ one.name.contains($0) }) ?? true {
                    let result = try await run(one, on: "\(arn)#\(TestFile.caseName(place))", client)
                    show(result)
                    results.append(result)
                }
            } catch let error as AWSError {
                throw Failure("\(file.path): \(error.message) (\(error.code))")
            }
        }
        return results
    }

    private static func run(_ one: TestFile.Case, on arn: String, _ client: AWSClient) async throws -> TestResult {
        let clock = RealClock()
        let startMs = clock.nowMs
        let started = try await client.call(
            "stepfunctions", "StartExecution", ["stateMachineArn": .string(arn), "input": .string(one.input.text())])
        let follower = ExecutionFollower(
            client: client, executionArn: started["executionArn"]?.string ?? "", terminal: nil)
        let (end, tree) = try await follower.follow()
        return TestResult(
            name: one.name, milliseconds: clock.nowMs - startMs,
            differences: TestResult.differences(one.expect, end, path: tree.path))
    }
}
