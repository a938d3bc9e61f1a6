# shellcheck shell=bash disable=SC2034,SC2154 # the tests share their variables
# What the contract tests share. They need a migrated database, the programs in $BUILD (build/), and
#	$PSQL		the command that speaks to the database as its owner
#	$APP_PSQL	the same as the serving role
# those that send requests also
#	$API		where the programs are served, http://127.0.0.1:8080/cgi-bin/api

load ../support/base

# A command that fails in front of `nothing` is a failure too.
set -o pipefail

build=${BUILD:-$top/build}

need() {
	local name
	for name; do
		if [[ -z ${!name-} ]]; then echo "$name is needed: eval \"\$(tools/check --env)\"" >&2; return 1; fi
	done
}

# Rows of the statement, columns with a tab between.
sql() { $PSQL -X -q -A -t -F $'\t' -v ON_ERROR_STOP=1 -c "$1"; }

groups() {
	local file
	for file in "$top"/cgi-bin/*.c; do basename "$file" .c; done
}

# The descriptions of all groups as one JSON array.
describe_all() {
	local group
	for group in $(groups); do "$build/cgi-bin/api/$group" --describe || return; done | jq -s .
}

# nothing MESSAGE <lines : fails when there are any, and shows them.
nothing() {
	local lines
	lines=$(cat)
	if [[ -n $lines ]]; then printf '%s:\n%s\n' "$1" "$lines"; return 1; fi
}

# token_for USER HOW : a session of the user (password or otp), made by hand; prints its token.
token_for() {
	local token
	token=$(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=')
	sql "insert into sessions (user_id, opened_by, token_hash, expires_at)
		values ('$1', '$2', sha256('$token'), now() + interval '1 hour')"
	printf '%s\n' "$token"
}

# make_user FLAG... : a user for whom the flags (is_admin, is_staff, is_customer) are true; prints its id.
make_user() {
	local name=contract-$RANDOM$RANDOM$RANDOM
	sql "insert into users (email, name$(printf ', %s' "$@"))
		values ('$name@example.test', '$name'$(printf ', true%.0s' "$@")) returning id"
}

# The serving role's database as a URL, straight to the server that $APP_PSQL speaks to.
app_url() {
	local words
	read -ra words < <($APP_PSQL -X -q -A -t -c '\echo :HOST :PORT :USER :DBNAME')
	printf 'postgresql://%s@/%s?host=%s&port=%s\n' "${words[2]}" "${words[3]}" "${words[0]//\//%2F}" "${words[1]}"
}

# run_cgi GROUP PATH_INFO QUERY [NAME=VALUE]... : a GET as a web server would run it, with a connection of its own to
# $APP_URL. The answer goes to standard output, the log to standard error.
run_cgi() {
	env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET "SCRIPT_NAME=/cgi-bin/api/$1" "PATH_INFO=$2" "QUERY_STRING=$3" \
		"DATABASE_URL=$APP_URL" SECRET_KEY=0123456789abcdef0123456789abcdef APP_ENV=test LOG_LEVEL=info \
		SECURITY_CONTACT=mailto:security@shop.example CRON_KEY=check-key-0123456789 METRICS_KEY=check-key-0123456789 SCRYPT_COST=10/8/1 \
		PUBLIC_LIST_MS=0 "${@:4}" "$build/cgi-bin/api/$1" </dev/null
}
