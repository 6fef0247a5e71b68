import AWSWire
import BatonCore
import BatonStore
import Foundation
import GRDB
import JSON
import Logging
import Synchronization

/// Brings what a container writes from its file to its stream in CloudWatch Logs, each line as one event. How far it
/// came is stored with the events themselves, so that a restart neither loses nor repeats a line.
final class ContainerLog: Sendable {
    private struct State {
        var delivered: Int?
        var isDelivering = false
        var hasDelivered = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let path: String
    private let key: String
    private let group: String
    let stream: String
    private let context: Context
    private let state = Mutex(State())
    /// What is read in one go: with its events' overhead it fits one call of PutLogEvents.
    private static let pieceBytes = 200_000
    private static let lineBytes = 200_000

    init(folder: String, key: String, group: String, stream: String, _ context: Context) {
        path = folder + "/output"
        self.key = key
        self.group = group
        self.stream = stream
        self.context = context
    }

    var hasDelivered: Bool { state.withLock { $0.hasDelivered } }

    /// Brings the whole lines there are; with `isLast` also one without its end.
    func deliver(isLast: Bool) async {
        guard let size = Self.size(path), size > 0 else { return }
        await enter()
        defer { leave() }
        do {
            var at = try position()
            while at < size {
                guard let piece = read(at), !piece.isEmpty else { return }
                let isEnd = at + piece.count >= size
                guard let lines = Lines(piece, keepsRest: !(isLast && isEnd), limit: Self.lineBytes) else { return }
                try await put(lines.texts, upTo: at + lines.bytes)
                at += lines.bytes
                state.withLock { $0.delivered = at }
            }
        } catch {
            context.logger.warning(
                "a job's output cannot be stored", metadata: ["stream": "\(stream)", "error": "\(error)"])
        }
    }

    /// One delivery at a time.
    private func enter() async {
        while !state.withLock({ state in
            defer { state.isDelivering = true }
            return !state.isDelivering
        }) {
            await withCheckedContinuation { continuation in
                let isFree = state.withLock { state in
                    if state.isDelivering { state.waiting.append(continuation) }
                    return !state.isDelivering
                }
                if isFree { continuation.resume() }
            }
        }
    }

    private func leave() {
        let waiting = state.withLock { state in
            state.isDelivering = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    private func position() throws -> Int {
        if let delivered = state.withLock({ $0.delivered }) { return delivered }
        let row = try context.store.read { [key] db in
            try db.row("SELECT delivered FROM batch_log WHERE folder = ?", key)
        }
        let delivered = row?["delivered"] as Int? ?? 0
        state.withLock { state in
            state.delivered = delivered
            state.hasDelivered = delivered > 0
        }
        return delivered
    }

    private static func size(_ path: String) -> Int? {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : nil
    }

    private func read(_ at: Int) -> [UInt8]? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: UInt64(at))) != nil, let data = try? file.read(upToCount: Self.pieceBytes)
        else { return nil }
        return Array(data)
    }

    private func put(_ texts: [String], upTo end: Int) async throws {
        let isFirst = state.withLock { state in
            defer { state.hasDelivered = true }
            return !state.hasDelivered
        }
        guard context.host.registry.has("logs") else { return }
        if isFirst {
            _ = try? await context.call("logs", "CreateLogGroup", ["logGroupName": .string(group)])
            _ = try? await context.call(
                "logs", "CreateLogStream", ["logGroupName": .string(group), "logStreamName": .string(stream)])
        }
        let now = JSON.number(Int(context.nowMs))
        let input: JSON = [
            "logGroupName": .string(group), "logStreamName": .string(stream),
            "logEvents": .array(texts.map { ["timestamp": now, "message": .string($0)] }),
        ]
        let write = texts.isEmpty ? nil : try context.enlist("logs", "PutLogEvents", input)
        try await context.write { [key] transaction in
            if let write { _ = try write(transaction) }
            try transaction.execute(
                """
                INSERT INTO batch_log (folder, delivered) VALUES (?, ?)
                ON CONFLICT (folder) DO UPDATE SET delivered = excluded.delivered
                """, key, end)
        }
    }

    /// The lines at the beginning of a piece of output.
    struct Lines {
        private(set) var texts: [String] = []
        private(set) var bytes = 0
        private static let most = 5_000

        /// nil when there is no whole line yet.
        /// - Parameter keepsRest: leaves a last line without its end for later.
        init?(_ piece: [UInt8], keepsRest: Bool, limit: Int) {
            var start = piece.startIndex
            while start < piece.endIndex, texts.count < Self.most {
                let end = piece[start...].firstIndex(of: UInt8(ascii: "\n"))
                if end == nil, keepsRest, piece.count < limit { break }
                if end == nil, keepsRest, start > piece.startIndex { break }
                let line = piece[start..<(end ?? piece.endIndex)]
                let text = String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
                // A stream holds no empty events.
                if !text.isEmpty { texts.append(text) }
                start = end.map { $0 + 1 } ?? piece.endIndex
            }
            bytes = start - piece.startIndex
            guard bytes > 0 else { return nil }
        }
    }
}
