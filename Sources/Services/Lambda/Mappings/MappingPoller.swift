import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging
import Synchronization

/// Takes messages from a queue and hands them to a function, batch by batch.
///
/// Several batches are under way at once, up to the mapping's maximum concurrency. What the function has done is deleted
/// from the queue; what it has not done reappears there after its visibility time-out. So nothing that a batch needs is
/// only in memory.
final class MappingPoller: Polling {
    private let mapping: Mapping
    private let lambda: Lambda
    private let context: Context
    private let filter: FilterCriteria
    private let slots: Slots
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// Assumed: AWS starts with five pollers and adds more; here ten batches run at once unless the mapping says else.
    private static let concurrency = 10
    /// Seconds of one long poll.
    private static let waitSeconds = 20
    /// A batch is invoked when its records would go beyond the payload limit, bytes.
    private static let batchBytes = 5 * 1024 * 1024

    init(_ mapping: Mapping, _ lambda: Lambda, _ host: Host) {
        self.mapping = mapping
        self.lambda = lambda
        context = host.context(account: mapping.function.account, region: mapping.function.region)
        filter = (try? FilterCriteria(mapping.settings.filters)) ?? FilterCriteria()
        slots = Slots(mapping.settings.maximumConcurrency ?? Self.concurrency)
    }

    func start() {
        task.withLock { task in
            task = Task {
                context.clock.beginActivity()
                await poll()
                context.clock.endActivity()
            }
        }
    }

    func cancel() {
        task.withLock { $0 }?.cancel()
        slots.close()
    }
    func ended() async { await task.withLock { $0 }?.value }

    // MARK: Receiving

    private func poll() async {
        var failures = 0
        while await slots.take() {
            do {
                let queueUrl = try await queueUrl()
                let messages = try await collect(queueUrl)
                failures = 0
                guard !messages.isEmpty else {
                    slots.give()
                    continue
                }
                context.clock.beginActivity()
                Task {
                    await process(messages, queueUrl)
                    slots.give()
                    context.clock.endActivity()
                }
            } catch {
                slots.give()
                guard !Task.isCancelled else { return }
                failures = min(failures + 1, 6)
                context.logger.warning(
                    "an event source cannot be read",
                    metadata: ["source": "\(mapping.sourceArn)", "error": "\(error)"])
                await context.clock.wait(untilMs: context.nowMs + Int64(1000) << failures)
            }
        }
    }

    private func queueUrl() async throws(AWSError) -> String {
        let output = try await context.call(
            "sqs", "GetQueueUrl",
            [
                "QueueName": .string(mapping.sourceArn.resource),
                "QueueOwnerAWSAccountId": .string(mapping.sourceArn.account),
            ])
        return output["QueueUrl"]?.string ?? ""
    }

    /// One batch: what the first receive gives, or, with a window, what comes until it closes.
    private func collect(_ queueUrl: String) async throws(AWSError) -> [JSON] {
        let size = mapping.settings.batchSize
        var messages = try await receive(queueUrl, min(10, size), Self.waitSeconds)
        guard mapping.settings.window > 0, !messages.isEmpty else { return messages }
        let closesMs = context.nowMs + Int64(mapping.settings.window) * 1000
        while messages.count < size, Self.bytes(messages) < Self.batchBytes, !Task.isCancelled {
            let leftMs = closesMs - context.nowMs
            guard leftMs > 0 else { break }
            let seconds = Int(min(Int64(Self.waitSeconds), (leftMs + 999) / 1000))
            messages += try await receive(queueUrl, min(10, size - messages.count), seconds)
        }
        return messages
    }

    private static func bytes(_ messages: [JSON]) -> Int {
        messages.reduce(0) { $0 + ($1["Body"]?.string?.utf8.count ?? 0) }
    }

    private func receive(_ queueUrl: String, _ count: Int, _ waitSeconds: Int) async throws(AWSError) -> [JSON] {
        let output = try await context.call(
            "sqs", "ReceiveMessage",
            [
                "QueueUrl": .string(queueUrl), "MaxNumberOfMessages": .number(count),
                "WaitTimeSeconds": .number(waitSeconds), "AttributeNames": ["All"],
                "MessageAttributeNames": ["All"],
            ])
        return output["Messages"]?.array ?? []
    }

    // MARK: Processing

    private func process(_ messages: [JSON], _ queueUrl: String) async {
        let batch = SQSBatch(messages, source: mapping.sourceArn, filter: filter)
        var done = batch.filtered
        if !batch.records.isEmpty {
            do {
                let (result, _) = try await lambda.run(
                    mapping.function, batch.event.serialized(), requestId: context.random.uuid(), context)
                done += batch.done(result, reportsFailures: mapping.settings.reportsFailures)
            } catch {
                context.logger.info(
                    "a batch goes back to its queue",
                    metadata: ["function": "\(mapping.function.name)", "error": "\(error)"])
            }
        }
        await delete(done, queueUrl)
    }

    private func delete(_ handles: [String], _ queueUrl: String) async {
        for start in stride(from: 0, to: handles.count, by: 10) {
            let entries = handles[start..<min(start + 10, handles.count)].enumerated().map { index, handle -> JSON in
                ["Id": .string(String(index)), "ReceiptHandle": .string(handle)]
            }
            do {
                _ = try await context.call(
                    "sqs", "DeleteMessageBatch", ["QueueUrl": .string(queueUrl), "Entries": .array(entries)])
            } catch {
                context.logger.warning("processed messages cannot be deleted", metadata: ["error": "\(error)"])
            }
        }
    }
}

/// A counter of free places that one can wait for.
final class Slots: Sendable {
    private struct State {
        var free: Int
        var isClosed = false
        var waiting: [CheckedContinuation<Bool, Never>] = []
    }
    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    /// Waits for a place; false when there will be none any more.
    func take() async -> Bool {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Bool? in
                if state.isClosed { return false }
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return nil
                }
                state.free -= 1
                return true
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    func give() {
        state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.free += 1
            return nil
        }?.resume(returning: true)
    }

    /// Nobody gets a place any more.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: false) }
    }
}
