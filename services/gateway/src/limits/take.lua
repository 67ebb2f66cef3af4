-- Takes up to ARGV[1] requests from two token buckets at once: a tenant's
-- (KEYS[1], rate ARGV[2], burst ARGV[3]) and a key's (KEYS[2], ARGV[4], ARGV[5]).
-- Answers how many were taken, the milliseconds until there is one more, and
-- what is left in either.
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000

local function level(key, rate, burst)
  local bucket = redis.call('HMGET', key, 'level', 'at')
  if not bucket[1] then return burst end
  return math.min(burst, bucket[1] + math.max(0, now - bucket[2]) * rate / 1000)
end

local function keep(key, left, rate, burst)
  redis.call('HSET', key, 'level', left, 'at', now)
  redis.call('PEXPIRE', key, math.ceil(burst / rate * 1000) + 1000)
end

local rates = { tonumber(ARGV[2]), tonumber(ARGV[4]) }
local bursts = { tonumber(ARGV[3]), tonumber(ARGV[5]) }
local levels = { level(KEYS[1], rates[1], bursts[1]), level(KEYS[2], rates[2], bursts[2]) }
local taken = math.floor(math.min(tonumber(ARGV[1]), levels[1], levels[2]))
if taken < 1 then
  local wait = math.max((1 - levels[1]) / rates[1], (1 - levels[2]) / rates[2])
  return { 0, math.ceil(wait * 1000), math.floor(levels[1]), math.floor(levels[2]) }
end
keep(KEYS[1], levels[1] - taken, rates[1], bursts[1])
keep(KEYS[2], levels[2] - taken, rates[2], bursts[2])
return { taken, 0, math.floor(levels[1] - taken), math.floor(levels[2] - taken) }
