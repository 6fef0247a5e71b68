// Written by Scripts/generate-model from botocore 1.43.11; do not edit.
// swift-format-ignore-file
extension ModelData {
    static let stepfunctions: StaticString = ##"""
{"id":"stepfunctions","sid":"SFN","v":"2016-11-23","p":["json"],"jv":"1.0","tp":"AWSStepFunctions","ep":"states",
"o":{
"StartExecution":{"i":"StartExecutionInput","o":"StartExecutionOutput","e":["ExecutionLimitExceeded","ExecutionAlreadyExists","InvalidArn","InvalidExecutionInput","InvalidName","StateMachineDoesNotExist","StateMachineDeleting","ValidationException","KmsAccessDeniedException","KmsInvalidStateException","KmsThrottlingException"]}
},
"s":{
"Arn":{"t":"s","min":1,"max":256},
"ErrorMessage":{"t":"s"},
"ExecutionAlreadyExists":{"m":{"message":"ErrorMessage"},"x":{}},
"ExecutionLimitExceeded":{"m":{"message":"ErrorMessage"},"x":{}},
"InvalidArn":{"m":{"message":"ErrorMessage"},"x":{}},
"InvalidExecutionInput":{"m":{"message":"ErrorMessage"},"x":{}},
"InvalidName":{"m":{"message":"ErrorMessage"},"x":{}},
"KmsAccessDeniedException":{"m":{"message":"ErrorMessage"},"x":{}},
"KmsInvalidStateException":{"m":{"kmsKeyState":"KmsKeyState","message":"ErrorMessage"},"x":{}},
"KmsKeyState":{"t":"s","enum":["DISABLED","PENDING_DELETION","PENDING_IMPORT","UNAVAILABLE","CREATING"]},
"KmsThrottlingException":{"m":{"message":"ErrorMessage"},"x":{}},
"Name":{"t":"s","min":1,"max":80},
"SensitiveData":{"t":"s","se":1,"max":262144},
"StartExecutionInput":{"r":["stateMachineArn"],"m":{"stateMachineArn":"Arn","name":"Name","input":"SensitiveData","traceHeader":"TraceHeader"}},
"StartExecutionOutput":{"r":["executionArn","startDate"],"m":{"executionArn":"Arn","startDate":"Timestamp"}},
"StateMachineDeleting":{"m":{"message":"ErrorMessage"},"x":{}},
"StateMachineDoesNotExist":{"m":{"message":"ErrorMessage"},"x":{}},
"Timestamp":{"t":"T"},
"TraceHeader":{"t":"s","min":0,"max":256,"pat":"\\p{ASCII}*"},
"ValidationException":{"m":{"message":"ErrorMessage","reason":"ValidationExceptionReason"},"x":{}},
"ValidationExceptionReason":{"t":"s","enum":["API_DOES_NOT_SUPPORT_LABELED_ARNS","MISSING_REQUIRED_PARAMETER","CANNOT_UPDATE_COMPLETED_MAP_RUN","INVALID_ROUTING_CONFIGURATION"]}
}}
"""##
}
