-- wrk's side of a comparison: asks for all routes in turn and checks every answer. Its one argument is the directory
-- that scenario.py wrote: routes.txt has a line `host path service key` for each route. The backend names service, host
-- and path in the answer: a key is the whole body or, where the body is a file, the field x-route (then the body has to
-- be SERVICE.bin byte for byte). An answer whose key is not waited for at that moment is wrong.
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

-- The name in the URL is for TLS alone (SNI); all is on loopback.
function wrk.resolve(_, service)
  wrk.addrs = { wrk.lookup("127.0.0.1", service)[1] }
end

local requests, keys, services, waiting, files = {}, {}, {}, {}, {}
local position = 0
local verified = false
-- Globals, because done() reads them from outside.
sent, wrong, example = 0, 0, ""

function init(args)
  local directory = args[1]
  for line in io.lines(directory .. "/routes.txt") do
    local host, path, service, key = line:match("^(%S+) (%S+) (%S+) (.*)$")
    table.insert(requests, ("GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: wrk\r\nAccept: */*\r\n\r\n"):format(path, host))
    table.insert(keys, key)
    services[key] = service
    waiting[key] = 0
    local file = io.open(directory .. "/" .. service .. ".bin", "rb")
    if file and not files[service] then files[service] = file:read("*a") end
    if file then file:close() end
  end
end

function request()
  -- wrk asks once before it starts, to see how many requests one string has: that one is not sent.
  if not verified then
    verified = true
    return requests[1]
  end
  position = position % #requests + 1
  local key = keys[position]
  waiting[key] = waiting[key] + 1
  sent = sent + 1
  return requests[position]
end

function response(status, headers, body)
  local key = headers["x-route"] or body
  local count = waiting[key]
  local file = files[services[key]]
  if status == 200 and count and count > 0 and (file == nil or body == file) then
    waiting[key] = count - 1
    return
  end
  wrong = wrong + 1
  if wrong == 1 then example = status .. " " .. key:sub(1, 160):gsub("[^%w/. :_-]", "?") end
end

function done(summary, latency)
  local e = summary.errors
  local sum, bad, text = 0, 0, ""
  for _, thread in ipairs(threads) do
    sum = sum + thread:get("sent")
    bad = bad + thread:get("wrong")
    if text == "" then text = thread:get("example") end
  end
  io.write(("\nRESULT {\"requests\": %d, \"sent\": %d, \"wrong\": %d, \"example\": \"%s\", \"socket_errors\": %d, "
    .. "\"seconds\": %.6f, \"p50_ms\": %.3f, \"p99_ms\": %.3f}\n"):format(
    summary.requests, sum, bad, text, e.connect + e.read + e.write + e.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
