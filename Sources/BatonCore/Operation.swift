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
    public static var name: String { String(describing: Self.self) }
}

/// The SQL of an operation, to run in whichever transaction.
public typealias Write<Output> = @Sendable (Transaction) throws -> Output

/// An operation that is exactly one write, so that another service can enlist it in a transaction of its own: both
/// changes are then committed together or not at all.
public protocol WriteOperation: Operation where Output: Sendable {
    /// Checks, parses and hashes outside of the transaction; what it returns holds SQL only. Both may throw
    /// ``AWSError``.
    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output>
}

extension WriteOperation {
    public static func run(_ input: Input, _ context: Context) async throws(AWSError) -> Output {
        try await context.write(prepare(input, context))
    }
}

/// The input or output of an operation that has no members.
public struct Nothing: Codable, Sendable {
    public init() {}
}
