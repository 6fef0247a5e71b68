public import AWSWire
public import BatonStore

/// One operation of a service: one file, one type, named as AWS names it.
///
/// Its input has passed the model validator. `Input` types only what the operation uses; what the model does not
/// require is optional there. `Output` uses Swift casing; the codec finds the model's spelling.
public protocol Operation: Sendable {
    associatedtype Input: Decodable & Sendable
    associatedtype Output: Encodable & Sendable
    /// AWS's name; the default is that of the type.
    static var name: String { get }
    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output
    /// For the registry. Derived for every operation: a requirement, so that the start of Baton asks the type itself
    /// whether it is a write, instead of the runtime, which would search for it.
    static var erased: ErasedOperation { get }
}

extension Operation {
    /// Not `String(describing:)`, which asks the runtime whether types have descriptions of their own: half a
    /// millisecond for each operation at every start.
    public static var name: String { _typeName(Self.self, qualified: false) }
}

/// An operation that only reads, and never waits: it is answered where its request is read, without a task of its own.
public protocol ReadOperation: Operation {
    static func read(_ input: Input, _ context: Context) throws(AWSError) -> Output
}

extension ReadOperation {
    public static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        try read(input, context)
    }
}

/// The SQL of an operation, to run in whichever transaction.
public typealias Write<Output> = @Sendable (Transaction) throws -> Output

/// What a request of an operation commits, without a task of its own.
public struct Submission<Output>: Sendable {
    /// nil: committed, but it is not the answer yet; the operation has to `run`.
    public var write: Write<Output?>
    /// As ``Store/write(needsSavepoint:_:)`` has it.
    public var needsSavepoint: Bool
    /// Whether a failure is not the answer, but makes the operation `run` in a task, from its beginning.
    public var isTentative: Bool

    public init(needsSavepoint: Bool, isTentative: Bool = false, _ write: @escaping Write<Output?>) {
        self.write = write
        self.needsSavepoint = needsSavepoint
        self.isTentative = isTentative
    }
}

/// An operation that a request usually runs as one write.
public protocol SubmittedOperation: Operation where Output: Sendable {
    /// nil: this request has to `run`. What is thrown is the answer.
    static func submission(_ input: Input, _ context: Context) throws(AWSError) -> Submission<Output>?
}

/// An operation that is exactly one write, so that another service can enlist it in a transaction of its own: both
/// changes are then committed together or not at all.
public protocol WriteOperation: SubmittedOperation {
    /// Checks, parses and hashes outside of the transaction; what it returns holds SQL only. Both may throw
    /// ``AWSError``.
    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output>
    /// Whether what `prepare` returns needs a savepoint around it, as ``Store/write(needsSavepoint:_:)`` has it.
    static var needsSavepoint: Bool { get }
}

extension WriteOperation {
    public static var needsSavepoint: Bool { true }

    public static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        try await context.write(needsSavepoint: needsSavepoint, prepare(input, context))
    }

    public static func submission(_ input: Input, _ context: Context) throws(AWSError) -> Submission<Output>? {
        let write = try prepare(input, context)
        return Submission(needsSavepoint: needsSavepoint) { try write($0) }
    }
}

/// The input or output of an operation that has no members.
public struct Nothing: Codable, Sendable {
    public init() {}
}
