// Written by Scripts/generate-model from botocore 1.43.11; do not edit.
// swift-format-ignore-file
extension ModelData {
    static let events: StaticString = ##"""
{"id":"events","sid":"EventBridge","v":"2015-10-07","p":["json"],"jv":"1.1","tp":"AWSEvents","ep":"events",
"o":{
"PutEvents":{"i":"PutEventsRequest","o":"PutEventsResponse","e":["InternalException"]}
},
"s":{
"EndpointId":{"t":"s","min":1,"max":50,"pat":"^[A-Za-z0-9\\-]+[\\.][A-Za-z0-9\\-]+$"},
"ErrorCode":{"t":"s"},
"ErrorMessage":{"t":"s"},
"EventId":{"t":"s","max":64},
"EventResource":{"t":"s","max":2048},
"EventResourceList":{"t":"L","e":"EventResource"},
"EventTime":{"t":"T"},
"Integer":{"t":"i"},
"InternalException":{"x":{"f":"r"}},
"NonPartnerEventBusNameOrArn":{"t":"s","min":1,"max":1600,"pat":"(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?[\\.\\-_A-Za-z0-9]+"},
"PutEventsRequest":{"r":["Entries"],"m":{"Entries":"PutEventsRequestEntryList","EndpointId":"EndpointId"}},
"PutEventsRequestEntry":{"m":{"Time":"EventTime","Source":"String","Resources":"EventResourceList","DetailType":"String","Detail":"String","EventBusName":"NonPartnerEventBusNameOrArn","TraceHeader":"TraceHeader"}},
"PutEventsRequestEntryList":{"t":"L","min":1,"max":10,"e":"PutEventsRequestEntry"},
"PutEventsResponse":{"m":{"FailedEntryCount":"Integer","Entries":"PutEventsResultEntryList"}},
"PutEventsResultEntry":{"m":{"EventId":"EventId","ErrorCode":"ErrorCode","ErrorMessage":"ErrorMessage"}},
"PutEventsResultEntryList":{"t":"L","e":"PutEventsResultEntry"},
"String":{"t":"s"},
"TraceHeader":{"t":"s","min":1,"max":500}
}}
"""##
}
