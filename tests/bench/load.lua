-- What wrk sends, and the one line that it tells at the end. tests/bench/run sets the environment:
--   BENCH_PATH   the address; {id} in it and in the body is a line of BENCH_IDS, drawn anew each time
--   BENCH_IDS    a file of product ids
--   BENCH_VERB   the method
--   BENCH_BODY   what is sent; {new} in it is another number each time
--   BENCH_SIGNED a header: the lines of BENCH_IDS are then its value, a tab, and what is sent
--   BENCH_TOKEN  a bearer token
--   BENCH_KEY    the beginning of an Idempotency-Key, which a number makes unique

local path, body = os.getenv("BENCH_PATH"), os.getenv("BENCH_BODY")
local signed = os.getenv("BENCH_SIGNED")
local token, key = os.getenv("BENCH_TOKEN"), os.getenv("BENCH_KEY")
local ids, sent, first = {}, 0, os.time() % 100000 * 10000

function init()
	for line in io.lines(os.getenv("BENCH_IDS")) do
		ids[#ids + 1] = line
	end
	math.randomseed(os.time())
	if token then
		wrk.headers["Authorization"] = "Bearer " .. token
	end
	wrk.method = os.getenv("BENCH_VERB") or "GET"
	if body or signed then
		wrk.headers["Content-Type"] = "application/json"
	end
end

function request()
	local id = ids[math.random(#ids)]

	sent = sent + 1
	if key then
		wrk.headers["Idempotency-Key"] = key .. "-" .. sent
	end
	if signed then
		-- Each once, as a provider sends them: what is brought again costs next to nothing.
		local signature, event = assert(ids[sent], "no events are left"):match("^(%x+)\t(.*)$")

		wrk.headers[signed] = signature
		return wrk.format(nil, path, nil, event)
	end
	return wrk.format(nil, (path:gsub("{id}", id)), nil, body and body:gsub("{id}", id):gsub("{new}", first + sent))
end

-- Requests a second, milliseconds of the median and of the slowest hundredth, failures.
function done(summary, latency)
	local e = summary.errors

	io.write(string.format("RESULT %.1f %.2f %.2f %d\n", summary.requests * 1e6 / summary.duration,
		latency:percentile(50) / 1000, latency:percentile(99) / 1000,
		e.connect + e.read + e.write + e.status + e.timeout))
end
