import JSON

/// What an execution's history tells, as a tree: states in their order, branches and iterations under their state.
///
/// It takes events as `GetExecutionHistory` answers them, in their order, as often as there are new ones.
struct ExecutionTree: Sendable {
    enum Outcome: Sendable { case running, succeeded, failed, caught }

    struct Node: Sendable {
        let name: String
        /// `Task`, `Map`, …; empty for an iteration.
        let kind: String
        let parent: Int?
        let depth: Int
        let startedMs: Int64
        var endedMs: Int64?
        var outcome = Outcome.running
        /// How often its work was begun.
        var attempts = 0
        var error: String?
        var items: Items?
        var mapRunArn: String?
        var children: [Int] = []
    }

    /// The iterations of a Map state.
    struct Items: Sendable, Equatable {
        var total = 0
        var succeeded = 0
        var failed = 0
        var ended: Int { succeeded + failed }
    }

    private(set) var nodes: [Node] = []
    private(set) var roots: [Int] = []
    /// States in the order in which they were entered.
    private(set) var path: [String] = []
    private(set) var lastEventId = 0
    /// The node in which an event lies; of an exit, the node around the state.
    private var place: [Int: Int] = [:]

    /// - Returns: the nodes that have come to their end.
    @discardableResult
    mutating func take(_ event: JSON) -> [Int] {
        guard let id = event["id"]?.int, id > lastEventId, let type = event["type"]?.string else { return [] }
        lastEventId = id
        let atMs = Int64((event["timestamp"]?.double ?? 0) * 1000)
        let around = place[event["previousEventId"]?.int ?? 0]
        place[id] = around
        if type.hasSuffix("StateEntered") {
            let name = event["stateEnteredEventDetails"]?["name"]?.string ?? ""
            path.append(name)
            place[id] = add(name, String(type.dropLast("StateEntered".count)), in: around, atMs)
            return []
        }
        if type.hasSuffix("StateExited") { return exit(event, id, around, atMs) }
        if type.hasPrefix("MapIteration") { return iteration(type, event, id, around, atMs) }
        guard type.hasPrefix("Execution") else {
            if let around { note(type, event, in: around) }
            return []
        }
        return end(type, atMs)
    }

    private mutating func add(_ name: String, _ kind: String, in parent: Int?, _ atMs: Int64) -> Int {
        let depth = parent.map { nodes[$0].depth + 1 } ?? 0
        nodes.append(Node(name: name, kind: kind, parent: parent, depth: depth, startedMs: atMs))
        let new = nodes.count - 1
        if let parent { nodes[parent].children.append(new) } else { roots.append(new) }
        return new
    }

    private mutating func exit(_ event: JSON, _ id: Int, _ around: Int?, _ atMs: Int64) -> [Int] {
        let name = event["stateExitedEventDetails"]?["name"]?.string
        var node = around
        while let one = node, nodes[one].name != name { node = nodes[one].parent }
        guard let node else { return [] }
        nodes[node].endedMs = atMs
        nodes[node].outcome = nodes[node].error == nil ? .succeeded : .caught
        place[id] = nodes[node].parent
        return [node]
    }

    private mutating func iteration(
        _ type: String, _ event: JSON, _ id: Int, _ around: Int?, _ atMs: Int64
    ) -> [Int] {
        if type == "MapIterationStarted" {
            let details = event["mapIterationStartedEventDetails"]
            let index = details?["index"]?.int ?? 0
            place[id] = add("\(details?["name"]?.string ?? "") #\(index)", "", in: around, atMs)
            return []
        }
        var node = around
        while let one = node, !nodes[one].kind.isEmpty { node = nodes[one].parent }
        guard let node, let map = nodes[node].parent else { return [] }
        nodes[node].endedMs = atMs
        nodes[node].outcome = type == "MapIterationSucceeded" ? .succeeded : .failed
        if nodes[node].outcome == .succeeded {
            nodes[map].items?.succeeded += 1
        } else {
            nodes[map].items?.failed += 1
        }
        place[id] = map
        return []
    }

    /// What happens between a state's entry and its exit.
    private mutating func note(_ type: String, _ event: JSON, in node: Int) {
        switch type {
        case "MapStateStarted":
            nodes[node].attempts += 1
            nodes[node].items = Items(total: event["mapStateStartedEventDetails"]?["length"]?.int ?? 0)
        case "MapRunStarted":
            nodes[node].attempts += 1
            nodes[node].mapRunArn = event["mapRunStartedEventDetails"]?["mapRunArn"]?.string
        case "ParallelStateStarted": nodes[node].attempts += 1
        case let type where type.hasSuffix("Scheduled"): nodes[node].attempts += 1
        case let type where type.hasSuffix("Succeeded"): nodes[node].error = nil
        case let type where type.hasSuffix("Failed") || type.hasSuffix("TimedOut") || type.hasSuffix("Aborted"):
            let details = event.object?.members.first { $0.key.hasSuffix("EventDetails") }?.value
            nodes[node].error = details?["error"]?.string ?? type
        default: break
        }
    }

    private mutating func end(_ type: String, _ atMs: Int64) -> [Int] {
        guard type != "ExecutionStarted", type != "ExecutionRedriven" else { return [] }
        let open = nodes.indices.filter { nodes[$0].outcome == .running }
        for node in open {
            nodes[node].endedMs = atMs
            // Fail and Succeed states have no exit of their own when they end the execution.
            nodes[node].outcome = type == "ExecutionSucceeded" ? .succeeded : .failed
        }
        return open.filter { !nodes[$0].kind.isEmpty }
    }

    /// What `DescribeMapRun` says of a Map state's items, which have no events here.
    mutating func take(_ items: Items, of node: Int) { nodes[node].items = items }

    /// Map states whose items run as executions of their own.
    var mapRuns: [(node: Int, arn: String)] {
        nodes.indices.compactMap { node in nodes[node].mapRunArn.map { (node, $0) } }
    }
}
