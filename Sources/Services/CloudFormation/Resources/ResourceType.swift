import AWSWire
import BatonCore
import JSON
import Synchronization

/// What stands behind one type of resource, for example `AWS::SQS::Queue`: it creates, updates and deletes through the
/// APIs of the other services, as any client would.
///
/// Every function may run again after a restart in its middle, so each must bear that its earlier run got through.
protocol ResourceType: Sendable {
    var name: String { get }
    /// Every property that the type knows.
    var properties: [String: PropertyRule] { get }
    /// The attributes of `Fn::GetAtt`. A trailing `*` stands for any name with this beginning.
    var attributes: [String] { get }
    /// The property that names the physical resource, for types where unnamed ones get a generated name.
    var nameProperty: String? { get }
    /// Generated names are at most this long.
    var nameLimit: Int { get }
    /// Whether properties may have any name besides those that the type knows.
    var isOpen: Bool { get }

    func create(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult
    /// Only called when no property that needs a replacement changed.
    func update(_ request: ResourceRequest, from old: JSON) async throws(ResourceFailure) -> ResourceResult
    func delete(_ request: ResourceRequest) async throws(ResourceFailure)
    /// Called until nothing is pending any more, for types whose creation goes on by itself.
    func check(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult
    /// What a deletion is still waiting for, after `delete`.
    func checkDeleted(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult.Pending?
    /// What gives unnamed resources their name, before the random suffix is cut to `nameLimit`.
    func generatedName(_ stack: String, _ logicalId: String, _ suffix: String, _ properties: JSON) -> String
}

extension ResourceType {
    var nameProperty: String? { nil }
    var nameLimit: Int { 255 }
    var isOpen: Bool { false }

    func check(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult {
        ResourceResult(request.physicalId, request.attributes)
    }

    func checkDeleted(_ request: ResourceRequest) async throws(ResourceFailure) -> ResourceResult.Pending? { nil }

    func generatedName(_ stack: String, _ logicalId: String, _ suffix: String, _ properties: JSON) -> String {
        GeneratedName.text(stack, logicalId, suffix, limit: nameLimit)
    }

    func knowsAttribute(_ attribute: String) -> Bool {
        attributes.contains { $0.hasSuffix("*") ? attribute.hasPrefix($0.dropLast()) : $0 == attribute }
    }
}

enum GeneratedName {
    static let suffixLength = 12

    /// `<stack>-<LogicalId>-<suffix>`; stack and id are shortened where that is too long.
    static func text(_ stack: String, _ logicalId: String, _ suffix: String, limit: Int) -> String {
        let room = limit - suffix.count - 2
        let idLength = min(logicalId.count, max(room - stack.count, room / 2))
        return "\(stack.prefix(room - idLength))-\(logicalId.prefix(idLength))-\(suffix)"
    }
}

/// How a property is written, and whether a change of it needs a new physical resource.
struct PropertyRule: Sendable {
    var kind: PropertyKind
    var isReplacing: Bool
    var isRequired: Bool

    static func inPlace(_ kind: PropertyKind, isRequired: Bool = false) -> PropertyRule {
        PropertyRule(kind: kind, isReplacing: false, isRequired: isRequired)
    }

    static func replacing(_ kind: PropertyKind, isRequired: Bool = false) -> PropertyRule {
        PropertyRule(kind: kind, isReplacing: true, isRequired: isRequired)
    }
}

/// Why a resource could not be brought into its form: the reason of the event.
struct ResourceFailure: Error, Equatable {
    var reason: String
    /// The code of the API's error, where one is behind it.
    var code = ""
    /// Trying again may help.
    var isTransient = false
}

/// What came out of an effect.
struct ResourceResult: Sendable, Equatable {
    var physicalId: String
    var attributes: JSON.Object
    /// What it is still waiting for.
    var pending: Pending?

    enum Pending: Sendable, Equatable {
        /// Look again after this time.
        case afterMs(Int64)
        /// Another stack, by its id.
        case stack(String)
        /// What somebody sends to a ``ResponsePath``, when there is more than is known.
        case response(String, known: Int)
    }

    init(_ physicalId: String, _ attributes: JSON.Object = [:], pending: Pending? = nil) {
        self.physicalId = physicalId
        self.attributes = attributes
        self.pending = pending
    }
}

/// One effect on one resource: what it is about, and the way to the services.
struct ResourceRequest: Sendable {
    let context: Context
    let stack: StackRecord
    let logicalId: String
    /// Evaluated and brought into the form that the type declares.
    let properties: JSON
    /// Of the resource as it is; when creating, the name that an unnamed one gets.
    let physicalId: String
    let attributes: JSON.Object
    /// The same effect was begun before: what it wants to make may be there already.
    let isRetry: Bool
    let progress = Progress()

    /// What an effect has made before it is complete, so that it can be deleted when the rest fails.
    final class Progress: Sendable {
        private let state = Mutex<String?>(nil)
        var physicalId: String? {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    subscript(property: String) -> JSON? { properties[property] }
    func text(_ property: String) -> String? { properties[property]?.string }

    var account: String { context.account }
    var region: String { context.region }
    /// Where Baton itself can be reached.
    var endpoint: String { context.host.endpoint }
    func arn(_ service: String, _ resource: String) -> String { context.arn(service, resource).description }

    /// The name given in the template, else the generated one.
    func name(_ property: String) -> String { text(property) ?? physicalId }

    /// Calls a service. Errors whose code is one of `accepting` count as success, with an empty answer.
    @discardableResult
    func call(
        _ service: String, _ operation: String, _ input: JSON, accepting: Set<String> = []
    ) async throws(ResourceFailure) -> Answer {
        do throws(AWSError) {
            return Answer(tree: try await context.call(service, operation, input))
        } catch {
            if accepting.contains(error.code) || accepting.contains(error.queryCode ?? "") { return Answer(tree: [:]) }
            throw ResourceFailure(
                reason: "Resource handler returned message: \"\(error.message)\" (Service: \(service), Status Code: "
                    + "\(error.status), Error Code: \(error.code))",
                code: error.code, isTransient: error.status >= 500 && error.status != 501)
        }
    }

    /// A call that makes something: after an interrupted run it may be there already.
    @discardableResult
    func make(
        _ service: String, _ operation: String, _ input: JSON, exists: Set<String>
    ) async throws(ResourceFailure) -> Answer {
        try await call(service, operation, input, accepting: isRetry ? exists : [])
    }

    /// A call for something that this Baton may not have: then what the template says is only kept with the stack.
    func callIfKnown(_ service: String, _ operation: String, _ input: JSON) async throws(ResourceFailure) {
        try await call(service, operation, input, accepting: ["NotImplemented"])
    }

    /// The answer of a service; names match without regard to case.
    struct Answer: Sendable {
        let tree: JSON
        subscript(member: String) -> JSON? { tree.object?.caseless(member)?.value }
        func text(_ member: String) -> String? { self[member]?.string }
    }
}

extension JSON {
    /// Members of an object whose names match without regard to case.
    func member(_ name: String) -> JSON? { object?.caseless(name)?.value }
}
