# shellcheck shell=bash disable=SC2034,SC2154 # the tests share their variables
# What the tests of messages and of cron share beside orders.bash: shopctl with settings of the test's own, senders that
# are stand-ins, and the messages that they were given.

. "${BASH_SOURCE[0]%/*}/orders.bash"

# Messages that no request has written are no request's sender's: once the ones of earlier requests are ended, what a
# test puts into the outbox waits for the test. The next request starts a sender again.
only_ours() {
	local program process
	program=$(realpath "$VAR/site/bin/shopctl")
	# Who was told to start one has done so after a second.
	for _ in {1..50}; do
		[[ $(sql "select count(*) from outbox_sender where started_at > clock_timestamp() - interval '1 s'") != 0 ]] || break
		sleep 0.1
	done
	for _ in {1..50}; do
		for process in $(grep -lszxF "$program" /proc/[0-9]*/cmdline); do
			process=${process%/cmdline}
			kill "${process##*/}" 2>/dev/null || true
		done
		grep -qszxF "$program" /proc/[0-9]*/cmdline || break
		sleep 0.1
	done
	sql "update outbox_sender set started_at = clock_timestamp() - interval '5 s'; delete from outbox"
}

# no_sender COMMAND... : the requests of the command start none, however long they take: to outbox_wake() it is as if
# another request were just starting one. What they put into the outbox waits for the test, or for the next request.
no_sender() {
	local holder
	sql "insert into outbox_sender (started_at) values (clock_timestamp()) on conflict do nothing"
	# shellcheck disable=SC2086 # words
	coproc HOLDER { exec $PSQL -X -q -A -t -v ON_ERROR_STOP=1 3>&-; }
	holder=$HOLDER_PID
	echo "begin; select 'held' from outbox_sender for update;" >&"${HOLDER[1]}"
	read -r -u "${HOLDER[0]}"
	"$@"
	# Its end is that of the transaction.
	exec {HOLDER[1]}>&-
	wait "$holder"
}

# Settings for shopctl and for programs that are run by hand; the environment overrides the shop's file.
settings=()

# shopctl WORD... : its output in $said, what it complains of in $complained, its exit status in $code.
shopctl() {
	code=0
	said=$(env "${settings[@]}" "$VAR/site/bin/shopctl" "$@" 2>"$BATS_TEST_TMPDIR/complained" 3>&-) || code=$?
	complained=$(<"$BATS_TEST_TMPDIR/complained")
}

# told JQ : of the object that shopctl has printed.
told() { jq -c "$1" <<<"$said"; }

# put CHANNEL RECIPIENT [TEMPLATE [DATA]] : a message that waits; prints its id.
put() {
	local data='{"store":"Tea House","number":"100001","total":"12.00","currency":"EUR"}'
	sql "insert into outbox (template, channel, recipient, data, give_up_at)
		values ('${3-order_placed}', '$1', '$2', \$data\$${4-$data}\$data\$, now() + interval '3 days') returning id"
}

# message ID COLUMN... : their values, with a space between.
message() {
	local columns
	columns=$(printf ', %s' "${@:2}")
	sql "select concat_ws(' '$columns) from outbox where id = '$1'"
}

# as_if_later ID : its next try is due.
as_if_later() { sql "update outbox set next_try_at = now() - interval '1 second' where id = '$1'"; }

# a_sendmail [LINE]... : a program that takes mail: each into a file of its own in mail/, and then the lines.
# shellcheck disable=SC2016 # the program's variables
a_sendmail() {
	mkdir -p "$BATS_TEST_TMPDIR/mail"
	{
		printf '#!/bin/bash\n'
		printf 'file=$(mktemp %q/XXXXXXXX)\necho "$*" >"$file.arguments"\ncat >"$file"\n' "$BATS_TEST_TMPDIR/mail"
		printf '%s\n' "$@"
	} >"$BATS_TEST_TMPDIR/sendmail"
	chmod 755 "$BATS_TEST_TMPDIR/sendmail"
	settings+=(MAIL_SENDER=sendmail MAIL_FROM=orders@shop.example "SENDMAIL=$BATS_TEST_TMPDIR/sendmail")
}

# How many mails there are, and the only one.
mails() { find "$BATS_TEST_TMPDIR/mail" -type f ! -name '*.arguments' | wc -l; }
the_mail() { find "$BATS_TEST_TMPDIR/mail" -type f ! -name '*.arguments' -exec cat {} +; }

# by_cgi METHOD GROUP PATH_INFO BODY [NAME=VALUE]... : the real program, run as a web server would with the settings of
# the test; the answer in $said, the log in $logged.
by_cgi() {
	said=$(env -i "${settings[@]}" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD="$1" "SCRIPT_NAME=/cgi-bin/api/$2" \
		"PATH_INFO=$3" REMOTE_ADDR=127.0.0.1 CONTENT_TYPE=application/json CONTENT_LENGTH="$(printf %s "$4" | wc -c)" \
		"${@:5}" "$VAR/site/cgi-bin/api/$2" <<<"$4" 2>"$BATS_TEST_TMPDIR/logged" 3>&- | tr -d '\r')
	logged=$(<"$BATS_TEST_TMPDIR/logged")
}
