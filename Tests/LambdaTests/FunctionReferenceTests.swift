import AWSWire
import BatonTesting
import Testing

@testable import Lambda

@Suite struct FunctionReferenceTests {
    @Test(arguments: [
        ("name", nil, "arn:aws:lambda:us-east-1:000000000000:function:name"),
        ("name", "3", "arn:aws:lambda:us-east-1:000000000000:function:name:3"),
        ("name:live", nil, "arn:aws:lambda:us-east-1:000000000000:function:name:live"),
        ("name:live", "live", "arn:aws:lambda:us-east-1:000000000000:function:name:live"),
        ("name:$LATEST", nil, "arn:aws:lambda:us-east-1:000000000000:function:name:$LATEST"),
        ("111122223333:function:name", nil, "arn:aws:lambda:us-east-1:111122223333:function:name"),
        ("111122223333:function:name:1", nil, "arn:aws:lambda:us-east-1:111122223333:function:name:1"),
        (
            "arn:aws:lambda:us-east-1:111122223333:function:name", nil,
            "arn:aws:lambda:us-east-1:111122223333:function:name"
        ),
        (
            "arn:aws:lambda:us-east-1:111122223333:function:name:1", nil,
            "arn:aws:lambda:us-east-1:111122223333:function:name:1"
        ),
    ])
    func reads(_ text: String, _ qualifier: String?, _ arn: String) async throws {
        let context = try await TestHost([]).context()
        #expect(try FunctionReference(text, qualifier: qualifier, context).arn.description == arn)
    }

    @Test(arguments: [
        ("", nil, "InvalidParameterValueException"), ("a b", nil, "InvalidParameterValueException"),
        ("name:1", "2", "InvalidParameterValueException"), ("../name", nil, "InvalidParameterValueException"),
        ("arn:aws:lambda:eu-west-1:000000000000:function:name", nil, "ResourceNotFoundException"),
    ])
    func refuses(_ text: String, _ qualifier: String?, _ code: String) async throws {
        let context = try await TestHost([]).context()
        do throws(AWSError) {
            _ = try FunctionReference(text, qualifier: qualifier, context)
            Issue.record("accepted")
        } catch {
            #expect(error.code == code)
        }
    }
}
