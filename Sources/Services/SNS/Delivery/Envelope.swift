import JSON

/// The JSON texts in which messages arrive at subscribers.
///
/// Assumed: signatures. Baton has no certificate, so `Signature` is a constant in base64 and `SigningCertURL` leads
/// nowhere; whoever verifies signatures must leave that out on Baton. FIFO topics do not sign on AWS either.
struct Envelope {
    /// The base of URLs, for example `http://127.0.0.1:4566`.
    let endpoint: String

    static let signature = "QmF0b24gZG9lcyBub3Qgc2lnbiBtZXNzYWdlcw=="

    private var certificateURL: String {
        "\(endpoint)/SimpleNotificationService-00000000000000000000000000000000.pem"
    }

    private func unsubscribeURL(_ subscriptionArn: String) -> String {
        "\(endpoint)/?Action=Unsubscribe&SubscriptionArn=\(subscriptionArn)"
    }

    // MARK: Notifications

    /// For queues and HTTP endpoints, laid out as AWS lays it out.
    func notification(_ publication: Publication, to subscription: Subscription) -> String {
        var lines = Lines()
        lines.add("Type", "Notification")
        lines.add("MessageId", publication.messageId)
        if let number = publication.sequenceNumber { lines.add("SequenceNumber", number) }
        lines.add("TopicArn", publication.topicArn)
        if let subject = publication.subject { lines.add("Subject", subject) }
        lines.add("Message", publication.text(for: subscription.transport))
        lines.add("Timestamp", Timestamp.text(publication.timestampMs))
        if publication.sequenceNumber == nil { sign(&lines, publication.signatureVersion) }
        lines.add("UnsubscribeURL", unsubscribeURL(subscription.arn))
        lines.add(attributes: publication.attributes)
        return lines.text
    }

    private func sign(_ lines: inout Lines, _ version: String) {
        lines.add("SignatureVersion", version)
        lines.add("Signature", Self.signature)
        lines.add("SigningCertURL", certificateURL)
    }

    /// The event that a function gets.
    func event(_ publication: Publication, to subscription: Subscription) -> JSON {
        var attributes = JSON.Object()
        for attribute in publication.attributes { attributes[attribute.name] = attribute.envelope }
        let notification: JSON = [
            "Type": "Notification", "MessageId": .string(publication.messageId),
            "TopicArn": .string(publication.topicArn),
            "Subject": publication.subject.map { .string($0) } ?? .null,
            "Message": .string(publication.text(for: subscription.transport)),
            "Timestamp": .string(Timestamp.text(publication.timestampMs)),
            // Functions get version 1 whatever the topic says.
            "SignatureVersion": "1", "Signature": .string(Self.signature),
            "SigningCertUrl": .string(certificateURL), "UnsubscribeUrl": .string(unsubscribeURL(subscription.arn)),
            "MessageAttributes": .object(attributes),
        ]
        return [
            "Records": [
                [
                    "EventSource": "aws:sns", "EventVersion": "1.0",
                    "EventSubscriptionArn": .string(subscription.arn), "Sns": notification,
                ]
            ]
        ]
    }

    // MARK: Handshakes with HTTP endpoints

    /// Asks an endpoint to confirm, or tells it of the end and how to take that back.
    func handshake(_ handshake: Handshake) -> String {
        let (type, message) =
            handshake.isFarewell
            ? (
                "UnsubscribeConfirmation",
                "You have chosen to deactivate subscription \(handshake.subscriptionArn).\nTo cancel this operation "
                    + "and restore the subscription, visit the SubscribeURL included in this message."
            )
            : (
                "SubscriptionConfirmation",
                "You have chosen to subscribe to the topic \(handshake.topicArn).\nTo confirm the subscription, "
                    + "visit the SubscribeURL included in this message."
            )
        var lines = Lines()
        lines.add("Type", type)
        lines.add("MessageId", handshake.messageId)
        lines.add("Token", handshake.token)
        lines.add("TopicArn", handshake.topicArn)
        lines.add("Message", message)
        lines.add(
            "SubscribeURL",
            "\(endpoint)/?Action=ConfirmSubscription&TopicArn=\(handshake.topicArn)&Token=\(handshake.token)")
        lines.add("Timestamp", Timestamp.text(handshake.timestampMs))
        sign(&lines, "1")
        return lines.text
    }
}

/// What passes between SNS and an HTTP endpoint besides messages.
struct Handshake: Codable, Sendable {
    let messageId: String
    let topicArn: String
    let subscriptionArn: String
    let endpoint: String
    let token: String
    let timestampMs: Int64
    /// The subscription has been removed.
    let isFarewell: Bool
}

/// Members line by line, in the layout of AWS: `"Name" : "value"`.
private struct Lines {
    private var bytes: [UInt8] = Array("{".utf8)

    mutating func add(_ name: StaticString, _ value: String) {
        bytes.append(contentsOf: bytes.count > 1 ? ",\n  \"".utf8 : "\n  \"".utf8)
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: "\" : ".utf8)
        JSON.write(string: value, into: &bytes)
    }

    mutating func add(attributes: [MessageAttribute]) {
        guard !attributes.isEmpty else { return }
        bytes.append(contentsOf: ",\n  \"MessageAttributes\" : {".utf8)
        for (index, attribute) in attributes.enumerated() {
            bytes.append(contentsOf: index > 0 ? ",\n    ".utf8 : "\n    ".utf8)
            JSON.write(string: attribute.name, into: &bytes)
            bytes.append(contentsOf: " : ".utf8)
            attribute.envelope.write(into: &bytes)
        }
        bytes.append(contentsOf: "\n  }".utf8)
    }

    var text: String { String(decoding: bytes + Array("\n}".utf8), as: UTF8.self) }
}
