import AWSWire
import BatonStore
import GRDB
import JSON

/// One of the at most two versions to which an alias sends executions.
struct Route: Codable, Sendable, Hashable {
    let stateMachineVersionArn: String
    /// Percent.
    let weight: Int
}

/// A name for one or two versions of a state machine.
struct Alias: Sendable {
    let machine: Int64
    let name: String
    var description: String
    var routes: [Route]
    let createdMs: Int64
    var updatedMs: Int64

    init(_ row: Row) throws {
        machine = row["machine"]
        name = row["name"]
        description = row["description"]
        routes = try StoredJSON.value([Route].self, row["routing"]) ?? []
        createdMs = row["created_ms"]
        updatedMs = row["updated_ms"]
    }

    static func find(_ name: String, machine: Int64, _ db: Database) throws -> Alias? {
        try db.row("SELECT * FROM sfn_alias WHERE machine = ? AND name = ?", machine, name).map(Alias.init)
    }

    /// All of a machine by name.
    static func all(machine: Int64, _ db: Database) throws -> [Alias] {
        try db.rows("SELECT * FROM sfn_alias WHERE machine = ? ORDER BY name", machine).map(Alias.init)
    }

    /// The number of the version that draws `percent` (0–99).
    func pick(_ percent: Int) -> Int {
        var sum = 0
        for route in routes {
            sum += route.weight
            if percent < sum { return route.number }
        }
        return routes.last?.number ?? 0
    }

    func routes(to number: Int) -> Bool { routes.contains { $0.number == number } }
}

extension Route {
    /// The version's number; 0 when the ARN is none of a version.
    var number: Int {
        guard case .version(let number)? = (try? MachineARN(stateMachineVersionArn))?.qualifier else { return 0 }
        return number
    }

    /// One or two versions of one machine, together 100 percent.
    /// - Returns: the ARN of the machine.
    static func check(_ routes: [Route]) throws(AWSError) -> MachineARN {
        guard (1...2).contains(routes.count) else {
            throw StepFunctionsError.validation(
                "Routing configuration must contain one or two state machine versions. Received: \(routes.count)")
        }
        var machine: MachineARN?
        for route in routes {
            let arn = try MachineARN(route.stateMachineVersionArn)
            guard case .version = arn.qualifier else {
                throw StepFunctionsError.validation(
                    "Routing configuration must contain state machine version ARNs. Received: "
                        + list(routes.map(\.stateMachineVersionArn)))
            }
            guard machine == nil || machine == arn.unqualified else {
                throw StepFunctionsError.validation("Versions must belong to the same state machine.")
            }
            machine = arn.unqualified
        }
        guard Set(routes.map(\.stateMachineVersionArn)).count == routes.count, let machine else {
            throw StepFunctionsError.validation(
                "Routing configuration must contain distinct state machine version ARNs. Received: "
                    + list(routes.map(\.stateMachineVersionArn)))
        }
        guard routes.reduce(0, { $0 + $1.weight }) == 100 else {
            throw StepFunctionsError.validation(
                "Sum of routing configuration weights must equal 100. Received: "
                    + list(routes.map { String($0.weight) }))
        }
        return machine
    }

    private static func list(_ texts: [String]) -> String { "[\(texts.joined(separator: ", "))]" }
}
