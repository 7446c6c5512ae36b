// What happens to a message in Redis. Each step is one script: it happens whole or not at all, whoever is killed meanwhile.

/**
 * The list of what waits → what is being worked on, under an id of its own: equal messages stay apart.
 * KEYS: list, processing, message, lease. ARGV: id, fence, lease in ms, user, now, largest size.
 * What is too large is cut: nobody will read it.
 */
export const TAKE = `
local body = redis.call('RPOP', KEYS[1])
if not body then return false end
local size = #body
if size > tonumber(ARGV[6]) then body = string.sub(body, 1, 1024) end
redis.call('HSET', KEYS[3], 'body', body, 'size', size, 'user', ARGV[4], 'takenAt', ARGV[5], 'attempts', 1, 'fence', ARGV[2])
redis.call('LPUSH', KEYS[2], ARGV[1])
redis.call('SET', KEYS[4], ARGV[2], 'PX', ARGV[3])
return {body, tostring(size), ARGV[4], ARGV[5], '1'}`;

/** A message whose lease is over, for somebody else. KEYS: processing, message, lease. ARGV: id, fence, lease in ms. */
export const RETAKE = `
if redis.call('EXISTS', KEYS[3]) == 1 then return false end
local found = redis.call('HMGET', KEYS[2], 'body', 'size', 'user', 'takenAt')
if not found[1] then return false end
found[5] = tostring(redis.call('HINCRBY', KEYS[2], 'attempts', 1))
redis.call('HSET', KEYS[2], 'fence', ARGV[2])
redis.call('SET', KEYS[3], ARGV[2], 'PX', ARGV[3])
return found`;

/**
 * Done, or dead: only by who holds it still. KEYS: processing, message, lease, list of ends.
 * ARGV: id, fence, what became of it, how many ends are kept (0: all).
 */
export const FINISH = `
if redis.call('HGET', KEYS[2], 'fence') ~= ARGV[2] then return 0 end
redis.call('LREM', KEYS[1], -1, ARGV[1])
redis.call('DEL', KEYS[2], KEYS[3])
redis.call('LPUSH', KEYS[4], ARGV[3])
if tonumber(ARGV[4]) > 0 then redis.call('LTRIM', KEYS[4], 0, ARGV[4] - 1) end
return 1`;

/** Nobody's until a while has passed. KEYS: message, lease. ARGV: fence, pause in ms, attempts to take back. */
export const POSTPONE = `
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'fence', '')
redis.call('HINCRBY', KEYS[1], 'attempts', -ARGV[3])
redis.call('SET', KEYS[2], '', 'PX', ARGV[2])
return 1`;
