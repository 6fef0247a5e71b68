import AWSModel
import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Creates a parameter, or adds a version to one when `Overwrite` is set; what is not given then stays as it was.
///
/// Errors: ParameterAlreadyExists, ValidationException, HierarchyLevelLimitExceededException,
/// HierarchyTypeMismatchException, ParameterPatternMismatchException, InvalidAllowedPatternException,
/// ParameterLimitExceeded, ParameterMaxVersionLimitExceeded, and those of policies. Source: API reference, PutParameter.
enum PutParameter: WriteOperation {
    struct Input: Decodable, Sendable {
        let name: String
        let description: String?
        let value: String
        let type: String?
        let keyId: String?
        let overwrite: Bool?
        let allowedPattern: String?
        let tags: [Tag]?
        let tier: String?
        let policies: String?
        let dataType: String?
    }

    struct Output: Encodable, Sendable {
        let version: Int
        let tier: String
    }

    private static let dataTypes: Set<String> = ["text", "aws:ec2:image", "aws:ssm:integration"]

    static func prepare(_ input: Input, _ context: Context) throws(AWSError) -> Write<Output> {
        let name = try ParameterName(new: input.name, context)
        let overwrites = input.overwrite ?? false
        if overwrites, !(input.tags ?? []).isEmpty { throw SSMError.tagsAndOverwrite }
        guard !input.value.isEmpty else { throw SSMError.empty }
        guard !input.value.contains("{{") else { throw SSMError.nested }
        if let type = input.dataType, !dataTypes.contains(type) { throw SSMError.dataType(type) }
        guard input.value.count <= Limits.advancedValue else { throw SSMError.tooLarge }
        if let pattern = input.allowedPattern { try match(input.value, pattern) }
        let policies = try input.policies.map { text throws(AWSError) in
            try ParameterPolicy.list(text, nowMs: context.nowMs)
        }
        let tags = try Tag.merged([], input.tags ?? [])
        return { transaction in
            let old = try Parameter.find(
                name.key, account: context.account, region: context.region, transaction.db)
            guard old == nil || overwrites else { throw SSMError.exists }
            var new = try next(input, name, old, context, transaction)
            new.policies = policies ?? new.policies
            new.tier = try tier(input, old, new.policies, context, transaction)
            try new.seal(context)
            try old?.dropOldest(transaction)
            let kept = try Parameter.tags(name.key, context, transaction.db)
            try new.saveLatest(tags: kept ?? tags, transaction)
            try PolicyTimer.arm(new, transaction)
            try new.tell(old == nil ? "Create" : "Update", context, transaction)
            return Output(version: new.version, tier: new.tier)
        }
    }

    /// The version that the input makes, its value not sealed yet.
    private static func next(
        _ input: Input, _ name: ParameterName, _ old: Parameter?, _ context: Context, _ transaction: Transaction
    ) throws(AWSError) -> Parameter {
        guard let type = input.type ?? old?.type else { throw SSMError.noType }
        if let old, old.type != type { throw SSMError.typeChange }
        if input.allowedPattern == nil, let pattern = old?.allowedPattern { try match(input.value, pattern) }
        let isSecure = type == Parameter.secure
        return Parameter(
            account: context.account, region: context.region, key: name.key, name: old?.name ?? name.text,
            version: (old?.version ?? 0) + 1, type: type, value: input.value,
            description: input.description ?? old?.description,
            keyId: isSecure ? input.keyId ?? old?.keyId ?? "alias/aws/ssm" : nil,
            allowedPattern: input.allowedPattern ?? old?.allowedPattern, tier: "", policies: old?.policies ?? [],
            dataType: input.dataType ?? old?.dataType ?? "text", modifiedMs: transaction.nowMs)
    }

    private static func match(_ value: String, _ pattern: String) throws(AWSError) {
        guard !pattern.isEmpty else { return }
        guard let compiled = Pattern(pattern) else { throw SSMError.pattern(pattern) }
        guard compiled.matches(value) else { throw SSMError.mismatch(pattern) }
    }

    /// Intelligent tiering takes the standard tier for whatever fits it.
    private static func tier(
        _ input: Input, _ old: Parameter?, _ policies: [ParameterPolicy], _ context: Context,
        _ transaction: Transaction
    ) throws -> String {
        let (standard, advanced) = ("Standard", "Advanced")
        if old?.tier == advanced {
            guard input.tier != standard else { throw SSMError.downgrade }
            return advanced
        }
        let asked = try input.tier ?? ServiceSetting.find(ServiceSetting.defaultTier, context, transaction.db).value
        if asked == advanced { return advanced }
        let isFull = try old == nil && count(context, transaction) >= Limits.standardParameters
        let isLarge = input.value.count > Limits.standardValue
        if asked == "Intelligent-Tiering" { return isLarge || isFull || !policies.isEmpty ? advanced : standard }
        guard !isLarge else { throw SSMError.tooLargeForStandard }
        guard !isFull else { throw SSMError.tooMany }
        // Assumed: the text.
        guard policies.isEmpty else {
            throw SSMError.validation("Parameter policies need a parameter of the advanced-parameter tier.")
        }
        return standard
    }

    private static func count(_ context: Context, _ transaction: Transaction) throws -> Int {
        try transaction.row(
            "SELECT count(*) AS count FROM ssm_parameter WHERE account = ? AND region = ?", context.account,
            context.region)?["count"] ?? 0
    }
}
