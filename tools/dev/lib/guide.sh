# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# The final output of tools/up: where everything is, and commands to try.

show_status() {
	local name pid
	name=$(running_server)
	pid=$(web_pid "$name")
	cat <<-END

		cgishop runs under $name ($mode), http://127.0.0.1:$port/api/
		  processes  $name $pid, PgBouncer $(bouncer_pid), PostgreSQL $(postgres_pid)
		  settings   $site/.env${settings[*]:+ and ${settings[*]%%=*} of this run}
		  logs       $log
		  database   psql -h $run/db -U cgishop_owner cgishop
		  stop       tools/down
	END
}

show_guide() {
	cat <<-END

		# Lines to paste. A visitor looks around:
		shop=http://127.0.0.1:$port/api
	END
	cat <<-'END'
		field() { grep -o "\"$1\": *\"[^\"]*\"" | head -n 1 | cut -d '"' -f 4; }
		curl -s "$shop/categories/?page_size=5"; echo
		curl -s "$shop/products/?search=tea&page_size=3"; echo
		found=$(curl -s "$shop/products/?in_stock=true&page_size=1")
		product=$(field id <<<"$found"); store=$(field store <<<"$found")
		curl -s "$shop/products/$product"; echo

		# A guest places an order and reads it with its token:
		placed=$(curl -s "$shop/orders/" -H 'Content-Type: application/json' -d '{
		  "store": "'$store'", "items": [{"product": "'$product'", "quantity": 1}],
		  "contact": {"name": "Asha Rao", "email": "asha@example.com", "mobile_number": "+919800000001"},
		  "shipping_address": {"name": "Asha Rao", "line1": "12 Lake Road", "city": "Pune",
		    "postal_code": "411001", "country": "IN", "phone": "+919800000001"}}')
		echo "$placed"
		curl -s "$shop/orders/$(field id <<<"$placed")" -H "X-Order-Token: $(field order_token <<<"$placed")"; echo
	END
	if [[ $(setting APP_ENV) == development ]]; then
		cat <<-'END'

			# A customer signs in; in development the code is 1234:
			curl -s "$shop/auth/customer/request-otp" -H 'Content-Type: application/json' -d '{"mobile_number": "+919800000001"}'; echo
			customer=$(curl -s "$shop/auth/customer/login" -H 'Content-Type: application/json' -d '{"mobile_number": "+919800000001", "otp": "1234"}' | field token)
			curl -s "$shop/auth/me" -H "Authorization: Bearer $customer"; echo
		END
	fi
	printf '\n# The administrator signs in and adds to the catalogue:\n'
	if [[ -n ${admin_password:-} ]]; then
		printf "password='%s'\n" "$admin_password"
	else
		printf '%s\n' "read -rsp 'Password of $ADMIN_EMAIL: ' password; echo    # paste this line alone"
	fi
	printf "email='%s'\n" "$ADMIN_EMAIL"
	cat <<-'END'
		staff=$(curl -s "$shop/auth/admin/login" -H 'Content-Type: application/json' -d '{"email": "'$email'", "password": "'$password'"}' | field token)
		category=$(curl -s "$shop/categories/" -H "Authorization: Bearer $staff" -H 'Content-Type: application/json' -d '{"name": "Tea '$RANDOM'"}' | field id)
		product=$(curl -s "$shop/products/" -H "Authorization: Bearer $staff" -H 'Content-Type: application/json' -d '{
		  "sku": "TEA-'$RANDOM'", "name": "Green tea", "category": "'$category'", "store": "'$store'",
		  "price": "4.50", "tax_rate": "5"}' | field id)
		curl -s "$shop/products/$product/stock" -H "Authorization: Bearer $staff" -H 'Content-Type: application/json' -d '{"delta": 20, "reason": "first delivery"}'; echo
		curl -s "$shop/products/$product"; echo
		coupon=WELCOME-$RANDOM
		curl -s "$shop/coupons/" -H "Authorization: Bearer $staff" -H 'Content-Type: application/json' -d '{
		  "code": "'$coupon'", "store": "'$store'", "discount_percent": "10", "usage_limit": 100}'; echo

		# A guest fills a cart, adds the coupon, places it and pays on delivery:
		cart=$(curl -s "$shop/orders/" -H 'Content-Type: application/json' -d '{
		  "action": "update_cart", "store": "'$store'", "items": [{"product": "'$product'", "quantity": 2}]}')
		order=$(field id <<<"$cart"); token=$(field order_token <<<"$cart")
		curl -s -X PATCH "$shop/orders/$order" -H "X-Order-Token: $token" -H 'Content-Type: application/json' -d '{
		  "coupon": "'$coupon'", "contact": {"name": "Asha Rao", "email": "asha@example.com"}}'; echo
		curl -s -X POST "$shop/orders/$order/place" -H "X-Order-Token: $token" -H 'Content-Length: 0'; echo
		payment=$(curl -s "$shop/payments/" -H "X-Order-Token: $token" -H "Idempotency-Key: $(date +%s%N)" \
		  -H 'Content-Type: application/json' -d '{"order": "'$order'", "payment_method": "cod"}' | field id)

		# The shop ships it, is paid on delivery, and writes an invoice:
		curl -s "$shop/orders/$order/ship" -H "Authorization: Bearer $staff" -H 'Content-Type: application/json' -d '{
		  "carrier": "Blue Dart", "tracking": "BD-1001"}' | field status
		curl -s -X POST "$shop/payments/$payment/mark-paid" -H "Authorization: Bearer $staff" -H 'Content-Length: 0' | field status
		invoice=$(curl -s "$shop/orders/$order" -H "X-Order-Token: $token" | sed 's/.*"invoice": *{"id": *"\([^"]*\).*/\1/')
	END
	case $pdf in
	on)  printf '%s\n' 'curl -sf "$shop/invoices/$invoice/pdf" -H "X-Order-Token: $token" -o invoice.pdf && ls -l invoice.pdf' ;;
	off) printf '%s\n' 'curl -sf "$shop/invoices/$invoice/html" -H "X-Order-Token: $token" -o invoice.html && ls -l invoice.html' ;;
	esac
}
