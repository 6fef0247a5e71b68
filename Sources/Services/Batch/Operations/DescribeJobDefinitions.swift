import AWSWire
import BatonCore
import BatonStore
import GRDB
import JSON

/// Shows job definitions by name, by name and revision, or all, newest revisions first.
/// Errors: ClientException. Source: Batch API reference, DescribeJobDefinitions.
enum DescribeJobDefinitions: Operation {
    struct Input: Decodable, Sendable {
        let jobDefinitions: [String]?
        let jobDefinitionName: String?
        let status: String?
        let maxResults: Int?
        let nextToken: String?
    }

    static func run(_ input: Input, _ context: Context) async throws(AWSError) -> JSON {
        guard (input.jobDefinitions ?? []).count <= Limits.describedJobs else {
            throw BatchError.executing("Maximum number of job definitions supported is  100 .", context)
        }
        if let named = input.jobDefinitions, !named.isEmpty {
            let found = try context.read { db in try named.flatMap { try find($0, context, db) } }
            return ["jobDefinitions": .array(found.map(\.detail))]
        }
        let place = try Page.after(input.nextToken)
        let size = Page.size(input.maxResults)
        let rows = try context.read { db in
            try db.rows(
                """
                SELECT * FROM batch_definition WHERE account = ?1 AND region = ?2 AND (?3 IS NULL OR name = ?3)
                    AND (?4 IS NULL OR status = ?4) AND (name > ?5 OR (name = ?5 AND revision < ?6))
                ORDER BY name, revision DESC LIMIT ?7
                """, context.account, context.region, input.jobDefinitionName, input.status,
                place?["name"]?.string ?? "", place?["revision"]?.int ?? Int.max, size + 1
            ).map(DefinitionRecord.init)
        }
        let last = rows.count > size ? rows[size - 1] : nil
        return JSON.members([
            ("jobDefinitions", .array(rows.prefix(size).map(\.detail))),
            (
                "nextToken",
                last.map {
                    .string(PageToken.encode(["name": .string($0.name), "revision": .number($0.revision)]))
                }
            ),
        ])
    }

    /// A name alone stands for all its revisions.
    private static func find(_ text: String, _ context: Context, _ db: Database) throws -> [DefinitionRecord] {
        let reference = DefinitionRecord.Reference(text)
        return try db.rows(
            """
            SELECT * FROM batch_definition WHERE account = ? AND region = ? AND name = ? AND (? IS NULL OR revision = ?)
            ORDER BY revision DESC
            """, context.account, context.region, reference.name, reference.revision, reference.revision
        ).map(DefinitionRecord.init)
    }
}
