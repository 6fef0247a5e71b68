/// The package of a function whose code stands in the template: one file, and the module with which custom resources
/// answer, where the code asks for it. Source: "cfn-response module", CloudFormation user guide.
enum InlineCode {
    static func archive(_ source: String, isPython: Bool) -> [UInt8] {
        var files = [(name: isPython ? "index.py" : "index.js", content: Array(source.utf8))]
        if isPython, source.contains("cfnresponse") { files.append(("cfnresponse.py", Array(python.utf8))) }
        if !isPython, source.contains("cfn-response") {
            files.append(("node_modules/cfn-response/index.js", Array(node.utf8)))
        }
        return InlineZip.archive(files)
    }

    private static let python = """
        import json
        import urllib.request

        SUCCESS = "SUCCESS"
        FAILED = "FAILED"


        def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
            stream = context.log_stream_name
            body = {
                "Status": responseStatus,
                "Reason": reason or "See the details in CloudWatch Log Stream: " + stream,
                "PhysicalResourceId": physicalResourceId or stream,
                "StackId": event["StackId"],
                "RequestId": event["RequestId"],
                "LogicalResourceId": event["LogicalResourceId"],
                "NoEcho": noEcho,
                "Data": responseData,
            }
            request = urllib.request.Request(
                event["ResponseURL"], data=json.dumps(body).encode(), headers={"Content-Type": ""}, method="PUT")
            try:
                with urllib.request.urlopen(request) as response:
                    print("Status code:", response.status)
            except Exception as error:
                print("send(..) failed:", error)

        """

    private static let node = """
        "use strict";
        exports.SUCCESS = "SUCCESS";
        exports.FAILED = "FAILED";

        exports.send = function (event, context, responseStatus, responseData, physicalResourceId, noEcho) {
          const body = JSON.stringify({
            Status: responseStatus,
            Reason: "See the details in CloudWatch Log Stream: " + context.logStreamName,
            PhysicalResourceId: physicalResourceId || context.logStreamName,
            StackId: event.StackId,
            RequestId: event.RequestId,
            LogicalResourceId: event.LogicalResourceId,
            NoEcho: noEcho || false,
            Data: responseData,
          });
          const url = new URL(event.ResponseURL);
          const web = require(url.protocol === "https:" ? "https" : "http");
          return new Promise((resolve) => {
            const done = () => {
              if (context.done) context.done();
              resolve();
            };
            const headers = { "content-type": "", "content-length": Buffer.byteLength(body) };
            const request = web.request(url, { method: "PUT", headers }, (response) => {
              console.log("Status code: " + response.statusCode);
              response.resume();
              done();
            });
            request.on("error", (error) => {
              console.log("send(..) failed: " + error);
              done();
            });
            request.end(body);
          });
        };

        """
}
