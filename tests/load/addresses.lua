-- Asks for the paths of a file, one after the other and again from the start; says at the end what came, as JSON.
-- A pause in milliseconds before each request of a connection holds the rate down.

local paths, place, pause_ms = {}, 0, 0

function init(arguments)
  for path in io.lines(arguments[1]) do
    paths[#paths + 1] = path
  end
  pause_ms = tonumber(arguments[2]) or 0
  if pause_ms == 0 then
    delay = nil
  end
end

function delay()
  return pause_ms
end

function request()
  place = place % #paths + 1
  return wrk.format("GET", paths[place])
end

function done(summary, latency)
  local seconds = summary.duration / 1e6
  local broken = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    '{"requests":%d,"per_s":%.3f,"p50":%.9f,"p99":%.9f,"bytes_per_s":%.0f,"bad":%d,"broken":%d}\n',
    summary.requests, summary.requests / seconds, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6,
    summary.bytes / seconds, summary.errors.status, broken))
end
