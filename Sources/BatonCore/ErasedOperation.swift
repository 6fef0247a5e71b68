public import AWSWire
import BatonStore
public import JSON

/// An operation without its types, as the registry calls it.
public struct ErasedOperation: Sendable {
    typealias Tree = @Sendable () throws(AWSError) -> JSON

    /// Takes an input that has been decoded and validated.
    public let run: @Sendable (JSON, Context) async throws(AWSError) -> JSON
    /// The same at once; nil when the operation may have to wait.
    public private(set) var read: (@Sendable (JSON, Context) throws(AWSError) -> JSON)?
    /// nil when the operation is not exactly one write.
    var prepare: (@Sendable (JSON, Context) throws(AWSError) -> Write<Tree>)?

    fileprivate static func decode<Input: Decodable>(_ tree: JSON, _ type: Input.Type) throws(AWSError) -> Input {
        do {
            return try tree.decoded(as: type)
        } catch {
            throw AWSError("SerializationException", "\(error)")
        }
    }

    fileprivate static func tree(_ output: some Encodable) throws(AWSError) -> JSON {
        do {
            return try JSON(encoding: output)
        } catch {
            throw AWSError("InternalFailure", "\(error)", status: 500)
        }
    }

    fileprivate static func running<O: Operation>(
        _ type: O.Type
    ) -> @Sendable (JSON, Context) async throws(AWSError) -> JSON {
        { (input, context) async throws(AWSError) -> JSON in
            try tree(try await O.run(try decode(input, O.Input.self), context))
        }
    }
}

extension Operation {
    public static var erased: ErasedOperation {
        ErasedOperation(run: ErasedOperation.running(Self.self))
    }
}

extension ReadOperation {
    public static var erased: ErasedOperation {
        ErasedOperation(
            run: ErasedOperation.running(Self.self),
            read: { (input, context) throws(AWSError) -> JSON in
                try ErasedOperation.tree(try read(try ErasedOperation.decode(input, Input.self), context))
            })
    }
}

extension WriteOperation {
    public static var erased: ErasedOperation {
        ErasedOperation(
            run: ErasedOperation.running(Self.self),
            prepare: { (input, context) throws(AWSError) -> Write<ErasedOperation.Tree> in
                let write = try prepare(try ErasedOperation.decode(input, Input.self), context)
                return { transaction in
                    let output = try write(transaction)
                    return { () throws(AWSError) -> JSON in try ErasedOperation.tree(output) }
                }
            })
    }
}

/// What an enlisted write has done. Its output is only made for those who ask.
public struct Enlisted: Sendable {
    private let make: @Sendable () throws(AWSError) -> JSON

    init(_ make: @escaping @Sendable () throws(AWSError) -> JSON) { self.make = make }

    /// Under the wire's names, as ``Context/call(_:_:_:)`` has it.
    public func output() throws(AWSError) -> JSON { try make() }
}
