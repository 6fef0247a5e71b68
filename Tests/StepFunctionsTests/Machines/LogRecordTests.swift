import JSON
import StatesLanguage
import Testing

@testable import StepFunctions

@Suite("Logged histories")
struct LogRecordTests {
    @Test(
        "have the events of their level",
        arguments: [
            (HistoryEvent.Kind.executionStarted, [LogLevel.all]), (.passStateEntered, [.all]),
            (.failStateEntered, [.all, .error]), (.taskFailed, [.all, .error]),
            (.lambdaFunctionTimedOut, [.all, .error]),
            (.mapIterationAborted, [.all, .error]), (.executionFailed, [.all, .error, .fatal]),
            (.executionAborted, [.all, .error, .fatal]), (.executionTimedOut, [.all, .error, .fatal]),
            (.executionSucceeded, [.all]),
        ])
    func levels(type: HistoryEvent.Kind, levels: [LogLevel]) {
        #expect([LogLevel.all, .error, .fatal, .off].filter { $0.includes(type) } == levels)
    }
}
