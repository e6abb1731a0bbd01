-- SPDX-License-Identifier: Apache-2.0
-- What wrk sends, and one line of figures for load.py. Arguments after "--":
--   (none)             GET of the URL
--   login USER WORD    POST of a form
--   create FILE FIRST  POST of a YAML, each with a namespace of its own, counted
--                      up from FIRST: FILE has the lines before and behind the
--                      twelve digits in its name, in base64url
local form = { ["Content-Type"] = "application/x-www-form-urlencoded" }

local digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

local function base64(a, b, c)
	local n = a * 65536 + b * 256 + c
	local out = ""
	for _ = 1, 4 do
		local i = n % 64
		out = digits:sub(i + 1, i + 1) .. out
		n = (n - i) / 64
	end
	return out
end

-- Three digits are four characters: a name is looked up, not encoded.
local triple = {}

local function fill_triples()
	for i = 0, 999 do
		triple[i] = base64(string.format("%03d", i):byte(1, 3))
	end
end

local function name_of(n)
	local text = ""
	for _ = 1, 4 do
		local i = n % 1000
		text = triple[i] .. text
		n = (n - i) / 1000
	end
	return text
end

local function create(file, first)
	local before, behind = io.lines(file)(), nil
	for line in io.lines(file) do
		behind = line
	end
	local n = tonumber(first)
	fill_triples()
	request = function()
		n = n + 1
		return wrk.format("POST", nil, form,
			"yaml=" .. before .. name_of(n) .. behind)
	end
end

init = function(args)
	if args[1] == "login" then
		wrk.method = "POST"
		wrk.headers["Content-Type"] = form["Content-Type"]
		wrk.body = "user=" .. args[2] .. "&password=" .. args[3]
		request = nil
	elseif args[1] == "create" then
		for name, value in pairs(wrk.headers) do
			form[name] = value
		end
		create(args[2], args[3])
	end
	if request == nil then
		local bytes = wrk.format()
		request = function()
			return bytes
		end
	end
end

done = function(summary, latency)
	local e = summary.errors
	io.write(string.format("bench %d %d %d %d %d\n", summary.requests,
		summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
		latency:percentile(50), latency:percentile(99)))
end
