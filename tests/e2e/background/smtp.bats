# Mail by SMTP, to a server that does what each test needs: tests/support/smtp_server.js.
# shellcheck disable=SC2154

load ../../support/messages

setup_file() {
	export smtp=$BATS_FILE_TMPDIR/smtp
	mkdir "$smtp"
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$smtp/key.pem" -out "$smtp/cert.pem" -days 2 -subj /CN=mail.test \
		-addext subjectAltName=IP:127.0.0.2 2>/dev/null
	node "$top/tests/support/smtp_server.js" "$smtp" "$smtp/key.pem" "$smtp/cert.pem" 3>&- &
	echo $! >"$smtp/pid"
	for _ in {1..100}; do [[ ! -s $smtp/port ]] || break; sleep 0.05; done
	# fetch, with the server's certificate among the trusted ones.
	mkdir "$smtp/bin"
	printf '#!/bin/sh\nexec unshare -rm sh -c %q\n' \
		"mount --bind '$smtp/cert.pem' /etc/ssl/certs/ca-certificates.crt && exec '$VAR/site/bin/fetch'" >"$smtp/bin/fetch"
	chmod 755 "$smtp/bin/fetch"
}

teardown_file() { kill "$(<"$smtp/pid")"; }

setup() {
	rm -f "$smtp"/mail-* "$smtp/behaviour.json"
	settings=("MESSAGE_LOG=$BATS_TEST_TMPDIR/log" MAIL_SENDER=smtp MAIL_FROM=orders@shop.example SMTP_USER=me
		SMTP_PASSWORD=right)
	server localhost
	only_ours
}

# server HOST [SCHEME] : mail goes there.
server() { settings+=("SMTP_URL=${2-smtp}://$1:$(<"$smtp/port")"); }
server_does() { printf '%s\n' "$1" >"$smtp/behaviour.json"; }
accepted() { find "$smtp" -name 'mail-*.json' | wc -l; }
first() { find "$smtp" -name "mail-*$1" | sort | head -n 1; }
# seen JQ : of how the first mail came.
seen() { jq -r "$1" "$(first .json)"; }

# fate OUTCOME [WORDS] : what became of a message that is sent once.
fate() {
	local id
	id=$(put mail asha@example.com)
	shopctl outbox
	[[ $(message "$id" status) == "$1" ]] || { message "$id" status tries last_error; echo "$complained"; return 1; }
	[[ $(message "$id" last_error) == *"${2-}"* ]] || { message "$id" last_error; return 1; }
}

@test "smtp: a message arrives with its envelope, headers and text" {
	id=$(put mail asha@example.com order_placed '{"store":"Café \"Zoë\"","number":"100001","total":"12.00","currency":"EUR"}')
	shopctl outbox
	[[ $code == 0 && $(message "$id" status) == sent && $(accepted) == 1 ]]
	[[ $(seen '[.from, .to, .user, .ehlo, .tls] | join(" ")') == '<orders@shop.example> <asha@example.com> me shop.example false' ]]
	mail=$(<"$(first '[0-9]')")
	grep -qx "Message-ID: <$id@shop.example>" <<<"$mail"
	grep -q '^From: =?UTF-8?Q?Caf=C3=A9' <<<"$mail"
	grep -qx 'To: <asha@example.com>' <<<"$mail"
	[[ $mail == *100001* && $mail != *$'\r'* ]]
}

@test "smtp: what was accepted but not answered is sent again, with the same Message-ID" {
	server_does '{"drop":"."}'
	id=$(put mail asha@example.com)
	shopctl outbox
	[[ $(message "$id" status tries) == "queued 1" && $(accepted) == 1 ]]
	server_does '{}'
	as_if_later "$id"
	shopctl outbox
	[[ $(message "$id" status) == sent && $(accepted) == 2 ]]
	[[ $(cat "$smtp"/mail-*[0-9] | grep -c "^Message-ID: <$id@shop.example>") == 2 ]]
}

