import AWSWire
import BatonTesting
import JSON
import Testing

@testable import SSM

/// Lists: hierarchies and filters.
struct ListTests {
    private let account: Account

    init() async throws {
        account = try await Account()
        try await account.put("root", "0")
        try await account.put("/app/name", "1", ["Tags": [["Key": "team", "Value": "data"]]])
        try await account.put("/app/db/host", "2", ["Type": "StringList", "Tags": [["Key": "team", "Value": "web"]]])
        try await account.put("/app/db/password", "3", ["Type": "SecureString", "KeyId": "alias/mine"])
        try await account.put("/application", "4", ["Tier": "Advanced"])
    }

    private func names(_ operation: String, _ input: JSON) async throws -> String {
        let list = try await account.call(operation, input)["Parameters"]?.array ?? []
        return list.compactMap { $0["Name"]?.string }.joined(separator: " ")
    }

    @Test(
        arguments: [
            (["Path": "/app"], "/app/name"),
            (["Path": "/app/"], "/app/name"),
            (["Path": "/app", "Recursive": true], "/app/db/host /app/db/password /app/name"),
            (["Path": "/"], "/application root"),
            (["Path": "/", "Recursive": true], "/app/db/host /app/db/password /app/name /application root"),
            (["Path": "/none"], ""),
            (
                [
                    "Path": "/", "Recursive": true,
                    "ParameterFilters": [["Key": "Type", "Values": ["StringList", "SecureString"]]],
                ],
                "/app/db/host /app/db/password"
            ),
            (
                [
                    "Path": "/", "Recursive": true,
                    "ParameterFilters": [["Key": "KeyId", "Option": "BeginsWith", "Values": ["alias/"]]],
                ], "/app/db/password"
            ),
        ] as [(JSON, String)])
    func byPath(_ input: JSON, _ expected: String) async throws {
        #expect(try await names("GetParametersByPath", input) == expected)
    }

    @Test func byLabel() async throws {
        try await account.put("/app/name", "new", ["Overwrite": true])
        try await account.call(
            "LabelParameterVersion", ["Name": "/app/name", "ParameterVersion": 1, "Labels": ["old"]])
        let found = try await account.call(
            "GetParametersByPath", ["Path": "/app", "ParameterFilters": [["Key": "Label", "Values": ["old"]]]])
        #expect(found["Parameters"]?.array?.compactMap { $0["Value"]?.string } == ["1"])
    }

    @Test(
        arguments: [
            ([["Key": "Name", "Values": ["root", "/app/name"]]], "/app/name root"),
            ([["Key": "Name", "Values": ["/root"]]], "root"),
            (
                [["Key": "Name", "Option": "BeginsWith", "Values": ["/app/"]]],
                "/app/db/host /app/db/password /app/name"
            ),
            ([["Key": "Name", "Option": "Contains", "Values": ["db"]]], "/app/db/host /app/db/password"),
            ([["Key": "Path", "Values": ["/app"]]], "/app/name"),
            ([["Key": "Path", "Option": "Recursive", "Values": ["/app"]]], "/app/db/host /app/db/password /app/name"),
            ([["Key": "Type", "Values": ["StringList"]]], "/app/db/host"),
            ([["Key": "Tier", "Values": ["Advanced"]]], "/application"),
            (
                [["Key": "DataType", "Values": ["text"]], ["Key": "KeyId", "Values": ["alias/mine"]]],
                "/app/db/password"
            ),
            ([["Key": "tag:team"]], "/app/db/host /app/name"),
            ([["Key": "tag:team", "Values": ["web"]]], "/app/db/host"),
            ([], "/app/db/host /app/db/password /app/name /application root"),
        ] as [(JSON, String)])
    func described(_ filters: JSON, _ expected: String) async throws {
        #expect(try await names("DescribeParameters", ["ParameterFilters": filters]) == expected)
    }

    @Test func theOlderFilters() async throws {
        #expect(
            try await names("DescribeParameters", ["Filters": [["Key": "Name", "Values": ["/app/d"]]]])
                == "/app/db/host /app/db/password")
    }

    @Test func pages() async throws {
        var (input, all): (JSON, [String]) = (["Path": "/", "Recursive": true, "MaxResults": 2], [])
        repeat {
            let page = try await account.call("GetParametersByPath", input)
            all += (page["Parameters"]?.array ?? []).compactMap { $0["Value"]?.string }
            input["NextToken"] = page["NextToken"]
        } while input["NextToken"] != nil
        #expect(all.count == 5)
    }

    @Test(
        arguments: [
            (
                "GetParametersByPath", ["Path": "app"],
                "ValidationException: The parameter doesn't meet the parameter name requirements."
            ),
            (
                "GetParametersByPath", ["Path": "/app", "ParameterFilters": [["Key": "Name", "Values": ["x"]]]],
                "InvalidFilterKey: The following filter key is not valid: Name. Valid filter keys include: [Type, KeyId]."
            ),
            (
                "DescribeParameters", ["ParameterFilters": [["Key": "Label", "Values": ["x"]]]],
                "InvalidFilterKey: The following filter key is not valid: Label. Valid filter keys include: [Path, Name, Type, KeyId, Tier]."
            ),
            (
                "DescribeParameters", ["ParameterFilters": [["Key": "Name"]]],
                "InvalidFilterValue: The following filter values are missing : null for filter key Name."
            ),
            (
                "DescribeParameters",
                ["ParameterFilters": [["Key": "Name", "Values": ["a"]], ["Key": "Name", "Values": ["b"]]]],
                "InvalidFilterKey: The following filter is duplicated in the request: Name. A request can contain only one occurrence of a specific filter."
            ),
            (
                "DescribeParameters", ["ParameterFilters": [["Key": "Path", "Option": "Equals", "Values": ["/a"]]]],
                "InvalidFilterOption: The following filter option is not valid: Equals. Valid options include: [Recursive, OneLevel]."
            ),
            (
                "DescribeParameters", ["ParameterFilters": [["Key": "Type", "Option": "Contains", "Values": ["a"]]]],
                "InvalidFilterOption: The following filter option is not valid: Contains. Valid options include: [BeginsWith, Equals]."
            ),
            (
                "DescribeParameters", ["ParameterFilters": [["Key": "Colour", "Values": ["a"]]]],
                "ValidationException: 1 validation error detected: Value 'Colour' at 'parameterFilters.1.member.key' failed"
            ),
            (
                "DescribeParameters", ["ParameterFilters": [], "Filters": []],
                "ValidationException: You can use either Filters or ParameterFilters in a single request."
            ),
            ("DescribeParameters", ["NextToken": "x"], "InvalidNextToken: The specified token isn't valid."),
        ] as [(String, JSON, String)])
    func refuses(_ operation: String, _ input: JSON, _ expected: String) async throws {
        let failure = await account.failure(operation, input)
        #expect(failure?.hasPrefix(expected) == true, "\(failure ?? "none")")
    }
}
