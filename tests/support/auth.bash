# shellcheck shell=bash disable=SC2034,SC2119,SC2120,SC2154 # the tests share their variables
# What the tests of signing in share. They need the programs with APP_ENV=development and RATE_LIMITS=on at $API
# (http://127.0.0.1:8080/cgi-bin/api), and in $PSQL the command that speaks to their database as its owner
# (psql -h run/db -U cgishop_owner cgishop): it makes users, and makes rows old. One test runs the program of the shop
# below $VAR by hand.

. "${BASH_SOURCE[0]%/*}/base.bash"

API=${API:-http://127.0.0.1:8080/cgi-bin/api}
: "${PSQL:?is needed: eval \"\$(tools/check --env)\"}"
PASSWORD='correct horse battery'
# scrypt of it at the least cost that is allowed, so not that of SCRYPT_COST.
# shellcheck disable=SC2016
PASSWORD_HASH='$s2$0a0801$nky9ys6ocg3r4q3FDs7J1g==$fNn0shTWlln+g7pnq+6j4u9vPQGOXGsqCpFi0nIRJN0='
OTP=1234

setup() {
	sql "truncate rate_limits"
	number=$(new_number)
	email=user-$RANDOM$RANDOM$RANDOM@example.test
}

sql() { $PSQL -X -q -A -t -v ON_ERROR_STOP=1 -c "$1"; }
new_number() { printf '+4915%09d' "$(( (RANDOM << 15 | RANDOM) % 1000000000 ))"; }

# The address that call sends from: any of 127.0.0.0/8.
from=127.0.0.1

# call METHOD PATH [BODY [TOKEN [HEADER]]] : leaves the answer in $status, $body and $headers.
call() {
	local arguments=(-X "$1" --interface "$from")
	if [[ -n ${3-} ]]; then
		arguments+=(-H 'Content-Type: application/json' --data-binary "$3")
	elif [[ $1 == POST ]]; then
		arguments+=(-H 'Content-Length: 0') # as browsers do; lighttpd asks for a length
	fi
	if [[ -n ${4-} ]]; then arguments+=(-H "Authorization: Bearer $4"); fi
	if [[ -n ${5-} ]]; then arguments+=(-H "$5"); fi
	exchange "${arguments[@]}" "$API/auth$2"
}

# expect STATUS [PROBLEM [ERRORS]] : ERRORS as "pointer code" with commas between, in any order.
expect() {
	local problem errors
	if [[ $status != "$1" ]]; then echo "status $status, not $1: $body"; return 1; fi
	if [[ -z ${2-} ]]; then return; fi
	problem=$(field .type)
	if [[ $problem != "/problems/$2" ]]; then echo "$problem, not $2: $body"; return 1; fi
	[[ $(header Content-Type) == application/problem+json ]]
	if [[ -z ${3-} ]]; then return; fi
	errors=$(field '[.errors[] | .pointer + " " + .code] | sort | join(", ")')
	if [[ $errors != "$3" ]]; then echo "errors: $errors, not $3"; return 1; fi
}

# make_staff COLUMN... : a user with $email and $PASSWORD for whom the columns are true; its id.
make_staff() {
	local columns values
	columns=$(printf ', %s' "$@") values=$(printf ', true%.0s' "$@")
	sql "insert into users (email, name, password_hash$columns)
		values ('$email', 'Ann', '$PASSWORD_HASH'$values) returning id"
}

# What is sent as the device from now on.
device=
with_device() { if [[ $device ]]; then printf ',"device":"%s"' "$device"; fi; }

login_staff() {
	call POST /admin/login "{\"email\":\"$email\",\"password\":\"${1-$PASSWORD}\"$(with_device)}"
	token=$(field '.token // ""')
}

# Leaves what is answered in $challenge.
request_otp() {
	call POST /customer/request-otp "{\"mobile_number\":\"$number\"$(with_device)}"
	challenge=$(field '.challenge // ""')
}

request_mail() {
	call POST /customer/request-otp "{\"email\":\"${1-$email}\"$(with_device)}"
	challenge=$(field '.challenge // ""')
}

login_mail() {
	call POST /customer/login "{\"email\":\"$email\",\"otp\":\"${1-$OTP}\"$(with_device)}"
	token=$(field '.token // ""')
}

# prove_email ADDRESS : as an address of the user of $token.
prove_email() {
	call PATCH /me "{\"email\":\"$1\"}" "$token"
	expect 200
	call POST /me/email "{\"challenge\":\"$(field .pending.challenge)\",\"otp\":\"$OTP\"}" "$token"
	expect 200
}

# login_challenge [OTP [CHALLENGE]]
login_challenge() {
	call POST /customer/login "{\"challenge\":\"${2-$challenge}\",\"otp\":\"${1-$OTP}\"$(with_device)}"
	token=$(field '.token // ""')
}

login_otp() {
	call POST /customer/login "{\"mobile_number\":\"$number\",\"otp\":\"${1-$OTP}\"$(with_device)}"
	token=$(field '.token // ""')
}

login_customer() {
	request_otp
	expect 202
	login_otp
	expect 200
}

# sign_in_by_cgi EMAIL PASSWORD : with the real program, run as a web server would, at a cost of scrypt that outweighs the
# rest; its first line in $said and its processor time in $cpu_ms. The time on the clock would be the machine's.
sign_in_by_cgi() {
	local body="{\"email\":\"$1\",\"password\":\"$2\"}" TIMEFORMAT='%3U %3S' user system
	{
		time env -i SCRYPT_COST=14/8/1 RATE_LIMITS=off GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST \
			SCRIPT_NAME=/cgi-bin/api/auth PATH_INFO=/admin/login REMOTE_ADDR=127.0.0.1 CONTENT_TYPE=application/json \
			CONTENT_LENGTH=${#body} "$VAR/site/cgi-bin/api/auth" <<<"$body" >"$BATS_TEST_TMPDIR/said" 2>/dev/null
	} 2>"$BATS_TEST_TMPDIR/times"
	read -r said <"$BATS_TEST_TMPDIR/said"
	read -r user system <"$BATS_TEST_TMPDIR/times"
	cpu_ms=$((10#${user/[^0-9]/} + 10#${system/[^0-9]/}))
}

# run_cgi SETTING... : request a code with the body $sent of the program itself, run with the settings; the answer in $body and $status.
run_cgi() {
	local out
	out=$(env -i "$@" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST SCRIPT_NAME=/cgi-bin/api/auth \
		PATH_INFO=/customer/request-otp REMOTE_ADDR=127.0.0.1 CONTENT_TYPE=application/json "CONTENT_LENGTH=${#sent}" \
		"$VAR/site/cgi-bin/api/auth" <<<"$sent" 2>/dev/null | tr -d '\r')
	status=${out#Status: } status=${status%% *} headers=${out%%$'\n\n'*} body=${out#*$'\n\n'}
}

# cpu_of_failures EMAIL... : the least that one of five failed logins of each took, in the same order in least_ms. They
# take turns.
cpu_of_failures() {
	local i address
	least_ms=()
	for _ in {1..5}; do
		i=0
		for address; do
			sign_in_by_cgi "$address" 'wrong horse battery'
			[[ $said == 'Status: 401'* ]]
			if (( cpu_ms < ${least_ms[i]-cpu_ms + 1} )); then least_ms[i]=$cpu_ms; fi
			i=$((i + 1))
		done
	done
}

# seconds_until TIME
seconds_until() { echo $(( $(date -d "$1" +%s) - $(date +%s) )); }
