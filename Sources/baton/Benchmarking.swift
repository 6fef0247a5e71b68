import AWSWire
import ArgumentParser
import BatonHTTP
import BatonStore
import Foundation

/// The first ceiling of the benchmarks: the same listener, answering each request with its own body.
struct BenchmarkEcho: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-echo", abstract: "Echo requests, for the benchmarks.", shouldDisplay: false)

    @Option var port = 4567

    func run() async throws {
        var configuration = HTTPServer.Configuration()
        configuration.port = port
        let server = HTTPServer(configuration) { HTTPResponse(headers: ["content-type": "text/plain"], body: $0.body) }
        print("ready at \(try await server.start())")
        fflush(nil)
        _ = try await Signals().first()
        await server.stop(graceMs: 1000)
    }
}

/// The second ceiling: the bare store committing rows of a message's size, from many callers at once.
struct BenchmarkStore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench-store", abstract: "Commit rows, for the benchmarks.", shouldDisplay: false)

    @Option var callers = 32
    @Option var seconds = 5
    @Option var bodyBytes = 100

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("baton-\(RandomSource().uuid())")
            .path
        let clock = RealClock()
        let table = Migration(
            name: "bench-1",
            sql: """
                CREATE TABLE bench (
                    id INTEGER PRIMARY KEY, queue INTEGER NOT NULL, visible_at INTEGER NOT NULL, message_id TEXT NOT NULL,
                    body TEXT NOT NULL) STRICT;
                CREATE INDEX bench_by_time ON bench (queue, visible_at, id);
                """)
        let store = try Store(.folder(folder), clock: clock, migrations: [table])
        let body = String(repeating: "x", count: bodyBytes)
        let endMs = clock.nowMs + Int64(seconds) * 1000
        let random = RandomSource()
        let closures = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<callers {
                group.addTask {
                    var count = 0
                    while clock.nowMs < endMs {
                        let id = random.uuid()
                        try await store.write { transaction in
                            try transaction.execute(
                                "INSERT INTO bench (queue, visible_at, message_id, body) VALUES (?, ?, ?, ?)", 1,
                                transaction.nowMs, id, body)
                        }
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        let commits = store.count.commits
        await store.close()
        try FileManager.default.removeItem(atPath: folder)
        print("{\"callers\":\(callers),\"closuresPerSecond\":\(closures / seconds),\"commits\":\(commits)}")
    }
}
