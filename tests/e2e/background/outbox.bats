# Messages: from the transaction that causes them to the sender. $VAR is the place of the shop.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154

load ../../support/messages

setup_file() {
	open_shop
	export product
	product=$(make_product inventory_count:=10000)
}

setup() {
	sql "truncate rate_limits"
	shop_log=$(sed -n 's/^MESSAGE_LOG=//p' "$VAR/site/.env")
	server=
	only_ours
}

teardown() {
	if [[ $server ]]; then kill "$server" 2>/dev/null || true; fi
}

# logged_for RECIPIENT JQ : of what the shop's own sender has logged for it; waits for it.
logged_for() {
	local line
	for _ in {1..60}; do
		line=$(grep -F "\"to\":\"$1\"" "$shop_log" || true)
		if [[ $line ]]; then
			jq -r "$2" <<<"$line"
			return
		fi
		sleep 0.1
	done
	echo "nothing was logged for $1 in six seconds: $(sql "select status, last_error from outbox where recipient = '$1'")" >&2
	return 1
}

# buy CONTACT LANGUAGE : an order of a guest's.
buy() {
	ask POST /orders "{\"store\":\"$store\",\"contact\":$1,\"items\":[{\"product\":\"$product\",\"quantity\":1}]}" \
		"Accept-Language: $2"
	expect 201
}

# --- through the web server

@test "outbox: the buyer of an order gets a message within seconds, in their language" {
	email=$(unique asha)@example.com
	buy "{\"name\":\"Asha Rao\",\"email\":\"$email\"}" 'de-AT,de;q=0.9,en;q=0.5'
	number=$(field .number) id=$(field .id)
	name=$(sql "select name from stores where id = '$store'")
	[[ $(logged_for "$email" .subject) == "Ihre Bestellung $number bei $name" ]]
	[[ $(logged_for "$email" .text) == *"Guten Tag Asha Rao,"*"10.00 EUR"*"/orders/$id"* ]]
	[[ $(logged_for "$email" '[.template, .channel] | join(" ")') == 'order_placed mail' ]]
	[[ $(sql "select status, tries, data, sealed is null, sent_at is not null from outbox where recipient = '$email'") == \
		'sent|1|{}|t|t' ]]
}

@test "outbox: a customer without an address gets a text message; a language without texts is the shop's" {
	mobile=$(new_number)
	token=$(login_customer "$mobile")
	buy '{"name":"Asha"}' hi
	token=
	[[ $(logged_for "$mobile" .text) == *"के लिए धन्यवाद"* ]]
	[[ $(logged_for "$mobile" 'has("subject")') == false ]]
	email=$(unique asha)@example.com
	buy "{\"name\":\"Asha\",\"email\":\"$email\"}" 'zz'
	[[ $(logged_for "$email" .text) == *"Hello Asha,"* ]]
}

@test "outbox: a text message goes to no number that a guest has typed" {
	mobile=$(new_number)
	buy "{\"name\":\"Asha\",\"mobile_number\":\"$mobile\"}" en
	ask POST "/orders/$(field .id)/cancel" '' "X-Order-Token: $(field .order_token)"
	expect 200
	[[ $(sql "select count(*) from outbox where recipient = '$mobile'") == 0 ]]
	# Nor does one to an address beside it.
	email=$(unique asha)@example.com
	buy "{\"name\":\"Asha\",\"mobile_number\":\"$mobile\",\"email\":\"$email\"}" en
	[[ $(sql "select string_agg(channel || ' ' || recipient, ',') from outbox") == "mail $email" ]]
}

@test "outbox: a customer's messages go to the customer, whatever contact is given" {
	mobile=$(new_number) other=$(new_number)
	token=$(login_customer "$mobile")
	no_sender buy "{\"name\":\"Somebody Else\",\"mobile_number\":\"$other\",\"email\":\"$(unique else)@example.com\"}" en
	order=$(field .id)
	[[ $(field .contact.mobile_number) == "$other" ]]
	[[ $(sql "select string_agg(distinct channel || ' ' || recipient, ',') from outbox") == "sms $mobile" ]]
	email=$(unique asha)@example.com
	sql "update users set email = '$email', email_verified_at = now(), name = 'Asha' where mobile_number = '$mobile'"
	no_sender ask POST "/orders/$order/cancel"
	expect 200
	[[ $(sql "select channel, recipient, data ->> 'name' from outbox where template = 'order_cancelled'") == "mail|$email|Asha" ]]
	# Who works for the store enters orders for its buyers.
	email=$(unique buyer)@example.com
	as staff
	no_sender buy "{\"name\":\"Buyer\",\"mobile_number\":\"$other\",\"email\":\"$email\"}" en
	[[ $(sql "select count(*) from outbox where recipient = '$email' and data ->> 'name' = 'Buyer'") == 1 ]]
}

