# A way to pay is one file and one line in a list: nothing outside core/gateway knows one by its name, and one more is
# offered, paid and refunded like the others.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

need PSQL APP_PSQL API

# May name them: their own directory, their settings, and the demonstration catalogue, in which what is striped is sold.
may_name='^(core/gateway/|core/config/(settings\.def|config(_read)?\.[ch])$|tools/shopctl/demo/catalogue\.json$)'

# code FILE... : its lines as file:line:text, without comments.
code() {
	perl -0777 -ne 'if ($ARGV =~ /\.sql$/) { s{--[^\n]*}{}g } else { s{/\*.*?\*/}{$& =~ tr/\n//cdr}gse }
		my $n = 0; print "$ARGV:", ++$n, ":$_\n" for split /\n/' "$@"
}

@test "gateways: none is named outside core/gateway" {
	local names named files
	cd "$top"
	names=$(sed -n 's/^GATEWAY(\(.*\))$/\1/p' core/gateway/gateways.def | paste -sd '|')
	[[ $names == *'|'* ]]
	named="[^a-z]($names)([^a-z]|\$)"
	# Where they are this finds them.
	[[ $(code core/gateway/*.c | grep -Eio "$named" | grep -Eio "$names" | sort -fu | wc -l) == \
		"$(tr '|' '\n' <<<"$names" | wc -l)" ]]
	mapfile -t files < <(find core cgi-bin tools sql -name '*.[ch]' -o -name '*.def' -o -name '*.sql' | grep -Ev "$may_name")
	(( ${#files[@]} > 150 ))
	# A store's field has its name from what owners know, cash on delivery; it holds for all that is paid by hand.
	# What is captured manually is so by any method. Shopify's fulfilment by the shop itself has such a name.
	{ code "${files[@]}" | sed -E 's/cod_confirmation|manual_capture|COUNTRY_CODE\(CD, COD\)|export_shopify.c:[0-9]+:.*STR\("manual"\)//g' | grep -Ei "$named" || true; } | nothing "named outside core/gateway"
}

# states LIST : its names in core/gateway/states.def, in their order.
states() { sed -n "s/^$1(.*, \"\(.*\)\").*/\1/p" "$top/core/gateway/states.def" | paste -sd ,; }

# allowed CONSTRAINT : the values that it allows, sorted. sorted LIST : the same of a list.
allowed() { sql "select pg_get_constraintdef(oid) from pg_constraint where conname = '$1'" | grep -o "'[a-z_]*'" |
	tr -d "'" | sort | paste -sd ,; }
sorted() { tr , '\n' <<<"$1" | sort | paste -sd ,; }

# ranked LIST RANK : the list, ordered by an SQL expression of `state`.
ranked() { sql "select string_agg(state, ',' order by $2) from unnest('{$1}'::text[]) state where $2 is not null"; }

@test "gateways: the states in C are the database's, in the same order" {
	[[ $(states PAYMENT_STATE) == created,*,captured && $(states REFUND_STATE) == *,*,* && $(states DISPUTE_STATE) == *,lost ]]
	[[ $(allowed payments_status) == "$(sorted "$(states PAYMENT_STATE)")" ]]
	[[ $(allowed refunds_status) == "$(sorted "$(states REFUND_STATE)")" ]]
	[[ $(allowed disputes_status) == "$(sorted "$(states DISPUTE_STATE)")" ]]
	[[ $(ranked "$(allowed payments_status)" 'payment_rank(state)') == "$(states PAYMENT_STATE)" ]]
	[[ $(ranked "$(allowed refunds_status)" 'refund_rank(state)') == "$(states REFUND_STATE)" ]]
	# What is decided comes before the time of the event.
	[[ $(ranked "$(allowed disputes_status)" "dispute_rank(state, 'epoch')") == "$(states DISPUTE_STATE)" ]]
}

# a_fifth : a copy of the sources in $copy, with a way to pay that is as simple as can be; its programs are in $programs.
a_fifth() {
	local built=${build#"$top/"}
	copy=$BATS_TEST_TMPDIR/copy programs=$copy/$built/cgi-bin/api
	mkdir -p "$copy/$built"
	cp -a "$top"/{CHANGELOG.md,Makefile,core,cgi-bin,sql,tools} "$copy"
	cp -a "$top/build/gen" "$copy/build"
	cp -a "$build/obj" "$copy/$built"
	echo 'GATEWAY(barter)' >>"$copy/core/gateway/gateways.def"
	cat >"$copy/core/gateway/barter.c" <<-'END'
		#include "core/gateway/gateway.h"

		static enum gateway_outcome say(const struct gateway_payment *p, enum payment_state state, struct provider_status *reported)
		{
			*reported = (struct provider_status){ .state = state, .gateway_id = p->id, .transaction = p->id,
							 .amount = p->amount, .currency = p->currency };
			return GATEWAY_DONE;
		}

		static enum gateway_outcome open_payment(const struct gateway_call *c, const struct gateway_payment *p,
							 struct provider_status *reported)
		{
			(void)c;
			(void)say(p, PAYMENT_PENDING, reported);
			reported->transaction = (struct str){ 0 };
			reported->client = STR("{\"bring\":\"goats\"}");
			return GATEWAY_DONE;
		}

		static enum gateway_outcome took(const struct gateway_call *c, const struct gateway_payment *p,
						 struct provider_status *reported)
		{
			(void)c;
			return say(p, PAYMENT_CAPTURED, reported);
		}

		static enum gateway_outcome cancel(const struct gateway_call *c, const struct gateway_payment *p,
						   struct provider_status *reported)
		{
			(void)c;
			return say(p, PAYMENT_CANCELLED, reported);
		}

		static enum gateway_outcome refund(const struct gateway_call *c, const struct gateway_payment *p,
						   const struct gateway_refund *r, struct provider_status *reported)
		{
			(void)c;
			*reported = (struct provider_status){ .gateway_id = p->id, .currency = p->currency, .about_refund = true,
							 .refund_state = REFUND_SUCCEEDED, .gateway_refund = r->id,
							 .refund = r->id, .refund_amount = r->amount };
			return GATEWAY_DONE;
		}

		static bool webhook_signature(const struct config *config, struct str header, struct str body, int64_t now_s)
		{
			(void)config;
			(void)body;
			(void)now_s;
			return str_is(header, "a handshake");
		}

		static bool webhook_read(struct arena *a, struct str body, struct gateway_event *out)
		{
			struct str id = str_cut(&body, ' '), amount = str_cut(&body, ' ');

			(void)a;
			*out = (struct gateway_event){ .id = id, .type = STR("goats.came"), .understood = true };
			out->reported = (struct provider_status){ .state = PAYMENT_CAPTURED, .gateway_id = id, .transaction = id,
							     .amount = amount, .currency = str_trim(body) };
			return true;
		}

		extern const struct gateway gateway_barter;
		const struct gateway gateway_barter = {
			.name = "barter", .online = true, .open = open_payment,
			.retrieve = took, .capture = took, .cancel = cancel, .refund = refund,
			.webhook_signature = webhook_signature, .webhook_read = webhook_read,
			.webhook_header = "HTTP_X_HANDSHAKE",
		};
	END
	make -s -j 2 -C "$copy" "$built"/cgi-bin/api/{payments,webhooks} >"$copy/log" 2>&1 || { cat "$copy/log"; return 1; }
}

# post DIRECTORY GROUP PATH_INFO BODY [NAME=VALUE]... : to a program there in a shop that takes it; "status body".
post() {
	env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST "SCRIPT_NAME=/cgi-bin/api/$2" "PATH_INFO=$3" REMOTE_ADDR=127.0.0.1 \
		CONTENT_TYPE=application/json "CONTENT_LENGTH=${#4}" "DATABASE_URL=$APP_URL" APP_ENV=test RATE_LIMITS=off \
		SECRET_KEY=0123456789abcdef0123456789abcdef SCRYPT_COST=10/8/1 PAYMENT_METHODS=cod,barter \
		MESSAGE_LOG="$BATS_TEST_TMPDIR/messages" "${@:5}" "$1/$2" <<<"$4" |
		tr -d '\r' | sed -n '1s/^Status: \([0-9]*\).*/\1/p; $p' | paste -sd ' '
}

# ask PATH BODY [HEADER]... : a POST to the shop that runs.
ask() { curl -sf "$API$1" -H 'Content-Type: application/json' -d "$2" "${@:3}"; }

@test "gateways: a fifth one is one file and one line" {
	local copy programs token store product order guest payment key=HTTP_IDEMPOTENCY_KEY=gateways-$RANDOM$RANDOM$RANDOM
	APP_URL=$(app_url)
	token="Authorization: Bearer $(token_for "$(make_user is_admin is_staff)" password)"
	store=$(ask /stores '{"name":"Barter","currency":"EUR"}' -H "$token" | jq -r .id)
	product=$(ask /products "{\"store\":\"$store\",\"sku\":\"goats-$RANDOM$RANDOM\",\"name\":\"Tea\",\"price\":\"7.00\",
		\"inventory_count\":5}" -H "$token" | jq -r .id)
	order=$(ask /orders "{\"store\":\"$store\",\"items\":[{\"product\":\"$product\",\"quantity\":2}],
		\"contact\":{\"name\":\"Asha Rao\",\"email\":\"asha@example.com\"}}")
	guest=HTTP_X_ORDER_TOKEN=$(jq -r .order_token <<<"$order") order=$(jq -r .id <<<"$order")
	begin="{\"order\":\"$order\",\"payment_method\":\"barter\"}"
	[[ $(post "$build/cgi-bin/api" payments '' "$begin" "$guest" "$key") == '422 '*'"/payment_method"'*'"invalid_choice"'* ]]

	a_fifth
	[[ $(diff -rq "$top/core" "$copy/core" | wc -l) == 2 ]]
	begun=$(post "$programs" payments '' "$begin" "$guest" "$key")
	[[ $begun == '201 '* ]]
	[[ $(jq -r '[.payment_method, .gateway, .status, .amount, .client.bring] | join(" ")' <<<"${begun#* }") == \
		'barter barter pending 14.00 goats' ]]
	payment=$(jq -r .id <<<"${begun#* }")
	[[ $(post "$programs" webhooks /barter "$payment 14.00 EUR" HTTP_X_HANDSHAKE='no hand') == '400 '* ]]
	[[ $(post "$programs" webhooks /barter "$payment 14.00 EUR" HTTP_X_HANDSHAKE='a handshake') == '200 '* ]]
	[[ $(sql "select o.status, o.payment_status, p.status from orders o join payments p on p.order_id = o.id
		where o.id = '$order'") == $'paid\tpaid\tcaptured' ]]
	[[ $(post "$programs" payments "/$payment/refunds" '{"amount":"4.00"}' HTTP_AUTHORIZATION="${token#*: }" "$key") == \
		'201 '*'"status":"succeeded"'* ]]
	[[ $(sql "select payment_status from orders where id = '$order'") == partially_refunded ]]
}