@test "smtp: only what concerns the recipient or the message is given up" {
	server_does '{"after":{"RCPT":"550 5.1.1 No such user"}}'
	fate dead 'did not accept the recipient: 550 5.1.1 No such user'
	server_does '{"after":{".":"554 5.6.0 Malformed"}}'
	fate dead 'did not accept the message: 554 5.6.0 Malformed'
	for reply in '"RCPT":"450 4.2.1 Mailbox busy"' '"RCPT":"550 5.7.1 Relaying denied"' '"MAIL":"550 5.7.1 Not yours"' \
		'"MAIL":"530 5.7.0 Sign in"' '".":"451 4.3.0 Try later"' '"DATA":"421 4.4.2 Shutting down"' \
		'"connect":"554 Blocked"' '"AUTH":"454 4.7.0 Temporary"'; do
		server_does "{\"after\":{$reply}}"
		reply=${reply#*:\"}
		fate queued "${reply%\"}"
	done
	[[ $(accepted) == 0 ]]
}

@test "smtp: a refused password is a fault of the settings: logged, and no message is given up" {
	settings+=(SMTP_PASSWORD=wrong-one-91)
	fate queued 'did not accept SMTP_USER and SMTP_PASSWORD: 535 5.7.8 Wrong user name or password'
	[[ $complained == *"SMTP_URL=smtp://localhost:"*"did not accept SMTP_USER and SMTP_PASSWORD"* ]]
	[[ $complained != *wrong-one-91* ]]
}

@test "smtp: a server that cannot be reached, or ends the connection, is tried again" {
	server_does '{"drop":"DATA"}'
	fate queued
	settings+=(SMTP_URL=smtp://localhost:9)
	fate queued 'cannot be reached'
}

@test "smtp: other machines get neither password nor message without TLS and a valid certificate" {
	server 127.0.0.2
	fate queued 'does not offer a connection by TLS with a valid certificate'
	server_does '{"starttls":false}'
	fate queued 'does not offer a connection by TLS with a valid certificate'
	server 127.0.0.2 smtps
	server_does '{"implicit":true}'
	fate queued
	[[ $(accepted) == 0 ]]
	settings+=("HELPER_DIR=$smtp/bin")
	fate sent
	[[ $(seen '[.tls, (.commands | join(" "))] | @tsv') == $'true\tEHLO AUTH MAIL RCPT DATA' ]]
	rm "$smtp"/mail-*
	server 127.0.0.2
	server_does '{"auth":["LOGIN"]}'
	fate sent
	[[ $(seen '[.tls, .method, .user, (.commands | join(" "))] | @tsv') == $'true\tLOGIN\tme\tEHLO STARTTLS EHLO AUTH MAIL RCPT DATA' ]]
	server_does '{"starttls":false}'
	fate queued
}

@test "smtp: a server that hangs is left in time, and the password is in no argument and no environment" {
	server_does '{"hang":"."}'
	id=$(put mail asha@example.com)
	start=$SECONDS
	env "${settings[@]}" "$VAR/site/bin/shopctl" cron --seconds 10 >/dev/null 2>&1 3>&- &
	run=$!
	for _ in {1..80}; do
		helper=$(pgrep -P "$run" -x fetch) && break
		sleep 0.1
	done
	! tr '\0' ' ' <"/proc/$helper/cmdline" | grep -q right
	! tr '\0' '\n' <"/proc/$helper/environ" | grep -q -e right -e SMTP
	wait "$run" || true
	(( SECONDS - start <= 13 ))
	[[ $(message "$id" status) == queued && $(accepted) == 0 ]]
}

@test "smtp: an address cannot add a command or a header" {
	for to in $'a@x.example>\r\nRCPT TO:<b@x.example' $'a@x.example\nBcc: b@x.example' 'a@x.example,b@x.example' '<a@x.example>'; do
		id=$(put mail "$to")
		shopctl outbox
		[[ $(message "$id" status) == dead ]]
		for member in from to; do
			jq -cn --arg to "$to" --arg url "smtp://localhost:$(<"$smtp/port")" --arg member "$member" \
				'{method: "MAIL", url: $url, from: "a@x.example", to: "a@x.example", body: "Subject: x\n\nx\n",
					connect_ms_max: 999, total_ms_max: 999, answer_bytes_max: 999} | .[$member] = $to' >"$BATS_TEST_TMPDIR/request"
			run "$VAR/site/bin/fetch" <"$BATS_TEST_TMPDIR/request"
			[[ $status == 64 ]]
		done
	done
	[[ $(accepted) == 0 ]]
}

@test "smtp: test-mail prints what the server said" {
	shopctl test-mail --to ann@example.com
	[[ $code == 0 && $said == 'accepted by smtp: 250 2.0.0 Ok: queued as '* && $(seen .to) == '<ann@example.com>' ]]
	shopctl test-mail --to ann@example.com --json
	[[ $code == 0 && $(told .outcome) == '"sent"' ]]
	server_does '{"after":{"RCPT":"550 5.1.1 No such user"}}'
	shopctl test-mail --to ann@example.com
	[[ $code == 69 && $complained == *'550 5.1.1 No such user'* ]]
	settings+=(SMTP_PASSWORD=wrong)
	shopctl test-mail --to ann@example.com --json
	[[ $code == 75 && $(told .outcome) == '"not_sent"' && $(told .reply) == *'SMTP_USER and SMTP_PASSWORD'* ]]
	shopctl test-mail --to ann
	[[ $code == 64 ]]
	shopctl test-mail
	[[ $code == 64 ]]
}

@test "smtp: settings that do not fit together are refused" {
	for wrong in SMTP_URL= MAIL_FROM= SMTP_USER= SMTP_PASSWORD= SMTP_URL=smtp.example.com SMTP_URL=https://smtp.example.com \
		SMTP_URL=smtp://me@smtp.example.com SMTP_URL=smtp://smtp.example.com/x SMTP_URL=smtp:// MAIL_SENDER=smpt; do
		said=$(env "${settings[@]}" "$wrong" "$VAR/site/bin/shopctl" test-mail --to a@example.com 2>&1) && return 1
		[[ $? == 78 && $said == *"${wrong%%=*}"* || $said == *MAIL_SENDER* || $said == *SMTP_* ]]
	done
}

@test "smtp: doctor looks at the settings together and at fetch" {
	shopctl doctor --json
	[[ $(told '.checks[] | select(.check == "mail").result') == '"ok"' ]]
	settings+=(SMTP_URL=smtp://smtp.example.com:25 SMTP_USER= SMTP_PASSWORD=)
	shopctl doctor --json
	[[ $(told '[.checks[] | select(.check == "mail").result]') == '["warn","warn","ok"]' ]]
	settings+=(HELPER_DIR=/nonexistent)
	shopctl doctor --json
	[[ $(told '[.checks[] | select(.check == "mail").result]') == '["warn","warn","fail"]' ]]
}
