import CloudFormation
import Foundation
import JSON

/// A file of test cases for one state machine.
///
/// ```yaml
/// stateMachine: machine.asl.json        # relative to this file
/// substitutions: { FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f" }
/// cases:
///   - name: a busy function is tried again
///     input: { id: 1 }
///     mocks:
///       Call:                            # answers of a state's attempts in order; the last one stays
///         - throw: { error: Lambda.TooManyRequestsException, cause: busy }
///         - return: { Payload: done }
///     expect: { status: SUCCEEDED, output: done, path: [Call, Done] }
/// ```
/// Of `expect` only what is there is compared: `status`, `output`, `error`, `cause`, `path`. A case whose `expect` names
/// neither status nor error expects success.
struct TestFile {
    struct Case {
        let name: String
        let input: JSON
        let mocks: JSON.Object
        let expect: JSON.Object
    }

    let path: String
    let definition: String
    let cases: [Case]

    init(path: String) throws {
        self.path = path
        let tree: JSON
        do { tree = try TemplateReader.read(try String(contentsOfFile: path, encoding: .utf8), allowsNull: true) } catch
        {
            throw Failure("\(path): \(error)")
        }
        definition = try Self.definition(tree, beside: path)
        cases = try (tree["cases"]?.array ?? []).enumerated().map { place, one in
            guard let expect = one["expect"]?.object else {
                throw Failure("\(path): case \(place + 1) needs `expect`.")
            }
            return Case(
                name: one["name"]?.string ?? "case \(place + 1)", input: one["input"] ?? [:],
                mocks: one["mocks"]?.object ?? [:], expect: expect)
        }
        guard !cases.isEmpty else { throw Failure("\(path): there are no `cases`.") }
    }

    private static func definition(_ tree: JSON, beside path: String) throws -> String {
        var text: String
        if let file = tree["stateMachine"]?.string {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            do { text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8) } catch {
                throw Failure("\(path): the state machine \(file) cannot be read.")
            }
        } else if let definition = tree["definition"] {
            text = definition.text()
        } else {
            throw Failure("\(path): needs `stateMachine`, a file, or `definition`.")
        }
        for (name, value) in tree["substitutions"]?.object ?? [:] {
            text = text.replacingOccurrences(of: "${\(name)}", with: value.string ?? value.text())
        }
        return text
    }

    // MARK: Mocks

    static let machineName = "tested"
    /// More attempts than any Retry makes.
    private static let lastAttempt = 99_999_999

    /// The file for `SFN_MOCK_CONFIG`.
    func mockConfiguration() throws -> JSON {
        var cases: JSON.Object = [:]
        var responses: JSON.Object = [:]
        for (place, one) in self.cases.enumerated() {
            var states: JSON.Object = [:]
            for (state, answers) in one.mocks {
                let name = "\(place) \(state)"
                states[state] = .string(name)
                responses[name] = try response(answers.array ?? [answers], one, state)
            }
            cases[Self.caseName(place)] = .object(states)
        }
        return [
            "StateMachines": [Self.machineName: ["TestCases": .object(cases)]], "MockedResponses": .object(responses),
        ]
    }

    static func caseName(_ place: Int) -> String { "case\(place)" }

    private func response(_ answers: [JSON], _ one: Case, _ state: String) throws -> JSON {
        var attempts: JSON.Object = [:]
        for (place, answer) in answers.enumerated() {
            let range = place == answers.count - 1 ? "\(place)-\(Self.lastAttempt)" : "\(place)"
            if let result = answer["return"] {
                attempts[range] = ["Return": result]
            } else if let thrown = answer["throw"], let error = thrown["error"] {
                attempts[range] = ["Throw": ["Error": error, "Cause": thrown["cause"] ?? ""]]
            } else {
                throw Failure("\(path): \(one.name): a mock of \(state) needs `return`, or `throw` with `error`.")
            }
        }
        return .object(attempts)
    }
}

/// What a case has come to.
struct TestResult {
    let name: String
    let milliseconds: Int64
    /// What is not as expected, a line each.
    let differences: [String]

    /// - Parameter end: what `DescribeExecution` says.
    static func differences(_ expect: JSON.Object, _ end: JSON, path: [String]) -> [String] {
        var expect = expect
        if expect["status"] == nil { expect["status"] = expect["error"] == nil ? "SUCCEEDED" : "FAILED" }
        var actual: JSON.Object = ["path": .array(path.map(JSON.string))]
        for name in ["status", "error", "cause"] { actual[name] = end[name] }
        actual["output"] = end["output"]?.string.flatMap { try? JSON.parse($0) }
        return expect.compactMap { name, wanted in
            let found = actual[name]
            if let found, isEqual(wanted, found) { return nil }
            return "\(name): expected \(wanted.text()), was \(found?.text() ?? "absent")"
        }
    }

    /// Equal as JSON values: the order of members and the form of numbers do not matter.
    static func isEqual(_ left: JSON, _ right: JSON) -> Bool {
        switch (left, right) {
        case (.number(let left), .number(let right)): left.double == right.double
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy { isEqual($0, $1) }
        case (.object(let left), .object(let right)):
            left.count == right.count
                && left.allSatisfy { key, value in right[key].map { isEqual(value, $0) } ?? false }
        default: left == right
        }
    }
}

/// Results in the form that CI systems read.
enum JUnitReport {
    static func text(_ suites: [(name: String, results: [TestResult])]) -> String {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        for suite in suites {
            let failures = suite.results.count { !$0.differences.isEmpty }
            text +=
                "  <testsuite name=\"\(escaped(suite.name))\" tests=\"\(suite.results.count)\" failures=\"\(failures)\">\n"
            for result in suite.results {
                let seconds = Double(result.milliseconds) / 1000
                text += "    <testcase name=\"\(escaped(result.name))\" time=\"\(seconds)\""
                if result.differences.isEmpty {
                    text += "/>\n"
                } else {
                    text +=
                        ">\n      <failure>\(escaped(result.differences.joined(separator: "\n")))</failure>\n    </testcase>\n"
                }
            }
            text += "  </testsuite>\n"
        }
        return text + "</testsuites>\n"
    }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            // XML 1.0 has no place for other control characters.
            case let scalar where scalar.value < 32 && !"\n\t\r".unicodeScalars.contains(scalar): escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
