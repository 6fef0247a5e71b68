import AWSWire
import JSON

/// The transform `AWS::Serverless-2016-10-31` for functions, layers, state machines and simple
/// tables. Other types of that transform are
/// refused by name.
enum ServerlessTransform {
    static let name = "AWS::Serverless-2016-10-31"

    static func expand(_ tree: JSON) throws(AWSError) -> JSON {
        var result = tree
        var resources = JSON.Object()
        let globals = tree["Globals"]?["Function"]?.object ?? [:]
        for (logicalId, resource) in tree["Resources"]?.object ?? [:] {
            switch resource["Type"]?.string {
            case "AWS::Serverless::Function"?:
                for (name, made) in try ServerlessFunction(logicalId, resource, globals: globals).resources() {
                    resources[name] = made
                }
            case "AWS::Serverless::StateMachine"?:
                let machine = try ServerlessStateMachine(
                    logicalId, resource, globals: tree["Globals"]?["StateMachine"]?.object ?? [:])
                for (name, made) in try machine.resources() { resources[name] = made }
            case "AWS::Serverless::SimpleTable"?: resources[logicalId] = table(resource)
            case "AWS::Serverless::LayerVersion"?:
                resources[logicalId] = try ServerlessLayer.version(logicalId, resource)
            default: resources[logicalId] = resource
            }
        }
        try ServerlessBuckets.attach(tree, to: &resources)
        try ServerlessHttpApi.attach(tree, to: &resources)
        let made = try ServerlessRestApi.attach(tree, to: &resources)
        result["Resources"] = .object(resources)
        result["Globals"] = nil
        return made.isEmpty ? result : ServerlessRestApi.references(result, made)
    }

    private static func table(_ resource: JSON) -> JSON {
        let given = resource["Properties"]
        let key = given?["PrimaryKey"]
        let name = key?["Name"] ?? "id"
        let types: [String: JSON] = ["String": "S", "Number": "N", "Binary": "B"]
        let type = types[key?["Type"]?.string ?? "String"] ?? "S"
        var properties: JSON = [
            "AttributeDefinitions": [["AttributeName": name, "AttributeType": type]],
            "KeySchema": [["AttributeName": name, "KeyType": "HASH"]],
        ]
        if let throughput = given?["ProvisionedThroughput"] {
            properties["ProvisionedThroughput"] = throughput
        } else {
            properties["BillingMode"] = "PAY_PER_REQUEST"
        }
        properties["TableName"] = given?["TableName"]
        properties["SSESpecification"] = given?["SSESpecification"]
        properties["Tags"] = given?["Tags"].map(ServerlessFunction.tags)
        var result = resource
        result["Type"] = "AWS::DynamoDB::Table"
        result["Properties"] = properties
        return result
    }
}
