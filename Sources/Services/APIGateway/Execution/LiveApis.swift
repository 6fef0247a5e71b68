import BatonCore
import BatonStore
import GRDB
import JSON
import Synchronization

/// An API as requests meet it.
struct LiveApi: Sendable {
    let shelf: Shelf
    let isDisabled: Bool
    /// By name.
    let stages: [String: JSON]

    var id: String { shelf.owner }
}

/// What requests need again and again, read at the first one and forgotten when it changes.
final class LiveApis: Sendable {
    private struct State {
        var apis: [String: LiveApi] = [:]
        /// By the id of the deployment.
        var deployed: [String: DeployedApi] = [:]
        var rings: [String: KeyRing] = [:]
        var templates: [String: Template] = [:]
        /// Goes up with each change, so that what was read before one is not kept after it.
        var generation = 0
    }
    private static let maxTemplates = 1000
    private static let maxDeployed = 200

    private let state = Mutex(State())
    let verdicts = Verdicts()

    func forget(api: String?, account: String, region: String) {
        state.withLock { state in
            state.generation += 1
            if let api { state.apis[api] = nil }
            if state.deployed.count >= Self.maxDeployed { state.deployed = [:] }
            state.rings["\(account)/\(region)"] = nil
        }
    }

    func api(_ id: String, _ store: Store) throws -> LiveApi? {
        try kept(\.apis, id) {
            try store.read { db in
                guard let (shelf, api) = try Shelf.place(ofApi: id, db) else { return nil }
                let stages = try shelf.all(.stage, db).map { ($0["stageName"]?.string ?? "", $0) }
                return LiveApi(
                    shelf: shelf, isDisabled: api["disableExecuteApiEndpoint"]?.bool == true,
                    stages: Dictionary(stages) { first, _ in first })
            }
        }
    }

    /// A deployment never changes.
    func deployed(_ id: String, of api: LiveApi, _ store: Store) throws -> DeployedApi? {
        try kept(\.deployed, id) {
            try store.read { try api.shelf.find(.snapshot, id, $0) }.map { DeployedApi($0, id: id) }
        }
    }

    func keys(of api: LiveApi, _ store: Store) throws -> KeyRing? {
        let shelf = Shelf(account: api.shelf.account, region: api.shelf.region, owner: "")
        return try kept(\.rings, "\(shelf.account)/\(shelf.region)") { try store.read { try KeyRing(shelf, $0) } }
    }

    func template(_ text: String) throws(TemplateError) -> Template {
        if let found = state.withLock({ $0.templates[text] }) { return found }
        let made = try Template(text)
        state.withLock { state in
            if state.templates.count >= Self.maxTemplates { state.templates = [:] }
            state.templates[text] = made
        }
        return made
    }

    private func kept<T: Sendable>(
        _ place: any WritableKeyPath<State, [String: T]> & Sendable, _ id: String, _ read: () throws -> T?
    ) throws -> T? {
        let (found, generation) = state.withLock { ($0[keyPath: place][id], $0.generation) }
        if let found { return found }
        guard let made = try read() else { return nil }
        state.withLock { if $0.generation == generation { $0[keyPath: place][id] = made } }
        return made
    }
}

/// The keys of an account and the stages that their usage plans open to them.
struct KeyRing: Sendable {
    private struct Key {
        let id: String
        let stages: Set<String>
    }
    /// By value; only those that are enabled.
    private let keys: [String: Key]

    init(_ shelf: Shelf, _ db: Database) throws {
        var stages: [String: Set<String>] = [:]
        for plan in try shelf.all(.usagePlan, db) {
            let places = (plan["apiStages"]?.array ?? []).map {
                "\($0["apiId"]?.string ?? ""):\($0["stage"]?.string ?? "")"
            }
            let links = Shelf(account: shelf.account, region: shelf.region, owner: plan["id"]?.string ?? "")
            for link in try links.all(.usagePlanKey, db) {
                stages[link["id"]?.string ?? "", default: []].formUnion(places)
            }
        }
        var keys: [String: Key] = [:]
        for key in try shelf.all(.apiKey, db) where key["enabled"]?.bool == true {
            let id = key["id"]?.string ?? ""
            keys[key["value"]?.string ?? ""] = Key(id: id, stages: stages[id] ?? [])
        }
        self.keys = keys
    }

    /// The id of the key; nil when it may not call this stage.
    func id(of value: String, api: String, stage: String) -> String? {
        keys[value].flatMap { $0.stages.contains("\(api):\(stage)") ? $0.id : nil }
    }
}
