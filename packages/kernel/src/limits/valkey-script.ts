import { hash } from 'node:crypto'
import { bucketsCounted, bucketsPerWindow } from './window.ts'

/**
 * The counters of `counters.ts`, each a hash: a field for each sub-bucket that was charged, by its number, and the
 * fields `newest`, `oldest`, `total` and `life`. Between calls the oldest sub-bucket holds a charge, or the counter is
 * empty. It runs on any Valkey, and on Redis from 7.
 *
 *     take       windowMs expireMs cost limit nowMs|'' → admitted total resetBucket retryBucket newest life nowMs
 *     give-back  windowMs expireMs cost bucket life    → nothing
 */
export const valkeyScript = `
local key = KEYS[1]
local action = ARGV[1]
local windowMs, expireMs, cost = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local known = redis.call('HMGET', key, 'newest', 'oldest', 'total', 'life')
local newest, oldest, total, life = tonumber(known[1]), tonumber(known[2]), tonumber(known[3]), tonumber(known[4])

local function countIn(bucket)
  return tonumber(redis.call('HGET', key, bucket) or 0)
end

-- Forgets what no trailing window reaches, then steps over what is empty.
local function dropGone()
  while total > 0 do
    local count = countIn(oldest)
    if count > 0 then
      if newest - oldest < ${bucketsCounted} then return end
      redis.call('HDEL', key, oldest)
    end
    total = total - count
    oldest = oldest + 1
  end
end

local function bucketThatFrees(wanted)
  local bucket, freed = oldest, countIn(oldest)
  while freed < wanted do
    bucket = bucket + 1
    freed = freed + countIn(bucket)
  end
  return bucket
end

local function remember()
  redis.call('HSET', key, 'newest', newest, 'oldest', oldest, 'total', total, 'life', life)
end

if action == 'give-back' then
  local bucket = tonumber(ARGV[5])
  if life ~= tonumber(ARGV[6]) or newest - bucket >= ${bucketsCounted} then return end
  if redis.call('HINCRBY', key, bucket, -cost) == 0 then redis.call('HDEL', key, bucket) end
  total = total - cost
  dropGone()
  return remember()
end

local limit = tonumber(ARGV[5])
local time = redis.call('TIME')
local nowMs = tonumber(ARGV[6]) or time[1] * 1000 + math.floor(time[2] / 1000)
local bucket = math.floor(nowMs * ${bucketsPerWindow} / windowMs)
if not life then
  newest, oldest, total, life = bucket, bucket, 0, time[1] * 1000000 + time[2]
elseif bucket > newest then
  newest = bucket
  dropGone()
end
if total == 0 then oldest = newest end
if total + cost > limit then
  remember()
  local excess = math.max(0, total - limit)
  return { 0, total, bucketThatFrees(excess + 1), bucketThatFrees(total + cost - limit), newest, life, nowMs }
end
redis.call('HINCRBY', key, newest, cost)
total = total + cost
remember()
redis.call('PEXPIRE', key, expireMs)
return { 1, total, oldest, oldest, newest, life, nowMs }
`

export const valkeyScriptSha = hash('sha1', valkeyScript)
