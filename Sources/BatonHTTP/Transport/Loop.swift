import BatonStore
import NIOCore

/// What all connections of one event loop share. Touched on that loop only, hence unchecked.
final class Loop: Recipient, @unchecked Sendable {
    let eventLoop: any EventLoop
    let executor: LoopExecutor
    /// Responses are written here one after the other, so that most need no memory of their own.
    var scratch: ByteBuffer
    /// Counts the sweeps; deadlines are tick numbers, so that setting one costs no look at a clock.
    private(set) var tick: Int64 = 1
    private(set) var isStopping = false
    /// The line `Date: …` with its line break, renewed by the sweep.
    private(set) var dateLine = ""

    private let configuration: HTTPServer.Configuration
    private var connections: [ObjectIdentifier: Connection] = [:]
    private var sweep: RepeatedTask?

    init(_ eventLoop: any EventLoop, _ configuration: HTTPServer.Configuration) {
        self.eventLoop = eventLoop
        self.configuration = configuration
        executor = LoopExecutor(eventLoop)
        scratch = ByteBufferAllocator().buffer(capacity: 4096)
    }

    /// One wake-up for all outcomes of a commit.
    func receive(_ outcomes: [any Outcome]) {
        eventLoop.execute {
            for outcome in outcomes { outcome.deliver() }
        }
    }

    func insert(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = connection
        guard sweep == nil else { return }
        renewDate()
        let interval = TimeAmount.milliseconds(configuration.sweepMs)
        let bound = NIOLoopBound(self, eventLoop: eventLoop)
        sweep = eventLoop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in
            bound.value.sweepOnce()
        }
    }

    func remove(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = nil
        if connections.isEmpty {
            sweep?.cancel()
            sweep = nil
        }
    }

    /// The tick at which `milliseconds` have certainly passed.
    func deadline(_ milliseconds: Int64) -> Int64 { tick + milliseconds / configuration.sweepMs + 1 }

    /// Idle connections close now, the others after their response.
    func stop() {
        isStopping = true
        for connection in connections.values { connection.stop() }
    }

    func abort() {
        for connection in connections.values { connection.abort() }
    }

    private func sweepOnce() {
        tick += 1
        renewDate()
        for connection in connections.values where connection.deadline != 0 && connection.deadline <= tick {
            connection.deadlinePassed()
        }
    }

    private func renewDate() {
        guard let dateMs = configuration.dateMs else { return }
        dateLine = "Date: \(HTTPDate.text(epochMs: dateMs()))\r\n"
    }
}
