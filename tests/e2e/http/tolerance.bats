# What real clients send, and what is made of it: null for what may be left out, white space around it, codes in small
# letters, numbers for decimals, addresses as they were read. docs/clients.md lists it.
# shellcheck disable=SC2154

load ../../support/api

setup_file() {
	as admin
	STORE=$(staffed_store)
	as staff
	PRODUCT=$(make /products store="$STORE" sku="$(unique)" name=Tea price=10 inventory_count:=1000)
	export STORE PRODUCT
}

# the JSON of an order with MEMBERS beside what it needs
order() {
	jq -nc --arg store "$STORE" --arg product "$PRODUCT" "{store: \$store, items: [{product: \$product, quantity: 1}],
		contact: {name: \"Asha Rao\", email: \"asha@example.com\"}} + ($1)"
}

@test "tolerance: null is nothing where a field may be left out" {
	as staff
	api POST /products --json "{\"store\":\"$STORE\",\"sku\":\"$(unique)\",\"name\":\"$(unique)\",\"price\":\"1\",
		\"slug\":null,\"description\":null,\"tax_rate\":null,\"attributes\":null,\"comments\":null,\"status\":null,
		\"is_suspended\":null,\"inventory_count\":null,\"weight\":null}"
	expect 201
	id=$(field .id)
	[[ $(field '[.description, .tax_rate, .attributes, .comments, .is_suspended, .inventory_count] | tojson') == \
		'["","0.000",{},"",false,0]' ]]
	send PATCH "/products/$id" description=x tax_rate=7 status=new weight=2
	expect 200
	slug=$(field .slug)
	api PATCH "/products/$id" --json '{"description":null,"tax_rate":null,"status":null,"weight":null,"slug":null}'
	expect 200
	[[ $(field '[.description, .tax_rate, .status, .weight, .slug] | tojson') == "[\"\",\"0.000\",\"\",null,\"$slug\"]" ]]
	api PATCH "/products/$id" --json '{"name":null}'
	expect 422 validation "/name null"
	as nobody
	api POST /orders --json "$(order '{comments: null, coupon: null, shipping_method: null, billing_address: null, action: null,
		shipping_address: {name: null, line1: "a", line2: null, city: "b", region: null, postal_code: null, country: "DE",
			phone: null}}')"
	expect 201
	as customer
	send POST /addresses line1=a city=b country=DE phone:=null region:=null label:=null is_default:=null
	expect 201
	send PATCH /auth/me name=Asha
	expect 200
	send PATCH /auth/me name:=null
	expect 200
	[[ $(field .name) == "" ]]
	as admin
	send POST /users email="$(unique)@example.test" is_staff:=true is_active:=null password:=null name:=null
	expect 201
	send PATCH "/users/$(field .id)" password:=null
	expect 200
}

@test "tolerance: white space around a value is dropped, of any script" {
	as admin
	email=$(unique)@example.test
	api POST /users --json "{\"email\":\"\\u00a0$email \\n\",\"name\":\" Ann\\u3000\",\"is_staff\":true}"
	expect 201
	[[ $(field '[.email, .name] | tojson') == "[\"$email\",\"Ann\"]" ]]
	send POST /stores name=" $(unique) " currency=" INR " contact_email=" Shop@Example.com " timezone=" Asia/Kolkata"
	expect 201
	[[ $(field '[.currency, .contact_email, .timezone] | tojson') == '["INR","shop@example.com","Asia/Kolkata"]' ]]
	as staff
	code=$(unique C)
	send POST /coupons code=" $code " store="$STORE" discount_percent=10
	expect 201
	[[ $(field .code) == "$code" ]]
	as nobody
	api POST /orders --json "$(order "{coupon: \" $code\\u00a0\", contact: {name: \" Asha \", email: \" a@example.com \"}}")"
	expect 201
	[[ $(field '[.contact.name, .contact.email, .coupon, .discount_total] | tojson') == \
		"[\"Asha\",\"a@example.com\",\"$code\",\"1.00\"]" ]]
	api POST /orders --json "$(order "{coupon: \"\\t${code,,} \", action: \"update_cart\"}")"
	expect 201
	[[ $(field .coupon) == "$code" ]]
	api PATCH "/orders/$(field .id)" -H "X-Order-Token: $(field .order_token)" --json "{\"coupon\":\"\\u2003$code\\n\"}"
	expect 200
	[[ $(field .discount_total) == 1.00 ]]
	as admin
	for filter in "/coupons?code=%20${code,,}%C2%A0" "/users?email=%20${email^^}%20" "/users?email=$email%E2%80%83"; do
		api GET "$filter"
		expect 200
		[[ $(field '.results | length') == 1 ]] || { echo "$filter: $body"; false; }
	done
	as nobody
	send POST /auth/admin/login email=" $ADMIN_EMAIL " password="$ADMIN_PASSWORD"
	expect 200
	send POST /auth/admin/login email="$ADMIN_EMAIL" password=" $ADMIN_PASSWORD"
	expect 401 invalid-credentials
}

