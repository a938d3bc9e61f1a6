# shellcheck shell=bash disable=SC2034 # what is set here is used by the tests
# What the tests of the API share.
#
# The runner gives $API (http://127.0.0.1:8080/cgi-bin/api) and, in $ADMIN_EMAIL and $ADMIN_PASSWORD, an
# administrator. The shop runs with APP_ENV=development, where the code of every customer is 1234. Nothing is
# expected of its data: a test makes what it needs under names of its own.
#
#	as admin
#	send POST /categories name=Tea position:=3
#	expect 201
#	[[ $(field .slug) == tea ]]

API=${API:-http://127.0.0.1:8080/cgi-bin/api}

. "${BASH_SOURCE[0]%/*}/base.bash"

# The token that api sends; none at the beginning of each test.
token=

# api METHOD PATH [CURL'S ARGUMENTS...] : leaves the answer in $status, $body and $headers, and the body as it came
# in the file $BATS_TEST_TMPDIR/body. PATH is below $API, or an address that the API gave.
api() {
	local url=$API$2 arguments=(-X "$1") word sends=
	if [[ $2 == http* ]]; then url=$2; fi
	if [[ $1 == HEAD ]]; then arguments+=(--head); fi
	if [[ -n $token ]]; then arguments+=(-H "Authorization: Bearer $token"); fi
	# As browsers do: some servers want to know the length of nothing too. Word by word, as a token may begin with -d.
	for word in "${@:3}"; do
		if [[ $word =~ ^(-[dFT]|--json|--data|--form) ]]; then sends=yes; fi
	done
	if [[ $1 == P* && ! $sends ]]; then arguments+=(-H 'Content-Length: 0'); fi
	exchange "${arguments[@]}" "${@:3}" -- "$url"
	# It is the headers there.
	if [[ $1 == HEAD ]]; then body=; fi
}

# json NAME=TEXT NAME:=JSON... : an object; of the same name twice the later one counts.
json() {
	local i name value text='' seen=' '
	untraced
	for (( i = $#; i > 0; i-- )); do
		name=${!i%%=*} value=${!i#*=}
		if [[ $seen == *" ${name%:} "* ]]; then continue; fi
		if [[ $name == *: ]]; then
			name=${name%:}
		elif [[ $value == *[[:cntrl:]]* ]]; then
			value=$(jq -nc --arg text "$value" '$text')
		else
			value=${value//\\/\\\\} value=\"${value//\"/\\\"}\"
		fi
		text+=,\"$name\":$value seen+="$name "
	done
	echo "{${text#,}}"
}

# send METHOD PATH NAME=TEXT... : with an object as the body.
send() { api "$1" "$2" --json "$(json "${@:3}")"; }

# expect STATUS [PROBLEM [ERRORS]] : PROBLEM is the last part of its type, ERRORS "pointer code" with ", " between,
# sorted.
expect() {
	local errors
	if [[ $status != "$1" ]]; then echo "status $status, not $1: $body"; return 1; fi
	if [[ -z ${2-} ]]; then return; fi
	if [[ $(field .type) != "/problems/$2" ]]; then echo "not /problems/$2: $body"; return 1; fi
	if [[ $(header Content-Type) != application/problem+json ]]; then echo "not problem+json: $headers"; return 1; fi
	if [[ -z ${3-} ]]; then return; fi
	errors=$(field '[.errors[] | .pointer + " " + .code] | sort | join(", ")')
	if [[ $errors != "$3" ]]; then echo "errors: $errors, not $3"; return 1; fi
}

# nothing_is_held : no program, whose role is $APP_ROLE, is in a transaction, but those that end at once. What other roles'
# sessions do $PSQL, as the owner, is not shown, but everybody's locks are: who is in a transaction has one on its number.
nothing_is_held() {
	local found
	: "${APP_ROLE:?is needed: eval \"\$(tools/check --env)\"}"
	for _ in {1..20}; do
		found=$($PSQL -X -q -A -t -c "select string_agg(concat_ws(' ', l.locktype, l.relation::regclass, l.mode), ', ')
			from pg_locks l join pg_stat_activity a using (pid)
			where a.usename = '$APP_ROLE' and pid <> pg_backend_pid()")
		if [[ -z $found ]]; then return; fi
		sleep 0.05
	done
	echo "held: $found"
	return 1
}

# unique [PREFIX] : a word that nothing else has; good for names, SKUs, slugs, the first part of an address.
unique() { printf '%s%08x%04x\n' "${1-x}" "$SRANDOM" $((SRANDOM & 0xffff)); }

# make PATH NAME=TEXT... : create an object there; prints its id.
make() {
	untraced
	send POST "$@"
	expect 201 >&2 && field .id
}

# --- who asks: a token each, made once for a file

# as admin|staff|customer|nobody, or another name that staff_token was given
as() {
	case $1 in
	nobody)         token= ;;
	admin)          token=$(admin_token) ;;
	customer)       token=$(customer_token) ;;
	*)              token=$(staff_token "$1") ;;
	esac
}

# once NAME COMMAND... : its output, from the first time on out of a file.
once() {
	local file=$BATS_FILE_TMPDIR/$1 lines
	[[ -s $file ]] || "${@:2}" >"$file" || { rm -f "$file"; return 1; }
	mapfile -t lines <"$file"
	printf '%s\n' "${lines[@]}"
}

admin_token() { once admin.token login "$ADMIN_EMAIL" "$ADMIN_PASSWORD"; }
customer_token() { once customer.token login_customer "$(new_number)"; }

# staff_token [NAME] : somebody of the staff, who works nowhere yet.
staff_token() {
	once "${1-staff}.id" make_staff "${1-staff}" >/dev/null && once "${1-staff}.token" login_made_staff "${1-staff}"
}

# staff_id [NAME]
staff_id() { once "${1-staff}.id" make_staff "${1-staff}"; }

new_number() { printf '+4915%09d' "$(( (RANDOM << 15 | RANDOM) % 1000000000 ))"; }

login() {
	token=
	send POST /auth/admin/login email="$1" password="$2"
	expect 200 >&2 && field .token
}

login_customer() {
	token=
	send POST /auth/customer/request-otp mobile_number="$1"
	expect 202 >&2 || return
	send POST /auth/customer/login mobile_number="$1" otp=1234
	expect 200 >&2 && field .token
}

# prove_email ADDRESS : as an address of the customer of $token.
prove_email() {
	send PATCH /auth/me email="$1"
	expect 200
	send POST /auth/me/email challenge="$(field .pending.challenge)" otp=1234
	expect 200
}

make_staff() {
	local email
	email=$(unique "$1-")@example.test
	echo "$email" >"$BATS_FILE_TMPDIR/$1.email"
	token=$(admin_token)
	make /users name="$1" email="$email" password='correct horse battery' is_staff:=true
}

# staffed_store [NAME=TEXT|NAME:=JSON]... : a store where "staff" works; its id.
staffed_store() {
	local store
	token=$(admin_token)
	store=$(make /stores name="$(unique Store-)" currency=EUR "$@") || return
	send POST "/stores/$store/members" user="$(staff_id)"
	expect 201 >&2 && echo "$store"
}

login_made_staff() { login "$(<"$BATS_FILE_TMPDIR/$1.email")" 'correct horse battery'; }
