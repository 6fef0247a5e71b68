import AWSWire
import BatonCore
import Foundation
import JSON

/// What a container finds around it. Source: User Guide, "Job environment variables".
enum JobEnvironment {
    private static let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
    /// What the machine's own programs need and a container would have from its image.
    private static let machine = ["HOME", "USER", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH"]
        .compactMap { name in ProcessInfo.processInfo.environment[name].map { (name, $0) } }

    static func variables(
        _ order: Runs.Order, _ container: ContainerSpec, _ batch: Batch, _ host: BatonCore.Host
    ) async throws -> [String: String] {
        let job = order.job
        var result = Dictionary(machine) { first, _ in first }
        result["PATH"] = path
        for (name, value) in container.environment { result[name] = value }
        let context = host.context(account: job.account, region: job.region)
        for secret in container.secrets { result[secret.name] = try await Self.secret(secret.from, context) }
        result.merge(try await credentials(container.jobRole, job, context, host)) { own, _ in own }
        result.merge(["AWS_REGION": job.region, "AWS_DEFAULT_REGION": job.region]) { own, _ in own }
        if result["AWS_ENDPOINT_URL"] == nil { result["AWS_ENDPOINT_URL"] = host.endpoint }
        result["AWS_BATCH_JOB_ID"] = job.id
        result["AWS_BATCH_JOB_ATTEMPT"] = String(attempt(order))
        result["AWS_BATCH_JQ_NAME"] = batch.names.queue(job.queueId)
        result["AWS_BATCH_CE_NAME"] = job.environmentId.flatMap(batch.names.environment)
        if job.kind == .child, let index = job.childIndex {
            result["AWS_BATCH_JOB_ARRAY_INDEX"] = String(index)
            result["AWS_BATCH_JOB_ARRAY_SIZE"] = order.spec.arraySize.map(String.init)
        }
        if job.kind == .node, let index = job.childIndex {
            result["AWS_BATCH_JOB_NODE_INDEX"] = String(index)
            result["AWS_BATCH_JOB_MAIN_NODE_INDEX"] = order.spec.mainNode.map(String.init)
            result["AWS_BATCH_JOB_NUM_NODES"] = order.spec.numNodes.map(String.init)
            if index != order.spec.mainNode { result["AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS"] = "127.0.0.1" }
        }
        return result
    }

    private static func attempt(_ order: Runs.Order) -> Int { order.job.attempt }

    /// The command with `Ref::name` replaced by parameters; a name without a value stays as it is.
    static func command(_ container: ContainerSpec, _ spec: JobSpec) -> [String] {
        container.command.map { substituted($0, spec.parameters) }
    }

    static func substituted(_ text: String, _ parameters: [String: String]) -> String {
        guard text.contains("Ref::") else { return text }
        let parts = text.components(separatedBy: "Ref::")
        var result = parts[0]
        for part in parts.dropFirst() {
            let name = part.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
            if let value = parameters[String(name)] {
                result += value + part.dropFirst(name.count)
            } else {
                result += "Ref::" + part
            }
        }
        return result
    }

    // MARK: Credentials and secrets

    /// Those of the job's role; without one, those of what Baton runs.
    private static func credentials(
        _ role: String?, _ job: JobRecord, _ context: Context, _ host: BatonCore.Host
    ) async throws -> [String: String] {
        let own = [
            "AWS_ACCESS_KEY_ID": job.account, "AWS_SECRET_ACCESS_KEY": host.innerSecret, "AWS_SESSION_TOKEN": "baton",
        ]
        guard let role, host.registry.has("sts") else { return own }
        let input: JSON = [
            "RoleArn": .string(role), "RoleSessionName": .string(String(job.rootId.prefix(64))),
            "DurationSeconds": 43_200,
        ]
        guard let answer = try? await context.call("sts", "AssumeRole", input), let keys = answer["Credentials"],
            let id = keys["AccessKeyId"]?.string, let secret = keys["SecretAccessKey"]?.string,
            let token = keys["SessionToken"]?.string
        else { return own }
        return ["AWS_ACCESS_KEY_ID": id, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token]
    }

    /// `arn:…:secretsmanager:…:secret:name[:key:stage:version]`, or the name or ARN of a parameter of Systems Manager.
    private static func secret(_ from: String, _ context: Context) async throws -> String {
        do {
            guard let arn = ARN(from), arn.service == "secretsmanager" else {
                let answer = try await context.call(
                    "ssm", "GetParameter", ["Name": .string(from), "WithDecryption": true])
                return answer["Parameter"]?["Value"]?.string ?? ""
            }
            return try await secret(arn, context)
        } catch {
            throw StartFailure(
                reason: "ResourceInitializationError: unable to pull secrets or registry auth: \(from): \(error)")
        }
    }

    private static func secret(_ arn: ARN, _ context: Context) async throws(AWSError) -> String {
        let parts = arn.resource.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var plain = arn
        plain.resource = parts.prefix(2).joined(separator: ":")
        var input: JSON = ["SecretId": .string(plain.description)]
        if parts.count > 3, !parts[3].isEmpty { input["VersionStage"] = .string(parts[3]) }
        if parts.count > 4, !parts[4].isEmpty { input["VersionId"] = .string(parts[4]) }
        let text = try await context.call("secretsmanager", "GetSecretValue", input)["SecretString"]?.string ?? ""
        guard parts.count > 2, !parts[2].isEmpty else { return text }
        let value = (try? JSON.parse(text))?[parts[2]]
        return value?.string ?? value?.text() ?? ""
    }
}
