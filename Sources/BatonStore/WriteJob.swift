/// What became of a write, on its way back to whoever asked for it.
public protocol Outcome: AnyObject, Sendable {
    /// Calls the completion of the write.
    func deliver()
}

/// Where outcomes of writes are wanted, for example an event loop: it gets all that one commit brought it at once, and
/// delivers them where it likes.
public protocol Recipient: AnyObject, Sendable {
    func receive(_ outcomes: [any Outcome])
}

/// A write on its way to the writer's thread, and back. One thread after the other has it, hence unchecked.
class WriteJob: Outcome, @unchecked Sendable {
    let needsSavepoint: Bool
    /// nil: the outcome is delivered on the writer's thread.
    let recipient: (any Recipient)?
    var failure: (any Error)?

    init(needsSavepoint: Bool, recipient: (any Recipient)?) {
        self.needsSavepoint = needsSavepoint
        self.recipient = recipient
    }

    func run(_ transaction: Transaction) throws {}
    func deliver() {}
}

/// Keeps the result until the commit has succeeded.
final class TypedWriteJob<Value: Sendable>: WriteJob, @unchecked Sendable {
    private let body: @Sendable (Transaction) throws -> Value
    private let completion: @Sendable (Result<Value, any Error>) -> Void
    private var value: Value?

    init(
        needsSavepoint: Bool, recipient: (any Recipient)?, _ body: @escaping @Sendable (Transaction) throws -> Value,
        _ completion: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        self.body = body
        self.completion = completion
        super.init(needsSavepoint: needsSavepoint, recipient: recipient)
    }

    override func run(_ transaction: Transaction) throws { value = try body(transaction) }

    override func deliver() {
        if let value, failure == nil {
            completion(.success(value))
        } else {
            completion(.failure(failure ?? StoreError.closed))
        }
    }
}

extension [WriteJob] {
    /// Hands each recipient all that is its own.
    func deliver() {
        var parcels: [(recipient: any Recipient, jobs: [WriteJob])] = []
        for job in self {
            guard let recipient = job.recipient else {
                job.deliver()
                continue
            }
            if let index = parcels.firstIndex(where: { $0.recipient === recipient }) {
                parcels[index].jobs.append(job)
            } else {
                parcels.append((recipient, [job]))
            }
        }
        for parcel in parcels { parcel.recipient.receive(parcel.jobs) }
    }
}
