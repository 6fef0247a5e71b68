import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging
import Synchronization

/// Reads a stream in its order and hands its records to a function, batch by batch.
///
/// The place in the stream is committed when everything before it is done or given up: after a crash the batches since
/// then are called again.
final class StreamPoller: Polling {
    private let mapping: Mapping
    private let settings: StreamSettings
    private let lambda: Lambda
    private let context: Context
    private let reader: StreamReader
    private let filter: FilterCriteria
    private let task = Mutex<Task<Void, Never>?>(nil)
    /// After a failure: 1 s, doubled up to a minute.
    private static func pauseMs(_ failures: Int) -> Int64 { min(Int64(1000) << Int64(min(failures - 1, 6)), 60_000) }

    init(_ mapping: Mapping, _ lambda: Lambda, _ host: Host) {
        self.mapping = mapping
        self.lambda = lambda
        settings = mapping.settings.stream ?? StreamSettings()
        context = host.context(account: mapping.function.account, region: mapping.function.region)
        reader = StreamReader(mapping: mapping, context: context)
        filter = (try? FilterCriteria(mapping.settings.filters)) ?? FilterCriteria()
    }

    func start() {
        task.withLock { task in
            task = Task {
                context.clock.beginActivity()
                await run()
                context.clock.endActivity()
            }
        }
    }

    func cancel() {
        task.withLock { $0 }?.cancel()
        context.store.bells.ring(reader.bell)
    }

    /// Does not wait for a call that is under way: it ends with its environment, and its place is then not committed.
    func ended() async {}

    // MARK: Reading

    private func run() async {
        var iterator: String?
        var troubles = 0
        while !Task.isCancelled {
            do {
                let from: String
                if let iterator { from = iterator } else { from = try await reader.place() }
                guard let next = try await step(from) else { return }
                iterator = next
                troubles = 0
            } catch {
                guard !Task.isCancelled else { return }
                troubles += 1
                context.logger.warning(
                    "an event source cannot be read", metadata: ["source": "\(mapping.sourceArn)", "error": "\(error)"])
                await context.clock.wait(untilMs: context.nowMs + Self.pauseMs(troubles))
            }
        }
    }

    /// Reads and handles what comes next, or waits for it.
    /// - Returns: where to go on; nil at the end of the stream.
    private func step(_ iterator: String) async throws(AWSError) -> String? {
        let rings = context.store.bells.count(reader.bell)
        let limit = mapping.settings.batchSize * settings.parallelization
        let first = try await reader.read(iterator, limit)
        guard !first.records.isEmpty else {
            guard let next = first.next else { return nil }
            await idle(rings)
            return next
        }
        let (records, next) = try await collect(first, limit)
        guard await handle(records) else { return iterator }
        // At the end of a stream the last iterator finds nothing more.
        try await reader.commit(next ?? iterator, "OK")
        return next
    }

    private func idle(_ rings: Int) async {
        guard !Task.isCancelled else { return }
        context.clock.endActivity()
        await context.store.bells.wait(reader.bell, after: rings)
        context.clock.beginActivity()
    }

    /// With a window: what comes until it closes or the batch is full.
    private func collect(
        _ first: (records: [JSON], next: String?), _ limit: Int
    ) async throws(AWSError) -> (records: [JSON], next: String?) {
        guard mapping.settings.window > 0 else { return first }
        var (records, next) = first
        let closesMs = context.nowMs + Int64(mapping.settings.window) * 1000
        let (bells, bell) = (context.store.bells, reader.bell)
        let timer = context.clock.schedule(atMs: closesMs, pullsTime: true) { bells.ring(bell) }
        while records.count < limit, let iterator = next, context.nowMs < closesMs, !Task.isCancelled {
            let rings = bells.count(bell)
            let more = try await reader.read(iterator, limit - records.count)
            records += more.records
            next = more.next
            if more.records.isEmpty, context.nowMs < closesMs { await idle(rings) }
        }
        timer.cancel()
        return (records, next)
    }

    // MARK: Handling

