import Foundation
import JSON
import StatesLanguage

/// Prepared answers of task states, by state machine, test case and state. Source: the mock configuration file of Step
/// Functions Local.
///
/// ```json
/// { "StateMachines": { "M": { "TestCases": { "Good": { "Call": "Answer" } } } },
///   "MockedResponses": { "Answer": { "0-1": { "Throw": { "Error": "E", "Cause": "C" } }, "2": { "Return": {} } } } }
/// ```
/// `StartExecution` picks the case: `arn:…:stateMachine:M#Good`. States that a case does not name are really called.
struct Mocks: Sendable {
    private enum Response: Sendable {
        case returned(JSON)
        case thrown(StatesError)
    }
    /// State machine, test case, state → name of a response.
    private let cases: [String: [String: [String: String]]]
    private let responses: [String: [(attempts: ClosedRange<Int>, response: Response)]]

    struct Malformed: Error, CustomStringConvertible { let description: String }

    /// The file that the variable `SFN_MOCK_CONFIG` names; nil when it names none.
    static func configured(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(Malformed) -> Mocks? {
        guard let path = environment["SFN_MOCK_CONFIG"], !path.isEmpty else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Malformed(description: "SFN_MOCK_CONFIG: \(path) cannot be read")
        }
        do {
            return try Mocks(try JSON.parse([UInt8](data)))
        } catch let error as Malformed {
            throw error
        } catch {
            throw Malformed(description: "SFN_MOCK_CONFIG: \(path): \(error)")
        }
    }

    init(_ file: JSON) throws(Malformed) {
        var cases: [String: [String: [String: String]]] = [:]
        for (machine, content) in file["StateMachines"]?.object ?? [:] {
            for (name, states) in content["TestCases"]?.object ?? [:] {
                for (state, response) in states.object ?? [:] {
                    cases[machine, default: [:]][name, default: [:]][state] = response.string
                }
            }
        }
        self.cases = cases
        var responses: [String: [(ClosedRange<Int>, Response)]] = [:]
        for (name, attempts) in file["MockedResponses"]?.object ?? [:] {
            for (range, response) in attempts.object ?? [:] {
                responses[name, default: []].append((try Self.range(range, name), try Self.response(response, name)))
            }
        }
        self.responses = responses.mapValues { $0.map { (attempts: $0.0, response: $0.1) } }
    }

    private static func range(_ text: String, _ name: String) throws(Malformed) -> ClosedRange<Int> {
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(bounds.count), let first = bounds.first ?? nil, let last = bounds.last ?? nil,
            first >= 0, first <= last
        else { throw Malformed(description: "MockedResponses/\(name): \(text) is no number or range of attempts") }
        return first...last
    }

    private static func response(_ value: JSON, _ name: String) throws(Malformed) -> Response {
        if let result = value["Return"] { return .returned(result) }
        guard let thrown = value["Throw"], let error = thrown["Error"]?.string else {
            throw Malformed(description: "MockedResponses/\(name): needs Return, or Throw with Error and Cause")
        }
        return .thrown(StatesError(error, thrown["Cause"]?.string))
    }

    /// Whether the machine has that test case.
    func has(machine: String, case name: String) -> Bool { cases[machine]?[name] != nil }

    /// The answer for an attempt; nil when it is to be made for real.
    func answer(_ call: TaskCall) -> TaskAnswer? {
        guard let mockCase = call.mockCase,
            let machine = call.stateMachineArn.split(separator: ":").dropFirst(6).first,
            let name = cases[String(machine)]?[mockCase]?[call.stateName]
        else { return nil }
        let found = responses[name]?.first { $0.attempts.contains(call.invocation) }
        switch found?.response {
        case .returned(let result): return .succeeded(result)
        case .thrown(let error): return .failed(error)
        case nil:
            return .aborted(
                StatesError(
                    "States.Runtime",
                    "The mocked response '\(name)' has nothing for attempt \(call.invocation) of state "
                        + "'\(call.stateName)'"))
        }
    }
}
