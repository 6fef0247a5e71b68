import AWSWire
import BatonCore
import JSON

/// What one receive gave out. Opaque to clients: base64 of the fields, separated by spaces.
struct ReceiptHandle: Sendable {
    let queue: Int64
    let row: Int64
    /// The message's receive count with this receive: tells the latest handle from earlier ones.
    let receives: Int
    let receivedMs: Int64
    /// Row numbers are used again, message ids never.
    let messageId: String

    var text: String { Base64.encode(Array("\(messageId) \(queue) \(row) \(receives) \(receivedMs) 1".utf8)) }

    init(queue: Int64, row: Int64, receives: Int, receivedMs: Int64, messageId: String) {
        self.queue = queue
        self.row = row
        self.receives = receives
        self.receivedMs = receivedMs
        self.messageId = messageId
    }

    /// - Throws: `ReceiptHandleIsInvalid` when `text` is not a handle of this queue.
    init(_ text: String, of queue: Queue) throws(AWSError) {
        guard let bytes = Base64.decode(text), bytes.count < 200 else { throw SQSError.receiptHandleIsInvalid(text) }
        let parts = bytes.split(separator: 0x20, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard parts.count == 6, parts[5] == "1", Int64(parts[1]) == queue.id, let row = Int64(parts[2]),
            let receives = Int(parts[3]), let receivedMs = Int64(parts[4])
        else { throw SQSError.receiptHandleIsInvalid(text) }
        self.queue = queue.id
        self.row = row
        self.receives = receives
        self.receivedMs = receivedMs
        messageId = parts[0]
    }
}