@test "tolerance: codes of countries and currencies are those assigned, and a wrong one is answered with the right one" {
	as customer
	for typed in in IND Ind; do
		send POST /addresses line1=a city=b country="$typed"
		expect 422 validation "/country invalid"
		[[ $(field '.errors[0].detail') == *' Use "IN".' ]]
	done
	send POST /addresses line1=a city=b country=UK
	expect 422 validation "/country invalid"
	[[ $(field '.errors[0].detail') == *' Use "GB".' ]]
	send POST /addresses line1=a city=b country=QQ
	expect 422 validation "/country invalid"
	send POST /addresses line1=a city=b country=" XK "
	expect 201
	[[ $(field .country) == XK ]]
	as admin
	send POST /stores name="$(unique)" currency=RMB
	expect 422 validation "/currency invalid"
	[[ $(field '.errors[0].detail') == *' Use "CNY".' ]]
	send POST /stores name="$(unique)" currency=EUR address:='{"country":"EL"}'
	expect 422 validation "/address/country invalid"
	[[ $(field '.errors[0].detail') == *' Use "GR".' ]]
	as staff
	send POST /shipping-methods store="$STORE" name="$(unique)" price=1 countries:='["DE","UK"]'
	expect 422 validation "/countries/1 invalid"
	send POST /shipping-methods store="$STORE" name="$(unique)" price=1 countries:='["IN"," DE"]'
	expect 201
	[[ $(field '.countries | tojson') == '["IN","DE"]' ]]
	send DELETE "/shipping-methods/$(field .id)"
	as nobody
	api POST /orders --json "$(order '{shipping_address: {line1: "a", city: "b", country: "uk"}}')"
	expect 422 validation "/shipping_address/country invalid"
	api POST /orders --json "$(order '{shipping_address: {line1: "a", city: "b", region: "Goa", country: " IN"}}')"
	expect 201
	[[ $(field .shipping_address.country) == IN ]]
	api GET "/stores?currency=%20EUR&slug=$(unique)"
	expect 200
	api GET "/stores?currency=DEM"
	expect 400 invalid-query "currency invalid"
	[[ $(field '.errors[0].detail') == *' Use "EUR".' ]]
	api GET "/shipping-methods?countries=uk"
	expect 400 invalid-query "countries invalid"
}

@test "tolerance: an address that was saved can be sent back as it was read" {
	as customer
	send POST /addresses label=Home line1=a city=b region=Goa country=IN phone='+91 98765 43210' is_default:=true
	expect 201
	address=$body
	api POST /orders --json "$(order "{shipping_address: $address, billing_address: $address}")"
	expect 201
	[[ $(field '.shipping_address | keys | join(" ")') == "city company country line1 line2 name phone postal_code region tax_id" ]]
	[[ $(field .billing_address.phone) == +919876543210 ]]
	send POST /addresses line1=a city=b country=DE
	expect 201
	[[ $(field .phone) == null ]]
	api POST /orders --json "$(order "{shipping_address: $body, billing_address: $body, action: \"update_cart\"}")"
	expect 201
	api PATCH "/orders/$(field .id)" --json "{\"shipping_address\":$address}"
	expect 200
	[[ $(field '[.shipping_address.country, .shipping_address.phone] | join(" ")') == "IN +919876543210" ]]
	for name in status user created_by colour; do
		api POST /orders --json "$(order "{shipping_address: ($address + {$name: 1})}")"
		expect 422 validation "/shipping_address/$name unknown_field"
	done
}

@test "tolerance: a decimal may be a plain number, which is taken as it was written" {
	as staff
	for price in 19.9 19.90 20 0.1 12345678901.12; do
		api POST /products --json "{\"store\":\"$STORE\",\"sku\":\"$(unique)\",\"name\":\"x\",\"price\":$price,\"weight\":0.1}"
		expect 201
		[[ $(field '[.price, .weight] | join(" ")') == "$(printf %.2f "$price") 0.1" ]]
	done
	for price in 1e2 1E0 -1 0.001 123456789012345; do
		api POST /products --json "{\"store\":\"$STORE\",\"sku\":\"$(unique)\",\"name\":\"x\",\"price\":$price}"
		expect 422 validation
	done
	send POST /coupons code="$(unique)" store="$STORE" discount_amount:=2.5 min_order_value:=10
	expect 201
	[[ $(field '[.discount_amount, .min_order_value] | join(" ")') == "2.50 10.00" ]]
}

