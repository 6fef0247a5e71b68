// swift-tools-version: 6.2
import PackageDescription

// One strict language mode for every target of the house.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
    .product(name: "NIOHTTP1", package: "swift-nio"),
]
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let sqlite: Target.Dependency = .product(name: "GRDBSQLite", package: "GRDB.swift")

func room(_ name: String, _ dependencies: [Target.Dependency], path: String? = nil) -> Target {
    .target(name: name, dependencies: dependencies, path: path, swiftSettings: strict)
}

/// A service: what every service stands on, and what this one needs besides.
func service(_ name: String, _ more: [Target.Dependency] = []) -> Target {
    room(
        name, ["JSON", "AWSWire", "BatonStore", "BatonCore", grdb, logging, crypto] + more,
        path: "Sources/Services/\(name)")
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, swiftSettings: strict)
}

let services: [Target.Dependency] = [
    "SQS", "SNS", "DynamoDB", "Lambda", "CloudFormation", "CloudWatchLogs", "S3", "IAM", "STS", "StepFunctions",
    "Batch", "EventBridge", "Scheduler", "APIGatewayV2", "APIGateway", "SecretsManager", "SSM",
]

let package = Package(
    name: "baton",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "baton", targets: ["baton"]),
        .executable(name: "job-dispatch", targets: ["JobDispatch"]),
        .executable(name: "universal-scheduler", targets: ["UniversalScheduler"]),
        .executable(name: "fetch-and-run", targets: ["FetchAndRun"]),
        .library(name: "AWSClient", targets: ["AWSClient"]),
        .library(name: "LambdaRuntime", targets: ["LambdaRuntime"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // Values and the wire.
        room("JSON", []),
        room("AWSModel", ["JSON"]),
        room("AWSWire", ["JSON", "AWSModel", crypto]),
        room(
            "AWSClient",
            [
                "JSON", "AWSModel", "AWSWire", logging,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]),

        // The languages of state machines: pure, usable on their own.
        room("JSONata", ["JSON", crypto]),
        room("StatesLanguage", ["JSON", "JSONata", crypto]),

        // Durability and the core that services stand on.
        room("BatonStore", [grdb, sqlite, logging] + nio),
        room("BatonCore", ["JSON", "AWSModel", "AWSWire", "BatonStore", grdb, logging, crypto]),
        .systemLibrary(name: "CLinux", path: "Sources/CLinux"),
        room(
            "BatonProcess",
            [
                "CLinux",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        .systemLibrary(name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        room("Archive", ["CZlib"]),

        // Services never import each other.
        service("SQS"),
        service("SNS"),
        room("DynamoDBExpressions", ["JSON", "AWSWire"]),
        service("DynamoDB", ["DynamoDBExpressions"]),
        service("Lambda", ["BatonProcess", "Archive"]),
        service("CloudFormation", [.product(name: "Yams", package: "Yams")]),
        service("CloudWatchLogs", ["AWSModel", "Archive"]),
        service("S3"),
        service("IAM"),
        service("STS"),
        service("StepFunctions", ["StatesLanguage", "JSONata", "AWSModel", "Archive"]),
        service("Batch", ["BatonProcess"]),
        service("EventBridge"),
        service("Scheduler"),
        service("APIGatewayV2"),
        service("APIGateway", ["AWSModel", "StatesLanguage", .product(name: "Yams", package: "Yams")]),
        service("SecretsManager"),
        service("SSM", ["AWSModel"]),

        // The listener and the command.
        room("BatonHTTP", ["JSON", "AWSModel", "AWSWire", "BatonStore", "BatonCore", logging] + nio),
        .executableTarget(
            name: "baton",
            dependencies: [
                "JSON", "AWSModel", "AWSWire", "AWSClient", "BatonStore", "BatonCore", "BatonHTTP", "Archive",
                "BatonProcess", "JSONata", "StatesLanguage", logging, crypto,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Yams", package: "Yams"),
            ] + nio + services,
            swiftSettings: strict),

        // What the systems stand on, and the systems.
        room("LambdaRuntime", ["JSON", "AWSClient", logging]),
        .executableTarget(
            name: "JobDispatch", dependencies: ["JSON", "AWSClient", "LambdaRuntime", "CZlib", logging],
            path: "Systems/JobDispatch/Sources", swiftSettings: strict),

        .executableTarget(
            name: "UniversalScheduler", dependencies: ["JSON", "AWSClient", "LambdaRuntime", logging],
            path: "Systems/UniversalScheduler/Sources/Functions", swiftSettings: strict),
        .executableTarget(
            name: "FetchAndRun", dependencies: ["JSON", "AWSClient", "Archive"],
            path: "Systems/UniversalScheduler/Sources/FetchAndRun", swiftSettings: strict),

        // Tests.
        room(
            "BatonTesting", ["JSON", "AWSModel", "AWSWire", "BatonStore", "BatonCore", "BatonHTTP", logging] + nio,
            path: "Tests/BatonTesting"),
        tests("JSON", ["JSON"]),
        tests("AWSModel", ["JSON", "AWSModel"]),
        tests("AWSWire", ["JSON", "AWSModel", "AWSWire", crypto]),
        .testTarget(
            name: "SigV4Tests", dependencies: ["JSON", "AWSWire"], exclude: ["make-vectors.py"],
            resources: [.copy("botocore.json")], swiftSettings: strict),
        tests("AWSClient", ["JSON", "AWSModel", "AWSWire", "AWSClient"]),
        tests("LambdaRuntime", ["JSON", "AWSWire", "AWSClient", "LambdaRuntime"]),
        tests("JobDispatch", ["JSON", "AWSWire", "AWSClient", "LambdaRuntime", "JobDispatch"]),
        tests("JSONata", ["JSON", "JSONata"]),
        tests("StatesLanguage", ["JSON", "JSONata", "StatesLanguage"]),
        tests(
            "StepFunctions",
            [
                "StepFunctions", "StatesLanguage", "JSONata", "SQS", "SNS", "DynamoDB", "Lambda", "S3", "EventBridge",
                "CloudWatchLogs", "JSON", "AWSWire", "BatonStore", "BatonCore", "BatonTesting", sqlite,
            ]),
        tests(
            "Batch",
            [
                "Batch", "BatonProcess", "CloudWatchLogs", "EventBridge", "SQS", "S3", "JSON", "AWSWire", "BatonStore",
                "BatonCore",
                "BatonTesting",
            ]),
        tests(
            "EventBridge", ["EventBridge", "SQS", "SNS", "JSON", "AWSWire", "BatonStore", "BatonCore", "BatonTesting"]),
        tests("Scheduler", ["Scheduler", "SQS", "JSON", "AWSWire", "BatonStore", "BatonCore", "BatonTesting"]),
        tests("APIGatewayV2", ["APIGatewayV2", "SQS", "JSON", "AWSWire", "BatonStore", "BatonCore", "BatonTesting"]),
        tests(
            "SecretsManager",
            ["SecretsManager", "EventBridge", "JSON", "AWSWire", "BatonStore", "BatonCore", "BatonTesting"]),
        tests(
            "SSM",
            [
                "SSM", "SecretsManager", "EventBridge", "SQS", "JSON", "AWSWire", "BatonStore", "BatonCore",
                "BatonTesting",
            ]),
        tests(
            "APIGateway",
            ["APIGateway", "SQS", "SNS", "DynamoDB", "JSON", "AWSWire", "BatonStore", "BatonCore", "BatonTesting"]),
        tests("UniversalScheduler", ["JSON", "AWSClient", "UniversalScheduler", "FetchAndRun"]),
        tests("baton", ["baton", "JSON", "AWSWire"]),
        tests("BatonStore", ["BatonStore", grdb]),
        tests("BatonCore", ["BatonCore", "JSON", "AWSWire"]),
        tests("DynamoDBExpressions", ["DynamoDBExpressions", "JSON", "AWSWire", "BatonStore"]),
        tests(
            "DynamoDB",
            ["DynamoDB", "DynamoDBExpressions", "JSON", "AWSWire", "BatonStore", "BatonCore", "BatonTesting", grdb]),
        tests("Archive", ["Archive"]),
        tests("BatonProcess", ["BatonProcess"]),
        tests(
            "CloudWatchLogs",
            ["CloudWatchLogs", "Archive", "BatonCore", "JSON", "AWSWire", "BatonStore", "BatonTesting"]),
        tests(
            "Lambda",
            [
                "Lambda", "CloudWatchLogs", "SQS", "SNS", "S3", "DynamoDB", "Archive", "BatonCore", "JSON", "AWSWire",
                "BatonStore",
                "BatonHTTP", "BatonTesting",
            ]),
        tests(
            "CloudFormation",
            [
                "CloudFormation", "SQS", "SNS", "S3", "SecretsManager", "SSM", "JSON", "AWSWire", "BatonCore",
                "BatonStore", "BatonTesting",
            ]),
        tests("SQS", ["SQS", "BatonCore", "JSON", "AWSWire", "BatonStore", "BatonTesting", grdb]),
        tests(
            "BatonHTTP", ["JSON", "AWSModel", "AWSWire", "BatonStore", "BatonCore", "BatonHTTP", "BatonTesting"] + nio),
        tests("S3", ["S3", "SQS", "EventBridge", "BatonCore", "JSON", "AWSWire", "BatonStore", "BatonTesting"]),
        tests("IAM", ["IAM", "JSON", "AWSWire", "BatonStore", "BatonCore", "BatonTesting"]),
        tests("STS", ["STS", "IAM", "JSON", "AWSWire", "BatonStore", "BatonCore", "BatonTesting"]),
        tests("SNS", ["SNS", "SQS", "JSON", "AWSWire", "BatonStore", "BatonCore", "BatonTesting"]),
    ]
)
