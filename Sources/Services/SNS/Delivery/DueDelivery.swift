import AWSWire
import BatonCore
import BatonStore
import JSON
import Logging

/// Deliveries outside of the transaction of their publish: HTTP endpoints, functions, queues elsewhere, and whatever
/// must be tried again. Each is one due row.
struct DueDelivery {
    static let kind = "sns.delivery"
    /// An endpoint must answer within 15 seconds. Source: SNS developer guide, HTTP/S delivery.
    static let timeoutMs = 15_000

    /// What the row holds.
    struct Task: Codable, Sendable {
        let subscriptionArn: String
        let publication: Publication?
        let handshake: Handshake?

        var payload: String { (try? JSON(encoding: self))?.text() ?? "" }
    }

    /// How one attempt ended.
    private enum Attempt {
        case delivered
        /// Commits the delivery together with the row's removal.
        case write(Write<Enlisted>)
        case failed(String, isTransient: Bool)
    }

    let topics: Topics
    let context: Context

    func handle(_ row: DueRow) async throws -> DueOutcome {
        let task = try JSON.parse(row.payload).decoded(as: Task.self)
        if let handshake = task.handshake { return await greet(handshake, row) }
        // Whoever unsubscribed meanwhile gets nothing more.
        guard let publication = task.publication, let subscription = topics.subscription(task.subscriptionArn),
            subscription.isConfirmed
        else { return .done }
        let message = QueueMessage(
            publication: publication, subscription: subscription,
            envelope: Envelope(endpoint: context.host.endpoint))
        switch await attempt(message) {
        case .delivered: return .done
        case .write(let write): return committing(write, message)
        case .failed(let reason, let isTransient):
            if isTransient, let delay = policy(for: subscription).retries.delay(retry: row.attempts) {
                return .retry(atMs: context.nowMs + Int64(delay * 1000))
            }
            context.logger.warning(
                "a message could not be delivered",
                metadata: ["subscription": "\(subscription.arn)", "reason": "\(reason)"])
            return await bury(message)
        }
    }

    private func policy(for subscription: Subscription) -> DeliveryPolicy {
        guard subscription.isHTTP else {
            var policy = DeliveryPolicy()
            policy.retries = .managed
            return policy
        }
        let topic = topics[subscription.topicArn]?.topic.deliveryPolicy ?? DeliveryPolicy()
        return (try? topic.overridden(by: subscription.attributes["DeliveryPolicy"])) ?? topic
    }

    private func attempt(_ message: QueueMessage) async -> Attempt {
        do {
            let subscription = message.subscription
            guard let target = subscription.target, !subscription.isHTTP else { return await post(message) }
            if subscription.transport == "lambda" {
                _ = try await context.of(target).call("lambda", "Invoke", FunctionCall.input(message, target))
                return .delivered
            }
            if let write = try message.write(to: target, context) { return .write(write) }
            try await message.send(to: target, context)
            return .delivered
        } catch {
            return .failed(error.description, isTransient: error.isTransient)
        }
    }

    /// A queue that refuses the message inside of the transaction leaves it to the dead letter queue.
    private func committing(_ write: @escaping Write<Enlisted>, _ message: QueueMessage) -> DueOutcome {
        let deadLetter = deadLetter(message)
        return .commit { transaction in
            do {
                _ = try transaction.nested { try write($0) }
            } catch let error as AWSError where !error.isTransient {
                if let deadLetter { _ = try? transaction.nested { try deadLetter($0) } }
            }
        }
    }

    private func deadLetter(_ message: QueueMessage) -> Write<Enlisted>? {
        guard let queue = message.subscription.deadLetterQueue else { return nil }
        return (try? message.write(to: queue, context)) ?? nil
    }

    private func bury(_ message: QueueMessage) async -> DueOutcome {
        guard let queue = message.subscription.deadLetterQueue else { return .done }
        if let write = deadLetter(message) {
            return .commit { transaction in _ = try? transaction.nested { try write($0) } }
        }
        _ = try? await message.send(to: queue, context)
        return .done
    }

    // MARK: HTTP

    private func post(_ message: QueueMessage) async -> Attempt {
        let (publication, subscription) = (message.publication, message.subscription)
        var headers = headers("Notification", publication.messageId, subscription.topicArn)
        headers["x-amz-sns-subscription-arn"] = subscription.arn
        if subscription.isRaw { headers["x-amz-sns-rawdelivery"] = "true" }
        headers["content-type"] = policy(for: subscription).contentType
        let body =
            subscription.isRaw
            ? publication.text(for: subscription.transport)
            : message.envelope.notification(publication, to: subscription)
        return await send(headers, body, to: subscription.endpoint)
    }

    private func headers(_ type: String, _ messageId: String, _ topicArn: String) -> HTTPHeaders {
        [
            "x-amz-sns-message-type": type, "x-amz-sns-message-id": messageId, "x-amz-sns-topic-arn": topicArn,
            "content-type": DeliveryPolicy.defaultContentType,
            "user-agent": "Amazon Simple Notification Service Agent", "accept-encoding": "gzip,deflate",
        ]
    }

    /// 5xx, 429 and no answer at all are tried again; every other status but 2xx is final. Source: SNS developer
    /// guide, delivery policies.
    private func send(_ headers: HTTPHeaders, _ body: String, to url: String) async -> Attempt {
        let request = HTTPRequest(method: "POST", path: "/", headers: headers, body: .bytes(Array(body.utf8)))
        do {
            let response = try await context.host.http.send(request, to: url, timeoutMs: Self.timeoutMs)
            if (200..<300).contains(response.status) { return .delivered }
            return .failed(
                "HTTP status \(response.status)", isTransient: response.status >= 500 || response.status == 429)
        } catch {
            return .failed("\(error)", isTransient: true)
        }
    }

    private func greet(_ handshake: Handshake, _ row: DueRow) async -> DueOutcome {
        let type = handshake.isFarewell ? "UnsubscribeConfirmation" : "SubscriptionConfirmation"
        var headers = headers(type, handshake.messageId, handshake.topicArn)
        if handshake.isFarewell { headers["x-amz-sns-subscription-arn"] = handshake.subscriptionArn }
        let body = Envelope(endpoint: context.host.endpoint).handshake(handshake)
        guard case .failed(_, true) = await send(headers, body, to: handshake.endpoint),
            let delay = RetryPolicy().delay(retry: row.attempts)
        else { return .done }
        return .retry(atMs: context.nowMs + Int64(delay * 1000))
    }
}
