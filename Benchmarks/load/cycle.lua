-- Send, receive, delete: every message that is received is deleted, and as many are sent as received.
local url, body = os.getenv("QUEUE"), os.getenv("MESSAGE")
wrk.method, wrk.path = "POST", "/"
local authorization = os.getenv("AUTHORIZATION")

local function call(operation, input)
  return wrk.format(nil, nil, {
    ["Content-Type"] = "application/x-amz-json-1.0", ["X-Amz-Target"] = "AmazonSQS." .. operation,
    ["Authorization"] = authorization, ["Host"] = "localhost",
  }, input)
end

local send, receive, remove
local handles, turn = {}, 0
function init()
  send = call("SendMessage", '{"QueueUrl":"' .. url .. '","MessageBody":"' .. body .. '"}')
  receive = call("ReceiveMessage", '{"QueueUrl":"' .. url .. '","MaxNumberOfMessages":1}')
end

function request()
  local handle = table.remove(handles)
  if handle then
    return call("DeleteMessage", '{"QueueUrl":"' .. url .. '","ReceiptHandle":"' .. handle .. '"}')
  end
  turn = turn + 1
  return turn % 2 == 1 and send or receive
end

function response(status, headers, body)
  local handle = string.match(body, '"ReceiptHandle":"([^"]+)"')
  if handle then handles[#handles + 1] = handle end
end

function done(summary, latency)
  io.write(string.format(
    '{"requests":%d,"seconds":%f,"errors":%d,"p50":%f,"p99":%f}\n', summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