    /// - Returns: false when the poller was cancelled before everything was done.
    private func handle(_ records: [JSON]) async -> Bool {
        let wanted = records.filter { filter.matches($0) }
        let lanes = StreamBatch.lanes(wanted, settings.parallelization)
        return await withTaskGroup(of: Bool.self) { group in
            for lane in lanes {
                group.addTask { [self] in await handle(lane.pieces(of: mapping.settings.batchSize)) }
            }
            return await group.allSatisfy { $0 }
        }
    }

    private func handle(_ batches: [StreamBatch]) async -> Bool {
        var batches = batches[...]
        while let batch = batches.popFirst() {
            guard !Task.isCancelled else { return false }
            guard let fresh = await withoutOld(batch) else { continue }
            let (result, requestId) = await invoke(fresh)
            let failed = result.map { fresh.failed($0, reportsFailures: mapping.settings.reportsFailures) } ?? 0
            switch fresh.next(failed: failed, settings) {
            case .done: break
            case .halves(let first, let second): batches = [first, second] + batches
            case .again(let rest):
                batches = [rest] + batches
                await context.clock.wait(untilMs: context.nowMs + Self.pauseMs(rest.failures))
            case .givenUp(let rest): await bury(rest, "RetryAttemptsExhausted", requestId, result)
            }
        }
        return true
    }

    private func invoke(_ batch: StreamBatch) async -> (InvocationResult?, requestId: String) {
        let requestId = context.random.uuid()
        do {
            let (result, _) = try await lambda.run(
                mapping.function, batch.event(mapping.sourceArn).serialized(), requestId: requestId, context)
            return (result, requestId)
        } catch {
            context.logger.info(
                "a batch of a stream could not be handed over",
                metadata: ["function": "\(mapping.function.name)", "error": "\(error)"])
            return (nil, requestId)
        }
    }

    /// Gives up the records that have become too old; nil when none is left.
    private func withoutOld(_ batch: StreamBatch) async -> StreamBatch? {
        guard settings.maximumRecordAge >= 0 else { return batch }
        let horizon = Double(context.nowMs) / 1000 - Double(settings.maximumRecordAge)
        let isOld: (JSON) -> Bool = { ($0["dynamodb"]?["ApproximateCreationDateTime"]?.double ?? 0) < horizon }
        let old = batch.records.prefix(while: isOld)
        guard !old.isEmpty else { return batch }
        await bury(
            StreamBatch(records: Array(old), failures: batch.failures), "RecordAgeExceeded", context.random.uuid(), nil)
        let left = Array(batch.records.dropFirst(old.count))
        return left.isEmpty ? nil : StreamBatch(records: left, failures: 0)
    }

    private func bury(
        _ batch: StreamBatch, _ condition: String, _ requestId: String, _ result: InvocationResult?
    ) async {
        context.logger.warning(
            "a batch of a stream is given up",
            metadata: ["function": "\(mapping.function.name)", "reason": "\(condition)"])
        guard let text = settings.onFailure, let destination = ARN(text) else { return }
        let there = context.of(destination)
        do {
            let described = try await context.call(
                "dynamodbstreams", "DescribeStream", ["StreamArn": .string(mapping.sourceArn.description)])
            let shardId = described["StreamDescription"]?["Shards"]?[0]?["ShardId"]?.string ?? ""
            let message = batch.message(
                condition, mapping, shardId: shardId, requestId: requestId, result: result, nowMs: context.nowMs
            ).text()
            if destination.service == "sns" {
                _ = try await there.call("sns", "Publish", ["TopicArn": .string(text), "Message": .string(message)])
            } else {
                let queue = try await there.call("sqs", "GetQueueUrl", ["QueueName": .string(destination.resource)])
                _ = try await there.call(
                    "sqs", "SendMessage", ["QueueUrl": queue["QueueUrl"] ?? "", "MessageBody": .string(message)])
            }
        } catch {
            context.logger.warning(
                "a destination cannot be reached", metadata: ["destination": "\(text)", "error": "\(error)"])
        }
    }
}
