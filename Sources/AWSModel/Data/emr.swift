// Written by Scripts/generate-model from botocore 1.43.11; do not edit.
// swift-format-ignore-file
extension ModelData {
    static let emr: StaticString = ##"""
{"id":"emr","sid":"EMR","v":"2009-03-31","p":["json"],"jv":"1.1","tp":"ElasticMapReduce","ep":"elasticmapreduce",
"o":{
"AddJobFlowSteps":{"i":"AddJobFlowStepsInput","o":"AddJobFlowStepsOutput","e":["InternalServerError"]}
},
"s":{
"ActionOnFailure":{"t":"s","enum":["TERMINATE_JOB_FLOW","TERMINATE_CLUSTER","CANCEL_AND_WAIT","CONTINUE"]},
"AddJobFlowStepsInput":{"r":["JobFlowId","Steps"],"m":{"JobFlowId":"XmlStringMaxLen256","Steps":"StepConfigList","ExecutionRoleArn":"ArnType"}},
"AddJobFlowStepsOutput":{"m":{"StepIds":"StepIdsList"}},
"ArnType":{"t":"s","min":20,"max":2048},
"HadoopJarStepConfig":{"r":["Jar"],"m":{"Properties":"KeyValueList","Jar":"XmlString","MainClass":"XmlString","Args":"XmlStringList"}},
"InternalServerError":{"x":{}},
"KeyValue":{"m":{"Key":"XmlString","Value":"XmlString"}},
"KeyValueList":{"t":"L","e":"KeyValue"},
"S3MonitoringConfiguration":{"m":{"LogUri":"XmlString","EncryptionKeyArn":"XmlString"}},
"StepConfig":{"r":["Name","HadoopJarStep"],"m":{"Name":"XmlStringMaxLen256","ActionOnFailure":"ActionOnFailure","HadoopJarStep":"HadoopJarStepConfig","StepMonitoringConfiguration":"StepMonitoringConfiguration"}},
"StepConfigList":{"t":"L","e":"StepConfig"},
"StepIdsList":{"t":"L","e":"XmlStringMaxLen256"},
"StepMonitoringConfiguration":{"m":{"S3MonitoringConfiguration":"S3MonitoringConfiguration"}},
"XmlString":{"t":"s","min":0,"max":10280,"pat":"[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*"},
"XmlStringList":{"t":"L","e":"XmlString"},
"XmlStringMaxLen256":{"t":"s","min":0,"max":256,"pat":"[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*"}
}}
"""##
}