# --- what GET gave

# put_back PATH [JQ'S EDIT] : PUT what GET gives, edited.
put_back() {
	api GET "$1"
	expect 200
	api PUT "$1" --json "$(jq -c "${2-.}" <<<"$body")"
}

@test "tolerance: PUT takes back what GET gave, of every kind of object" {
	as staff
	category=$(make /categories name="$(unique)" store="$STORE")
	paths="/products/$PRODUCT /stores/$STORE /categories/$category
		/subcategories/$(make /subcategories name="$(unique)" category="$category")
		/coupons/$(make /coupons code="$(unique)" store="$STORE" discount_percent=10)
		/shipping-methods/$(make /shipping-methods store="$STORE" name="$(unique)" price=1)
		/product-images/$(make /product-images product="$PRODUCT" url=https://images.invalid/a.png)"
	make /products store="$STORE" sku="$(unique)" name=v price=1 parent="$(make /products store="$STORE" sku="$(unique)" \
		name=p price=1 attributes:='{"b":[1.50,{"x":null}],"a":"ä"}')" inventory_count:=3 >/dev/null
	api GET "/products?store=$STORE&page_size=1"
	paths+=" /products/$(field '.results[0].id')"
	as admin
	paths+=" /users/$(staff_id)"
	for who in staff admin; do
		as "$who"
		for path in $paths; do
			if [[ $who$path == staff/users/* ]]; then continue; fi
			put_back "$path"
			expect 200 || { echo "$who $path"; false; }
		done
	done
	for path in $paths; do
		as admin
		if [[ $path == /shipping-methods/* ]]; then api DELETE "$path"; fi
	done
	as customer
	put_back "/addresses/$(make /addresses line1=a city=b region=Goa country=IN)"
	expect 200
}

@test "tolerance: what an object refers to may have been deleted meanwhile" {
	as staff
	class=$(make /tax-classes name="$(unique)" store="$STORE" rate=7)
	id=$(make /products store="$STORE" sku="$(unique)" name=Cup price=10 tax_class="$class")
	other=$(make /products store="$STORE" sku="$(unique)" name=Cup price=10)
	api DELETE "/tax-classes/$class"
	put_back "/products/$id" '.name = "Mug"'
	expect 200
	[[ $(field '[.name, .tax_class] | join(" ")') == "Mug $class" ]]
	send PATCH "/products/$other" tax_class="$class"
	expect 422 validation "/tax_class not_found"
	send POST /products store="$STORE" sku="$(unique)" name=Cup price=10 tax_class="$class"
	expect 422 validation "/tax_class not_found"
}

@test "tolerance: unchanged is what means the same" {
	as staff
	id=$(make /products store="$STORE" sku="$(unique)" name=Cup price=10 inventory_count:=5)
	for edit in '.created_at |= sub("...Z$"; "Z")' '.created_at |= sub("[.][0-9]*Z$"; "Z")' '.store |= ascii_upcase' \
		'.inventory_count = 5.0' 'del(.modified_at) | .weight = 0.5'; do
		put_back "/products/$id" "$edit"
		expect 200 || { echo "$edit"; false; }
	done
	while IFS='@' read -r edit errors; do
		put_back "/products/$id" "$edit"
		expect 422 validation "$errors" || { echo "$edit"; false; }
	done <<-'END'
		.inventory_count = 6@/inventory_count immutable
		.in_stock = false@/in_stock read_only
		.images = [{}]@/images read_only
		.created_at |= sub("^20"; "21")@/created_at read_only
		.currency = "USD" | .id = null@/currency read_only, /id read_only
		.id |= sub("^."; "x") | .price = "1e2" | .colour = 1@/colour unknown_field, /id read_only, /price invalid
	END
	send PATCH "/products/$id" id="$id" store="$STORE" name=Mug
	expect 200
	[[ $(field .name) == Mug ]]
	send PATCH "/products/$id" id="$STORE"
	expect 422 validation "/id read_only"
	send POST /products store="$STORE" sku="$(unique)" name=Cup price=10 currency=EUR
	expect 422 validation "/currency read_only"
	api DELETE "/products/$id"
	send PATCH "/products/$id" id="$id"
	expect 404 not-found
}

# --- settings

# with SETTING METHOD GROUP PATH [QUERY] [BODY] : ask a program itself, which finds the shop's settings and takes this one
# from the environment; leaves $status and $body.
with() {
	local out
	out=$(env -i "$1" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD="$2" SCRIPT_NAME="/cgi-bin/api/$3" PATH_INFO="$4" \
		QUERY_STRING="${5-}" CONTENT_TYPE=application/json CONTENT_LENGTH="$(LC_ALL=C; echo "${#6}")" \
		${token:+"HTTP_AUTHORIZATION=Bearer $token"} "$VAR/site/cgi-bin/api/$3" <<<"${6-}" 2>/dev/null)
	status=${out#Status: } status=${status%% *}
	body=$(tail -n 1 <<<"$out")
	headers=$(sed '/^\r*$/q' <<<"$out")
}

@test "tolerance: a person is one customer, however number and address are typed" {
	number=30$(printf '%08d' $((SRANDOM % 100000000)))
	id=
	for typed in "+49 (0)$number" "+49 $number" "0049 ${number:0:2}/${number:2}" " +490$number " "00 49 (0) $number"; do
		token=
		send POST /auth/customer/request-otp mobile_number="$typed"
		expect 202
		[[ $(field .mobile_number) == "+49$number" ]]
		send POST /auth/customer/login mobile_number="$typed" otp=" 1234 "
		expect 200
		[[ ${id:=$(field .user.id)} == "$(field .user.id)" ]]
	done
	email=$(unique ann)
	id=
	for typed in "$email@example.test" " ${email^^}@Example.TEST " "$email@EXAMPLE.test"; do
		token=
		send POST /auth/customer/request-otp email="$typed"
		expect 202
		send POST /auth/customer/login email="$typed" otp=1234
		expect 200
		[[ ${id:=$(field .user.id)} == "$(field .user.id)" ]]
	done
	token=
	send POST /auth/customer/request-otp email="jörg@example.test"
	expect 422 validation "/email not_ascii"
	[[ $(field '.errors[0].detail') == 'Before the @ only ASCII'* ]]
	send POST /auth/customer/request-otp email="ann@bücher.example"
	expect 422 validation "/email not_ascii"
	[[ $(field '.errors[0].detail') == *'"xn--'* ]]
}

@test "tolerance: national telephone numbers with DEFAULT_COUNTRY, in bodies and in filters" {
	as admin
	local number=98$(printf '%08d' $((SRANDOM % 100000000)))
	send POST /users mobile_number="0$number" is_customer:=true
	expect 422 validation "/mobile_number invalid"
	with DEFAULT_COUNTRY=IN POST users '' '' "{\"mobile_number\":\" 0${number:0:5}-${number:5}\",\"is_customer\":true}"
	expect 201
	[[ $(field .mobile_number) == "+91$number" ]]
	for typed in "$number" "0$number" "0091$number" "%2B91$number" "+91$number" "91$number"; do
		with DEFAULT_COUNTRY=IN GET users '' "mobile_number=$typed"
		expect 200
		[[ $(field '.results | length') == 1 ]] || { echo "$typed: $body"; false; }
	done
	api GET "/users?mobile_number=+91$number"
	[[ $(field '.results | length') == 1 ]]
	as nobody
	with DEFAULT_COUNTRY=IN POST orders '' '' "$(order "{contact: {name: \"A\", mobile_number: \"0$number\"},
		shipping_address: {line1: \"a\", city: \"b\", region: \"Goa\", country: \"IN\", phone: \"$number\"}}")"
	expect 201
	[[ $(field '[.contact.mobile_number, .shipping_address.phone] | join(" ")') == "+91$number +91$number" ]]
	with DEFAULT_COUNTRY=IN POST auth /customer/request-otp '' "{\"mobile_number\":\"0$number\"}"
	expect 202
	[[ $(field .mobile_number) == "+91$number" ]]
}

@test "tolerance: a store without a currency has DEFAULT_CURRENCY" {
	as admin
	send POST /stores name="$(unique)"
	expect 422 validation "/currency required"
	with DEFAULT_CURRENCY=INR POST stores '' '' "{\"name\":\"$(unique)\"}"
	expect 201
	[[ $(field .currency) == INR ]]
	with DEFAULT_CURRENCY=INR POST stores '' '' "{\"name\":\"$(unique)\",\"currency\":\" EUR\"}"
	[[ $(field .currency) == EUR ]]
	with DEFAULT_CURRENCY=INR POST stores '' '' "{\"name\":\"$(unique)\",\"currency\":null}"
	expect 201
	with DEFAULT_CURRENCY=INR PATCH stores "/$STORE" '' '{"description":"x"}'
	expect 200
	[[ $(field .currency) == EUR ]]
}

@test "tolerance: IGNORED_PARAMETERS does not take a parameter that is known" {
	for query in ref=x 'ref=x&ref=y' 'tax_class=null&ref=1'; do
		with IGNORED_PARAMETERS=ref,tax_class GET products '' "$query"
		expect 200
	done
	for name in tax_class fbclid; do
		with IGNORED_PARAMETERS=ref,tax_class GET products '' "$name=none"
		expect 400
		[[ $(field '.errors[0].pointer') == "$name" ]]
	done
}
