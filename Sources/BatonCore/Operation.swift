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

/// An operation that is exactly one write, so that another service can enlist it in a transaction of its own: both
/// changes are then committed together or not at all.
public protocol WriteOperation: Operation where Output: Sendable {
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
}

/// The input or output of an operation that has no members.
public struct Nothing: Codable, Sendable {
    public init() {}
}
