-- Logs the bytes that each stream gets and sends, after decryption and before
-- encryption: one JSON object a line in the file that streamlog_file names.
-- This is the server's own account, made without looking at the network.
module:set_global();

local filters = require "util.filters";
local json = require "util.json";
local base64 = require "util.encodings".base64.encode;
local now = require "util.time".now;

local file = assert(io.open(module:get_option_string("streamlog_file"), "a"));
file:setvbuf("line");

-- The addresses are kept, as a closed socket no longer knows its own.
local addresses = setmetatable({}, { __mode = "k" });

local function address(session)
	local conn = session.conn;
	local sock = conn and (conn.conn or (conn.socket and conn:socket()));
	local found = {};
	pcall(function ()
		found.lip, found.lport = sock:getsockname();
		found.pip, found.pport = sock:getpeername();
	end);
	if found.pport then addresses[session] = found; end
	return addresses[session] or { lip = "?", lport = 0, pip = "?", pport = 0 };
end

-- session.secure is set only when the stream is opened anew; the connection knows at once.
local function secure(session)
	local ok, tls = pcall(function () return session.conn:ssl(); end);
	return (ok and tls) and true or false;
end

local function log(session, dir, data)
	local a = address(session);
	file:write(json.encode({
		t = now(); type = session.type; dir = dir; direction = session.direction or ""; secure = secure(session);
		lip = a.lip; lport = tonumber(a.lport); pip = a.pip; pport = tonumber(a.pport); b64 = base64(data);
	}), "\n");
end

filters.add_filter_hook(function (session)
	filters.add_filter(session, "bytes/in", function (data) log(session, "in", data); return data; end, 1000);
	filters.add_filter(session, "bytes/out", function (data) log(session, "out", data); return data; end, -1000);
end);
