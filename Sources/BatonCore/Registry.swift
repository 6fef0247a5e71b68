import AWSModel
public import AWSWire
import BatonStore
public import JSON

/// All services of this Baton and their operations by name.
public final class Registry: Sendable {
    /// A service that lives elsewhere, usually on AWS.
    public typealias Route =
        @Sendable (_ operation: String, _ input: JSON, _ context: Context) async throws(AWSError) -> JSON

    public let services: [any Service]
    private let instances: [ObjectIdentifier: any Service]
    private let entries: [String: [String: ErasedOperation]]
    private let routes: [String: Route]

    public init(_ services: [any Service], routes: [String: Route] = [:]) {
        self.services = services
        self.routes = routes
        instances = Dictionary(services.map { (ObjectIdentifier(type(of: $0)), $0) }) { first, _ in first }
        entries = Dictionary(
            services.map { service in
                let admission = type(of: service).admission
                let operations = type(of: service).operations.map { operation in
                    (operation.name, admission.map { operation.erased.admitted($0) } ?? operation.erased)
                }
                return (type(of: service).id, Dictionary(operations) { first, _ in first })
            }
        ) { first, _ in first }
    }

    func instance<S: Service>(_ type: S.Type) -> S {
        guard let service = instances[ObjectIdentifier(type)] as? S else {
            // The composition root lists every service; an operation only runs when its own is there.
            preconditionFailure("\(type) is not part of this Baton")
        }
        return service
    }

    public var ids: [String] { services.map { type(of: $0).id } }

    public func has(_ service: String) -> Bool { entries[service] != nil || routes[service] != nil }

    /// The names of the operations of a service.
    public func operations(_ service: String) -> [String] { entries[service].map { Array($0.keys) } ?? [] }

    /// Runs an operation whose input has already been decoded and validated; for the server, which has done both.
    public func dispatch(
        _ service: String, _ operation: String, _ input: JSON, _ context: Context
    ) async throws(AWSError) -> JSON {
        try await find(service, operation).run(input, context)
    }

    /// What runs an operation, here or where its service is routed to.
    public func find(_ service: String, _ operation: String) throws(AWSError) -> ErasedOperation {
        guard let route = routes[service] else { return try entry(service, operation) }
        return ErasedOperation(
            run: { (input, context) async throws(AWSError) -> JSON in try await route(operation, input, context) })
    }

    func call(
        _ service: String, _ operation: String, _ input: JSON, _ context: Context
    ) async throws(AWSError) -> JSON {
        let model = try check(service, operation, input)
        return Spelling.corrected(try await dispatch(service, operation, input, context), model.output)
    }

    func enlist(
        _ service: String, _ operation: String, _ input: JSON, _ context: Context
    ) throws(AWSError) -> Write<Enlisted> {
        guard routes[service] == nil, let prepare = try entry(service, operation).prepare else {
            throw AWSError("NotEnlistable", "\(service):\(operation) cannot take part in a transaction", status: 500)
        }
        let model = try check(service, operation, input)
        let write = try prepare(input, context)
        return { transaction in
            let output = try write(transaction)
            return Enlisted { () throws(AWSError) -> JSON in Spelling.corrected(try output(), model.output) }
        }
    }

    private func check(_ service: String, _ operation: String, _ input: JSON) throws(AWSError) -> OperationModel {
        guard let service = ServiceModel.named(service), let model = service.operations[operation] else {
            throw AWSError("UnknownOperationException", "\(service) has no operation \(operation)")
        }
        try Validator(service).validate(input, model.input)
        return model
    }

    private func entry(_ service: String, _ operation: String) throws(AWSError) -> ErasedOperation {
        guard let operations = entries[service] else {
            throw AWSError(
                "UnknownService", "Baton has no service \(service) yet; route it with --route \(service)=aws",
                status: 501)
        }
        guard let entry = operations[operation] else {
            throw AWSError(
                "NotImplemented", "Baton does not know the operation \(service):\(operation) yet", status: 501)
        }
        return entry
    }
}
