public import JSON
import Synchronization

/// How requests and answers of a service are written. A service lists what it speaks, the preferred one first.
public enum ServiceProtocol: String, Sendable {
    case json
    case query
    case restJSON = "rest-json"
    case restXML = "rest-xml"
    case cbor = "smithy-rpc-v2-cbor"
}

/// How a service answers input that breaks the model's constraints.
public enum ValidationStyle: String, Sendable {
    /// `ValidationException`, all errors in one message.
    case coral
    /// `ValidationError`, the same message: services of the query protocol.
    case query
    /// SQS: a missing parameter is `MissingParameter`, all else is checked by the service.
    case sqs
    /// `ValidationException`, but a missing or too short table name is told first, in words of its own.
    case dynamodb
    /// Only what is needed to understand the request: S3.
    case none
}

/// The API facts of one service, read at its first use from the compact data and kept for the life of the process.
public final class ServiceModel: Sendable {
    /// botocore's folder name, for example `sqs`, `cloudformation`, `logs`.
    public let id: String
    /// For example `CloudWatch Logs`.
    public let serviceId: String
    public let apiVersion: String
    public let protocols: [ServiceProtocol]
    /// `1.0` or `1.1` for AWS JSON.
    public let jsonVersion: String
    /// What stands before the dot of `X-Amz-Target`; empty when the service has no AWS JSON.
    public let targetPrefix: String
    public let endpointPrefix: String
    /// The service's name in the credential scope of a signature.
    public let signingName: String
    /// One endpoint for all regions (IAM, STS).
    public let isGlobal: Bool
    public let xmlNamespace: String?
    /// Errors of AWS JSON carry the code of the old query protocol in `x-amzn-query-error`.
    public let isQueryCompatible: Bool
    /// What stands before an error's code in `__type`, with its `#`; empty when the service sends the bare code.
    public let errorNamespace: String
    public let validation: ValidationStyle
    /// Timestamps in XML answers always show milliseconds.
    public let showsMilliseconds: Bool
    public let operations: [String: OperationModel]
    /// The shapes of errors by their name, which is the code in the JSON protocols.
    public let errors: [String: Shape]
    private let errorsByCode: [String: Shape]
    /// Every shape by its name.
    public let shapes: [String: Shape]

    /// Ids of all services whose model is on board, in alphabetical order.
    public static var all: [String] { ModelData.byService.keys.sorted() }

    private static let loaded = Mutex<[String: ServiceModel]>([:])

    /// The error of that name, or of that code in the query and XML protocols.
    public func error(_ code: String) -> Shape? { errors[code] ?? errorsByCode[code] }

    /// The model of the service, nil when there is none of that id.
    public static func named(_ id: String) -> ServiceModel? {
        loaded.withLock { models in
            if let model = models[id] { return model }
            guard let data = ModelData.byService[id], let model = try? ServiceModel(data: data) else { return nil }
            models[id] = model
            return model
        }
    }

    /// - Parameter data: the compact JSON as `Scripts/generate-model` writes it.
    convenience init(data: StaticString) throws {
        try self.init(
            tree: JSON.parse(
                buffer: UnsafeRawBufferPointer(start: data.utf8Start, count: data.utf8CodeUnitCount)))
    }

    /// - Parameter tree: the compact model; test services are made of literals.
    public init(tree: JSON) throws(ModelError) {
        let id = tree["id"]?.string ?? ""
        self.id = id
        serviceId = tree["sid"]?.string ?? id
        apiVersion = tree["v"]?.string ?? ""
        protocols = (tree["p"]?.array ?? []).compactMap { $0.string.flatMap(ServiceProtocol.init) }
        jsonVersion = tree["jv"]?.string ?? "1.0"
        targetPrefix = tree["tp"]?.string ?? ""
        endpointPrefix = tree["ep"]?.string ?? id
        signingName = tree["sn"]?.string ?? endpointPrefix
        isGlobal = tree["gl"] != nil
        xmlNamespace = tree["ns"]?.string
        isQueryCompatible = tree["qc"] != nil
        errorNamespace = tree["en"]?.string ?? ""
        validation =
            tree["va"]?.string.flatMap(ValidationStyle.init) ?? (protocols.first == .query ? .query : .coral)
        showsMilliseconds = tree["ms"] != nil
        var builder = ShapeBuilder(tree["s"]?.object ?? [:])
        try builder.build()
        shapes = builder.shapes
        errors = shapes.filter { $0.value.error != nil }
        errorsByCode = Dictionary(
            errors.values.compactMap { shape in shape.error?.code.map { ($0, shape) } },
            uniquingKeysWith: { first, _ in first })
        var operations: [String: OperationModel] = [:]
        for (name, facts) in tree["o"]?.object ?? [:] {
            operations[name] = try OperationModel(name: name, facts: facts, builder: builder)
        }
        self.operations = operations
    }
}

/// The compact data contradicts itself: it was edited by hand or written by another version of the generator.
public struct ModelError: Error, CustomStringConvertible {
    public let description: String
}
