public import AWSWire
import BatonStore
public import JSON

/// An operation without its types, as the registry calls it.
public struct ErasedOperation: Sendable {
    public typealias Tree = @Sendable () throws(AWSError) -> JSON

    /// Takes an input that has been decoded and validated.
    public let run: @Sendable (JSON, Context) async throws(AWSError) -> JSON
    /// The same at once; nil when the operation may have to wait.
    public private(set) var read: (@Sendable (JSON, Context) throws(AWSError) -> JSON)?
    /// What a request commits to run the operation; nil when no request of it is one write.
    public private(set) var submission: (@Sendable (JSON, Context) throws(AWSError) -> Submission<Tree>?)?
    /// nil when the operation is not exactly one write.
    var prepare: (@Sendable (JSON, Context) throws(AWSError) -> Write<Tree>)?

    /// The same behind a check.
    func admitted(
        _ check: @escaping @Sendable (JSON, Context) throws(AWSError) -> Void
    ) -> ErasedOperation {
        let (run, read, submission, prepare) = (run, read, submission, prepare)
        var admitted = ErasedOperation { (input, context) async throws(AWSError) -> JSON in
            try check(input, context)
            return try await run(input, context)
        }
        if let read {
            admitted.read = { (input, context) throws(AWSError) -> JSON in
                try check(input, context)
                return try read(input, context)
            }
        }
        if let submission {
            admitted.submission = { (input, context) throws(AWSError) -> Submission<Tree>? in
                try check(input, context)
                return try submission(input, context)
            }
        }
        if let prepare {
            admitted.prepare = { (input, context) throws(AWSError) -> Write<Tree> in
                try check(input, context)
                return try prepare(input, context)
            }
        }
        return admitted
    }

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

extension SubmittedOperation {
    public static var erased: ErasedOperation {
        ErasedOperation(run: ErasedOperation.running(Self.self), submission: submitting)
    }

    fileprivate static var submitting: @Sendable (JSON, Context) throws(AWSError) -> Submission<ErasedOperation.Tree>? {
        { (input, context) throws(AWSError) -> Submission<ErasedOperation.Tree>? in
            guard let typed = try submission(try ErasedOperation.decode(input, Input.self), context) else { return nil }
            let write = typed.write
            return Submission(needsSavepoint: typed.needsSavepoint, isTentative: typed.isTentative) { transaction in
                guard let output = try write(transaction) else { return nil }
                let tree: ErasedOperation.Tree = { () throws(AWSError) -> JSON in try ErasedOperation.tree(output) }
                return tree
            }
        }
    }
}

extension WriteOperation {
    public static var erased: ErasedOperation {
        ErasedOperation(
            run: ErasedOperation.running(Self.self), submission: submitting,
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
