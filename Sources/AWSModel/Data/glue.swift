// Written by Scripts/generate-model from botocore 1.43.11; do not edit.
// swift-format-ignore-file
extension ModelData {
    static let glue: StaticString = ##"""
{"id":"glue","sid":"Glue","v":"2017-03-31","p":["json"],"jv":"1.1","tp":"AWSGlue","ep":"glue",
"o":{
"StartJobRun":{"i":"StartJobRunRequest","o":"StartJobRunResponse","e":["InvalidInputException","EntityNotFoundException","InternalServiceException","OperationTimeoutException","ResourceNumberLimitExceededException","ConcurrentRunsExceededException"]}
},
"s":{
"ConcurrentRunsExceededException":{"m":{"Message":"MessageString"},"x":{}},
"EntityNotFoundException":{"m":{"Message":"MessageString","FromFederationSource":"NullableBoolean"},"x":{}},
"ExecutionClass":{"t":"s","max":16,"enum":["FLEX","STANDARD"]},
"GenericMap":{"t":"M","k":"GenericString","v":"GenericString"},
"GenericString":{"t":"s"},
"IdString":{"t":"s","min":1,"max":255,"pat":"[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*"},
"IntegerValue":{"t":"i"},
"InternalServiceException":{"m":{"Message":"MessageString"},"x":{"f":"r"}},
"InvalidInputException":{"m":{"Message":"MessageString","FromFederationSource":"NullableBoolean"},"x":{}},
"MessageString":{"t":"s"},
"NameString":{"t":"s","min":1,"max":255,"pat":"[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\t]*"},
"NotificationProperty":{"m":{"NotifyDelayAfter":"NotifyDelayAfter"}},
"NotifyDelayAfter":{"t":"i","min":1},
"NullableBoolean":{"t":"b"},
"NullableDouble":{"t":"d"},
"NullableInteger":{"t":"i"},
"OperationTimeoutException":{"m":{"Message":"MessageString"},"x":{}},
"OrchestrationPolicyJsonString":{"t":"s","min":2,"max":2048},
"ResourceNumberLimitExceededException":{"m":{"Message":"MessageString"},"x":{}},
"StartJobRunRequest":{"r":["JobName"],"m":{"JobName":"NameString","JobRunQueuingEnabled":"NullableBoolean","JobRunId":"IdString","Arguments":"GenericMap","AllocatedCapacity":"IntegerValue","Timeout":"Timeout","MaxCapacity":"NullableDouble","SecurityConfiguration":"NameString","NotificationProperty":"NotificationProperty","WorkerType":"WorkerType","NumberOfWorkers":"NullableInteger","ExecutionClass":"ExecutionClass","ExecutionRoleSessionPolicy":"OrchestrationPolicyJsonString"}},
"StartJobRunResponse":{"m":{"JobRunId":"IdString"}},
"Timeout":{"t":"i","min":1},
"WorkerType":{"t":"s","enum":["Standard","G.1X","G.2X","G.025X","G.4X","G.8X","Z.2X"]}
}}
"""##
}
