-- Arguments: METHOD PATH FIRST_ID LAST_ID [BODY]. In PATH, {id} becomes one of the ids 1 to LAST_ID, at random, and
-- with a BODY {next} the ids from FIRST_ID on, one after the other; in BODY, {code} becomes a word that no other
-- request has.
local threads = 0
local bearer = "Bearer " .. os.getenv("BENCH_TOKEN")

function setup(thread)
  threads = threads + 1
  thread:set("number", threads)
end

function init(args)
  local method, path, first_id, last_id, body = args[1], args[2], tonumber(args[3]), tonumber(args[4]), args[5]
  math.randomseed(os.time() + number)
  if body then
    local headers = { ["content-type"] = "application/json", ["authorization"] = bearer, ["if-match"] = "*" }
    local made, run = 0, math.random(1000000000)
    request = function()
      local path = path:gsub("{next}", string.format("%d", first_id + made))
      made = made + 1
      local code = string.format("b%d_%d_%d", run, number, made)
      return wrk.format(method, path, headers, (body:gsub("{code}", code)))
    end
  else
    -- Made beforehand: wrk shares the cores with what it measures.
    local requests = {}
    for i = 1, 1000 do
      requests[i] = wrk.format(method, (path:gsub("{id}", math.random(last_id))),
        { ["authorization"] = bearer })
    end
    request = function() return requests[math.random(#requests)] end
  end
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.status + errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("measured %d %d %d %d %d\n", summary.requests, failed, summary.duration,
    latency:percentile(50), latency:percentile(99)))
end