@test "outbox: a greeting repeats no name that is more than a name" {
	a_sendmail
	put mail asha@example.com order_placed '{"store":"Tea","number":"7","name":"You won! https://evil.example/"}' >/dev/null
	shopctl outbox --json
	[[ $(told .sent) == 1 ]]
	the_mail >"$BATS_TEST_TMPDIR/one"
	grep -qx 'Hello,' "$BATS_TEST_TMPDIR/one"
	! grep -q 'evil\|won' "$BATS_TEST_TMPDIR/one"
}

@test "outbox: beyond a number a day a recipient's messages are skipped, and codes are not" {
	a_sendmail
	settings+=(RATE_LIMITS=on MESSAGES_PER_DAY=3)
	for i in 1 2 3 4 5; do put mail "Asha@example.com" >/dev/null; done
	put mail other@example.com >/dev/null
	shopctl outbox --json
	[[ $(told '[.sent, .given_up, .waiting, .skipped]') == '[4,0,0,2]' ]]
	[[ $(sql "select last_error, data, tries, count(*) from outbox where status = 'skipped' group by 1, 2, 3") == \
		'The recipient has had 3 messages within a day: MESSAGES_PER_DAY.|{}|0|2' ]]
	# However the address is written, and not with the number of runs.
	put mail ASHA@EXAMPLE.COM >/dev/null
	shopctl outbox
	[[ $said == *'sent: 0, '*'skipped within a day: 3'* ]]
	# What a provider did not take at once was counted.
	sql "update outbox set status = 'queued', data = '{\"number\":\"7\"}', next_try_at = now() where id = (select id from outbox where status = 'sent'
		and recipient = 'Asha@example.com' limit 1)"
	put mail asha@example.com order_paid >/dev/null
	put mail asha@example.com otp '{"minutes":5}' >/dev/null
	shopctl outbox --json
	[[ $(sql "select string_agg(template || ' ' || status, ', ' order by template) from outbox
		where template in ('otp', 'order_paid')") == 'order_paid skipped, otp sent' ]]
	# A day later there are others.
	sql "update outbox set created_at = created_at - interval '1 day'"
	put mail asha@example.com >/dev/null
	shopctl outbox --json
	[[ $(told .sent) == 1 ]]
	# Senders that run at once count together.
	for i in {1..20}; do put mail "two@example.com" >/dev/null; done
	for i in 1 2 3; do
		env "${settings[@]}" "$VAR/site/bin/shopctl" outbox --json >"$BATS_TEST_TMPDIR/$i.json" 3>&- &
	done
	wait
	[[ $(jq -s 'map(.sent) | add' "$BATS_TEST_TMPDIR"/[123].json) == 3 ]]
	settings+=(RATE_LIMITS=off)
	put mail two@example.com >/dev/null
	shopctl outbox --json
	[[ $(told .sent) == 1 ]]
}

@test "outbox: concurrent orders all get their messages, though they start one sender" {
	for i in 1 2 3 4 5 6; do
		buy "{\"name\":\"Asha\",\"email\":\"$i-$BATS_SUITE_TEST_NUMBER-$$@example.com\"}" en
		sleep 0.3
	done
	for i in 1 2 3 4 5 6; do
		[[ $(logged_for "$i-$BATS_SUITE_TEST_NUMBER-$$@example.com" .template) == order_placed ]]
	done
	[[ $(sql "select count(*), count(*) filter (where status = 'sent' and tries = 1) from outbox") == '6|6' ]]
}

# a_stand_in : programs that are run by hand start this as their sender, which writes down that it was started.
a_stand_in() {
	printf '#!/bin/sh\necho "$*" >>%q\n' "$BATS_TEST_TMPDIR/started" >"$BATS_TEST_TMPDIR/shopctl"
	chmod 755 "$BATS_TEST_TMPDIR/shopctl"
	settings+=("HELPER_DIR=$BATS_TEST_TMPDIR")
}

# order_starts COUNT : senders, by an order that tells somebody something.
order_starts() {
	rm -f "$BATS_TEST_TMPDIR/started"
	by_cgi POST orders '' "$(order_of "$product:1")"
	[[ $said == "Status: 201"* ]]
	for _ in {1..50}; do [[ ! -s $BATS_TEST_TMPDIR/started ]] || break; (( $1 > 0 )) || break; sleep 0.05; done
	if (( $1 == 0 )); then sleep 0.2; fi
	# Each is one line, with the settings of the program.
	[[ $(sed 's|^outbox\( --env /.*/\.env\)\?$|outbox|' "$BATS_TEST_TMPDIR/started" 2>/dev/null || true) == "$([[ $1 == 0 ]] || echo outbox)" ]]
}

# sender_was_seen AGO : one was started, or found something to send, so long ago.
sender_was_seen() { sql "update outbox_sender set started_at = clock_timestamp() - interval '$1'"; }

@test "outbox: no sender is started while one was two seconds ago, or has found something to send since" {
	a_stand_in
	order_starts 1
	order_starts 0
	sender_was_seen '2 seconds'
	order_starts 1
	# Who finds something is at work for two seconds from then on, whenever it was started.
	sender_was_seen '2 seconds'
	[[ $(sql "select count(*) from outbox_claim(2); select outbox_wake()") == $'2\nf' ]]
	order_starts 0
	sender_was_seen '2 seconds'
	[[ $(sql "select count(*) from outbox_claim(100); select outbox_wake()") == $'2\nf' ]]
	# Who finds nothing may be about to end: the next message has a sender of its own.
	sender_was_seen '2 seconds'
	[[ $(sql "select count(*) from outbox_claim(100)") == 0 ]]
	order_starts 1
	# A clock that was put back keeps nobody from being told.
	sender_was_seen '-1 hour'
	order_starts 1
}

@test "outbox: no other sender is started while sixteen messages are on their way" {
	a_stand_in
	order_starts 1
	sql "delete from outbox; insert into outbox (template, channel, recipient, data, status, next_try_at, give_up_at)
		select 'order_paid', 'mail', i || '@example.com', '{}', 'sending', now() + interval '1 minute', now() + interval '1 day'
		from generate_series(1, 16) i"
	sender_was_seen '1 minute'
	order_starts 0
	# What a sender has left that was killed is on its way no more.
	sql "update outbox set next_try_at = now() - interval '1 second' where recipient = '1@example.com'"
	order_starts 1
	sql "update outbox set next_try_at = now() + interval '1 minute' where recipient = '1@example.com'"
	sender_was_seen '1 minute'
	order_starts 0
	sql "select outbox_sent(id) from outbox where recipient = '1@example.com'" >/dev/null
	order_starts 1
}

@test "outbox: mail that fails, or a sender that is missing, breaks no order" {
	a_sendmail 'exit 70'
	settings+=("MESSAGE_LOG=$BATS_TEST_TMPDIR/log")
	body=$(order_of "$product:1")
	by_cgi POST orders '' "$body"
	[[ $said == "Status: 201"* ]]
	[[ $logged != *level=error* ]]
	# Once the first sender is over.
	for _ in {1..60}; do [[ $(sql "select string_agg(last_error, ',') from outbox") == '' ]] || break; sleep 0.1; done
	[[ $(sql "select status, tries, last_error from outbox") == "queued|1|$BATS_TEST_TMPDIR/sendmail exited with status 70." ]]
	only_ours
	settings+=(HELPER_DIR=/nonexistent)
	by_cgi POST orders '' "$body"
	[[ $said == "Status: 201"* ]]
	[[ $logged == *"shopctl outbox could not be started: its work waits for shopctl cron"* ]]
	[[ $(sql "select status, tries from outbox") == 'queued|0' ]]
}

# --- sign-in codes

@test "outbox: a code arrives, signs in, and is nowhere else" {
	settings=(APP_ENV=test RATE_LIMITS=off "MESSAGE_LOG=$BATS_TEST_TMPDIR/log")
	mobile=$(new_number)
	by_cgi POST auth /customer/request-otp "{\"mobile_number\":\"$mobile\"}" HTTP_ACCEPT_LANGUAGE=de
	[[ $said == "Status: 202"* ]]
	for _ in {1..60}; do [[ ! -s $BATS_TEST_TMPDIR/log ]] || break; sleep 0.1; done
	[[ $(jq -r '[.template, .channel, .to] | join(" ")' "$BATS_TEST_TMPDIR/log") == "otp sms $mobile" ]]
	text=$(jq -r .text "$BATS_TEST_TMPDIR/log")
	[[ $text =~ ^([0-9]{6})\ ist\ Ihr\ Code.*\ 5\ Minuten ]]
	secret=${BASH_REMATCH[1]}
	[[ $said != *"$secret"* && $logged != *"$secret"* ]]
	[[ $(stat -c %a "$BATS_TEST_TMPDIR/log") == 600 ]]
	for _ in {1..20}; do [[ $(sql "select status from outbox") != sent ]] || break; sleep 0.1; done
	[[ $(sql "select status, data, sealed is null from outbox") == 'sent|{}|t' ]]
	[[ $(sql "select count(*) from outbox b where b::text like '%$secret%'") == 0 ]]
	send POST /auth/customer/login mobile_number="$mobile" otp="$secret"
	expect 200
	[[ $(field .user.mobile_number) == "$mobile" ]]
	send POST /auth/customer/login mobile_number="$mobile" otp="$secret"
	expect 401
}

@test "outbox: a code by mail arrives, in the language that was asked for" {
	settings=(APP_ENV=test RATE_LIMITS=off "MESSAGE_LOG=$BATS_TEST_TMPDIR/log")
	email=$(unique otp-)@example.test
	by_cgi POST auth /customer/request-otp "{\"email\":\"$email\"}" HTTP_ACCEPT_LANGUAGE=de
	[[ $said == "Status: 202"* ]]
	for _ in {1..60}; do [[ ! -s $BATS_TEST_TMPDIR/log ]] || break; sleep 0.1; done
	[[ $(jq -r '[.template, .channel, .to, .subject] | join("|")' "$BATS_TEST_TMPDIR/log") == \
		"otp|mail|$email|Ihr Code zum Anmelden" ]]
	[[ $(jq -r .text "$BATS_TEST_TMPDIR/log") =~ ^([0-9]{6})\ ist\ Ihr\ Code.*\ 5\ Minuten ]]
	send POST /auth/customer/login email="$email" otp="${BASH_REMATCH[1]}"
	expect 200
	[[ $(field .user.email) == "$email" ]]
}

@test "outbox: a code that no sender takes is in no log, and is gone when it is given up" {
	settings=(APP_ENV=test RATE_LIMITS=off SMS_SENDER=twilio TWILIO_ACCOUNT_SID=AC1 TWILIO_AUTH_TOKEN=t0ken
		TWILIO_FROM=+15005550006 HELPER_DIR=/nonexistent)
	by_cgi POST auth /customer/request-otp "{\"mobile_number\":\"$(new_number)\"}"
	[[ $said == "Status: 202"* ]]
	[[ $(sql "select sealed is not null, data from outbox") == 't|{"minutes": 5}' ]]
	# A provider that repeats what it was given.
	cat >"$BATS_TEST_TMPDIR/fetch" <<-'END'
		#!/bin/bash
		cd "${0%/*}" && jq -r .body >given
		body=$(sed 's/.*Body=//' given)
		jq -nc --arg body "{\"message\":\"bad text: $body\"}" '{status: 400, body: $body}'
	END
	chmod 755 "$BATS_TEST_TMPDIR/fetch"
	settings+=("HELPER_DIR=$BATS_TEST_TMPDIR")
	shopctl outbox --json
	[[ $(told '[.sent, .given_up]') == '[0,1]' ]]
	secret=$(grep -o 'Body=[0-9]\{6\}' "$BATS_TEST_TMPDIR/given")
	secret=${secret#Body=}
	[[ ${#secret} == 6 ]]
	[[ $said != *"$secret"* && $complained != *"$secret"* ]]
	[[ $(sql "select status, sealed is null, last_error like '%repeats the code%' from outbox") == 'dead|t|t' ]]
	shopctl outbox --retry all --json
	[[ $(told '[.revived, .sent]') == '[0,0]' ]]
}

# --- trying again

@test "outbox: a message that is not accepted is retried eight times, at growing intervals" {
	a_sendmail 'exit 75'
	id=$(put mail asha@example.com)
	while read -r try wait_s; do
		sql "update outbox set tries = $try - 1 where id = '$id'"
		as_if_later "$id"
		shopctl outbox --json
		[[ $code == 0 && $(told '[.sent, .later]') == '[0,1]' ]]
		[[ $(message "$id" status tries "extract(epoch from next_try_at - now()) between $wait_s - 10 and $wait_s") == \
			"queued $try t" ]]
	done <<-END
		1 30
		2 120
		3 480
		7 21600
	END
	sql "update outbox set tries = 7 where id = '$id'"
	as_if_later "$id"
	shopctl outbox --json
	[[ $(message "$id" status tries) == 'dead 8' ]]
	[[ $(mails) == 5 ]]
	[[ $(the_mail | grep -c '^Message-ID: <'"$id"'@shop.example>$') == 5 ]]
	as_if_later "$id"
	shopctl outbox --json
	[[ $(told '[.sent, .later, .given_up, (.dead | length)]') == '[0,0,0,1]' ]]
}

@test "outbox: what can never be sent is a dead letter at once, and can be retried once that was fixed" {
	a_sendmail 'exit 67'
	unknown=$(put mail nobody@example.com)
	wrong=$(put mail 'asha@example.com
Bcc: eve@example.com')
	template=$(put mail asha@example.com no_such_template)
	shopctl outbox
	[[ $code == 0 && $said == *"sent: 0, to be retried: 0, given up: 3"*"waiting: 0, dead letters: 3"* ]]
	[[ $(message "$unknown" status last_error) == "dead $BATS_TEST_TMPDIR/sendmail exited with status 67." ]]
	[[ $(message "$wrong" status last_error) == 'dead The recipient is not an address.' ]]
	[[ $(message "$template" status last_error) == \
		'dead There is no template no_such_template.mail; check TEMPLATE_DIR.' ]]
	shopctl outbox --dead
	[[ $code == 0 && $said == *"$unknown "*" order_placed mail nobody@example.com "* ]]
	shopctl outbox --dead --json
	[[ $(told '[.dead[].id] | length') == 3 ]]

	a_sendmail
	shopctl outbox --retry "$unknown" --json
	[[ $(told '[.revived, .sent]') == '[1,1]' ]]
	[[ $(message "$unknown" status tries) == 'sent 1' ]]
	shopctl outbox --retry all --json
	[[ $(told '[.revived, .sent, .given_up]') == '[2,0,2]' ]]
	shopctl outbox --retry "$unknown"
	[[ $code == 65 && $complained == "shopctl: there is no dead letter $unknown that can be retried" ]]
	shopctl outbox --retry nonsense
	[[ $code == 64 ]]
	shopctl outbox --retry all --dead
	[[ $code == 64 ]]
}

@test "outbox: without a sender a message dies with that as its reason" {
	settings=(APP_ENV=production MAIL_SENDER= SMS_SENDER= RATE_LIMITS=on OTP_DEV_CODE=)
	mail=$(put mail asha@example.com)
	sms=$(put sms +919800000001)
	shopctl outbox --json
	[[ $(told '[.sent, .given_up]') == '[0,2]' ]]
	[[ $(message "$mail" status last_error) == 'dead Nothing sends mail: MAIL_SENDER is not set.' ]]
	[[ $(message "$sms" status last_error) == 'dead Nothing sends text messages: SMS_SENDER is not set.' ]]
}

@test "outbox: a program for mail that is missing, or too slow to start, is tried again" {
	a_sendmail
	settings+=(SENDMAIL=/nonexistent/sendmail)
	id=$(put mail asha@example.com)
	shopctl outbox --json
	[[ $(told '[.sent, .later]') == '[0,1]' ]]
	[[ $(message "$id" status last_error) == 'queued /nonexistent/sendmail cannot be started: check SENDMAIL.' ]]
}

@test "outbox: two senders at once send each message once" {
	# Slow enough for the last one to find something to do, however late it comes.
	a_sendmail 'sleep 0.2'
	sql "insert into outbox (template, channel, recipient, data, give_up_at)
		select 'order_paid', 'mail', 'asha' || i || '@example.com', '{\"number\":\"1\"}', now() + interval '1 day'
		from generate_series(1, 36) i"
	for i in 1 2 3; do
		env "${settings[@]}" "$VAR/site/bin/shopctl" outbox --json >"$BATS_TEST_TMPDIR/$i.json" 3>&- &
	done
	wait
	[[ $(jq -s 'map(.sent) | add' "$BATS_TEST_TMPDIR"/[123].json) == 36 ]]
	[[ $(mails) == 36 ]]
	[[ $(the_mail | grep '^To: ' | sort -u | wc -l) == 36 ]]
	# All three have worked.
	[[ $(jq -s 'map(select(.sent > 0)) | length' "$BATS_TEST_TMPDIR"/[123].json) == 3 ]]
}

@test "outbox: the message of a sender that was killed is sent by the next one, after two minutes" {
	a_sendmail "echo \$\$ >$BATS_TEST_TMPDIR/pid" 'exec sleep 20'
	id=$(put mail asha@example.com)
	env "${settings[@]}" "$VAR/site/bin/shopctl" outbox >/dev/null 2>&1 3>&- &
	sender=$!
	for _ in {1..50}; do [[ ! -s $BATS_TEST_TMPDIR/pid ]] || break; sleep 0.1; done
	kill -9 "$sender"
	kill "$(<"$BATS_TEST_TMPDIR/pid")"
	wait "$sender" || true
	[[ $(message "$id" status tries) == 'sending 1' ]]
	a_sendmail
	shopctl outbox --json
	[[ $(told '[.sent, .waiting]') == '[0,1]' ]]
	[[ $(message "$id" "next_try_at - now() between interval '100 s' and interval '120 s'") == t ]]
	as_if_later "$id"
	shopctl outbox --json
	[[ $(told '[.sent, .waiting]') == '[1,0]' ]]
	[[ $(message "$id" status tries) == 'sent 2' ]]
}

# --- mail

@test "outbox: the headers of mail are correct, whatever the store's name" {
	a_sendmail
	long=$(printf 'Käse😀%.0s' {1..1000})
	put mail asha@example.com order_placed "$(jq -nc --arg store "$long" '{$store, number: "7", name: "a\r\nBcc: eve@example.com",
		store_email: "help@shop.example"}')" >/dev/null
	shopctl outbox --json
	[[ $(told .sent) == 1 ]]
	[[ $(cat "$BATS_TEST_TMPDIR"/mail/*.arguments) == '-t -i' ]]
	the_mail >"$BATS_TEST_TMPDIR/one"
	[[ $(wc -L <"$BATS_TEST_TMPDIR/one") -le 78 ]]
	[[ $(LC_ALL=C grep -c '[^[:print:]]' "$BATS_TEST_TMPDIR/one") == 0 ]]
	sed '/^$/q' "$BATS_TEST_TMPDIR/one" >"$BATS_TEST_TMPDIR/head"
	[[ $(grep -c '^To: <asha@example.com>$' "$BATS_TEST_TMPDIR/head") == 1 ]]
	[[ $(grep -c '^Reply-To: <help@shop.example>$' "$BATS_TEST_TMPDIR/head") == 1 ]]
	[[ $(grep -ci '^bcc' "$BATS_TEST_TMPDIR/head") == 0 ]]
	# Somebody else's decoder reads the same.
	perl -MEncode -CO -0777 -ne 's/\n / /g; /^Subject: (.*)$/m and print decode("MIME-Header", $1)' \
		"$BATS_TEST_TMPDIR/head" >"$BATS_TEST_TMPDIR/subject"
	[[ $(<"$BATS_TEST_TMPDIR/subject") == "Your order 7 at $long" ]]
	perl -MMIME::QuotedPrint -0777 -ne 's/.*?\n\n//s; print decode_qp($_)' "$BATS_TEST_TMPDIR/one" >"$BATS_TEST_TMPDIR/text"
	grep -qF "your order 7 at $long." "$BATS_TEST_TMPDIR/text"
}

@test "outbox: a store's name that would begin another header is refused" {
	a_sendmail
	id=$(put mail asha@example.com order_placed '{"store":"Tea\nBcc: eve@example.com","number":"7"}')
	shopctl outbox --json
	[[ $(told '[.sent, .given_up]') == '[0,1]' ]]
	[[ $(message "$id" status last_error) == 'dead The subject is not one line of text.' ]]
	[[ $(mails) == 0 ]]
}

# --- text messages

# provider STATUS BODY : one that answers so; its address is $provider, and requests go to the file asked.
provider() {
	if [[ $server ]]; then kill "$server"; fi
	built one_answer_server
	printf 'HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s' "$1" "${#2}" "$2" >"$BATS_TEST_TMPDIR/answer"
	rm -f "$BATS_TEST_TMPDIR/port" "$BATS_TEST_TMPDIR/asked"
	"$programs/one_answer_server" "$BATS_TEST_TMPDIR/answer" "$BATS_TEST_TMPDIR/asked" >"$BATS_TEST_TMPDIR/port" 2>/dev/null 3>&- &
	server=$!
	for _ in {1..200}; do [[ ! -s $BATS_TEST_TMPDIR/port ]] || break; sleep 0.02; done
	provider=http://127.0.0.1:$(<"$BATS_TEST_TMPDIR/port")
}

asked() { tr -d '\r' <"$BATS_TEST_TMPDIR/asked"; }

@test "outbox: requests to Twilio" {
	provider '201 Created' '{"sid":"SM1","status":"queued"}'
	settings=(SMS_SENDER=twilio TWILIO_ACCOUNT_SID=AC0123 TWILIO_AUTH_TOKEN=t0ken TWILIO_FROM=+15005550006
		"TWILIO_API_BASE=$provider")
	id=$(put sms +919800000001 order_paid '{"store":"Tea & Co","number":"7"}')
	shopctl outbox --json
	[[ $(told .sent) == 1 ]]
	[[ $(asked | head -n 1) == 'POST /2010-04-01/Accounts/AC0123/Messages.json HTTP/1.1' ]]
	asked | grep -qixF "Authorization: Basic $(printf AC0123:t0ken | base64)"
	asked | grep -qixF 'Content-Type: application/x-www-form-urlencoded'
	[[ $(asked | tail -n 1) == 'To=%2B919800000001&From=%2B15005550006&Body=Tea%20%26%20Co%3A%20your%20payment%20for%20order%207%20has%20arrived.%20Thank%20you%21' ]]
	settings+=(TWILIO_FROM=MG77)
	put sms +919800000001 order_paid '{"number":"7"}' >/dev/null
	shopctl outbox --json
	[[ $(asked | tail -n 1) == 'To=%2B919800000001&MessagingServiceSid=MG77&Body='* ]]
}

@test "outbox: requests to MSG91" {
	provider '200 OK' '{"type":"success","message":"id"}'
	settings=(SMS_SENDER=msg91 MSG91_AUTH_KEY=k3y 'MSG91_TEMPLATES=otp:tpl1,order_paid:tpl2' "MSG91_API_BASE=$provider")
	put sms +919800000001 order_paid '{"store":"Tea & Co","number":"7","carrier":null}' >/dev/null
	missing=$(put sms +919800000001 order_shipped '{"number":"7"}')
	shopctl outbox --json
	[[ $(told '[.sent, .given_up]') == '[1,1]' ]]
	[[ $(asked | head -n 1) == 'POST /api/v5/flow HTTP/1.1' ]]
	asked | grep -qixF 'authkey: k3y'
	asked | grep -qixF 'Content-Type: application/json'
	[[ $(asked | tail -n 1 | command jq -cS .) == \
		'{"recipients":[{"mobiles":"919800000001","number":"7","store":"Tea & Co"}],"template_id":"tpl2"}' ]]
	[[ $(message "$missing" last_error) == 'MSG91_TEMPLATES has none for order_shipped.' ]]
	provider '200 OK' '{"type":"error","message":"Invalid template"}'
	settings+=("MSG91_API_BASE=$provider")
	id=$(put sms +919800000001 order_paid)
	shopctl outbox --json
	[[ $(message "$id" status last_error) == 'dead MSG91: status 200, Invalid template' ]]
}

@test "outbox: permanent failures, and those that are retried" {
	settings=(SMS_SENDER=twilio TWILIO_ACCOUNT_SID=AC0123 TWILIO_AUTH_TOKEN=t0ken TWILIO_FROM=+15005550006)
	while read -r status outcome; do
		provider "$status X" '{"code":21211,"message":"Said so"}'
		settings+=("TWILIO_API_BASE=$provider")
		id=$(put sms +919800000001 order_paid)
		# cron does not wait for others' messages.
		sql "update cron_runs set ended_at = now()"
		shopctl cron --json
		[[ $(message "$id" status last_error) == "$outcome Twilio: status $status, Said so" ]]
	done <<-END
		400 dead
		404 dead
		422 dead
		401 queued
		403 queued
		429 queued
		500 queued
		503 queued
		302 queued
	END
	kill "$server"
	server=
	id=$(put sms +919800000001 order_paid)
	shopctl outbox --json
	[[ $(message "$id" status last_error) == 'queued Twilio: the provider cannot be reached.' ]]
}
