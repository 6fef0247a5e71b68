import JSON

/// One operation: where its request goes and what goes in and out.
public final class OperationModel: Sendable {
    public let name: String
    public let http: HTTPBinding
    /// nil when the operation takes nothing.
    public let input: Shape?
    /// nil when the operation returns nothing.
    public let output: Shape?
    /// Names of the error shapes that the operation documents.
    public let errors: [String]
    /// The element around the members in a query answer.
    public let resultWrapper: String
    /// Root element of a REST-XML request whose members are not in a payload, and its namespace.
    public let inputRoot: String?
    public let inputNamespace: String?
    /// The member of the input whose value is the raw request body and stays outside of the tree.
    public let streamingInput: Member?
    /// The same for the answer's body.
    public let streamingOutput: Member?
    /// The client must send a checksum of the body (S3).
    public let requiresChecksum: Bool

    init(name: String, facts: JSON, builder: ShapeBuilder) throws(ModelError) {
        self.name = name
        http = HTTPBinding(
            method: facts["m"]?.string ?? "POST", uri: facts["u"]?.string ?? "/", status: facts["s"]?.int ?? 200)
        input = try facts["i"]?.string.map { (shape) throws(ModelError) in try builder.shape(shape) }
        output = try facts["o"]?.string.map { (shape) throws(ModelError) in try builder.shape(shape) }
        errors = (facts["e"]?.array ?? []).compactMap(\.string)
        resultWrapper = facts["w"]?.string ?? "\(name)Result"
        inputRoot = facts["ir"]?.string
        inputNamespace = facts["ins"]?.string
        requiresChecksum = facts["ck"] != nil
        streamingInput = input?.streamingPayload
        streamingOutput = output?.streamingPayload
    }
}

/// Where a REST operation lives. Operations of the other protocols are all `POST /`.
public struct HTTPBinding: Sendable {
    public let method: String
    /// For example `/{Bucket}/{Key+}?uploads`.
    public let uri: String
    /// Status of a successful answer.
    public let status: Int
}
