import StatesLanguage
import Testing

@Suite("Resources of tasks")
struct TaskResourceTests {
    @Test(
        "what they are, and how histories show them",
        arguments: [
            ("arn:aws:states:::sqs:sendMessage", "sqs", "sendMessage", .requestResponse),
            (
                "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "sqs", "sendMessage.waitForTaskToken",
                .waitForTaskToken
            ),
            ("arn:aws:states:::states:startExecution.sync", "states", "startExecution.sync", .sync),
            ("arn:aws:states:::states:startExecution.sync:2", "states", "startExecution.sync:2", .sync2),
            ("arn:aws:states:::aws-sdk:dynamodb:putItem", "aws-sdk:dynamodb", "putItem", .requestResponse),
            ("arn:aws-cn:states:::lambda:invoke", "lambda", "invoke", .requestResponse),
            ("arn:aws:states:::batch:submitJob.sync", "batch", "submitJob.sync", .sync),
            ("arn:aws:states:::http:invoke", "http", "invoke", .requestResponse),
        ] as [(String, String, String, TaskResource.Pattern)])
    func integrations(text: String, type: String, action: String, pattern: TaskResource.Pattern) throws {
        let resource = try TaskResource(text)
        #expect(resource.kind == .integration(resourceType: type, action: action))
        #expect(resource.pattern == pattern)
        #expect(resource.text == text)
    }

    @Test("functions and activities")
    func others() throws {
        let function = "arn:aws:lambda:us-east-1:000000000000:function:f:alias"
        #expect(try TaskResource(function).kind == .lambdaFunction(arn: function))
        let activity = "arn:aws:states:us-east-1:000000000000:activity:a"
        #expect(try TaskResource(activity).kind == .activity(arn: activity))
    }

    @Test(
        "what is not recognised",
        arguments: [
            "arn:aws:states:::dynamodb:query", "arn:aws:states:::sqs:sendMessage.sync", "arn:aws:states:::sqs",
            "arn:aws:states:::aws-sdk:sqs", "arn:aws:states:::aws-sdk:sqs:sendMessage.sync",
            "arn:aws:states:::s3:getObject", "arn:aws:s3:::bucket", "arn:aws:lambda:us-east-1:000000000000:layer:l",
        ])
    func unknown(text: String) {
        #expect(throws: TaskResource.Refusal.notRecognized(text)) { try TaskResource(text) }
    }

    @Test("what is no ARN at all", arguments: ["", "text", "arn:aws:states", "arn::states:::sqs:sendMessage"])
    func noARN(text: String) {
        #expect(throws: TaskResource.Refusal.notAnARN) { try TaskResource(text) }
    }
}
