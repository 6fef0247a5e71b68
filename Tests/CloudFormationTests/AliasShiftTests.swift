import JSON
import Testing

@testable import CloudFormation

/// How an alias of a state machine goes over to a new version.
@Suite struct AliasShiftTests {
    private func preference(_ type: String, _ percentage: Int, _ interval: Int) -> JSON {
        [
            "StateMachineVersionArn": "new", "Type": .string(type), "Percentage": .number(percentage),
            "Interval": .number(interval),
        ]
    }

    private func routes(_ weight: Int) -> JSON {
        func route(_ version: String, _ weight: Int) -> JSON {
            ["stateMachineVersionArn": .string(version), "weight": .number(weight)]
        }
        switch weight {
        case 0: return [route("old", 100)]
        case 100: return [route("new", 100)]
        default: return [route("new", weight), route("old", 100 - weight)]
        }
    }

    @Test(arguments: [
        ("ALL_AT_ONCE", 0, [100]), ("CANARY", 10, [10, 100]), ("CANARY", 99, [99, 100]),
        ("LINEAR", 30, [30, 60, 90, 100]), ("LINEAR", 50, [50, 100]),
    ])
    func steps(type: String, percentage: Int, expected: [Int]) throws {
        let shift = try AliasShift(preference(type, percentage, 1))
        var current = routes(0)
        var weights: [Int] = []
        while shift.weight(in: current) < 100, weights.count < 20 {
            current = shift.next(after: current)
            #expect(current == routes(shift.weight(in: current)))
            weights.append(shift.weight(in: current))
        }
        #expect(weights == expected)
    }

    @Test(arguments: [("CANARY", 0, 1), ("CANARY", 100, 1), ("LINEAR", 10, 0), ("LINEAR", 10, 2101), ("SLOW", 1, 1)])
    func refusals(type: String, percentage: Int, interval: Int) {
        #expect(throws: ResourceFailure.self) { try AliasShift(preference(type, percentage, interval)) }
    }

    @Test func intervalsAreMinutes() throws {
        #expect(try AliasShift(preference("CANARY", 10, 5)).intervalMs == 300_000)
    }
}
