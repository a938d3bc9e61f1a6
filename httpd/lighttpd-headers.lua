-- CGI turns the dashes of a header's name into underscores. One that has underscores already would pass for
-- another, as X_Forwarded_For for the X-Forwarded-For that a proxy controls. Drop the kind, as Apache does.
local headers = lighty.r.req_header
local refused = {}
for name in pairs(headers) do
	if name:find("_", 1, true) then
		refused[#refused + 1] = name
	end
end
-- Not while they are gone through, which would miss the next one.
for _, name in ipairs(refused) do
	headers[name] = nil
end
