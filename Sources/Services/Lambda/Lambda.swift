import AWSWire
public import BatonCore
import BatonProcess
import BatonStore
import Foundation
import GRDB
import JSON
import Synchronization

/// AWS Lambda: functions that run as local processes over the Lambda Runtime API, without containers.
public final class Lambda: Service {
    public static let id = "lambda"

    let pool = EnvironmentPool()
    let interpreters = Interpreters()
    let functions = FunctionCache()
    let pollers = MappingPollers()
    private let place = Mutex<Place?>(nil)

    /// What is known once the store is.
    struct Place: Sendable {
        let code: CodeStore
        let runtimeFolder: String
        let temporaryRoot: String
        let mark: String
        let clock: any Clock
        /// The folder is Baton's only for this run, since the store is in memory.
        let isTemporary: Bool
    }

    public init() {}

    public static let operations: [any BatonCore.Operation.Type] = [
        AddLayerVersionPermission.self, AddPermission.self, CreateAlias.self, CreateEventSourceMapping.self,
        CreateFunction.self, CreateFunctionUrlConfig.self, DeleteAlias.self, DeleteEventSourceMapping.self,
        DeleteFunction.self, DeleteFunctionConcurrency.self, DeleteFunctionEventInvokeConfig.self,
        DeleteFunctionUrlConfig.self, DeleteLayerVersion.self, DeleteProvisionedConcurrencyConfig.self,
        GetAccountSettings.self, GetAlias.self, GetEventSourceMapping.self, GetFunction.self,
        GetFunctionCodeSigningConfig.self, GetFunctionConcurrency.self, GetFunctionConfiguration.self,
        GetFunctionEventInvokeConfig.self, GetFunctionRecursionConfig.self, GetFunctionUrlConfig.self,
        GetLayerVersion.self, GetLayerVersionByArn.self, GetLayerVersionPolicy.self, GetPolicy.self,
        GetProvisionedConcurrencyConfig.self, GetRuntimeManagementConfig.self, Invoke.self, InvokeAsync.self,
        InvokeWithResponseStream.self, ListAliases.self, ListEventSourceMappings.self,
        ListFunctionEventInvokeConfigs.self, ListFunctionUrlConfigs.self, ListFunctions.self,
        ListLayerVersions.self, ListLayers.self, ListProvisionedConcurrencyConfigs.self, ListTags.self,
        ListVersionsByFunction.self, PublishLayerVersion.self, PublishVersion.self, PutFunctionConcurrency.self,
        PutFunctionEventInvokeConfig.self, PutFunctionRecursionConfig.self, PutProvisionedConcurrencyConfig.self,
        PutRuntimeManagementConfig.self, RemoveLayerVersionPermission.self, RemovePermission.self, TagResource.self,
        UntagResource.self, UpdateAlias.self, UpdateEventSourceMapping.self, UpdateFunctionCode.self,
        UpdateFunctionConfiguration.self, UpdateFunctionEventInvokeConfig.self, UpdateFunctionUrlConfig.self,
    ]

    // MARK: Starting and stopping

    public func start(_ host: BatonCore.Host) async throws {
        let place = Self.choosePlace(host)
        self.place.withLock { $0 = place }
        Family.killOrphans(markPrefix: place.mark + "/")
        let files = FileManager.default
        try? files.removeItem(atPath: place.temporaryRoot)
        try files.createDirectory(atPath: place.temporaryRoot, withIntermediateDirectories: true)
        try files.createDirectory(atPath: place.runtimeFolder, withIntermediateDirectories: true)
        try Data(PythonBootstrap.text.utf8).write(to: URL(fileURLWithPath: place.runtimeFolder + "/bootstrap.py"))
        try Data(NodeBootstrap.text.utf8).write(to: URL(fileURLWithPath: place.runtimeFolder + "/bootstrap.mjs"))
        let (versions, layers) = try host.store.read { db in
            (
                try db.rows("SELECT * FROM lambda_version").map(FunctionVersion.init),
                try db.rows("SELECT * FROM lambda_layer_version WHERE is_deleted = 0").map(LayerVersion.init)
            )
        }
        place.code.clean(
            used: Set(versions.map { place.code.folder($0.reference, sha256: $0.codeSha256) })
                .union(layers.map { place.code.folder($0.layer, sha256: $0.codeSha256) })
                .union(versions.flatMap { $0.settings.layers ?? [] }.compactMap { $0.folder(place.code) }))
        host.onPath(FunctionURL.prefix) { [unowned self] request, host in
            await FunctionURL.answer(request, self, host)
        }
        host.onDue(AsyncEvent.dueKind, limit: Limits.events) { [unowned self] row, context in
            await AsyncEvent.handle(row, self, context)
        }
        try pollers.start(self, host)
    }

    public func stop() async {
        await pollers.stop()
        guard let place = place.withLock({ $0 }) else { return }
        await pool.stop(place.clock)
        if place.isTemporary { try? FileManager.default.removeItem(atPath: place.code.root) }
    }

    private static func choosePlace(_ host: BatonCore.Host) -> Place {
        let isTemporary = host.store.folder.isEmpty
        // A function's working directory is given to it as an absolute path.
        let folder = isTemporary ? temporaryFolder() : host.store.folder + "/lambda"
        let root = URL(fileURLWithPath: folder).standardizedFileURL.path
        return Place(
            code: CodeStore(root: root), runtimeFolder: root + "/runtime", temporaryRoot: root + "/tmp",
            mark: "lambda:" + root, clock: host.clock, isTemporary: isTemporary)
    }

    /// A new folder of this process alone; the seeded random source of a test would name the same one twice.
    private static func temporaryFolder() -> String {
        var template = Array((NSTemporaryDirectory() + "/baton-lambda-XXXXXX").utf8CString)
        return template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
                ?? NSTemporaryDirectory() + "/baton-lambda"
        }
    }

    func code() throws(AWSError) -> CodeStore { try started().code }

    private func started() throws(AWSError) -> Place {
        guard let place = place.withLock({ $0 }) else { throw LambdaError.service("Lambda has not been started.") }
        return place
    }

    func launch(_ version: FunctionVersion) async throws(AWSError) -> Launch {
        let place = try started()
        let kind = try RuntimeKind(version.settings.runtime)
        return Launch(
            kind: kind, interpreter: try await interpreters.path(kind),
            taskRoot: place.code.folder(version.reference, sha256: version.codeSha256),
            // What a later layer has comes before what an earlier one has.
            layers: (version.settings.layers ?? []).reversed().compactMap { $0.folder(place.code) },
            runtimeFolder: place.runtimeFolder, temporaryRoot: place.temporaryRoot, mark: place.mark)
    }

    // MARK: Changes

    /// To be called in every transaction that changes a function: afterwards nobody uses what was known of it.
    func changed(_ function: FunctionReference, _ transaction: Transaction) {
        let function = function.with(qualifier: nil)
        transaction.afterCommit { [weak self] in self?.functions.forget(function) }
    }

    /// The same for changes of settings or code: environments of `$LATEST` end after their present work.
    func changedLatest(_ function: FunctionReference, _ transaction: Transaction) {
        changed(function, transaction)
        let function = function.with(qualifier: nil)
        transaction.afterCommit { [weak self] in self?.pool.retire(function) { !$0.isLatest } }
    }
}
