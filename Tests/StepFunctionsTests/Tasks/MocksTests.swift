import BatonTesting
import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

@Suite("Mocked integrations")
struct MocksTests {
    private static let file: JSON = [
        "StateMachines": ["M": ["TestCases": ["Case": ["S": "Answer", "Once": "Single"]]]],
        "MockedResponses": [
            "Answer": [
                "0": ["Throw": ["Error": "First", "Cause": "c"]], "1-2": ["Return": ["n": 1]], "3": ["Return": 2],
            ],
            "Single": ["0": ["Return": "r"]],
        ],
    ]

    private func answer(_ state: String, _ invocation: Int, case name: String? = "Case") async throws -> TaskAnswer? {
        let mocks = try Mocks(Self.file)
        let host = try await TaskHost(mocks: mocks)
        var call = try host.call("sqs:sendMessage", [:])
        call.stateName = state
        call.mockCase = name
        call.invocation = invocation
        return mocks.answer(call)
    }

    @Test(
        "each attempt has its answer",
        arguments: [
            ("S", 0, .failed(StatesError("First", "c"))), ("S", 1, .succeeded(["n": 1])),
            ("S", 2, .succeeded(["n": 1])), ("S", 3, .succeeded(2)), ("Once", 0, .succeeded("r")),
            (
                "Once", 1,
                .aborted(
                    StatesError(
                        "States.Runtime", "The mocked response 'Single' has nothing for attempt 1 of state 'Once'"))
            ),
        ] as [(String, Int, TaskAnswer)])
    func attempts(state: String, invocation: Int, expected: TaskAnswer) async throws {
        #expect(try await answer(state, invocation) == expected)
    }

    @Test("states that the case does not name, and executions without a case, are really run")
    func real() async throws {
        #expect(try await answer("Other", 0) == nil)
        #expect(try await answer("S", 0, case: nil) == nil)
    }

    @Test("a mocked job is submitted, then over")
    func job() async throws {
        let host = try await TaskHost(
            mocks: try Mocks([
                "StateMachines": ["M": ["TestCases": ["Case": ["S": "Answer"]]]],
                "MockedResponses": ["Answer": ["0": ["Return": ["JobId": "j", "Status": "SUCCEEDED"]]]],
            ]))
        var call = try host.call("batch:submitJob.sync", [:])
        call.mockCase = "Case"
        guard case .submitted(let output, then: .poll(let place, _)) = try await host.run(call) else {
            Issue.record("not submitted")
            return
        }
        #expect(output.object?.keys == ["JobId", "SdkHttpMetadata", "SdkResponseMetadata"])
        let end = await host.tasks.poll(call, place, host.host.context())
        #expect(end == .succeeded(["JobId": "j", "Status": "SUCCEEDED"]))
    }

    @Test(
        "a file that cannot be meant is refused",
        arguments: [
            ["MockedResponses": ["A": ["x": ["Return": 1]]]], ["MockedResponses": ["A": ["2-1": ["Return": 1]]]],
            ["MockedResponses": ["A": ["0": ["Reply": 1]]]], ["MockedResponses": ["A": ["0": ["Throw": [:]]]]],
        ] as [JSON])
    func malformed(file: JSON) {
        #expect(throws: Mocks.Malformed.self) { try Mocks(file) }
    }
}
