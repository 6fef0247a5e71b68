import JSON

/// The token of an attempt: opaque to everybody else. The secret is that of the thread's stored attempt.
struct TaskToken: Sendable {
    let execution: Int64
    let thread: Int
    let epoch: Int
    let secret: String

    init(execution: Int64, thread: Int, epoch: Int, secret: String) {
        self.execution = execution
        self.thread = thread
        self.epoch = epoch
        self.secret = secret
    }

    var text: String { Base64.encode(Array("\(execution).\(thread).\(epoch).\(secret)".utf8)) }

    /// nil when the text is no token of ours.
    init?(_ text: String) {
        guard let bytes = Base64.decode(text), let plain = String(validating: bytes, as: UTF8.self) else { return nil }
        let parts = plain.split(separator: ".")
        guard parts.count == 4, let execution = Int64(parts[0]), let thread = Int(parts[1]), let epoch = Int(parts[2])
        else { return nil }
        self.init(execution: execution, thread: thread, epoch: epoch, secret: String(parts[3]))
    }
}
