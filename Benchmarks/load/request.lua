-- One request again and again. Its parts come from the environment, so that one script serves every operation.
wrk.method = os.getenv("METHOD") or "POST"
wrk.path = os.getenv("TARGET") or "/"
wrk.body = os.getenv("BODY")
for name, value in string.gmatch(os.getenv("HEADERS") or "", "([^=\n]+)=([^\n]*)") do
  wrk.headers[name] = value
end

-- Puts a number that never repeats where the body has @@.
local template, counter = wrk.body, 0
if template and string.find(template, "@@", 1, true) then
  local before, after = string.match(template, "^(.-)@@(.*)$")
  request = function()
    counter = counter + 1
    return wrk.format(nil, nil, nil, before .. counter .. after)
  end
end

function done(summary, latency)
  io.write(string.format(
    '{"requests":%d,"seconds":%f,"errors":%d,"p50":%f,"p99":%f}\n', summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
