import AWSClient
import AWSWire
import BatonStore
import JSON

/// Follows one execution to its end, drawing its tree.
struct ExecutionFollower {
    let client: AWSClient
    let executionArn: String
    /// nil shows nothing.
    let terminal: Terminal?
    private let clock = RealClock()
    private static let pollMs: Int64 = 100
    /// Without a picture it only waits for the end, which prepared answers reach at once.
    private static let quietPollMs: Int64 = 5

    init(client: AWSClient, executionArn: String, terminal: Terminal?) {
        self.client = client
        self.executionArn = executionArn
        self.terminal = terminal
    }

    /// - Returns: what `DescribeExecution` says at the end.
    func follow() async throws(AWSError) -> (description: JSON, tree: ExecutionTree) {
        var tree = ExecutionTree()
        var page: JSON?
        while true {
            // Asked before the history, so that the history is whole when this says the end.
            let description = try await client.call(
                "stepfunctions", "DescribeExecution", ["executionArn": .string(executionArn)])
            let ended = try await read(&tree, from: &page)
            try await readMapRuns(&tree)
            let isOver = description["status"]?.string != "RUNNING"
            show(tree, ended, isOver: isOver)
            if isOver { return (description, tree) }
            await clock.wait(untilMs: clock.nowMs + (terminal == nil ? Self.quietPollMs : Self.pollMs))
        }
    }

    /// The final picture stays, so it is whole.
    private func show(_ tree: ExecutionTree, _ ended: [Int], isOver: Bool) {
        guard let terminal else { return }
        let text = TreeText(isColoured: terminal.isColoured)
        let picture = text.lines(tree, nowMs: clock.nowMs, limit: isOver ? .max : terminal.height)
        // Of a Map's iterations there may be thousands.
        let shown = ended.map { tree.nodes[$0] }.filter { $0.parent.map { !tree.nodes[$0].kind.isEmpty } ?? true }
        let changes = shown.map { String(repeating: "  ", count: $0.depth) + text.line($0, clock.nowMs) }
        terminal.show(picture, changes: changes)
    }

    /// Reads what is new. `page` is the token of the last page, which is read again, as it may have grown.
    private func read(_ tree: inout ExecutionTree, from page: inout JSON?) async throws(AWSError) -> [Int] {
        var ended: [Int] = []
        while true {
            var input: JSON.Object = [
                "executionArn": .string(executionArn), "maxResults": 1000, "includeExecutionData": false,
            ]
            input["nextToken"] = page
            let answer = try await client.call("stepfunctions", "GetExecutionHistory", .object(input))
            for event in answer["events"]?.array ?? [] { ended += tree.take(event) }
            guard let next = answer["nextToken"], next.string != nil else { return ended }
            page = next
        }
    }

    private func readMapRuns(_ tree: inout ExecutionTree) async throws(AWSError) {
        for (node, arn) in tree.mapRuns where tree.nodes[node].outcome == .running || tree.nodes[node].items == nil {
            let answer = try await client.call("stepfunctions", "DescribeMapRun", ["mapRunArn": .string(arn)])
            let counts = answer["itemCounts"]
            func count(_ names: String...) -> Int { names.reduce(0) { $0 + (counts?[$1]?.int ?? 0) } }
            tree.take(
                ExecutionTree.Items(
                    total: count("total"), succeeded: count("succeeded"),
                    failed: count("failed", "timedOut", "aborted")),
                of: node)
        }
    }
}
