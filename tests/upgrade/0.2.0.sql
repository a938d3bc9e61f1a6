
SET check_function_bodies = false;

CREATE DOMAIN public.audit_action AS text
	CONSTRAINT audit_action CHECK ((VALUE = ANY (ARRAY['insert'::text, 'update'::text, 'delete'::text])));

CREATE DOMAIN public.document_number AS text
	CONSTRAINT document_number CHECK ((length(VALUE) <= 16));

CREATE DOMAIN public.invoice_kind AS text
	CONSTRAINT invoice_kind CHECK ((VALUE = ANY (ARRAY['invoice'::text, 'credit_note'::text])));

CREATE DOMAIN public.line_quantity AS integer
	CONSTRAINT quantity CHECK (((VALUE >= 1) AND (VALUE <= 10000)));

CREATE DOMAIN public.nonnegative_amount AS numeric
	CONSTRAINT not_negative CHECK ((VALUE >= (0)::numeric));

CREATE DOMAIN public.order_payment_status AS text
	CONSTRAINT order_payment_status CHECK ((VALUE = ANY (ARRAY['unpaid'::text, 'pending'::text, 'paid'::text, 'partially_refunded'::text, 'refunded'::text])));

CREATE TYPE public.order_request AS (
	order_id uuid,
	user_id uuid,
	role text,
	token_hash bytea,
	request_id text,
	language text,
	key jsonb,
	store uuid,
	new_token_hash bytea,
	products uuid[],
	quantities integer[],
	contact_name text,
	contact_email text,
	contact_mobile text,
	shipping_address jsonb,
	billing_address jsonb,
	coupon text,
	shipping_method uuid,
	comments text,
	status text,
	active_from timestamp with time zone,
	active_to timestamp with time zone,
	is_suspended boolean
);

CREATE DOMAIN public.outbox_channel AS text
	CONSTRAINT outbox_channel CHECK ((VALUE = ANY (ARRAY['sms'::text, 'mail'::text])));

CREATE DOMAIN public.outbox_status AS text
	CONSTRAINT outbox_status CHECK ((VALUE = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'skipped'::text, 'dead'::text])));

CREATE TYPE public.payment_request AS (
	payment_id uuid,
	order_id uuid,
	method text,
	online boolean,
	currencies jsonb,
	manual_capture boolean,
	slow_hours integer,
	user_id uuid,
	role text,
	token_hash bytea,
	request_id text,
	key jsonb
);

CREATE DOMAIN public.piece_count AS integer
	CONSTRAINT not_negative CHECK ((VALUE >= 0));

CREATE DOMAIN public.piece_delta AS integer
	CONSTRAINT not_zero CHECK ((VALUE <> 0));

CREATE DOMAIN public.positive_amount AS numeric
	CONSTRAINT positive CHECK ((VALUE > (0)::numeric));

CREATE TYPE public.quote_line AS (
	"position" integer,
	product uuid,
	sku text,
	name text,
	hsn text,
	options jsonb,
	quantity integer,
	unit_price numeric,
	tax_rate numeric,
	tax_amount numeric,
	discount_amount numeric,
	line_total numeric
);

CREATE TYPE public.quote AS (
	lines public.quote_line[],
	subtotal numeric,
	discount_total numeric,
	shipping_total numeric,
	shipping_tax numeric,
	tax_total numeric,
	rounding numeric,
	total numeric
);

CREATE TYPE public.refund_request AS (
	refund_id uuid,
	payment_id uuid,
	amount numeric,
	reason text,
	restock boolean,
	user_id uuid,
	role text,
	token_hash bytea,
	request_id text,
	key jsonb
);

CREATE TYPE public.refusal AS (
	pointer text,
	code text,
	params jsonb
);

CREATE DOMAIN public.webhook_outcome AS text
	CONSTRAINT webhook_outcome CHECK ((VALUE = ANY (ARRAY['ignored'::text, 'applied'::text, 'nothing_new'::text, 'mismatch'::text, 'unmatched'::text, 'not_understood'::text])));

CREATE FUNCTION public.account_of(way text, account text) RETURNS uuid
    LANGUAGE plpgsql STABLE
    AS $$
begin
	if way = 'mobile' then
		return (select u.id from users u where u.mobile_number = account and not u.is_deleted);
	elsif way = 'mail' then
		return (user_of_mail(account)).id;
	end if;
	return (select u.id from users u
		where lower(u.email) = lower(account) and not u.is_deleted and (u.is_admin or u.is_staff));
end
$$;

CREATE FUNCTION public.act_as(who uuid, request_id text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	perform set_config('cgishop.user_id', coalesce(who::text, ''), true),
		set_config('cgishop.request_id', coalesce(request_id, ''), true);
end
$$;

CREATE FUNCTION public.acting_user() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
	select nullif(current_setting('cgishop.user_id', true), '')::uuid
$$;

CREATE FUNCTION public.address_check() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
	if tg_op = 'INSERT' then
		new.user_id := coalesce(acting_user(), new.user_id); -- no acting user: a tool
	end if;
	-- The lock serializes concurrent inserts and changes of the default.
	perform 1 from users u where u.id = new.user_id for no key update;
	if not new.is_deleted and (tg_op = 'INSERT' or old.is_deleted)
		and (select count(*) from addresses a where a.user_id = new.user_id and not a.is_deleted) >= 100 then
		perform deny('CS409', 'too_many_addresses');
	end if;
	if new.is_default and not new.is_deleted and (tg_op = 'INSERT' or not old.is_default or old.is_deleted) then
		update addresses a set is_default = false
		where a.user_id = new.user_id and a.is_default and a.id <> new.id;
	end if;
	return new;
end
$$;

CREATE FUNCTION public.address_refused(pointer text, address jsonb) RETURNS public.refusal[]
    LANGUAGE plpgsql IMMUTABLE
    AS $$
declare
	errors refusal[];
	needed text;
begin
	foreach needed in array array['line1', 'city', 'country'] loop
		if not address ? needed then
			errors := errors || refused(pointer || '/' || needed, 'address_incomplete');
		end if;
	end loop;
	return errors;
end
$$;

CREATE FUNCTION public.amount_in_words(amount numeric, currency text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
declare
	decimals constant integer := currency_decimals(currency);
	part constant numeric := (amount - trunc(amount)) * 10 ^ decimals;
	words text := number_in_words(amount, currency = 'INR');
begin
	words := upper(left(words, 1)) || substr(words, 2);
	if currency = 'INR' then
		return words || case when trunc(amount) = 1 then ' rupee' else ' rupees' end
			|| case when part > 0 then ' and ' || number_in_words(part, true)
				|| case when part = 1 then ' paisa' else ' paise' end else '' end || ' only';
	elsif decimals = 0 then
		return words || ' ' || currency;
	end if;
	return words || ' and ' || to_char(part, 'FM' || repeat('0', decimals)) || '/' || (10 ^ decimals)::integer
		|| ' ' || currency;
end
$$;

CREATE FUNCTION public.audit_forget(records uuid[], who uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	named constant text[] := array['email', 'mobile_number', 'name', 'label', 'line1', 'line2', 'city', 'region',
		'postal_code', 'phone', 'contact_name', 'contact_email', 'contact_mobile', 'shipping_address',
		'billing_address',
		'comments', 'tracking_number', 'failure', 'reason', 'metadata', 'key_scope'];
begin
	update audit_logs l set old_data = l.old_data - named, new_data = l.new_data - named,
		request_id = case when l.user_id is null then '' else l.request_id end
	where l.record_id = any (records);
	update audit_logs l set request_id = '' where l.user_id = who and l.request_id <> '';
end
$$;

CREATE FUNCTION public.audit_write() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	unaudited constant text[] := coalesce(tg_argv, '{}'); -- null when there are none
begin
	insert into audit_logs (user_id, request_id, action, table_name, record_id, old_data, new_data)
	values (acting_user(), coalesce(current_setting('cgishop.request_id', true), ''), lower(tg_op), tg_table_name,
		case when tg_op = 'DELETE' then old.id else new.id end,
		case when tg_op <> 'INSERT' then to_jsonb(old) - unaudited end,
		case when tg_op <> 'DELETE' then to_jsonb(new) - unaudited end);
	return null;
end
$$;

CREATE FUNCTION public.base_model_adopt(target regclass) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	execute format('alter table %s rename constraint active_range to %I', target, target || '_active_to');
	execute format('create index %I on %s (created_at, id)', target || '_created_at', target);
	execute format('create index %I on %s (modified_at, id)', target || '_modified_at', target);
end
$$;

CREATE FUNCTION public.base_model_touch() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
	new.id := old.id;
	new.created_at := old.created_at;
	new.created_by := old.created_by;
	new.modified_at := now();
	new.modified_by := acting_user();
	return new;
end
$$;

CREATE FUNCTION public.base_model_triggers(target regclass, unaudited text[] DEFAULT '{}'::text[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	execute format('create trigger touch before update on %s for each row execute function base_model_touch()', target);
	execute format('create trigger suspension before update of is_suspended on %s for each row
		when (old.is_suspended and not new.is_suspended) execute function suspension_keep()', target);
	execute format('create trigger audit after insert or update or delete on %s for each row
		execute function audit_write(%s)', target,
		coalesce((select string_agg(quote_literal(name), ', ') from unnest(unaudited) as name), ''));
end
$$;

CREATE FUNCTION public.cart_changes(which uuid, buyable uuid[]) RETURNS public.refusal[]
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return (select array_agg(x.change[1] order by x.position)
		from (
			select i.position, case
				when not i.product = any (coalesce(buyable, '{}')) then
					refused('/items/' || i.position - 1, 'unavailable')
				when i.unit_price <> p.price then refused('/items/' || i.position - 1, 'price_changed',
					jsonb_build_object('old', i.unit_price::text, 'new', p.price::text))
				end as change
			from cart_items i join products p on p.id = i.product
			where i.order_id = which
			union all
			select i.position, refused('/items/' || i.position - 1, 'out_of_stock',
				jsonb_build_object('available', k.inventory_count))
			from cart_items i join stock k on k.product = i.product
			where i.order_id = which and k.inventory_count < (
				select sum(j.quantity) from cart_items j where j.order_id = which and j.product = i.product)) x
		where x.change is not null);
end
$$;

CREATE FUNCTION public.cart_changes_json(changes public.refusal[]) RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
declare
	shown jsonb := '[]';
	change refusal;
	code text;
	sentence text;
	param record;
begin
	foreach change in array coalesce(changes, '{}') loop
		select r.code, r.sentence into code, sentence from error_rule(change.code) r;
		for param in select p.key, p.value from jsonb_each_text(change.params) p loop
			sentence := replace(sentence, '{' || param.key || '}', param.value);
		end loop;
		shown := shown || (jsonb_build_object('pointer', change.pointer, 'code', code, 'detail', sentence)
			|| coalesce(change.params, '{}'));
	end loop;
	return shown;
end
$$;

CREATE FUNCTION public.cart_lines(which uuid, positions integer[], priced public.quote_line[], decimals integer) RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
declare
	nothing constant numeric := round(0::numeric, decimals);
begin
	return (select json_agg(row_to_json(s) order by s.position)
		from (
			select i.position, i.product, p.sku, p.name, product_options(p) as options, i.quantity,
				coalesce(l.unit_price, p.price)::text as unit_price, p.tax_rate::text as tax_rate,
				coalesce(l.tax_amount, nothing)::text as tax_amount,
				coalesce(l.discount_amount, nothing)::text as discount_amount,
				coalesce(l.line_total, nothing)::text as line_total
			from cart_items i join products p on p.id = i.product
			left join unnest(positions, priced) l (at) on l.at = i.position
			where i.order_id = which) s);
end
$$;

CREATE FUNCTION public.uuid_v7() RETURNS uuid
    LANGUAGE plpgsql PARALLEL SAFE
    AS $$
begin
	return encode(
		set_bit(set_bit(
			overlay(uuid_send(gen_random_uuid())
				placing substring(int8send((date_part('epoch', clock_timestamp()) * 1000)::bigint) from 3)
				from 1 for 6),
			52, 1), 53, 1),
		'hex')::uuid;
end
$$;

CREATE TABLE public.orders (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    number bigint,
    store uuid NOT NULL,
    user_id uuid,
    token_hash bytea,
    payment_status public.order_payment_status DEFAULT 'unpaid'::text NOT NULL,
    contact_name text NOT NULL,
    contact_email text,
    contact_mobile text,
    shipping_address jsonb,
    billing_address jsonb,
    currency text NOT NULL,
    prices_include_tax boolean NOT NULL,
    subtotal public.nonnegative_amount NOT NULL,
    discount_total public.nonnegative_amount DEFAULT 0 NOT NULL,
    shipping_total public.nonnegative_amount DEFAULT 0 NOT NULL,
    tax_total public.nonnegative_amount NOT NULL,
    rounding numeric DEFAULT 0 NOT NULL,
    total public.nonnegative_amount NOT NULL,
    coupon text,
    tracking_number text,
    placed_at timestamp with time zone,
    carrier text,
    coupon_id uuid,
    shipping_method uuid,
    shipping_method_name text,
    shipping_tax_rate numeric DEFAULT 0 NOT NULL,
    shipping_tax public.nonnegative_amount DEFAULT 0 NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    restocked_at timestamp with time zone,
    email_proven boolean DEFAULT false NOT NULL,
    mobile_proven boolean DEFAULT false NOT NULL,
    claimed boolean DEFAULT false NOT NULL,
    disowned boolean DEFAULT false NOT NULL,
    CONSTRAINT orders_active_to CHECK ((active_from < active_to)),
    CONSTRAINT orders_numbered CHECK (((status = 'cart'::text) OR ((number IS NOT NULL) AND (placed_at IS NOT NULL)))),
    CONSTRAINT orders_shipping_tax CHECK (((shipping_tax)::numeric <= (tax_total)::numeric)),
    CONSTRAINT orders_total CHECK (((total)::numeric = (((((subtotal)::numeric - (discount_total)::numeric) + (shipping_total)::numeric) +
CASE
    WHEN prices_include_tax THEN (0)::numeric
    ELSE (tax_total)::numeric
END) + rounding))),
    CONSTRAINT orders_whose CHECK (((user_id IS NOT NULL) OR (token_hash IS NOT NULL)))
);

CREATE FUNCTION public.cart_quote(INOUT o public.orders, OUT changes public.refusal[], OUT lines json) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
declare
	shop stores;
	c coupons;
	m shipping_methods;
	q quote;
	refusal refusal[];
	positions integer[]; -- of the lines that can be bought
	products uuid[];
	quantities integer[];
begin
	select * into shop from stores s where s.id = o.store;
	select array_agg(i.position order by i.position), array_agg(i.product order by i.position),
		array_agg(i.quantity order by i.position)
	into positions, products, quantities
	from cart_items i
	where i.order_id = o.id and exists (select 1 from live_products p where p.id = i.product)
		and not exists (select 1 from products v where v.parent = i.product and not v.is_deleted);
	c := coupon_find(o.coupon);
	m := shipping_method_find(o.shipping_method, shop);
	q := order_quote(shop, products, quantities, c, m);
	refusal := coupon_refused(c, shop, q.subtotal, o);
	if refusal is not null then
		q := order_quote(shop, products, quantities, null, m);
	end if;
	changes := cart_changes(o.id, products) || refusal
		|| case when o.shipping_method is not null then shipping_refused(m, shop, o) end;
	lines := cart_lines(o.id, positions, q.lines, currency_decimals(shop.currency));
	o := order_priced(o, shop, q, c, m);
end
$$;

CREATE TABLE public.coupons (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    code text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    store uuid,
    discount_percent numeric,
    discount_amount numeric,
    min_order_value numeric,
    valid_from timestamp with time zone,
    valid_to timestamp with time zone,
    usage_limit integer,
    usage_limit_per_customer integer,
    is_active boolean DEFAULT true NOT NULL,
    CONSTRAINT coupons_active_to CHECK ((active_from < active_to)),
    CONSTRAINT coupons_discount_amount CHECK ((discount_amount > (0)::numeric)),
    CONSTRAINT coupons_discount_percent CHECK (((discount_percent > (0)::numeric) AND (discount_percent <= (100)::numeric))),
    CONSTRAINT coupons_min_order_value CHECK ((min_order_value >= (0)::numeric)),
    CONSTRAINT coupons_usage_limit CHECK ((usage_limit > 0)),
    CONSTRAINT coupons_usage_limit_per_customer CHECK ((usage_limit_per_customer > 0))
);

CREATE TABLE public.shipping_methods (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    store uuid NOT NULL,
    name text NOT NULL,
    price numeric NOT NULL,
    tax_rate numeric(6,3) DEFAULT 0 NOT NULL,
    free_over numeric,
    countries jsonb DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT shipping_methods_active_to CHECK ((active_from < active_to)),
    CONSTRAINT shipping_methods_countries CHECK ((jsonb_typeof(countries) = 'array'::text)),
    CONSTRAINT shipping_methods_free_over CHECK ((free_over >= (0)::numeric)),
    CONSTRAINT shipping_methods_price CHECK ((price >= (0)::numeric)),
    CONSTRAINT shipping_methods_tax_rate CHECK (((tax_rate >= (0)::numeric) AND (tax_rate <= (100)::numeric)))
);

CREATE TABLE public.stores (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    owner uuid,
    currency text NOT NULL,
    timezone text DEFAULT 'UTC'::text NOT NULL,
    prices_include_tax boolean DEFAULT false NOT NULL,
    contact_email text,
    contact_phone text,
    address jsonb DEFAULT '{}'::jsonb NOT NULL,
    tax_number text DEFAULT ''::text NOT NULL,
    bank_details text DEFAULT ''::text NOT NULL,
    invoice_prefix text DEFAULT 'INV'::text NOT NULL,
    credit_note_prefix text DEFAULT 'CN'::text NOT NULL,
    financial_year_start integer DEFAULT 1 NOT NULL,
    invoice_due_days integer DEFAULT 0 NOT NULL,
    guest_max_quantity integer DEFAULT 20,
    guest_max_total numeric,
    cod_confirmation text DEFAULT 'none'::text NOT NULL,
    rounding_step numeric,
    CONSTRAINT stores_active_to CHECK ((active_from < active_to)),
    CONSTRAINT stores_address_size CHECK ((octet_length((address)::text) <= 4096)),
    CONSTRAINT stores_cod_confirmation CHECK ((cod_confirmation = ANY (ARRAY['none'::text, 'code'::text]))),
    CONSTRAINT stores_credit_note_prefix CHECK (((credit_note_prefix ~ '^[A-Z0-9/-]{1,4}$'::text) AND (credit_note_prefix <> invoice_prefix))),
    CONSTRAINT stores_currency CHECK ((currency ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT stores_financial_year_start CHECK (((financial_year_start >= 1) AND (financial_year_start <= 12))),
    CONSTRAINT stores_guest_max_quantity CHECK ((guest_max_quantity > 0)),
    CONSTRAINT stores_guest_max_total CHECK ((guest_max_total > (0)::numeric)),
    CONSTRAINT stores_invoice_due_days CHECK (((invoice_due_days >= 0) AND (invoice_due_days <= 365))),
    CONSTRAINT stores_invoice_prefix CHECK ((invoice_prefix ~ '^[A-Z0-9/-]{1,4}$'::text))
);

CREATE FUNCTION public.cart_refused(o public.orders, shop public.stores, c public.coupons, m public.shipping_methods, r public.order_request, request jsonb) RETURNS public.refusal[]
    LANGUAGE plpgsql STABLE
    AS $$
declare
	errors refusal[];
begin
	if request ? 'products' then
		errors := products_refused(shop, r.products);
	end if;
	errors := errors || address_refused('/shipping_address', o.shipping_address)
		|| address_refused('/billing_address', o.billing_address);
	if request ? 'coupon' then
		errors := errors || coupon_refused(c, shop, null, o);
	end if;
	if request ? 'shipping_method' and r.shipping_method is not null and m.id is null then
		errors := errors || refused('/shipping_method', 'shipping_not_found');
	end if;
	return errors;
end
$$;

CREATE FUNCTION public.cart_save_now(r public.order_request, request jsonb) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
	is_new constant boolean := r.store is not null;
	viewer text := 'customer';
	o orders;
	shop stores;
	c coupons;
	m shipping_methods;
begin
	-- Collect and refuse.
	if is_new then
		o := order_begin(r);
		shop := store_find(o.store);
	else
		select * into o from orders where id = r.order_id for update;
		viewer := cart_viewer(o, r);
		select * into shop from stores s where s.id = o.store;
	end if;
	o := order_merge(o, r, request);
	c := coupon_find(o.coupon);
	m := shipping_method_find(o.shipping_method, shop);
	perform refuse_all(cart_refused(o, shop, c, m, r, request));

	-- Write.
	o.coupon := coalesce(c.code, o.coupon);
	perform cart_write(o, shop, is_new);
	if request ? 'products' then
		delete from cart_items where order_id = o.id;
		insert into cart_items (order_id, position, product, quantity, unit_price)
		select o.id, w.position, w.product, w.quantity, p.price
		from unnest(r.products, r.quantities) with ordinality w (product, quantity, position)
		join products p on p.id = w.product;
	end if;

	return order_json(o.id, viewer, r.user_id);
end
$$;

CREATE FUNCTION public.cart_viewer(o public.orders, r public.order_request) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
declare
	viewer constant text := order_viewer_required(o, r.user_id, r.role, r.token_hash);
begin
	if o.status <> 'cart' then
		perform deny('CSTRN', 'no_longer_a_cart', jsonb_build_object('status', o.status),
			jsonb_build_object('status_now', o.status));
	end if;
	return viewer;
end
$$;

CREATE FUNCTION public.cart_write(o public.orders, shop public.stores, is_new boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	if is_new then
		insert into orders (id, store, user_id, token_hash, status, contact_name, contact_email, contact_mobile,
			shipping_address, billing_address, comments, coupon, shipping_method, currency, prices_include_tax,
			subtotal, tax_total, total, language)
		values (o.id, o.store, o.user_id, o.token_hash, 'cart', o.contact_name, o.contact_email, o.contact_mobile,
			o.shipping_address, o.billing_address, o.comments, o.coupon, o.shipping_method, shop.currency,
			shop.prices_include_tax, 0, 0, 0, o.language);
	else
		update orders set contact_name = o.contact_name, contact_email = o.contact_email,
			contact_mobile = o.contact_mobile, email_proven = o.email_proven, mobile_proven = o.mobile_proven,
			shipping_address = o.shipping_address, billing_address = o.billing_address, comments = o.comments,
			coupon = o.coupon, shipping_method = o.shipping_method
		where id = o.id;
	end if;
end
$$;

CREATE FUNCTION public.challenge_issue(purpose text, channel text, recipient text, subject uuid, id bytea, code bytea, sealed text, place bytea, language text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
declare
	valid constant interval := '5 minutes';
begin
	insert into challenges (id, purpose, channel, recipient, subject, place, code_hash, expires_at)
	values (challenge_issue.id, challenge_issue.purpose, challenge_issue.channel, challenge_issue.recipient,
		challenge_issue.subject, challenge_issue.place, challenge_issue.code, now() + valid);
	if challenge_issue.sealed is not null then
		insert into outbox (template, channel, recipient, language, data, sealed, give_up_at)
		values (case challenge_issue.purpose when 'sign_in' then 'otp' when 'confirm_order' then 'otp_order'
				else 'otp_contact' end,
			challenge_issue.channel, challenge_issue.recipient, coalesce(challenge_issue.language, ''),
			json_build_object('minutes', extract(epoch from valid)::integer / 60), challenge_issue.sealed,
			now() + valid);
	end if;
	-- Last: a transaction that waits for no lock after this cannot deadlock.
	delete from challenges c where c.id in (
		select k.id from challenges k
		where lower(k.recipient) = lower(challenge_issue.recipient) and k.purpose = challenge_issue.purpose
			and k.place = challenge_issue.place
		order by k.created_at desc offset 5 for update skip locked);
	delete from challenges c where c.id in (
		select k.id from challenges k where k.expires_at <= now() limit 20 for update skip locked);
	return challenge_issue.sealed is not null and outbox_wake();
end
$$;

CREATE FUNCTION public.challenge_newest(purpose text, recipient text, place bytea) RETURNS bytea
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
#variable_conflict use_column
begin
	return (select c.id from challenges c
		where lower(c.recipient) = lower(challenge_newest.recipient) and c.purpose = challenge_newest.purpose
			and c.place = challenge_newest.place and c.expires_at > now()
		order by c.created_at desc limit 1);
end
$$;

CREATE UNLOGGED TABLE public.challenges (
    id bytea NOT NULL,
    purpose text NOT NULL,
    channel text NOT NULL,
    recipient text NOT NULL,
    subject uuid,
    place bytea NOT NULL,
    code_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    blind_tries integer DEFAULT 0 NOT NULL,
    CONSTRAINT challenges_channel CHECK ((channel = ANY (ARRAY['sms'::text, 'mail'::text]))),
    CONSTRAINT challenges_purpose CHECK ((purpose = ANY (ARRAY['sign_in'::text, 'change_email'::text, 'change_mobile'::text, 'confirm_order'::text])))
);

CREATE FUNCTION public.challenge_redeem(purpose text, id bytea, code bytea, blind boolean DEFAULT false) RETURNS public.challenges
    LANGUAGE plpgsql
    AS $$
#variable_conflict use_column
declare
	found_one challenges;
begin
	select * into found_one from challenges c
	where c.id = challenge_redeem.id and c.purpose = challenge_redeem.purpose and c.expires_at > now()
		and case when challenge_redeem.blind then c.blind_tries else c.tries end < 5
	for update;
	if not found then
		return null;
	elsif found_one.code_hash <> challenge_redeem.code then
		update challenges c set tries = c.tries + (not challenge_redeem.blind)::integer,
			blind_tries = c.blind_tries + challenge_redeem.blind::integer
		where c.id = found_one.id;
		return null;
	end if;
	delete from challenges c where c.id = found_one.id;
	return found_one;
end
$$;

CREATE FUNCTION public.code_fingerprint() RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'public', 'pg_temp'
    AS $$
	select md5(string_agg(l.line, E'\n' order by l.line))
	from schema_code c, lateral (
		select concat_ws(' ', p.oid::regprocedure, p.prorettype::regtype, p.prosecdef, p.proisstrict, p.provolatile,
			p.proparallel, p.proconfig, p.prosrc) as line
		from pg_proc p
		where p.pronamespace = 'public'::regnamespace and p.oid::regprocedure::text = any (c.functions)
		union all
		select concat_ws(' ', v.name, pg_get_viewdef(to_regclass(v.name)),
			(select r.reloptions from pg_class r where r.oid = to_regclass(v.name))) from unnest(c.views) v (name)
		union all
		select concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
		from pg_trigger t
		where not t.tgisinternal and format('%s on %s', t.tgname, t.tgrelid::regclass) = any (c.triggers)) l
$$;

CREATE FUNCTION public.contact_issue(channel text, recipient text, proof bytea, id bytea, code bytea, sealed text, place bytea, language text, OUT what text, OUT wake boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	asks record := session_proven();
	person users;
begin
	select * into person from users u where u.id = asks.who for no key update;
	if not (person.is_admin or person.is_staff) then
		what := 'sent';
	elsif asks.role = 'customer' then
		what := 'by_code';
	elsif proof is null then
		what := 'password_required';
	else
		what := case when password_fits(person.password_hash, proof) then 'sent' else 'wrong_password' end;
	end if;
	if what = 'sent' then
		wake := challenge_issue(case channel when 'mail' then 'change_email' else 'change_mobile' end, channel,
			recipient, person.id, id, code, sealed, place, language);
	end if;
end
$$;

CREATE FUNCTION public.contact_prove(purpose text, challenge bytea, code bytea, request_id text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	asks record := session_proven();
	person users;
	proven challenges;
begin
	perform act_as(asks.who, contact_prove.request_id);
	select * into person from users u where u.id = asks.who for no key update;
	if (person.is_admin or person.is_staff) and asks.role = 'customer' then
		return 'by_code';
	elsif not exists (select 1 from challenges c where c.id = challenge and c.subject = person.id) then
		return 'wrong';
	end if;
	proven := challenge_redeem(contact_prove.purpose, challenge, code);
	if proven.id is null then
		return 'wrong';
	elsif proven.channel = 'mail' and (user_of_mail(proven.recipient)).id <> person.id then
		return 'taken';
	end if;
	begin
		if proven.channel = 'mail' then
			update users u set email = proven.recipient, email_verified_at = clock_timestamp() where u.id = person.id;
		else
			update users u set mobile_number = proven.recipient, mobile_verified_at = clock_timestamp()
				where u.id = person.id;
		end if;
	exception when unique_violation then
		return 'taken';
	end;
	if (case proven.channel when 'mail' then person.email_verified_at else person.mobile_verified_at end)
		is not null then
		delete from sessions s where s.user_id = person.id and s.opened_by = 'otp'
			and s.token_hash <> decode(current_setting('cgishop.session', true), 'hex');
	end if;
	perform orders_claim(person.id, case proven.channel when 'sms' then proven.recipient end,
		case proven.channel when 'mail' then proven.recipient end);
	return 'done';
end
$$;

CREATE FUNCTION public.coupon_check() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
	currency constant text := (select s.currency from stores s where s.id = new.store);
	errors refusal[];
begin
	if num_nonnulls(new.discount_percent, new.discount_amount) <> 1 then
		errors := refused('/discount_percent', 'one_discount');
	end if;
	if new.valid_from >= new.valid_to then
		errors := errors || refused('/valid_to', 'ends_before_start');
	end if;
	if new.store is null and (new.discount_amount is not null or new.min_order_value is not null) then
		errors := errors || refused('/store', 'amount_needs_store');
	elsif new.store is not null then
		errors := errors || money_refused('/discount_amount', new.discount_amount, currency)
			|| money_refused('/min_order_value', new.min_order_value, currency);
		new.discount_amount := round(new.discount_amount, currency_decimals(currency));
		new.min_order_value := round(new.min_order_value, currency_decimals(currency));
	end if;
	perform refuse_all(errors);
	return new;
end
$$;

CREATE FUNCTION public.coupon_find(code text) RETURNS public.coupons
    LANGUAGE plpgsql STABLE
    AS $$
declare
	c coupons;
begin
	if code is not null then
		select * into c from coupons k where upper(k.code) = upper(coupon_find.code) and not k.is_deleted;
	end if;
	return c;
end
$$;

CREATE FUNCTION public.coupon_open() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	insert into coupon_uses (coupon) values (new.id);
	return null;
end
$$;

CREATE FUNCTION public.coupon_redeem(c public.coupons, shop public.stores, o public.orders) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	uses integer;
begin
	update coupon_uses u set used_count = u.used_count + 1 where u.coupon = c.id returning u.used_count - 1 into uses;
	perform refuse_all(coupon_refused(c, shop, o.subtotal, o, uses));
	insert into coupon_redemptions (order_id, coupon, user_id, mobile, email)
	select o.id, c.id, b.who, b.mobile, b.email from order_buyer(o) b;
end
$$;

CREATE FUNCTION public.coupon_refused(c public.coupons, shop public.stores, subtotal numeric, o public.orders, uses integer DEFAULT NULL::integer) RETURNS public.refusal[]
    LANGUAGE plpgsql STABLE
    AS $$
declare
	buyer record;
	used integer;
begin
	if o.coupon is null then
		return null;
	elsif c.id is null or c.store <> shop.id or not c.is_active
		or not is_live(c.is_deleted, c.is_suspended, c.active_from, c.active_to) then
		return refused('/coupon', 'coupon_not_found');
	elsif c.valid_from > now() then
		return refused('/coupon', 'not_yet');
	elsif c.valid_to <= now() then
		return refused('/coupon', 'expired');
	elsif subtotal < c.min_order_value then
		return refused('/coupon', 'coupon_min_value', jsonb_build_object('min', c.min_order_value::text,
			'currency', shop.currency));
	elsif c.usage_limit is not null
		and coalesce(uses, (select u.used_count from coupon_uses u where u.coupon = c.id)) >= c.usage_limit then
		return refused('/coupon', 'used_up');
	elsif c.usage_limit_per_customer is not null then
		buyer := order_buyer(o);
		if num_nonnulls(buyer.who, buyer.mobile, buyer.email) = 0 then
			return refused('/coupon', 'sign_in_required');
		end if;
		select count(*) into used from coupon_redemptions r
		where r.coupon = c.id
		and (r.user_id = buyer.who or r.mobile = buyer.mobile or lower(r.email) = lower(buyer.email));
		if used >= c.usage_limit_per_customer then
			return refused('/coupon', 'used_up_by_customer');
		end if;
	end if;
	return null;
end
$$;

CREATE FUNCTION public.credit_note_issue(o public.orders, request numeric, why text, which_refund uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	of invoices;
	shop stores;
	day date;
	made text;
	credited numeric;
	part numeric;
	whole boolean;
	remaining jsonb; -- of the taxes
	gross numeric;   -- of them
	goods numeric;   -- of the part, without the rounding
	taxes jsonb;
	nothing text;
begin
	select * into of from invoices i where i.order_id = o.id and i.kind = 'invoice';
	select coalesce(sum(i.amount), 0) into credited from invoices i where i.credits = of.id;
	part := least(request, of.amount - credited);
	if of.id is null or part <= 0 then
		return;
	end if;
	whole := part = of.amount;
	remaining := case when whole then of.taxes else taxes_left(of) end;
	select coalesce(sum((t ->> 'taxable')::numeric + (t ->> 'tax')::numeric), 0) into gross
	from jsonb_array_elements(remaining) t;
	goods := case when part = of.amount - credited then gross else least(part, gross) end;
	select * into shop from stores s where s.id = o.store;
	day := (now() at time zone shop.timezone)::date;
	taxes := case when whole then of.taxes else taxes_of_part(remaining, goods, currency_decimals(o.currency)) end;
	nothing := round(0::numeric, currency_decimals(o.currency))::text;
	made := invoice_number(shop, 'credit_note', day);
	insert into invoices (kind, number, store, order_id, refund, credits, amount, currency, taxes, document)
	values ('credit_note', made, o.store, o.id, which_refund, of.id, part, o.currency, taxes,
		(of.document::jsonb || jsonb_build_object('kind', 'credit_note', 'number', made, 'issued_at', day,
			'due_at', null, 'credits', of.number, 'reason', nullif(why, ''), 'taxes', taxes, 'total', part::text,
			'total_in_words', amount_in_words(part, o.currency))
		|| case when whole then '{}' else jsonb_build_object('lines', '[]'::jsonb, 'subtotal', goods::text,
			'discount_total', nothing, 'shipping_total', nothing, 'coupon', null, 'shipping_method', null,
			'prices_include_tax', true, 'rounding', (part - goods)::text,
			'tax_total', coalesce((select sum((t ->> 'tax')::numeric)::text
				from jsonb_array_elements(taxes) t), nothing)) end)::text);
end
$$;

CREATE FUNCTION public.cron_begin() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	if not pg_try_advisory_xact_lock(hashtext('cron')) or exists (
		select 1 from cron_runs c where c.ended_at is null and c.started_at > now() - interval '10 minutes') then
		return false;
	end if;
	insert into cron_runs (started_at) values (now())
	on conflict on constraint cron_runs_pkey do update set started_at = now(), ended_at = null;
	return true;
end
$$;

CREATE FUNCTION public.cron_end() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	update cron_runs set ended_at = now();
end
$$;

CREATE FUNCTION public.cron_sweep() RETURNS json
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	gone json;
begin
	perform act_as(null, null);
	with
	gone_sessions as (delete from sessions s where s.expires_at <= now()
		or (s.idle_max is not null and s.last_used_at + s.idle_max < now()) returning 1),
	gone_challenges as (delete from challenges o where o.expires_at <= now() returning 1),
	gone_places as (delete from known_places p where p.used_at < now() - interval '90 days' returning 1),
	gone_limits as (delete from rate_limits r where r.resets_at <= now() returning 1),
	gone_keys as (delete from idempotency_keys k where k.created_at < now() - interval '24 hours' returning 1),
	gone_messages as (delete from outbox b where (b.status = 'sent' and b.sent_at < now() - interval '30 days')
		or (b.status = 'skipped' and b.created_at < now() - interval '30 days') returning 1),
	gone_events as (delete from webhook_events w where w.received_at < now() - interval '90 days' returning 1),
	old_carts as (select o.id from orders o where o.status = 'cart' and o.modified_at < now() - interval '30 days'
		limit 1000 for update skip locked),
	gone_carts as (delete from orders o using old_carts c where o.id = c.id returning 1)
	select json_build_object(
		'sessions', (select count(*) from gone_sessions), 'challenges', (select count(*) from gone_challenges),
		'known_places', (select count(*) from gone_places), 'rate_limits', (select count(*) from gone_limits),
		'idempotency_keys', (select count(*) from gone_keys),
		'messages', (select count(*) from gone_messages), 'webhook_events', (select count(*) from gone_events),
		'carts', (select count(*) from gone_carts))
	into gone;
	return gone;
end
$$;

CREATE FUNCTION public.currency_decimals(currency text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	select case
		when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI',
			'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 0
		when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
		else 2 end
$$;

CREATE FUNCTION public.currency_step(currency text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	select case
		when currency = 'MGA' then 1.00
		when currency_decimals(currency) = 0 then 1
		when currency_decimals(currency) = 3 then 0.010
		else 0.01 end
$$;

CREATE FUNCTION public.deny(code text, reason text, params jsonb DEFAULT NULL::jsonb, members jsonb DEFAULT '{}'::jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	raise exception using errcode = code, message = reason,
		detail = (members || jsonb_build_object('params', params))::text;
end
$$;

CREATE FUNCTION public.deny_if_running(requested_at timestamp with time zone, same_key boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	if requested_at > clock_timestamp() - interval '30 seconds' then
		perform deny(case when same_key then 'CSRUN' else 'CS409' end, 'provider_call_running');
	end if;
end
$$;

CREATE FUNCTION public.deny_unless_store(viewer text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	if viewer is null then
		perform deny('CS404', 'missing');
	elsif viewer = 'customer' then
		perform deny('CS403', 'store_only');
	end if;
end
$$;

CREATE FUNCTION public.dispute_apply(which uuid, reported jsonb) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
	event constant jsonb := reported -> 'dispute';
	event_at constant timestamptz := to_timestamp((event ->> 'reported_at')::bigint);
	due constant timestamptz := to_timestamp((event ->> 'due')::bigint);
	o orders;
	d disputes;
	known disputes;
begin
	select r.* into o from orders r where r.id = (select y.order_id from payments y where y.id = which) for update;
	select * into known from disputes x where x.payment = which and x.gateway_dispute = event ->> 'id' for update;
	if dispute_rank(known.status, known.reported_at) >= dispute_rank(event ->> 'state', event_at) then
		return 'nothing_new';
	end if;
	insert into disputes as x (payment, order_id, gateway_dispute, status, is_inquiry, amount, currency, taken, reason,
		evidence_due_at, reported_at)
	values (which, o.id, event ->> 'id', event ->> 'state', (event ->> 'is_inquiry')::boolean,
		money_of((event ->> 'amount')::numeric, reported ->> 'currency'), reported ->> 'currency',
		money_of((event ->> 'taken')::numeric, reported ->> 'currency'),
		coalesce(event ->> 'reason', ''), due, event_at)
	on conflict (payment, gateway_dispute) do update set status = excluded.status, is_inquiry = excluded.is_inquiry,
		amount = excluded.amount, currency = excluded.currency, taken = excluded.taken, reason = excluded.reason,
		evidence_due_at = coalesce(excluded.evidence_due_at, x.evidence_due_at), reported_at = excluded.reported_at
	returning * into d;
	if (known.status, known.evidence_due_at, known.amount) is distinct from (d.status, d.evidence_due_at, d.amount) then
		perform order_note(o.id, format('A dispute of %s %s is %s%s%s.', d.amount, d.currency,
			replace(d.status, '_', ' '), ': ' || nullif(d.reason, ''),
			case when d.status = 'needs_response' then ', evidence until ' || rfc3339(d.evidence_due_at) end));
		perform store_notify(o, 'payment_disputed', jsonb_build_object('payment', which, 'amount', d.amount::text,
			'currency', d.currency, 'status', replace(d.status, '_', ' '), 'reason', nullif(d.reason, ''),
			'evidence_due_at', case when d.status = 'needs_response' then rfc3339(d.evidence_due_at) end));
	end if;
	perform disputes_book(which);
	perform payment_check_attention(which, false);
	perform order_reconcile(o.id);
	return 'applied';
end
$$;

CREATE FUNCTION public.dispute_is_open(state text) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	select state in ('needs_response', 'under_review')
$$;

CREATE FUNCTION public.dispute_rank(state text, reported_at timestamp with time zone) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return (state in ('won', 'lost'))::integer || to_char(reported_at at time zone 'UTC', 'YYYYMMDDHH24MISS')
		|| array_position('{needs_response,under_review,closed,won,lost}'::text[], state);
end
$$;

CREATE FUNCTION public.disputes_book(which uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	p payments;
	d disputes;
	r refunds;
	part numeric;
begin
	select * into p from payments y where y.id = which;
	for d in select * from disputes x where x.payment = which order by x.created_at, x.id loop
		if d.refund is not null and d.status <> 'lost' then
			update refunds set status = 'failed', failure = 'The dispute was won.', gateway_refund = null
				where id = d.refund;
			update disputes set refund = null where id = d.id;
			perform order_note(d.order_id, 'A lost dispute was won: its credit note must be reversed by hand.');
		end if;
		part := least(d.taken, payment_held(p) - payment_refunded(which));
		continue when d.status <> 'lost' or d.taken is null or d.refund is not null or d.currency <> p.currency_captured
			or p.status not in ('needs_attention', 'captured') or part <= 0;
		insert into refunds (payment, order_id, amount, currency, status, reason, gateway_refund, key_scope)
		values (which, d.order_id, part, d.currency, 'succeeded', 'Lost in a dispute.', d.gateway_dispute, 'dispute')
		returning * into r;
		update disputes set refund = r.id where id = d.id;
		perform refund_done(r);
	end loop;
end
$$;

CREATE FUNCTION public.error_rule(rule text, OUT code text, OUT sentence text) RETURNS record
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
begin
	select r.code, r.sentence into strict error_rule.code, error_rule.sentence from (values
		('required', 'required', 'A value is required.'),
		('not_null', 'null', 'It must not be null.'),
		('unknown_field', 'unknown_field', 'There is no such field.'),
		('read_only', 'read_only', 'This field cannot be written.'),
		('immutable', 'immutable', 'This field is set at creation and cannot be changed.'),
		('wrong_type', 'wrong_type', 'It must be {expected}, not {actual}.'),
		('blank', 'blank', 'It must not be blank.'),
		('control_character', 'control_character', 'Control and invisible characters are not accepted.'),
		('min_length', 'min_length', 'At least {min} characters are needed.'),
		('max_length', 'max_length', 'At most {max} characters are accepted.'),
		('max_bytes', 'max_length', 'At most {max} bytes are accepted.'),
		('too_long', 'max_length', 'It is too long.'),
		('min_value', 'min_value', 'It must be at least {min}.'),
		('max_value', 'max_value', 'It must be at most {max}.'),
		('not_positive', 'min_value', 'It must be greater than zero.'),
		('max_digits', 'max_digits', 'At most {max} digits are accepted before the decimal point.'),
		('max_decimal_places', 'max_decimal_places', 'At most {max} decimal places are accepted.'),
		('min_items', 'min_items', 'At least {min} are needed.'),
		('max_items', 'max_items', 'At most {max} are accepted.'),
		('duplicate', 'duplicate', 'It is listed twice.'),
		('invalid', 'invalid', 'This value is not accepted.'),
		('invalid_choice', 'invalid_choice', 'It must be one of: {choices}.'),
		('invalid_slug', 'invalid', 'It may contain only lower-case letters, digits and single dashes, at most {max}.'),
		('invalid_email', 'invalid', 'It must be an e-mail address.'),
		('invalid_mobile', 'invalid', 'It must be a number with its country code, like "+91 98765 43210".'),
		('invalid_url', 'invalid', 'It must be an http or https URL.'),
		('invalid_currency', 'invalid', 'It must be a code like "EUR" (ISO 4217).'),
		('invalid_country', 'invalid', 'It must be a code like "DE" (ISO 3166-1).'),
		('invalid_code', 'invalid', 'It may contain only ASCII letters, digits and symbols, without spaces.'),
		('invalid_timezone', 'invalid', 'It must be the name of a time zone, like "Europe/Berlin".'),
		('invalid_boolean', 'invalid', 'It must be true or false.'),
		('invalid_integer', 'invalid', 'It must be a whole number.'),
		('invalid_decimal', 'invalid', 'It must be a decimal number without an exponent, like "19.99".'),
		('invalid_time', 'invalid', 'It must be a time like "2026-01-31T10:00:00Z".'),
		('invalid_uuid', 'invalid', 'It must be an id (a UUID).'),
		('invalid_utf8', 'invalid', 'It must be UTF-8 text.'),
		('zero', 'invalid', 'It must not be 0.'),
		('not_found', 'not_found', 'There is no such record.'),
		('taken', 'taken', 'Another record has this value.'),
		('not_staff', 'not_staff', 'It must be a member of staff.'),
		('parameter_unknown', 'invalid', 'Unknown parameter.'),
		('parameter_encoding', 'encoding', 'It is not correctly encoded.'),
		('parameter_repeated', 'repeated', 'It is repeated.'),
		('parameter_number', 'invalid', 'It must be a number from 1 to {max}.'),
		('ordering_field', 'invalid', 'This list cannot be ordered by this field.'),
		('ordering_length', 'invalid', 'There are more than {max} fields.'),
		('ordering_repeated', 'invalid', 'It names a field twice.'),
		('search_not_offered', 'invalid', 'This list cannot be searched.'),
		('search_length', 'invalid', 'At most {max} characters are accepted.'),
		('search_words', 'invalid', 'At most {max} words are accepted.'),
		('count_exact', 'invalid', 'It must be "exact".'),
		('include_deleted', 'invalid', 'It must be "deleted", and only staff may send it.'),
		('page_with_cursor', 'invalid', 'It cannot be combined with a cursor.'),
		('common_password', 'too_common', 'This is easy to guess: use several words, or more characters.'),
		('wrong_password', 'wrong_password', 'The current password is incorrect.'),
		('password_required', 'required', 'Staff must send their current password.'),
		('wrong_otp', 'wrong_code', 'The code is wrong or has expired.'),
		('recipient_required', 'required', 'An e-mail address or a mobile number is needed.'),
		('challenge_required', 'required', 'Send the challenge from the response of /customer/request-otp.'),
		('one_recipient', 'exclusive', 'Send either mobile_number or email: the code is sent to one of them.'),
		('one_contact_change', 'exclusive', 'Change the e-mail address and the mobile number one at a time: each needs a code.'),
		('contact_in_use', 'taken', 'Another account uses this.'),
		('contact_needed', 'null', 'You sign in or receive messages with it.'),
		('country_not_served', 'country', 'This shop sends no text messages to numbers of that country.'),
		('country_by_mail', 'country', 'This shop sends no text messages to numbers of that country: send email instead.'),
		('no_mail', 'not_available', 'This shop sends no codes by e-mail: send mobile_number instead.'),
		('no_sms', 'not_available', 'This shop sends no codes by text message: send email instead.'),
		('image_format', 'invalid_image', 'It must be a complete JPEG, PNG, WebP or GIF image.'),
		('image_empty', 'invalid_image', 'It must have a width and a height.'),
		('image_pixels', 'invalid_image', 'It has too many pixels.'),
		('image_or_url', 'exclusive', 'Send either an image or a URL, not both.'),
		('image_required', 'required', 'An image or a URL is needed.'),
		('guest_contact', 'required', 'A guest needs an e-mail address or a mobile number.'),
		('not_in_contact', 'invalid', 'The order''s contact does not have one.'),
		('invoice_name', 'required', 'The invoice needs a name.'),
		('address_incomplete', 'required', 'This part of an address is required.'),
		('store_not_found', 'not_found', 'There is no such store.'),
		('cart_empty', 'min_items', 'The cart is empty.'),
		('product_not_found', 'not_found', 'There is no such product.'),
		('product_wrong_store', 'wrong_store', 'Another store sells this product.'),
		('has_variants', 'has_variants', 'Choose one of its variants.'),
		('shipping_required', 'required', 'Choose one of the store''s shipping methods.'),
		('shipping_not_found', 'not_found', 'The store has no such shipping method.'),
		('wrong_country', 'wrong_country', 'It does not ship to the country of the shipping address.'),
		('guest_max_total', 'guest_limit', 'Without paying online, guests may order for up to {max} {currency}: sign in, or confirm the order''s contact.'),
		('guest_max_quantity', 'guest_limit', 'Without paying online, guests may order {max} of a product: sign in, or confirm the order''s contact.'),
		('status_read_only', 'read_only', 'Use POST to place, cancel, ship or complete an order.'),
		('order_not_found', 'not_found', 'There is no such order.'),
		('method_not_offered', 'invalid_choice', 'The shop does not offer this payment method.'),
		('currency', 'currency', '{currency} cannot be paid by {method}.'),
		('max_reserved', 'max_value', 'Only {max} {currency} are reserved.'),
		('capture_step', 'invalid', 'In {currency} only multiples of {step} can be captured.'),
		('max_refund', 'max_value', 'Only {max} {currency} are left to refund.'),
		('refund_step', 'invalid', 'In {currency} only multiples of {step} can be refunded.'),
		('already_restocked', 'invalid', 'The goods are already back in stock.'),
		('restock_partial', 'invalid', 'With a partial refund the stock is not returned automatically: adjust it by hand.'),
		('unavailable', 'unavailable', 'The product is no longer available.'),
		('price_changed', 'price_changed', 'The price was {old} and is {new}.'),
		('out_of_stock', 'out_of_stock', 'Only {available} are left.'),
		('coupon_not_found', 'not_found', 'There is no such coupon.'),
		('not_yet', 'not_yet', 'The coupon is not valid yet.'),
		('expired', 'expired', 'The coupon has expired.'),
		('coupon_min_value', 'min_value', 'The coupon is for orders of at least {min} {currency}.'),
		('used_up', 'used_up', 'The coupon has reached its usage limit.'),
		('used_up_by_customer', 'used_up', 'You have reached the usage limit of this coupon.'),
		('sign_in_required', 'sign_in_required', 'The coupon has a limit per customer: sign in, or confirm the contact of the cart.'),
		('one_discount', 'one_of', 'Give either discount_percent or discount_amount.'),
		('ends_before_start', 'invalid', 'It ends before it begins.'),
		('amount_needs_store', 'required', 'An amount of money needs a store, because it needs a currency.'),
		('currency_decimals', 'max_decimal_places', '{currency} has {decimals} decimal places.'),
		('staff_email', 'required', 'Staff and admins need an e-mail address.'),
		('password_of_staff', 'not_staff', 'Only staff and admins have a password.'),
		('equal_prefixes', 'invalid', 'Invoices and credit notes need different prefixes.'),
		('prefix_of_credit_notes', 'taken', 'There are credit notes with this prefix.'),
		('prefix_of_invoices', 'taken', 'There are invoices with this prefix.'),
		('rounding_step', 'invalid', 'It must be a positive multiple of {step} {currency}.'),
		('stock_min', 'min_value', 'Stock must be between 0 and 1,000,000,000.'),
		('stock_max', 'max_value', 'Stock must be between 0 and 1,000,000,000.'),
		('wrong_store', 'wrong_store', 'It belongs to another store.'),
		('wrong_category', 'wrong_category', 'It does not belong to the category.'),
		('nested_variant', 'nested_variant', 'A variant cannot have variants.'),
		('variants_of_its_own', 'nested_variant', 'A product that has variants cannot become one.')) r (name, code, sentence) where r.name = error_rule.rule;
end
$$;

CREATE FUNCTION public.failure_shown(failure text, code text, viewer text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
	return case when failure = '' or viewer in ('staff', 'admin') then failure else code end;
end
$$;

CREATE FUNCTION public.idempotency_begin(key jsonb, OUT saved_status integer, OUT saved_body text) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
	request constant text := key ->> 'key';
	saved idempotency_keys;
begin
	if not pg_try_advisory_xact_lock(hashtextextended((key ->> 'scope') || ' ' || request, 0)) then
		perform deny('CSRUN', 'key_running');
	end if;
	select * into saved from idempotency_keys k
	where k.scope = idempotency_begin.key ->> 'scope' and k.key = request;
	if saved.created_at < now() - interval '24 hours' then
		delete from idempotency_keys k where k.scope = saved.scope and k.key = request;
		return;
	end if;
	if saved.request_hash <> decode(idempotency_begin.key ->> 'hash', 'hex') then
		perform deny('CSKEY', 'key_reused');
	end if;
	saved_status := saved.status;
	saved_body := saved.body;
end
$$;

CREATE FUNCTION public.idempotency_save(key jsonb, answer_status integer, answer text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	insert into idempotency_keys (scope, key, request_hash, status, body)
	values (idempotency_save.key ->> 'scope', idempotency_save.key ->> 'key',
		decode(idempotency_save.key ->> 'hash', 'hex'), answer_status, answer)
	on conflict on constraint idempotency_keys_pkey do nothing;
	delete from idempotency_keys k where (k.scope, k.key) in (
		select o.scope, o.key from idempotency_keys o
		where o.created_at < now() - interval '24 hours' limit 10 for update skip locked);
end
$$;

CREATE FUNCTION public.invoice_brief(id uuid, number text) RETURNS text
    LANGUAGE sql STABLE
    AS $$
	select '{"id":"' || id || '","invoice_number":' || to_json(number) || '}'
$$;

CREATE TABLE public.invoices (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    kind public.invoice_kind NOT NULL,
    number public.document_number NOT NULL,
    store uuid NOT NULL,
    order_id uuid NOT NULL,
    refund uuid,
    credits uuid,
    issued_at timestamp with time zone DEFAULT now() NOT NULL,
    due_at date,
    amount public.nonnegative_amount NOT NULL,
    currency text NOT NULL,
    taxes jsonb NOT NULL,
    notes text DEFAULT ''::text NOT NULL,
    document text NOT NULL,
    CONSTRAINT invoices_active_to CHECK ((active_from < active_to))
);

CREATE FUNCTION public.invoice_draft(o public.orders, shop public.stores, day date) RETURNS public.invoices
    LANGUAGE plpgsql STABLE
    AS $$
declare
	draft invoices;
	lines json;
begin
	select json_agg(json_build_object('position', i.position, 'sku', i.sku, 'hsn', i.hsn, 'name', i.name,
		'options', i.options,
		'quantity', i.quantity, 'unit_price', i.unit_price::text, 'discount_amount', i.discount_amount::text,
		'tax_rate', trim_scale(i.tax_rate)::text, 'tax_amount', i.tax_amount::text,
		'line_total', i.line_total::text) order by i.position)
	into lines from order_items i where i.order_id = o.id;
	draft.store := shop.id;
	draft.order_id := o.id;
	draft.issued_at := now();
	draft.due_at := day + shop.invoice_due_days;
	draft.amount := o.total;
	draft.currency := o.currency;
	draft.taxes := order_taxes(o);
	draft.document := json_build_object('kind', 'invoice', 'issued_at', day, 'due_at', draft.due_at, 'credits', null,
		'reason', null, 'order_number', o.number::text, 'currency', o.currency,
		'prices_include_tax', o.prices_include_tax,
		'seller', json_build_object('name', shop.name, 'address', shop.address, 'email', shop.contact_email,
			'phone', shop.contact_phone, 'tax_number', nullif(shop.tax_number, ''),
			'bank_details', nullif(shop.bank_details, '')),
		'buyer', json_build_object('name', o.contact_name, 'email', o.contact_email, 'mobile_number', o.contact_mobile,
			'billing_address', coalesce(o.billing_address, o.shipping_address), 'shipping_address', o.shipping_address),
		'lines', lines, 'subtotal', o.subtotal::text, 'discount_total', o.discount_total::text,
		'shipping_total', o.shipping_total::text, 'tax_total', o.tax_total::text, 'rounding', o.rounding::text,
		'total', o.total::text,
		'coupon', o.coupon, 'shipping_method', o.shipping_method_name, 'taxes', draft.taxes,
		'total_in_words', amount_in_words(o.total, o.currency), 'notes', '')::text;
	return draft;
end
$$;

CREATE FUNCTION public.invoice_issue(draft public.invoices, shop public.stores, day date) RETURNS text
    LANGUAGE plpgsql
    AS $$
begin
	draft.id := uuid_v7();
	draft.number := invoice_number(shop, 'invoice', day);
	insert into invoices (id, kind, number, store, order_id, issued_at, due_at, amount, currency, taxes, document)
	values (draft.id, 'invoice', draft.number, draft.store, draft.order_id, draft.issued_at, draft.due_at, draft.amount,
		draft.currency, draft.taxes, json_join(json_build_object('number', draft.number)::text, draft.document));
	return invoice_brief(draft.id, draft.number);
end
$$;

CREATE FUNCTION public.invoice_json(which uuid, viewer text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	i invoices;
begin
	select * into i from invoices where id = which;
	return invoice_json(i, viewer);
end
$$;

CREATE FUNCTION public.invoice_json(i public.invoices, viewer text) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
declare
	d constant json := i.document;
	shown text;
begin
	select row_to_json(r)::text into shown from (
		select i.id, i.kind, i.number as invoice_number, i.store, i.order_id as "order", i.credits,
			i.refund, rfc3339(i.issued_at) as issued_at, i.due_at, i.amount::text as amount, i.currency,
			d -> 'prices_include_tax' as prices_include_tax, i.taxes, i.notes,
			d -> 'seller' as seller, d -> 'buyer' as buyer, d -> 'lines' as lines,
			d -> 'subtotal' as subtotal, d -> 'discount_total' as discount_total,
			d -> 'shipping_total' as shipping_total, d -> 'tax_total' as tax_total,
			d -> 'rounding' as rounding, d -> 'total_in_words' as total_in_words,
			rfc3339(i.created_at) as created_at, rfc3339(i.modified_at) as modified_at) r;
	if viewer in ('staff', 'admin') then
		shown := json_join(shown, (select row_to_json(r)::text from (
			select i.created_by, i.modified_by, i.is_deleted, i.is_suspended, i.status, i.comments,
				rfc3339(i.active_from) as active_from, rfc3339(i.active_to) as active_to) r));
	end if;
	return shown;
end
$$;

CREATE FUNCTION public.invoice_number(shop public.stores, kind text, day date) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
	year integer := extract(year from day)
		- case when extract(month from day) < shop.financial_year_start then 1 else 0 end;
	next integer;
begin
	insert into invoice_counters as c (store, kind, financial_year, last)
	values (shop.id, invoice_number.kind, year, 1)
	on conflict on constraint invoice_counters_pkey do update set last = c.last + 1
	returning c.last into next;
	return case kind when 'invoice' then shop.invoice_prefix else shop.credit_note_prefix end
		|| to_char(mod(year, 100), 'FM00')
		|| case when shop.financial_year_start > 1 then to_char(mod(year + 1, 100), 'FM00') else '' end
		|| '-' || case when next < 100000 then to_char(next, 'FM00000') else next::text end;
end
$$;

CREATE FUNCTION public.invoice_read(which uuid, who uuid, caller_role text, token bytea, OUT body text, OUT document text, OUT number text, OUT order_id text) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	i invoices;
	o orders;
	viewer text;
begin
	select * into i from invoices where id = which;
	select * into o from orders where id = i.order_id;
	viewer := order_viewer(o, who, caller_role, token);
	-- A customer who only claims an order must not learn its buyer, whom the invoice names: see order_seen().
	if viewer is not null and not (viewer = 'customer' and o.claimed and o.token_hash is distinct from token) then
		body := invoice_json(i, viewer);
		document := i.document;
		number := i.number;
		order_id := i.order_id::text;
	end if;
end
$$;

CREATE FUNCTION public.is_live(row_deleted boolean, row_suspended boolean, row_from timestamp with time zone, row_to timestamp with time zone) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
	select not row_deleted and not row_suspended
		and (row_from is null or row_from <= now()) and (row_to is null or row_to > now())
$$;

CREATE TABLE public.users (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    email text,
    mobile_number text,
    name text DEFAULT ''::text NOT NULL,
    is_admin boolean DEFAULT false NOT NULL,
    is_staff boolean DEFAULT false NOT NULL,
    is_customer boolean DEFAULT false NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    password_hash text,
    email_verified_at timestamp with time zone,
    mobile_verified_at timestamp with time zone,
    CONSTRAINT users_active_to CHECK ((active_from < active_to)),
    CONSTRAINT users_reachable CHECK ((is_deleted OR (email IS NOT NULL) OR (mobile_number IS NOT NULL))),
    CONSTRAINT users_staff_email CHECK ((is_deleted OR (email IS NOT NULL) OR (NOT (is_admin OR is_staff))))
);

CREATE FUNCTION public.is_working_admin(who public.users) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
	select who.is_admin and who.is_active and who.password_hash is not null and who.active_to is null
		and is_live(who.is_deleted, who.is_suspended, who.active_from, who.active_to)
$$;

CREATE FUNCTION public.json_join(one text, more text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	select left(one, -1) || ',' || substr(more, 2)
$$;

CREATE FUNCTION public.jsonb_merge_patch(target jsonb, patch jsonb) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
declare
	name text;
	value jsonb;
begin
	if jsonb_typeof(patch) is distinct from 'object' then
		return patch;
	end if;
	if jsonb_typeof(target) is distinct from 'object' then
		target := '{}';
	end if;
	for name, value in select * from jsonb_each(patch) loop
		if value = 'null' then
			target := target - name;
		else
			target := jsonb_set(target, array[name], jsonb_merge_patch(target -> name, value));
		end if;
	end loop;
	return target;
end
$$;

CREATE FUNCTION public.me_export(who uuid) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	return (select json_build_object(
		'user', user_json(who),
		'addresses', (select coalesce(json_agg(json_build_object('id', a.id, 'label', a.label, 'name', a.name,
			'line1', a.line1, 'line2', a.line2, 'city', a.city, 'region', a.region, 'postal_code', a.postal_code,
			'country', a.country, 'phone', a.phone, 'is_default', a.is_default, 'is_deleted', a.is_deleted,
			'created_at', rfc3339(a.created_at)) order by a.created_at), '[]') from addresses a where a.user_id = who),
		'orders', (select coalesce(json_agg(order_json(o.id, 'customer', who)::json order by o.created_at), '[]')
			from orders o where o.user_id = who),
		'payments', (select coalesce(json_agg(payment_json(p, 'customer')::json order by p.created_at), '[]')
			from payments p join orders o on o.id = p.order_id where o.user_id = who),
		'invoices', (select coalesce(json_agg(i.document::json order by i.issued_at), '[]')
			from invoices i join orders o on o.id = i.order_id where o.user_id = who and not o.claimed),
		'coupons', (select coalesce(json_agg(json_build_object('code', c.code, 'order', r.order_id,
			'used_at', rfc3339(r.created_at)) order by r.created_at), '[]')
			from coupon_redemptions r join coupons c on c.id = r.coupon join orders o on o.id = r.order_id
			where o.user_id = who),
		'notes', (select coalesce(json_agg(json_build_object('order', e.order_id, 'note', e.note,
			'created_at', rfc3339(e.created_at)) order by e.created_at), '[]')
			from order_events e where e.user_id = who and e.note <> ''),
		'messages', (select coalesce(json_agg(json_build_object('template', b.template, 'channel', b.channel,
			'recipient', b.recipient, 'status', b.status, 'created_at', rfc3339(b.created_at))
			order by b.created_at), '[]')
			from outbox b where b.order_id in (select o.id from orders o where o.user_id = who and not o.claimed)
				or (b.order_id is null and exists (select 1 from users u where u.id = who
					and (b.recipient = u.mobile_number
					or (u.email_verified_at is not null and lower(b.recipient) = lower(u.email)))))),
		'sessions', (select coalesce(json_agg(json_build_object('opened_by', s.opened_by,
			'client_address', s.client_address, 'created_at', rfc3339(s.created_at),
			'expires_at', rfc3339(s.expires_at)) order by s.created_at), '[]') from sessions s where s.user_id = who),
		'known_places', (select coalesce(json_agg(json_build_object(
			'kind', case when k.is_device then 'device' else 'address' end, 'used_at', rfc3339(k.used_at))
			order by k.used_at), '[]') from known_places k where k.user_id = who),
		'audit_log', (select coalesce(json_agg(json_build_object('action', l.action, 'table_name', l.table_name,
			'created_at', rfc3339(l.created_at)) order by l.created_at), '[]') from audit_logs l
			where l.user_id = who))::text);
end
$$;

CREATE FUNCTION public.me_forget(request_id text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	who constant uuid := (session_proven()).who;
	person users;
	ours uuid[]; -- orders
	paid uuid[]; -- payments
	gone uuid[]; -- carts and addresses
	proven_email text;
begin
	perform act_as(who, request_id);
	-- First: this lock prevents new orders, addresses and sessions of the user.
	select * into person from users u where u.id = who and not u.is_deleted for update;
	if not found then
		perform deny('CS404', 'missing');
	elsif person.is_admin or person.is_staff then
		perform deny('CS409', 'account_of_staff');
	end if;
	proven_email := case when person.email_verified_at is not null then person.email end;
	perform orders_claim(who, person.mobile_number, proven_email);
	perform 1 from orders o where o.user_id = who order by o.id for update;
	if exists (select 1 from orders o where o.user_id = who
		and o.status in ('placed', 'pending', 'paid', 'shipped')) then
		perform deny('CS409', 'open_order');
	end if;
	ours := array(select o.id from orders o where o.user_id = who);
	paid := array(select p.id from payments p where p.order_id = any (ours));

	delete from sessions s where s.user_id = who;
	delete from known_places p where p.user_id = who;
	delete from challenges c where c.recipient = person.mobile_number or lower(c.recipient) = lower(proven_email)
		or c.subject = who;
	delete from outbox b where b.order_id = any (ours) or (b.order_id is null
		and (b.recipient = person.mobile_number or lower(b.recipient) = lower(proven_email)));
	update orders o set contact_mobile = null where o.disowned and o.contact_mobile = person.mobile_number;
	update orders o set contact_email = null where o.disowned and lower(o.contact_email) = lower(proven_email);
	delete from addresses a where a.user_id = who;
	perform orders_forget(ours, paid);
	update users u set is_deleted = true, is_active = false, is_customer = false, email = null, mobile_number = null,
		name = '', status = '', comments = '', password_hash = null
	where u.id = who;

	gone := array(select l.record_id from audit_logs l where l.action = 'delete'
		and l.old_data ->> 'user_id' = who::text
		union select l.record_id from audit_logs l where l.action = 'delete'
			and l.old_data ->> 'contact_mobile' = person.mobile_number and l.old_data ->> 'user_id' is null
		union select l.record_id from audit_logs l where l.action = 'delete'
			and lower(l.old_data ->> 'contact_email') = lower(proven_email) and l.old_data ->> 'user_id' is null);
	delete from idempotency_keys k where k.scope = who::text
		or k.body::jsonb ->> 'id' = any ((ours || gone)::text[]) or k.body::jsonb ->> 'order' = any (ours::text[]);
	perform audit_forget(ours || paid || gone || who
		|| array(select r.id from refunds r where r.payment = any (paid))
		|| array(select i.id from invoices i where i.order_id = any (ours)), who);
end
$$;

CREATE FUNCTION public.money_of(amount numeric, currency text) RETURNS numeric
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	select round(amount, greatest(currency_decimals(currency), min_scale(amount)))
$$;

CREATE FUNCTION public.money_refused(pointer text, amount numeric, currency text) RETURNS public.refusal[]
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
declare
	decimals constant integer := currency_decimals(currency);
begin
	return case when amount <> round(amount, decimals) then
		refused(pointer, 'currency_decimals', jsonb_build_object('currency', currency, 'decimals', decimals)) end;
end
$$;

CREATE FUNCTION public.number_in_words(n numeric, indian boolean) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
declare
	units constant numeric[] := case when indian then array[10000000, 100000, 1000]
		else array[1000000000000, 1000000000, 1000000, 1000] end;
	names constant text[] := case when indian then array['crore', 'lakh', 'thousand']
		else array['trillion', 'billion', 'million', 'thousand'] end;
	left_over numeric := trunc(n);
	count numeric;
	words text := '';
begin
	if left_over = 0 then
		return 'zero';
	end if;
	for i in 1 .. array_length(units, 1) loop
		count := div(left_over, units[i]);
		if count > 0 then
			words := words || ' ' || case when count >= 1000 then number_in_words(count, indian)
				else words_below_thousand(count::integer) end || ' ' || names[i];
		end if;
		left_over := mod(left_over, units[i]);
	end loop;
	return btrim(words || ' ' || words_below_thousand(left_over::integer));
end
$$;

CREATE FUNCTION public.order_adopt(which uuid, who uuid, caller_role text, token bytea, request_id text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	o orders;
begin
	perform act_as(who, request_id);
	select * into o from orders where id = which for update;
	perform order_viewer_required(o, who, caller_role, token);
	if caller_role <> 'customer' then
		perform deny('CS403', 'customers_adopt');
	elsif o.token_hash is distinct from token then
		perform deny('CS403', 'token_required');
	elsif o.user_id <> who then
		perform deny('CS409', 'another_account');
	end if;
	update orders set user_id = who, claimed = false, disowned = false,
		token_hash = case when status = 'cart' then null else token_hash end
	where id = which;
	update payments p set unconfirmed = false where p.order_id = which and p.unconfirmed; -- the customer is known
	return order_json(which, 'customer', who);
end
$$;

CREATE FUNCTION public.order_annotate(request jsonb, OUT status integer, OUT body text, OUT replayed boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	r constant order_request := request_read(null::order_request, request);
	o orders;
	viewer text;
begin
	perform act_as(r.user_id, r.request_id);
	select * into o from orders where id = r.order_id for update;
	viewer := order_viewer_required(o, r.user_id, r.role, r.token_hash);
	status := 200;
	replayed := false;
	if viewer = 'customer' and not request ?| array['active_from', 'active_to', 'is_suspended', 'status'] then
		body := cart_save_now(r, request);
		return;
	elsif viewer = 'customer' then
		perform deny('CS403', 'store_only');
	elsif request ? 'status' and lower(coalesce(r.status, '')) <> o.status then
		perform refuse('/status', 'status_read_only');
	end if;
	update orders set
		comments = case when request ? 'comments' then coalesce(r.comments, '') else o.comments end,
		active_from = case when request ? 'active_from' then r.active_from else o.active_from end,
		active_to = case when request ? 'active_to' then r.active_to else o.active_to end,
		is_suspended = coalesce(r.is_suspended, o.is_suspended)
	where id = o.id;
	body := order_json(o.id, viewer, r.user_id);
end
$$;

CREATE FUNCTION public.order_begin(r public.order_request) RETURNS public.orders
    LANGUAGE plpgsql STABLE
    AS $$
declare
	o orders;
begin
	if r.user_id is not null then
		select u.name, u.email, u.mobile_number into o.contact_name, o.contact_email, o.contact_mobile
		from users u where u.id = r.user_id;
	end if;
	o.id := r.order_id;
	o.store := r.store;
	o.user_id := r.user_id;
	o.token_hash := r.new_token_hash;
	o.language := coalesce(r.language, '');
	o.contact_name := coalesce(r.contact_name, o.contact_name, '');
	o.contact_email := coalesce(r.contact_email, o.contact_email);
	o.contact_mobile := coalesce(r.contact_mobile, o.contact_mobile);
	o.email_proven := false;
	o.mobile_proven := false;
	o.shipping_address := r.shipping_address;
	o.billing_address := r.billing_address;
	o.comments := coalesce(r.comments, '');
	o.coupon := r.coupon;
	o.shipping_method := r.shipping_method;
	return o;
end
$$;

CREATE FUNCTION public.order_buyer(o public.orders, OUT who uuid, OUT mobile text, OUT email text) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
declare
	person users;
begin
	if o.user_id is not null then
		select * into person from users u where u.id = o.user_id;
	end if;
	if person.is_admin or (person.is_staff and works_in_store(person.id, o.store)) then
		mobile := o.contact_mobile;
		email := o.contact_email;
	elsif person.id is not null then
		who := person.id;
		mobile := case when person.mobile_verified_at is not null then person.mobile_number end;
		email := case when person.email_verified_at is not null then person.email end;
	else
		mobile := case when o.mobile_proven then o.contact_mobile end;
		email := case when o.email_proven then o.contact_email end;
	end if;
end
$$;

CREATE FUNCTION public.order_cart_save(request jsonb, OUT status integer, OUT body text, OUT replayed boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	r constant order_request := request_read(null::order_request, request);
	is_kept constant boolean := r.store is not null and r.key is not null;
begin
	perform act_as(r.user_id, r.request_id);
	if is_kept then
		select k.saved_status, k.saved_body into status, body from idempotency_begin(r.key) k;
	end if;
	replayed := status is not null;
	if replayed then
		return;
	end if;
	body := cart_save_now(r, request);
	status := case when r.store is null then 200 else 201 end;
	if is_kept then
		perform idempotency_save(r.key, status, body);
	end if;
end
$$;

CREATE FUNCTION public.order_confirm(which uuid, who uuid, caller_role text, token bytea, request_id text, challenge bytea, code bytea, OUT body text, OUT wake boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	o orders;
	proven challenges;
	viewer text;
begin
	perform act_as(who, request_id);
	select * into o from orders where id = which for update;
	viewer := order_viewer_required(o, who, caller_role, token);
	if challenge is null and code is null and viewer = 'customer' then
		perform deny('CS403', 'code_required');
	elsif o.status not in ('cart', 'placed', 'pending', 'paid') then
		perform deny('CS409', 'order_is', jsonb_build_object('status', o.status));
	end if;
	if challenge is not null or code is not null then
		proven := challenge_redeem('confirm_order', challenge, code);
		if proven.subject is distinct from which or proven.recipient is distinct from (
			case proven.channel when 'mail' then o.contact_email else o.contact_mobile end) then
			return; -- no error is raised, so that the attempt counts
		end if;
		update orders set email_proven = email_proven or proven.channel = 'mail',
			mobile_proven = mobile_proven or proven.channel = 'sms'
		where id = which returning * into o;
	end if;
	update payments p set unconfirmed = false where p.order_id = which and p.unconfirmed;
	if o.status <> 'cart' then
		perform order_note(which, case when proven.id is null then 'The store has confirmed the order.'
			else format('The order was confirmed by a code to %s.', proven.recipient) end);
		-- Send what could not be sent to the unconfirmed number.
		if proven.channel = 'sms' and o.contact_email is null and not exists (
			select 1 from outbox b where b.order_id = which and b.template = 'order_placed') then
			perform order_notify(o, (select s from stores s where s.id = o.store), 'order_placed');
		end if;
	end if;
	wake := order_wakes_sender(which);
	body := order_json(which, viewer, who);
end
$$;

CREATE FUNCTION public.order_contact(which uuid, who uuid, caller_role text, token bytea, way text, can_text boolean, OUT channel text, OUT recipient text) RETURNS record
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	o orders;
begin
	select * into o from orders where id = which;
	perform order_viewer_required(o, who, caller_role, token);
	if o.user_id is not null then
		perform deny('CS409', 'nothing_to_confirm');
	elsif o.status not in ('cart', 'placed', 'pending', 'paid') then
		perform deny('CS409', 'order_is', jsonb_build_object('status', o.status));
	end if;
	way := coalesce(way, case when o.contact_email is null or (can_text and o.contact_mobile is not null)
		then 'mobile_number' else 'email' end);
	channel := case way when 'email' then 'mail' else 'sms' end;
	recipient := case way when 'email' then o.contact_email else o.contact_mobile end;
	if recipient is null then
		perform refuse('/by', 'not_in_contact');
	elsif (case way when 'email' then o.email_proven else o.mobile_proven end) then
		perform deny('CS409', 'already_confirmed');
	end if;
end
$$;

CREATE FUNCTION public.order_contact_refused(o public.orders) RETURNS public.refusal[]
    LANGUAGE sql IMMUTABLE
    AS $$
	select case when o.user_id is null and o.contact_email is null and o.contact_mobile is null then
			refused('/contact', 'guest_contact') end
		|| case when btrim(o.contact_name) = '' then refused('/contact/name', 'invoice_name') end
$$;

CREATE FUNCTION public.order_disown(which uuid, who uuid, caller_role text, token bytea, request_id text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	o orders;
	owner users;
begin
	perform act_as(who, request_id);
	select * into o from orders where id = which for update;
	perform order_viewer_required(o, who, caller_role, token);
	if o.user_id is distinct from who then
		perform deny('CS403', 'owner_only');
	elsif o.token_hash is null then
		perform deny('CS409', 'placed_yourself');
	end if;
	select * into owner from users u where u.id = who;
	update orders set user_id = null, claimed = false, disowned = true, email_proven = false, mobile_proven = false,
		contact_email = case when lower(contact_email) is distinct from lower(owner.email) then contact_email end,
		contact_mobile = case when contact_mobile is distinct from owner.mobile_number then contact_mobile end
	where id = which;
	delete from outbox b where b.order_id = which and b.status = 'queued'
		and lower(b.recipient) in (lower(owner.email), owner.mobile_number);
	perform order_note(which, 'The owner of the contact''s number or address declared that the order is not theirs.');
end
$$;

CREATE FUNCTION public.order_expire(which uuid, minutes integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	o orders;
begin
	select * into o from orders where id = which for update;
	if not order_is_overdue(o, minutes) or exists (
		select 1 from payments p where p.order_id = which and p.online and p.status in ('created', 'pending', 'failed')
			and p.requested_at is not null) then
		return false;
	end if;
	perform order_move(which, 'cancelled', null, 'system', null, null, 'It was not paid in time.', null, null, false);
	return true;
end
$$;

CREATE FUNCTION public.order_guest_refused(pointer text, o public.orders, shop public.stores, products uuid[], quantities integer[]) RETURNS public.refusal[]
    LANGUAGE plpgsql STABLE
    AS $$
begin
	if not order_is_unproven(o) then
		return null;
	elsif o.total > shop.guest_max_total then
		return refused(pointer, 'guest_max_total', jsonb_build_object('max', shop.guest_max_total::text,
			'currency', shop.currency));
	elsif exists (select 1 from unnest(products, quantities) w (product, quantity) join products p on p.id = w.product
		group by coalesce(p.parent, p.id) having sum(w.quantity) > shop.guest_max_quantity) then
		return refused(pointer, 'guest_max_quantity', jsonb_build_object('max', shop.guest_max_quantity));
	end if;
	return null;
end
$$;

CREATE FUNCTION public.order_is_overdue(o public.orders, minutes integer) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return o.status in ('placed', 'pending') and o.total > 0 and o.placed_at < now() - make_interval(mins => minutes)
		and not exists (select 1 from payments p where p.order_id = o.id and (
			p.status in ('authorized', 'captured')
			or (p.status = 'needs_attention' and p.attention is not null)
			or (not p.online and p.status = 'pending'
				and (not p.unconfirmed or p.created_at > now() - make_interval(mins => minutes)))
			or (p.online and (p.created_at > now() - make_interval(mins => minutes) or p.expires_at > now())
				and p.status in ('created', 'pending', 'failed'))));
end
$$;

CREATE FUNCTION public.order_is_unproven(o public.orders) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
	select o.user_id is null and not coalesce(o.email_proven or o.mobile_proven, false)
$$;

CREATE FUNCTION public.order_json(which uuid, viewer text, who uuid) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	o orders;
	cart record;
begin
	select * into o from orders where id = which;
	o := order_seen(o, viewer, who);
	if o.status = 'cart' then
		cart := cart_quote(o);
		return order_with_invoice(
			order_render(cart.o, viewer, cart.lines, null, cart_changes_json(cart.changes)), null);
	end if;
	return order_with_invoice(order_render(o, viewer, order_lines(which), order_payments(which), null),
		(select invoice_brief(i.id, i.number) from invoices i
			where i.order_id = which and i.kind = 'invoice' and not o.claimed));
end
$$;

CREATE FUNCTION public.order_lines(which uuid) RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return (select json_agg(row_to_json(l) order by l.position)
		from (
			select i.id, i.position, i.product, i.sku, i.name, i.options, i.quantity, i.unit_price::text as unit_price,
				i.tax_rate::text as tax_rate, i.tax_amount::text as tax_amount,
				i.discount_amount::text as discount_amount, i.line_total::text as line_total
			from order_items i where i.order_id = which) l);
end
$$;

CREATE FUNCTION public.order_lock(which uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	perform 1 from orders where id = which for update;
end
$$;

CREATE FUNCTION public.order_lock_stock(products uuid[], quantities integer[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	short json;
begin
	with locked as (
		select k.product, k.inventory_count from stock k
		where k.product = any (order_lock_stock.products) order by k.product for update)
	select json_agg(json_build_object('product', p.id, 'sku', p.sku, 'name', p.name, 'requested', w.quantity,
			'available', k.inventory_count) order by p.id)
	into short
	from (
		select u.product, sum(u.quantity) as quantity
		from unnest(products, quantities) u (product, quantity) group by u.product) w
	join locked k on k.product = w.product
	join products p on p.id = w.product
	where k.inventory_count < w.quantity;
	if short is not null then
		perform deny('CSOOS', 'short_of_stock', null, jsonb_build_object('products', short));
	end if;
end
$$;

CREATE FUNCTION public.order_merge(o public.orders, r public.order_request, request jsonb) RETURNS public.orders
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
	if request ? 'contact_name' then
		o.contact_name := coalesce(r.contact_name, '');
	end if;
	if request ? 'contact_email' then
		o.email_proven := o.email_proven and coalesce(lower(o.contact_email) = lower(r.contact_email), false);
		o.contact_email := r.contact_email;
	end if;
	if request ? 'contact_mobile' then
		o.mobile_proven := o.mobile_proven and coalesce(o.contact_mobile = r.contact_mobile, false);
		o.contact_mobile := r.contact_mobile;
	end if;
	if request ? 'shipping_address' then
		o.shipping_address := jsonb_strip_nulls(coalesce(o.shipping_address, '{}') || r.shipping_address);
	end if;
	if request ? 'billing_address' then
		o.billing_address := jsonb_strip_nulls(coalesce(o.billing_address, '{}') || r.billing_address);
	end if;
	if request ? 'comments' then
		o.comments := coalesce(r.comments, '');
	end if;
	if request ? 'coupon' then
		o.coupon := r.coupon;
	end if;
	if request ? 'shipping_method' then
		o.shipping_method := r.shipping_method;
	end if;
	return o;
end
$$;

CREATE FUNCTION public.order_money(o public.orders, OUT captured numeric, OUT surplus numeric, OUT reduced numeric, OUT reducible numeric, OUT waiting boolean, OUT opened boolean, OUT stuck boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
begin
	select coalesce(sum(y.amount) filter (where y.status = 'captured'), 0), -- as payments of the order
		-- of it, what is not refunded; of a cancelled order all that is held
		coalesce(sum(case when o.status = 'cancelled' then payment_held(y) - g.promised
			else y.amount - y.kept - payment_reduced(y, g.promised) end) filter (where y.status = 'captured'), 0),
		coalesce(sum(payment_reduced(y, g.done)), 0), -- refunded, of `reducible`
		coalesce(sum(case y.status when 'captured' then y.amount when 'needs_attention' then y.amount_captured end), 0),
		coalesce(bool_or((y.online and y.status in ('created', 'pending', 'authorized')) -- for a provider, or for staff
			or (y.status = 'needs_attention' and y.attention is not null)), false),
		coalesce(bool_or(y.status in ('created', 'pending', 'authorized') -- by any method
			or (y.status = 'needs_attention' and y.attention is not null)), false),
		-- money that is not a payment of the order
		coalesce(bool_or(y.status = 'needs_attention' and g.promised < y.amount_captured), false)
	into captured, surplus, reduced, reducible, waiting, opened, stuck
	from payments y, lateral (
		select coalesce(sum(r.amount), 0) as promised,
			coalesce(sum(r.amount) filter (where r.status = 'succeeded'), 0) as done
		from refunds r where r.payment = y.id and r.status <> 'failed') g
	where y.order_id = o.id;
	surplus := surplus - case when o.status = 'cancelled' then 0 else o.total end;
end
$$;

CREATE FUNCTION public.order_move(which uuid, target text, who uuid, caller_role text, token bytea, request_id text, note text, tracking text, carried_by text, forced boolean, OUT body text, OUT wake boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	o orders;
	viewer text := 'admin';
	was text;
begin
	perform act_as(who, request_id);
	select * into o from orders where id = which for update;
	was := o.status;
	if caller_role <> 'system' then
		viewer := order_viewer_required(o, who, caller_role, token);
	end if;
	perform order_move_refuse(o, target, viewer, forced);

	update orders set status = target, tracking_number = coalesce(tracking, tracking_number),
		carrier = coalesce(carried_by, carrier)
	where id = which returning * into o;
	insert into order_events (order_id, user_id, from_status, to_status, note)
	values (which, who, was, target, coalesce(order_move.note, ''));
	if target = 'shipped' then
		perform order_notify(o, (select s from stores s where s.id = o.store), 'order_shipped');
	elsif target = 'cancelled' then
		perform order_release(o);
		perform order_notify(o, (select s from stores s where s.id = o.store), 'order_cancelled', null,
			jsonb_build_object('refund', (
				select string_agg(r.amount || ' ' || r.currency, ' + ' order by r.created_at, r.id)
				from refunds r where r.order_id = which and r.status = 'pending')));
	end if;
	wake := order_wakes_sender(which);
	body := order_json(which, viewer, who);
end
$$;

CREATE FUNCTION public.order_move_refuse(o public.orders, target text, viewer text, forced boolean) RETURNS void
    LANGUAGE plpgsql STABLE
    AS $$
declare
	allowed constant text[] := order_next(o, viewer);
begin
	if not target = any (allowed) then
		if viewer = 'customer' and target in ('shipped', 'completed') then
			perform deny('CS403', 'store_only');
		end if;
		perform deny('CSTRN', case when o.status = 'cart' then 'cart_cannot_be' else 'order_cannot_be' end,
			jsonb_build_object('status', o.status, 'target', target),
			jsonb_build_object('status_now', o.status, 'allowed_transitions', allowed));
	end if;
	if target = 'shipped' and not coalesce(forced, false) and exists (
		select 1 from disputes d where d.order_id = o.id and (dispute_is_open(d.status) or d.status = 'lost')) then
		perform deny('CS409', 'disputed');
	end if;
end
$$;

CREATE FUNCTION public.order_needs_buyer() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
	perform 1 from users u where u.id = new.user_id and not u.is_deleted for key share;
	if not found then
		perform deny('CS403', 'account_gone');
	end if;
	return new;
end
$$;

CREATE FUNCTION public.order_next(o public.orders, viewer text) RETURNS text[]
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return (select coalesce(array_agg(t.to_status order by t.position), '{}')
		from order_transitions t
		where t.from_status = o.status and not (t.to_status = 'shipped' and (o.restocked_at is not null
				or (viewer in ('staff', 'admin') and exists (select 1 from payments p
					where p.order_id = o.id and p.unconfirmed and p.status = 'pending'))))
			and (t.min_role = 'customer' or (t.min_role = 'staff' and viewer in ('staff', 'admin'))));
end
$$;

CREATE FUNCTION public.order_note(which uuid, note text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	insert into order_events (order_id, user_id, from_status, to_status, note)
	select o.id, null, o.status, o.status, order_note.note from orders o where o.id = which;
end
$$;

CREATE FUNCTION public.order_notify(o public.orders, shop public.stores, what text, amount numeric DEFAULT NULL::numeric, more jsonb DEFAULT '{}'::jsonb) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
declare
	reader record;
begin
	select * into reader from order_reader(o);
	if reader.recipient is null then
		return false;
	end if;
	insert into outbox (template, channel, recipient, language, data, give_up_at, order_id)
	values (what, reader.channel, reader.recipient, o.language,
		jsonb_build_object('store', shop.name, 'store_email', shop.contact_email, 'name', reader.name,
			'number', o.number::text, 'id', o.id, 'total', o.total::text, 'currency', o.currency,
			'carrier', o.carrier, 'tracking_number', o.tracking_number, 'amount', amount::text) || more,
		now() + interval '3 days', o.id);
	return true;
end
$$;

CREATE FUNCTION public.order_notify_late(which uuid, about uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	perform order_notify(o, s, 'order_paid_late', r.amount, jsonb_build_object('currency', r.currency))
	from orders o join stores s on s.id = o.store, refunds r
	where o.id = which and o.status = 'cancelled' and r.payment = about and r.status = 'pending'
	and r.created_at = now();
end
$$;

CREATE FUNCTION public.order_payments(which uuid) RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return (select json_agg(row_to_json(f) order by f.created_at, f.id)
		from (
			select p.id, p.payment_method, p.status, p.unconfirmed and p.status = 'pending' as unconfirmed,
				p.amount::text as amount, p.currency, rfc3339(p.paid_at) as paid_at, rfc3339(p.created_at) as created_at
			from payments p where p.order_id = which) f);
end
$$;

CREATE FUNCTION public.order_place(request jsonb, OUT status integer, OUT body text, OUT replayed boolean, OUT wake boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
	r constant order_request := request_read(null::order_request, request);
	placed record;
begin
	perform act_as(r.user_id, r.request_id);
	if r.key is not null then
		select k.saved_status, k.saved_body into status, body from idempotency_begin(r.key) k;
	end if;
	replayed := status is not null;
	wake := false;
	if replayed then
		return;
	end if;
	placed := order_place_now(r);
	body := placed.body;
	wake := placed.wake;
	status := case when r.store is null then 200 else 201 end;
	if r.key is not null then
		perform idempotency_save(r.key, status, body);
	end if;
end
$$;

CREATE FUNCTION public.order_place_now(r public.order_request, OUT body text, OUT wake boolean) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
	is_cart constant boolean := r.store is null;
	viewer text := 'customer';
	o orders;
	shop stores;
	c coupons;
	m shipping_methods;
	q quote;
	products uuid[] := r.products;
	quantities integer[] := r.quantities;
	draft invoices;
	day date; -- of the store
begin
	-- Collect, and refuse all errors at once.
	if is_cart then
		select * into o from orders where id = r.order_id for update;
		viewer := cart_viewer(o, r);
		select array_agg(i.product order by i.position), array_agg(i.quantity order by i.position)
			into products, quantities
		from cart_items i where i.order_id = o.id;
		if o.contact_name = '' then
			o.contact_name := coalesce((select u.name from users u where u.id = o.user_id), '');
		end if;
	else
		o := order_begin(r);
	end if;
	shop := store_find(o.store);
	perform refuse_all(order_contact_refused(o) || products_refused(shop, products));
	c := coupon_find(o.coupon);
	m := shipping_method_find(o.shipping_method, shop);

	perform order_lock_stock(products, quantities);

	-- Price.
	q := order_quote(shop, products, quantities, c, m);
	o := order_priced(o, shop, q, c, m);
	perform refuse_all(coupon_refused(c, shop, q.subtotal, o)
		|| case when q.total = 0 then order_guest_refused('/items', o, shop, products, quantities) end
		|| shipping_refused(m, shop, o));

	-- Write.
	o := order_write(o, is_cart);
	perform order_write_lines(o, q.lines, is_cart);

	-- Effects.
	wake := order_notify(o, shop, 'order_placed') and outbox_wake();
	day := (now() at time zone shop.timezone)::date;
	draft := invoice_draft(o, shop, day);
	body := order_render(o, viewer, order_lines(o.id), null, null);

	-- Finish: many concurrent orders want the two locks that follow.
	if c.id is not null then
		perform coupon_redeem(c, shop, o);
	end if;
	body := order_with_invoice(body, invoice_issue(draft, shop, day));
end
$$;

CREATE FUNCTION public.order_priced(o public.orders, shop public.stores, q public.quote, c public.coupons, m public.shipping_methods) RETURNS public.orders
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
	o.currency := shop.currency;
	o.prices_include_tax := shop.prices_include_tax;
	o.subtotal := q.subtotal;
	o.discount_total := q.discount_total;
	o.shipping_total := q.shipping_total;
	o.shipping_tax := q.shipping_tax;
	o.shipping_tax_rate := coalesce(m.tax_rate, 0);
	o.shipping_method_name := m.name;
	o.tax_total := q.tax_total;
	o.rounding := q.rounding;
	o.total := q.total;
	o.coupon := coalesce(c.code, o.coupon);
	o.coupon_id := c.id;
	return o;
end
$$;

CREATE FUNCTION public.order_quote(shop public.stores, ids uuid[], quantities integer[], coupon public.coupons, method public.shipping_methods) RETURNS public.quote
    LANGUAGE plpgsql STABLE
    AS $$
declare
	decimals constant integer := currency_decimals(shop.currency);
	nothing constant numeric := round(0::numeric, decimals);
	step constant numeric := coalesce(shop.rounding_step, currency_step(shop.currency));
	-- Dividends have at least these decimal places: a quotient truncated earlier could be rounded to another unit.
	fine constant numeric := 1.000000000000000000000000;
	q quote;
	lines quote_line[];
	line quote_line;
	net numeric;
	taxed numeric;
	discount numeric;     -- that a coupon's amount can give
	up_to numeric := 0;   -- the lines so far
	discounted numeric := nothing; -- of them
begin
	select array_agg(row(w.position, p.id, p.sku, p.name, nullif(p.attributes ->> 'hsn', ''),
			case when p.parent is null then '{}' else product_options(p) end, w.quantity, p.price, p.tax_rate,
			nothing, nothing, nothing)::quote_line order by w.position),
		coalesce(sum(p.price * w.quantity), nothing)
	into lines, q.subtotal
	from unnest(ids, quantities) with ordinality w (product, quantity, position)
	join products p on p.id = w.product;
	discount := least(coupon.discount_amount, q.subtotal);
	q.discount_total := nothing;
	q.tax_total := nothing;
	for i in 1 .. coalesce(array_length(lines, 1), 0) loop
		line := lines[i];
		net := line.unit_price * line.quantity;
		if coupon.discount_percent is not null then
			line.discount_amount := round(fine * net * coupon.discount_percent / 100, decimals);
		elsif coupon.discount_amount is not null and q.subtotal > 0 then
			up_to := up_to + net;
			line.discount_amount := round(fine * discount * up_to / q.subtotal, decimals) - discounted;
			discounted := discounted + line.discount_amount;
		end if;
		taxed := net - line.discount_amount;
		line.tax_amount := round(fine * taxed * line.tax_rate
			/ case when shop.prices_include_tax then 100 + line.tax_rate else 100 end, decimals);
		line.line_total := taxed + case when shop.prices_include_tax then 0 else line.tax_amount end;
		q.discount_total := q.discount_total + line.discount_amount;
		q.tax_total := q.tax_total + line.tax_amount;
		lines[i] := line;
	end loop;
	q.lines := lines;
	q.shipping_total := case
		when method.id is null or q.subtotal - q.discount_total >= method.free_over then nothing
		else method.price end;
	q.shipping_tax := round(fine * q.shipping_total * coalesce(method.tax_rate, 0)
		/ case when shop.prices_include_tax then 100 + coalesce(method.tax_rate, 0) else 100 end, decimals);
	q.tax_total := q.tax_total + q.shipping_tax;
	q.total := q.subtotal - q.discount_total + q.shipping_total
		+ case when shop.prices_include_tax then 0 else q.tax_total end;
	q.rounding := round(fine * q.total / step) * step - q.total;
	q.total := q.total + q.rounding;
	return q;
end
$$;

CREATE FUNCTION public.order_read(which uuid, who uuid, caller_role text, token bytea) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	o orders;
	viewer text;
begin
	select * into o from orders where id = which;
	viewer := order_viewer(o, who, caller_role, token);
	return case when viewer is not null then order_json(which, viewer, who) end;
end
$$;

CREATE FUNCTION public.order_reader(o public.orders, OUT channel text, OUT recipient text, OUT name text) RETURNS record
    LANGUAGE plpgsql STABLE
    AS $$
declare
	buyer record;
begin
	select * into buyer from order_buyer(o);
	if buyer.who is not null then
		select u.name, coalesce(buyer.email, buyer.mobile, u.email) into name, recipient
			from users u where u.id = buyer.who;
		channel := case when recipient = buyer.mobile then 'sms' else 'mail' end;
	else
		recipient := coalesce(o.contact_email, case when o.mobile_proven then o.contact_mobile end);
		channel := case when o.contact_email is not null then 'mail' else 'sms' end;
	end if;
	name := coalesce(nullif(name, ''), o.contact_name);
end
$$;

CREATE FUNCTION public.order_reconcile(which uuid) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	o orders;
	m record;
	target text;
	standing text;
begin
	select * into o from orders where id = which;
	m := order_money(o);
	target := case
		when o.status in ('placed', 'pending') and m.captured >= o.total then 'paid'
		when o.status = 'placed' and m.waiting then 'pending'
		when o.status = 'pending' and not m.waiting then 'placed'
		else o.status end;
	if m.surplus > 0 or (m.stuck and o.status = 'cancelled') then
		perform order_refund_surplus(o, m.surplus);
	end if;
	standing := case
		when m.reduced > 0 and m.reduced >= m.reducible then 'refunded'
		when m.reduced > 0 then 'partially_refunded'
		when m.captured >= o.total and (m.captured > 0 or o.total = 0) then 'paid'
		when m.opened then 'pending'
		else 'unpaid' end;
	if target <> o.status or standing <> o.payment_status then
		update orders set status = target, payment_status = standing where id = which;
	end if;
	if target <> o.status then
		insert into order_events (order_id, user_id, from_status, to_status, note)
		values (which, acting_user(), o.status, target, '');
	end if;
	if standing = 'paid' and o.payment_status in ('unpaid', 'pending') and target <> 'cancelled' then
		perform order_notify(o, (select s from stores s where s.id = o.store), 'order_paid');
	end if;
end
$$;

CREATE FUNCTION public.order_refund_surplus(o public.orders, surplus numeric) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	cancelled constant boolean := o.status = 'cancelled';
	why constant text := case when cancelled then 'The order was cancelled.' else 'It was paid more than once.' end;
	p record;
	part numeric;
begin
	-- The newest payment first: it is the one too many. A failed refund is not retried automatically. What a bank has
	-- taken back while a dispute is open cannot be refunded too: that waits for the decision.
	for p in
		select y.*, payment_held(y) - payment_refunded(y.id) as left_of from payments y
		where y.order_id = o.id and y.online and (y.status = 'captured' or (cancelled and y.status = 'needs_attention'))
		order by y.paid_at desc nulls last, y.id desc
	loop
		exit when surplus <= 0 and not cancelled;
		continue when p.left_of <= 0 or exists (
			select 1 from refunds r where r.payment = p.id and r.key_scope is null and r.status = 'failed');
		part := case when cancelled then p.left_of else least(surplus, p.left_of) end;
		if exists (select 1 from disputes d where d.payment = p.id and dispute_is_open(d.status)
			and not d.is_inquiry) then
			surplus := surplus - case when p.status = 'captured' then part else 0 end;
			continue;
		end if;
		insert into refunds (payment, order_id, amount, currency, status, reason, created_by)
		values (p.id, o.id, part, coalesce(p.currency_captured, p.currency), 'pending', why, null);
		perform order_note(o.id, format('%s %s are refunded: %s', part, coalesce(p.currency_captured, p.currency),
			lower(left(why, 1)) || substr(why, 2)));
		if p.status = 'captured' then
			surplus := surplus - part;
		end if;
	end loop;
	-- Offline payments are refunded offline: staff record a refund.
	if surplus > 0 and not exists (
		select 1 from order_events e where e.order_id = o.id and e.note like 'To be refunded by hand:%') then
		perform order_note(o.id, format('To be refunded by hand: %s %s.', surplus, o.currency));
	end if;
end
$$;

CREATE FUNCTION public.order_release(o public.orders) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	used uuid;
begin
	if o.restocked_at is null then
		perform order_restock(o.id, 'order cancelled');
	end if;
	delete from coupon_redemptions r where r.order_id = o.id returning r.coupon into used;
	if used is not null then
		update coupon_uses u set used_count = u.used_count - 1 where u.coupon = used;
	end if;
	update payments p set status = 'cancelled', cancel_requested = p.online and p.requested_at is not null
	where p.order_id = o.id and p.status in ('created', 'pending', 'failed', 'authorized');
	perform order_reconcile(o.id);
	perform credit_note_issue(o, o.total, 'The order was cancelled.', null);
end
$$;

CREATE FUNCTION public.order_render(o public.orders, viewer text, lines json, payments json, changes json) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
declare
	shown text;
begin
	select row_to_json(r)::text into shown from (
		select o.id, o.number, o.store, o.user_id as "user", o.status, o.payment_status,
			(select row_to_json(c) from (select o.contact_name as name, o.contact_email as email,
				o.contact_mobile as mobile_number) c) as contact,
			o.shipping_address, o.billing_address, coalesce(lines, '[]') as items,
			o.subtotal::text as subtotal, o.discount_total::text as discount_total,
			o.shipping_total::text as shipping_total, o.tax_total::text as tax_total, o.rounding::text as rounding,
			o.total::text as total, o.currency, o.prices_include_tax, o.coupon, o.shipping_method,
			o.carrier, o.tracking_number, rfc3339(o.placed_at) as placed_at,
			order_next(o, viewer) as allowed_transitions, coalesce(payments, '[]') as payments,
			o.claimed, o.comments, rfc3339(o.created_at) as created_at, rfc3339(o.modified_at) as modified_at) r;
	if viewer in ('staff', 'admin') then
		shown := json_join(shown, (select row_to_json(r)::text from (
			select o.created_by, o.modified_by, o.is_deleted, o.is_suspended,
				rfc3339(o.active_from) as active_from, rfc3339(o.active_to) as active_to,
				(select coalesce(json_agg(row_to_json(e)), '[]') from (
					select rfc3339(v.created_at) as created_at, v.user_id as "user", v.from_status,
						v.to_status, v.note
					from order_events v where v.order_id = o.id order by v.created_at, v.id) e)
					as events) r));
	end if;
	if changes is not null then
		shown := json_join(shown, '{"changes":' || changes || '}');
	end if;
	return shown;
end
$$;

CREATE FUNCTION public.order_restock(which uuid, why text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	perform 1 from stock k where k.product in (select i.product from order_items i where i.order_id = which)
	order by k.product for update;
	insert into stock_movements (product, delta, reason, order_id)
	select i.product, sum(i.quantity), why, which
	from order_items i where i.order_id = which group by i.product order by i.product;
end
$$;

CREATE FUNCTION public.order_seen(o public.orders, viewer text, who uuid) RETURNS public.orders
    LANGUAGE plpgsql STABLE
    AS $$
declare
	reader users;
begin
	if viewer = 'customer' and o.user_id is distinct from who then
		o.user_id := null;
		o.claimed := false;
	elsif viewer = 'customer' and o.claimed then
		select * into reader from users u where u.id = who;
		o.contact_name := '';
		o.contact_email := case when lower(o.contact_email) = lower(reader.email) then o.contact_email end;
		o.contact_mobile := case when o.contact_mobile = reader.mobile_number then o.contact_mobile end;
		o.shipping_address := null;
		o.billing_address := null;
		o.comments := '';
	end if;
	return o;
end
$$;

CREATE FUNCTION public.order_taxes(o public.orders) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return (select coalesce(jsonb_agg(jsonb_build_object('rate', trim_scale(t.rate)::text, 'taxable', t.taxable::text,
			'tax', t.tax::text) order by t.rate), '[]')
		from (
			select p.rate, sum(p.gross - case when o.prices_include_tax then p.tax else 0 end) as taxable,
				sum(p.tax) as tax
			from (
				select i.tax_rate as rate, i.unit_price * i.quantity - i.discount_amount as gross, i.tax_amount as tax
				from order_items i where i.order_id = o.id
				union all
				select o.shipping_tax_rate, o.shipping_total, o.shipping_tax where o.shipping_total > 0) p
			group by p.rate) t);
end
$$;

CREATE FUNCTION public.order_viewer(which public.orders, who uuid, caller_role text, token bytea) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
begin
	if which.id is null or which.is_deleted then
		return null;
	elsif caller_role = 'admin' then
		return 'admin';
	elsif caller_role = 'staff' and works_in_store(who, which.store) then
		return 'staff';
	elsif which.user_id = who or which.token_hash = token then
		return 'customer';
	end if;
	return null;
end
$$;

CREATE FUNCTION public.order_viewer_required(o public.orders, who uuid, caller_role text, token bytea) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
declare
	viewer constant text := order_viewer(o, who, caller_role, token);
begin
	if viewer is null then
		perform deny('CS404', 'missing');
	end if;
	return viewer;
end
$$;

CREATE FUNCTION public.order_wakes_sender(which uuid) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
	return exists (select 1 from outbox b where b.order_id = which and b.created_at = now()) and outbox_wake();
end
$$;

CREATE FUNCTION public.order_with_invoice(shown text, invoice text) RETURNS text
    LANGUAGE sql IMMUTABLE
    AS $$
	select json_join(shown, '{"invoice":' || coalesce(invoice, 'null') || '}')
$$;

CREATE FUNCTION public.order_write(o public.orders, was_cart boolean) RETURNS public.orders
    LANGUAGE plpgsql
    AS $$
begin
	o.number := nextval('order_numbers');
	o.status := case when o.total = 0 then 'paid' else 'placed' end;
	o.payment_status := case when o.total = 0 then 'paid' else 'unpaid' end;
	o.placed_at := now();
	if was_cart then
		update orders set number = o.number, status = o.status, payment_status = o.payment_status,
			currency = o.currency, prices_include_tax = o.prices_include_tax, subtotal = o.subtotal,
			discount_total = o.discount_total, shipping_total = o.shipping_total, shipping_tax = o.shipping_tax,
			shipping_tax_rate = o.shipping_tax_rate, shipping_method_name = o.shipping_method_name,
			tax_total = o.tax_total, rounding = o.rounding, total = o.total, coupon = o.coupon, coupon_id = o.coupon_id,
			contact_name = o.contact_name, placed_at = o.placed_at
		where id = o.id returning * into o;
		delete from cart_items where order_id = o.id;
	else
		insert into orders (id, number, store, user_id, token_hash, status, payment_status, contact_name, contact_email,
			contact_mobile, shipping_address, billing_address, comments, currency, prices_include_tax, subtotal,
			discount_total, shipping_total, shipping_tax, shipping_tax_rate, shipping_method, shipping_method_name,
			tax_total, rounding, total, coupon, coupon_id, language, placed_at)
		values (o.id, o.number, o.store, o.user_id, o.token_hash, o.status, o.payment_status, o.contact_name,
			o.contact_email, o.contact_mobile, o.shipping_address, o.billing_address, o.comments, o.currency,
			o.prices_include_tax, o.subtotal, o.discount_total, o.shipping_total, o.shipping_tax, o.shipping_tax_rate,
			o.shipping_method, o.shipping_method_name, o.tax_total, o.rounding, o.total, o.coupon, o.coupon_id,
			o.language, o.placed_at)
		returning * into o;
	end if;
	return o;
end
$$;

CREATE FUNCTION public.order_write_lines(o public.orders, lines public.quote_line[], was_cart boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	insert into order_items (order_id, position, product, sku, name, hsn, options, quantity, unit_price, tax_rate,
		tax_amount, discount_amount, line_total)
	select o.id, l.position, l.product, l.sku, l.name, l.hsn, l.options, l.quantity, l.unit_price, l.tax_rate,
		l.tax_amount, l.discount_amount, l.line_total
	from unnest(lines) l;
	insert into stock_movements (product, delta, reason, order_id)
	select i.product, -sum(i.quantity), 'order placed', o.id
	from unnest(lines) i group by i.product order by i.product;
	insert into order_events (order_id, user_id, from_status, to_status)
	values (o.id, acting_user(), case when was_cart then 'cart' end, 'placed');
	if o.status = 'paid' then
		insert into order_events (order_id, user_id, from_status, to_status, note)
		values (o.id, null, 'placed', 'paid', 'There is nothing to pay.');
	end if;
end
$$;

CREATE FUNCTION public.orders_claim(who uuid, mobile text, email text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	buyer users;
	found_one record;
begin
	perform set_config('cgishop.user_id', who::text, true);
	select * into buyer from users u where u.id = who;
	for found_one in
		select o.id, o.status, ((o.mobile_proven and o.contact_mobile = mobile)
			or (o.email_proven and lower(o.contact_email) = lower(email))) is true as proven
		from orders o
		where o.user_id is null and not o.is_deleted and not o.disowned
			and (o.contact_mobile = mobile or lower(o.contact_email) = lower(email))
		order by o.id
	loop
		if found_one.status <> 'cart' then
			update orders o set user_id = who, claimed = not found_one.proven where o.id = found_one.id
				and o.user_id is null;
		else
			update orders o set user_id = who, token_hash = null, contact_name = buyer.name,
				contact_email = buyer.email, shipping_address = case when found_one.proven then o.shipping_address end,
				billing_address = case when found_one.proven then o.billing_address end,
				comments = case when found_one.proven then o.comments else '' end
			where o.id = found_one.id and o.user_id is null;
		end if;
	end loop;
end
$$;

CREATE FUNCTION public.orders_forget(ours uuid[], paid uuid[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	delete from orders o where o.id = any (ours) and o.status = 'cart';
	update coupon_redemptions r set user_id = o.user_id, mobile = null, email = null
	from orders o where o.id = r.order_id and o.id = any (ours);
	update order_events e set note = '' where e.order_id = any (ours) and e.note <> '';
	update orders o set contact_name = '', contact_email = null, contact_mobile = null, shipping_address = null,
		billing_address = null, comments = '', tracking_number = null, token_hash = null
	where o.id = any (ours);
	update payments p set metadata = '{}', failure = '', comments = '', key_scope = null, key = null,
		request_hash = null
	where p.id = any (paid);
	update refunds r set reason = '', failure = '', comments = '', key_scope = null, key = null, request_hash = null
	where r.payment = any (paid);
	update webhook_events w set reported = null where w.payment = any (paid);
end
$$;

CREATE FUNCTION public.orders_overdue(minutes integer, count integer) RETURNS TABLE(order_id uuid, open_payments jsonb)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	return query
	select o.id, (select coalesce(jsonb_agg(payment_for_gateway(p)), '[]') from payments p
		where p.order_id = o.id and p.online and p.requested_at is not null
		and p.status in ('created', 'pending', 'failed'))
	from orders o
	where o.status in ('placed', 'pending') and o.placed_at < now() - make_interval(mins => minutes)
		and order_is_overdue(o, minutes)
		and not exists (select 1 from payments p where p.order_id = o.id and p.cancel_after > now()
			and p.status in ('created', 'pending', 'failed'))
	order by o.placed_at limit count;
end
$$;

CREATE FUNCTION public.otp_login(challenge bytea, code bytea, blind boolean, recipient text, token bytea, address text) RETURNS TABLE(expires_at text, user_object json)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	proven challenges;
	person users;
begin
	if otp_login.recipient is not null and not exists (select 1 from challenges c
		where c.id = challenge and lower(c.recipient) = lower(otp_login.recipient)) then
		return;
	end if;
	proven := challenge_redeem('sign_in', challenge, code, blind);
	if proven.id is null then
		return;
	end if;
	person := user_proven(proven.channel, proven.recipient);
	if person.id is null or not user_may_sign_in(person) then
		return;
	end if;
	update users u set is_customer = true where u.id = person.id and not u.is_customer;
	perform orders_claim(person.id, case proven.channel when 'sms' then proven.recipient end,
		case proven.channel when 'mail' then proven.recipient end);
	expires_at := rfc3339(session_start(person.id, 'otp', token, address));
	user_object := user_json(person.id);
	return next;
end
$$;

CREATE FUNCTION public.outbox_claim(count integer, a_day integer DEFAULT NULL::integer) RETURNS TABLE(id uuid, template text, channel text, recipient text, language text, data jsonb, sealed text, tries integer)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	taken uuid[];
begin
	if a_day is not null then
		perform pg_advisory_xact_lock(hashtext('outbox_claim')); -- two concurrent counts would miss each other
	end if;
	update outbox o set status = 'dead', last_error = 'It is too late for it. ' || o.last_error, data = o.data,
		sealed = null
	where o.status in ('queued', 'sending') and o.give_up_at <= now() and o.next_try_at <= now();
	loop
		taken := array(select d.id from outbox d
			where d.status in ('queued', 'sending') and d.next_try_at <= now()
			order by d.next_try_at, d.id limit count for update skip locked);
		exit when taken = '{}';
		if a_day is not null then
			perform outbox_skip(taken, a_day);
		end if;
		return query update outbox o set status = 'sending', tries = o.tries + 1,
			next_try_at = now() + interval '2 minutes'
			where o.id = any (taken) and o.status <> 'skipped'
			returning o.id, o.template, o.channel::text, o.recipient, o.language, o.data, o.sealed, o.tries;
		-- A working sender needs no other.
		if found then
			update outbox_sender set started_at = clock_timestamp();
			exit;
		end if;
	end loop;
end
$$;

CREATE FUNCTION public.outbox_failed(which uuid, why text, for_good boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	update outbox o set last_error = left(why, 500),
		status = case when for_good or o.tries >= 8 then 'dead' else 'queued' end,
		sealed = case when for_good or o.tries >= 8 then null else o.sealed end,
		next_try_at = now() + least(interval '6 hours', interval '30 seconds' * 4 ^ (o.tries - 1))
	where o.id = which and o.status = 'sending';
end
$$;

CREATE FUNCTION public.outbox_revive(which uuid) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	count integer;
begin
	update outbox o set status = 'queued', tries = 0, next_try_at = now(), give_up_at = now() + interval '3 days'
	where o.status = 'dead' and o.template !~ '^otp' and (which is null or o.id = which);
	get diagnostics count = row_count;
	return count;
end
$$;

CREATE FUNCTION public.outbox_sent(which uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	update outbox set status = 'sent', sent_at = now(), data = '{}', sealed = null, last_error = '' where id = which;
end
$$;

CREATE FUNCTION public.outbox_skip(taken uuid[], a_day integer) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	update outbox o set status = 'skipped', data = '{}',
		last_error = format('The recipient has had %s messages within a day: MESSAGES_PER_DAY.', a_day)
	where o.id = any (taken) and o.tries = 0 and o.template like 'order\_%' and a_day <= (
		select count(*) from outbox x
		where lower(x.recipient) = lower(o.recipient) and x.created_at > now() - interval '1 day'
			and x.template like 'order\_%'
			and (x.tries > 0 or (x.id = any (taken) and (x.created_at, x.id) < (o.created_at, o.id))));
end
$$;

CREATE FUNCTION public.outbox_state() RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	return json_build_object(
		'queued', (select count(*) from outbox where status in ('queued', 'sending')),
		'skipped', (select count(*) from outbox where status = 'skipped' and created_at > now() - interval '1 day'),
		'dead', (select coalesce(json_agg(row_to_json(d)), '[]') from (
			select o.id, rfc3339(o.created_at) as created_at, o.template, o.channel, o.recipient, o.tries, o.last_error
			from outbox o where o.status = 'dead' order by o.created_at desc limit 100) d));
end
$$;

CREATE FUNCTION public.outbox_wake() RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	before timestamptz;
begin
	select started_at into before from outbox_sender for update skip locked;
	if not found then
		insert into outbox_sender (started_at) values (clock_timestamp()) on conflict do nothing;
		return found;
	elsif before > clock_timestamp() - interval '2 seconds' and before <= clock_timestamp() then
		return false;
	elsif (select count(*) from outbox o where o.status = 'sending' and o.next_try_at > now()) >= 16 then
		return false; -- several already wait for a slow provider
	end if;
	update outbox_sender set started_at = clock_timestamp();
	return true;
end
$$;

CREATE FUNCTION public.password_change(who uuid, kept_session uuid, proof bytea, renewed text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	update users u set password_hash = renewed where u.id = who and password_fits(u.password_hash, proof);
	if not found then
		return false;
	end if;
	delete from sessions s where s.user_id = who and s.id <> kept_session;
	return true;
end
$$;

CREATE FUNCTION public.password_fits(stored text, proof bytea) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $_$
	select split_part(stored, '$', 5) = encode(sha256(proof), 'base64')
$_$;

CREATE FUNCTION public.password_login(who uuid, salt text, proof bytea, renewed text, token bytea, address text) RETURNS TABLE(expires_at text, user_object json)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	person users;
begin
	select * into person from users u where u.id = who for no key update;
	if not found or person.password_hash is null or not (person.is_admin or person.is_staff)
		or not user_may_sign_in(person) then
		return;
	elsif password_salt(person.password_hash) is distinct from salt then
		return next;
		return;
	elsif not password_fits(person.password_hash, proof) then
		return;
	end if;
	if renewed is not null then
		perform set_config('cgishop.user_id', who::text, true);
		update users set password_hash = renewed where id = who;
	end if;
	expires_at := rfc3339(session_start(who, 'password', token, address));
	user_object := user_json(who);
	return next;
end
$$;

CREATE FUNCTION public.password_salt(stored text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
	select left(stored, -length(split_part(stored, '$', 5)))
$_$;

CREATE FUNCTION public.password_salt_of_email(address text) RETURNS TABLE(user_id uuid, salt text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	return query select u.id, password_salt(u.password_hash) from users u
		where lower(u.email) = lower(address) and not u.is_deleted and u.password_hash is not null
			and (u.is_admin or u.is_staff) and user_may_sign_in(u);
end
$$;

CREATE FUNCTION public.password_salt_of_user(who uuid) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	return (select password_salt(u.password_hash) from users u where u.id = who);
end
$$;

CREATE FUNCTION public.password_set(which uuid, renewed text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	asks record := session_proven();
begin
	if asks.role is distinct from 'admin' then
		perform deny('CS403', 'admin_sets_passwords');
	end if;
	update users u set password_hash = renewed where u.id = which and (u.is_admin or u.is_staff);
	if not found then
		perform refuse('/password', 'password_of_staff');
	end if;
	delete from sessions s where s.user_id = which;
end
$$;

CREATE FUNCTION public.payment_accept(which uuid, who uuid, caller_role text, token bytea, request_id text, OUT body text, OUT wake boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	o orders;
	p payments;
	viewer text;
	remaining numeric;
begin
	perform act_as(who, request_id);
	select r.* into o from orders r where r.id = (select y.order_id from payments y where y.id = which) for update;
	select * into p from payments y where y.id = which for update;
	viewer := order_viewer(o, who, caller_role, token);
	perform deny_unless_store(viewer);
	if p.attention = 'currency_differs' then
		perform deny('CS409', 'other_currency', jsonb_build_object('currency', p.currency,
			'amount', round(p.amount_captured, currency_decimals(p.currency_captured)), 'held', p.currency_captured));
	elsif p.attention = 'amount_differs' then
		remaining := round(p.amount_captured - payment_refunded(which), currency_decimals(p.currency));
		if remaining <= 0 then
			perform deny('CS409', 'refunds_pending');
		end if;
		perform order_note(o.id, format('%s %s were accepted for a payment of %s %s.', remaining, p.currency, p.amount,
			p.currency));
		update payments set status = 'captured', kept = kept + greatest(0, remaining - amount), amount = remaining,
			fee = null, paid_at = coalesce(paid_at, now())
		where id = which;
		perform payment_check_attention(which, false); -- it may be disputed
		perform order_reconcile(o.id);
	elsif p.status <> 'captured' then
		perform deny('CS409', 'nothing_to_accept', jsonb_build_object('status', p.status));
	end if;
	body := payment_json(which, viewer);
	wake := order_wakes_sender(o.id);
end
$$;

CREATE FUNCTION public.payment_apply(which uuid, reported jsonb) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
	p payments;
	state text := reported ->> 'state';
	outcome text;
begin
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	select * into p from payments y where y.id = which for update;
	if payment_is_another(p, reported) then
		if p.failure = '' or p.failure not like 'The provider reported%' then
			update payments set failure = 'The provider reported another payment.' where id = which;
			perform order_note(p.order_id, 'A report of the provider does not match its payment and was ignored.');
		end if;
		return 'mismatch';
	end if;
	if p.gateway_id is null and reported ->> 'gateway_id' is not null then
		update payments set gateway_id = reported ->> 'gateway_id' where id = which;
	end if;
	perform payment_set_expiry(p, reported);
	if state = 'captured' and not p.online and p.status = 'cancelled' then
		perform deny('CS409', 'payment_cancelled');
	elsif state = 'captured' or reported ? 'received' then
		outcome := payment_receive(p, reported);
	elsif payment_rank(state) > payment_rank(p.status) then
		update payments set status = state, failure = coalesce(reported ->> 'failure', ''),
			transaction_id = coalesce(reported ->> 'transaction', transaction_id)
		where id = which;
		outcome := 'applied';
	else
		outcome := 'nothing_new';
	end if;
	if p.cancel_requested and state in ('cancelled', 'captured') then
		update payments set cancel_requested = false where id = which and cancel_requested;
	end if;
	if outcome = 'applied' then
		perform order_reconcile(p.order_id);
		perform order_notify_late(p.order_id, which);
	end if;
	if reported ? 'refunded' and refunds_missing(which, reported) then
		outcome := 'applied';
	end if;
	return outcome;
end
$$;

CREATE TABLE public.payments (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    order_id uuid NOT NULL,
    payment_method text NOT NULL,
    online boolean NOT NULL,
    amount public.positive_amount NOT NULL,
    currency text NOT NULL,
    gateway_id text,
    transaction_id text,
    paid_at timestamp with time zone,
    amount_captured numeric DEFAULT 0 NOT NULL,
    currency_captured text,
    fee numeric,
    kept numeric DEFAULT 0 NOT NULL,
    capture_requested numeric,
    attention text,
    failure text DEFAULT ''::text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    manual_capture boolean DEFAULT false NOT NULL,
    slow_hours integer DEFAULT 120 NOT NULL,
    expires_at timestamp with time zone,
    cancel_tries integer DEFAULT 0 NOT NULL,
    cancel_after timestamp with time zone,
    requested_at timestamp with time zone,
    unconfirmed boolean DEFAULT false NOT NULL,
    cancel_requested boolean DEFAULT false NOT NULL,
    refunds_requested boolean DEFAULT false NOT NULL,
    key_scope text,
    key text,
    request_hash bytea,
    CONSTRAINT payments_active_to CHECK ((active_from < active_to)),
    CONSTRAINT payments_attention CHECK ((attention = ANY (ARRAY['amount_differs'::text, 'currency_differs'::text, 'disputed'::text]))),
    CONSTRAINT payments_paid CHECK (((status = 'captured'::text) = (paid_at IS NOT NULL))),
    CONSTRAINT payments_status CHECK ((status = ANY (ARRAY['created'::text, 'pending'::text, 'failed'::text, 'authorized'::text, 'cancelled'::text, 'needs_attention'::text, 'captured'::text])))
);

CREATE FUNCTION public.payment_attention_json(p public.payments, viewer text) RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
begin
	if p.attention is null then
		return null;
	elsif viewer not in ('staff', 'admin') or p.attention = 'disputed' then
		return json_build_object('reason', p.attention);
	end if;
	return json_build_object('reason', p.attention,
		'expected', json_build_object('amount', p.amount::text, 'currency', p.currency),
		'received', json_build_object('amount', round(p.amount_captured, currency_decimals(p.currency_captured))::text,
			'currency', p.currency_captured));
end
$$;

CREATE FUNCTION public.payment_begin(request jsonb, OUT status integer, OUT body text, OUT replayed boolean, OUT to_open jsonb, OUT to_cancel jsonb) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	r constant payment_request := request_read(null::payment_request, request);
	o orders;
	p payments;
	viewer text;
	outstanding numeric;
	already record;
begin
	perform act_as(r.user_id, r.request_id);
	select saved_status, saved_body, saved_status is not null into status, body, replayed from idempotency_begin(r.key);
	if replayed then
		to_open := payment_for_gateway(y) from payments y where y.id = (body::jsonb ->> 'id')::uuid;
		return;
	end if;
	select * into o from orders where id = r.order_id for update;
	viewer := order_viewer(o, r.user_id, r.role, r.token_hash);
	outstanding := payment_outstanding(r, o, viewer);
	already := payment_end_open(r, o, outstanding);
	to_cancel := already.to_cancel;
	if to_cancel is not null then
		return;
	end if;
	if already.reusable is null then
		p := payment_insert(r, o, outstanding, viewer);
	else
		select * into p from payments y where y.id = already.reusable;
	end if;
	status := case when already.reusable is null or already.is_retry then 201 else 200 end;
	if p.online then
		to_open := payment_for_gateway(p);
		update payments set requested_at = clock_timestamp() where id = p.id;
	else
		body := payment_json(p, viewer);
		perform idempotency_save(r.key, status, body);
	end if;
end
$$;

CREATE FUNCTION public.payment_cancel_refused(which uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	p payments;
begin
	perform act_as(null, null);
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	update payments set cancel_tries = cancel_tries + 1,
		cancel_after = now() + least(interval '1 day', interval '5 minutes' * 2 ^ least(cancel_tries, 12))
	where id = which returning * into p;
	if p.cancel_tries = 1 then
		perform order_note(p.order_id, 'The provider refused to cancel a payment: it may still be paid.');
	end if;
end
$$;

CREATE FUNCTION public.payment_capture_part(which uuid, part numeric, who uuid, request_id text) RETURNS public.payments
    LANGUAGE plpgsql
    AS $$
declare
	p payments;
	decimals integer;
begin
	perform act_as(who, request_id);
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	select * into p from payments y where y.id = which for update;
	decimals := currency_decimals(p.currency);
	if part > p.amount then
		perform refuse('/amount', 'max_reserved', jsonb_build_object('max', p.amount, 'currency', p.currency));
	elsif part <> round(part, decimals) then
		perform refuse('/amount', 'currency_decimals', jsonb_build_object('currency', p.currency,
			'decimals', currency_decimals(p.currency)));
	elsif part < p.amount and part % currency_step(p.currency) <> 0 then
		perform refuse('/amount', 'capture_step',
			jsonb_build_object('step', currency_step(p.currency), 'currency', p.currency));
	end if;
	part := nullif(round(part, decimals), p.amount);
	if p.status <> 'authorized' then
		perform deny('CS409', 'payment_is', jsonb_build_object('status', p.status));
	elsif part is distinct from p.capture_requested then
		if p.capture_requested is not null then
			perform deny_if_running(p.requested_at, false);
		end if;
		update payments set capture_requested = part, requested_at = clock_timestamp() where id = which
			returning * into p;
	end if;
	return p;
end
$$;

CREATE FUNCTION public.payment_capture_refused(which uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	perform act_as(null, null);
	update payments set capture_requested = null where id = which and status = 'authorized'
		and capture_requested is not null;
end
$$;

CREATE FUNCTION public.payment_check_attention(which uuid, is_new boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	p payments;
	given numeric;
	reason text;
begin
	select * into p from payments y where y.id = which;
	select coalesce(sum(r.amount), 0) into given from refunds r where r.payment = which and r.status = 'succeeded';
	if p.status = 'needs_attention' and p.currency_captured = p.currency and p.amount_captured - given = p.amount then
		-- The surplus was refunded.
		update payments set status = 'captured', paid_at = now() where id = which returning * into p;
	end if;
	given := payment_refunded(which);
	reason := case
		when payment_held(p) <= given then null -- nothing is held any more
		when p.currency_captured <> p.currency then 'currency_differs'
		when p.status = 'needs_attention' or p.amount_captured - coalesce(p.fee, 0) - p.amount > given
			then 'amount_differs'
		when exists (select 1 from disputes d where d.payment = which and dispute_is_open(d.status)) then 'disputed'
		end;
	if reason is distinct from p.attention then
		update payments set attention = reason where id = which;
	end if;
	if reason <> 'disputed' and (is_new or reason is distinct from p.attention) then
		perform order_note(p.order_id, format('%s %s were received for a payment of %s %s: accept or refund them.',
			p.amount_captured, p.currency_captured, p.amount, p.currency));
		perform store_notify_amount(p, p.amount_captured, p.currency_captured);
	end if;
end
$$;

CREATE FUNCTION public.payment_dispute_json(which uuid) RETURNS json
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return (select row_to_json(f) from (
		select d.id, d.status, d.is_inquiry, d.amount::text as amount, d.currency, d.reason,
			rfc3339(d.evidence_due_at) as evidence_due_at
		from disputes d where d.payment = which
		order by dispute_is_open(d.status) desc, case when dispute_is_open(d.status) then d.evidence_due_at end,
			d.reported_at desc, d.id desc limit 1) f);
end
$$;

CREATE FUNCTION public.payment_end_open(r public.payment_request, o public.orders, outstanding numeric, OUT reusable uuid, OUT is_retry boolean, OUT to_cancel jsonb) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
	p payments;
	same_key boolean;
begin
	for p in
		select * from payments y where y.order_id = o.id and y.status in ('created', 'pending', 'failed', 'authorized')
		order by y.created_at desc
	loop
		same_key := coalesce(p.key_scope = r.key ->> 'scope' and p.key = r.key ->> 'key', false);
		if p.status = 'authorized' then
			perform deny('CS409', 'payment_in_progress');
		elsif p.status = 'created' then
			perform deny_if_running(p.requested_at, same_key); -- two requests at once could open two
		end if;
		if p.payment_method = r.method and p.amount = outstanding and reusable is null
			and (p.requested_at is not null or not p.online) then
			reusable := p.id;
			is_retry := same_key;
		elsif p.online and p.requested_at is not null then
			to_cancel := payment_for_gateway(p);
			return;
		else
			update payments set status = 'cancelled' where id = p.id;
		end if;
	end loop;
end
$$;

CREATE FUNCTION public.payment_for_gateway(p public.payments) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return (select jsonb_build_object('id', p.id, 'order', p.order_id, 'order_number', o.number,
		'method', p.payment_method,
			'amount', p.amount::text, 'currency', p.currency, 'gateway_id', p.gateway_id,
			'transaction', p.transaction_id, 'requested_before', p.requested_at is not null, 'status', p.status,
			'manual_capture', p.manual_capture, 'waited', p.expires_at <= now(), 'capture', p.capture_requested::text,
			'customer', a.address || jsonb_build_object(
				'name', coalesce(nullif(a.address ->> 'name', ''), o.contact_name),
				'email', o.contact_email, 'phone', coalesce(nullif(a.address ->> 'phone', ''), o.contact_mobile)))
		from orders o, coalesce(o.shipping_address, o.billing_address, '{}') a (address) where o.id = p.order_id);
end
$$;

CREATE FUNCTION public.payment_held(p public.payments) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
	return case p.status
		when 'captured' then greatest(p.amount, p.amount_captured - coalesce(p.fee, 0))
		when 'needs_attention' then p.amount_captured
		else 0 end;
end
$$;

CREATE FUNCTION public.payment_insert(r public.payment_request, o public.orders, outstanding numeric, viewer text) RETURNS public.payments
    LANGUAGE plpgsql
    AS $$
declare
	p payments;
begin
	if viewer = 'customer' and (select count(*) from payments y where y.order_id = o.id) >= 20 then
		perform deny('CS409', 'too_many_payments', '{"max": 20}');
	end if;
	-- The key may be that of a failed payment, or of one from before keys expire.
	update payments y set key_scope = null, key = null, request_hash = null
	where y.key_scope = r.key ->> 'scope' and y.key = r.key ->> 'key';
	insert into payments (id, order_id, payment_method, online, amount, currency, status, manual_capture, slow_hours,
		unconfirmed, key_scope, key, request_hash)
	values (r.payment_id, o.id, r.method, r.online, outstanding, o.currency,
		case when r.online then 'created' else 'pending' end, r.manual_capture, coalesce(r.slow_hours, 120),
		not r.online and viewer = 'customer' and order_is_unproven(o)
			and exists (select 1 from stores s where s.id = o.store and s.cod_confirmation = 'code'),
		r.key ->> 'scope', r.key ->> 'key', decode(r.key ->> 'hash', 'hex'))
	returning * into p;
	perform order_reconcile(o.id);
	return p;
end
$$;

CREATE FUNCTION public.payment_is_another(p public.payments, reported jsonb) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return coalesce(reported ->> 'gateway_id' <> p.gateway_id or (reported ->> 'payment')::uuid <> p.id, false)
		or exists (select 1 from payments y where y.payment_method = p.payment_method
			and y.gateway_id = reported ->> 'gateway_id' and y.id <> p.id)
		or exists (select 1 from payments y where y.payment_method = p.payment_method and y.online
			and y.transaction_id = reported ->> 'transaction' and y.id <> p.id);
end
$$;

CREATE FUNCTION public.payment_json(which uuid, viewer text) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	p payments;
begin
	select * into p from payments where id = which;
	return payment_json(p, viewer);
end
$$;

CREATE FUNCTION public.payment_json(p public.payments, viewer text) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
declare
	shown text;
begin
	select row_to_json(r)::text into shown from (
		select p.id, p.order_id as "order", p.payment_method, p.status, p.amount::text as amount, p.currency,
			(select round(coalesce(sum(f.amount), 0), currency_decimals(p.currency))::text from refunds f
				where f.payment = p.id and f.status = 'succeeded') as amount_refunded,
			case when p.online then p.payment_method end as gateway, p.transaction_id,
			rfc3339(p.paid_at) as paid_at, rfc3339(p.expires_at) as expires_at,
			round(p.amount_captured, currency_decimals(coalesce(p.currency_captured, p.currency)))::text
				as amount_captured,
			round(p.fee, currency_decimals(p.currency))::text as fee,
			payment_attention_json(p, viewer) as attention, payment_dispute_json(p.id) as dispute,
			failure_shown(p.failure, 'payment_failed', viewer) as failure, p.metadata,
			p.unconfirmed and p.status = 'pending' as unconfirmed,
			(select coalesce(json_agg(row_to_json(f) order by f.created_at, f.id), '[]') from (
				select r.id, r.amount::text as amount, r.currency, r.reason, r.restock, r.status,
					failure_shown(r.failure, 'refund_failed', viewer) as failure,
					rfc3339(r.created_at) as created_at
				from refunds r where r.payment = p.id) f) as refunds,
			rfc3339(p.created_at) as created_at, rfc3339(p.modified_at) as modified_at) r;
	if viewer in ('staff', 'admin') then
		shown := json_join(shown, (select row_to_json(r)::text from (
			select p.created_by, p.modified_by, p.is_deleted, p.is_suspended, p.comments,
				rfc3339(p.active_from) as active_from, rfc3339(p.active_to) as active_to,
				p.gateway_id, p.cancel_requested,
				(select coalesce(json_agg(row_to_json(f) order by f.created_at, f.id), '[]') from (
					select d.id, d.gateway_dispute, d.status, d.is_inquiry, d.amount::text as amount, d.currency,
						d.reason, rfc3339(d.evidence_due_at) as evidence_due_at, rfc3339(d.created_at) as created_at
					from disputes d where d.payment = p.id) f) as disputes) r));
	end if;
	return shown;
end
$$;

CREATE FUNCTION public.payment_note_other(p public.payments, transaction text, held numeric, held_currency text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	words constant text := format('%s holds %s %s more for this payment, by %s: look at it there.', p.payment_method,
		held, held_currency, transaction);
begin
	if exists (select 1 from order_events e where e.order_id = p.order_id and e.note = words) then
		return;
	end if;
	perform order_note(p.order_id, words);
	perform store_notify_amount(p, held, held_currency);
end
$$;

CREATE FUNCTION public.payment_outstanding(r public.payment_request, o public.orders, viewer text) RETURNS numeric
    LANGUAGE plpgsql
    AS $$
declare
	outstanding numeric;
begin
	if viewer is null then
		perform refuse('/order', 'order_not_found');
	elsif (r.currencies -> 'codes' ? o.currency) <> (r.currencies ->> 'only')::boolean then
		perform refuse('/payment_method', 'currency', jsonb_build_object('currency', o.currency, 'method', r.method));
	elsif exists (select 1 from payments y where y.key_scope = r.key ->> 'scope' and y.key = r.key ->> 'key'
		and y.created_at > now() - interval '24 hours' and y.request_hash <> decode(r.key ->> 'hash', 'hex')) then
		perform deny('CSKEY', 'key_reused');
	elsif o.status = 'cart' then
		perform deny('CS409', 'cart_unpayable');
	elsif o.status not in ('placed', 'pending', 'shipped', 'completed') then
		perform deny('CS409', 'order_is', jsonb_build_object('status', o.status));
	elsif exists (select 1 from payments y where y.order_id = o.id and y.status = 'needs_attention'
		and y.attention is not null) then
		perform deny('CS409', 'payment_needs_attention');
	end if;
	outstanding := o.total - (select coalesce(sum(y.amount), 0) from payments y
		where y.order_id = o.id and y.status = 'captured');
	if outstanding <= 0 then
		perform deny('CS409', 'nothing_to_pay');
	elsif not r.online and viewer = 'customer' then
		perform refuse_all(order_guest_refused('/payment_method', o, (select s from stores s where s.id = o.store),
			array(select i.product from order_items i where i.order_id = o.id order by i.position),
			array(select i.quantity::integer from order_items i where i.order_id = o.id order by i.position)));
	end if;
	return outstanding;
end
$$;

CREATE FUNCTION public.payment_prepare(which uuid, action text, who uuid, caller_role text, token bytea, part numeric, request_id text, OUT payment jsonb, OUT done boolean, OUT body text) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	o orders;
	p payments;
	viewer text;
begin
	select * into p from payments y where y.id = which;
	select * into o from orders where id = p.order_id;
	viewer := order_viewer(o, who, caller_role, token);
	if viewer is null or action in ('capture', 'mark-paid')
		-- a customer who has the goods owes the money
		or (action = 'cancel' and o.status in ('shipped', 'completed')) then
		perform deny_unless_store(viewer);
	end if;
	done := p.status = case when action = 'cancel' then 'cancelled' else 'captured' end;
	if done and action = 'capture' and part not in (p.amount, p.amount_captured) then
		perform deny('CS409', 'captured_amount',
			jsonb_build_object('amount', p.amount_captured, 'currency', p.currency));
	end if;
	if not done and not (case action
		when 'confirm' then p.online -- a cancelled one too: it may be paid if its provider did not cancel it
		when 'capture' then p.online and p.status = 'authorized'
		when 'cancel' then p.status in ('created', 'pending', 'failed', 'authorized')
		else not p.online and p.status = 'pending' end) then
		perform deny('CS409', 'action_impossible', jsonb_build_object('status', p.status, 'method', p.payment_method));
	end if;
	if action = 'capture' and not done and (part is not null or p.capture_requested is not null) then
		p := payment_capture_part(which, part, who, payment_prepare.request_id);
	end if;
	payment := payment_for_gateway(p);
	body := payment_json(p, viewer);
end
$$;

CREATE FUNCTION public.payment_rank(state text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	select array_position('{created,pending,failed,authorized,cancelled,needs_attention,captured}'::text[], state)
$$;

CREATE FUNCTION public.payment_read(which uuid, who uuid, caller_role text, token bytea) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	o orders;
	p payments;
	viewer text;
begin
	select * into p from payments where id = which;
	select * into o from orders where id = p.order_id;
	viewer := order_viewer(o, who, caller_role, token);
	return case when viewer is not null then payment_json(p, viewer) end;
end
$$;

CREATE FUNCTION public.payment_receive(p public.payments, reported jsonb) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
	before constant payments := p;
	money constant text := coalesce(reported ->> 'currency', p.currency);
	received constant numeric := money_of(coalesce((reported ->> 'received')::numeric, p.amount), money);
	fee constant numeric := money_of((reported ->> 'fee')::numeric, money);
	other constant boolean := coalesce(p.amount_captured > 0 and p.transaction_id <> reported ->> 'transaction', false);
	fits constant boolean := coalesce(money = p.currency
		and (received in (p.amount, p.capture_requested) or received - fee = p.amount), false);
begin
	if other and (p.status = 'captured' or (not fits and received <= p.amount_captured)) then
		perform payment_note_other(p, reported ->> 'transaction', received, money);
		return 'nothing_new';
	elsif money <> p.currency and p.currency_captured <> money
		and (p.currency_captured = p.currency or p.currency_captured < money) then
		return 'nothing_new';
	elsif other then
		perform payment_note_other(p, p.transaction_id, p.amount_captured, p.currency_captured);
	end if;
	p.amount_captured := case when other or p.currency_captured is distinct from money then received
		else greatest(p.amount_captured, received) end;
	p.currency_captured := money;
	if money = p.currency and received - fee = p.amount then
		p.fee := fee;
	end if;
	if fits and p.status <> 'captured' then
		p.status := 'captured';
		p.amount := case when received = p.capture_requested then received else p.amount end;
	elsif p.status <> 'captured' then
		p.status := 'needs_attention';
	end if;
	if (p.status, p.amount_captured, p.currency_captured, p.fee) is not distinct from
		(before.status, before.amount_captured, before.currency_captured, before.fee) then
		return 'nothing_new';
	end if;
	update payments set status = p.status, amount = p.amount, amount_captured = p.amount_captured,
		currency_captured = p.currency_captured, fee = p.fee, failure = '', cancel_requested = false,
		transaction_id = coalesce(reported ->> 'transaction', transaction_id),
		paid_at = case when p.status = 'captured' then coalesce(paid_at, now()) end
	where id = p.id;
	if exists (select 1 from disputes d where d.payment = p.id) then
		perform disputes_book(p.id);
		perform payment_check_attention(p.id, true);
	elsif p.status <> 'captured' or p.attention is not null or p.amount_captured - coalesce(p.fee, 0) <> p.amount then
		perform payment_check_attention(p.id, true);
	end if;
	return 'applied';
end
$$;

CREATE FUNCTION public.payment_record(which uuid, reported jsonb, who uuid, caller_role text, token bytea, request_id text, answer_status integer, key jsonb, OUT outcome text, OUT body text, OUT wake boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	o orders;
	p payments;
begin
	perform act_as(who, request_id);
	select r.* into o from orders r where r.id = (select y.order_id from payments y where y.id = which) for update;
	outcome := payment_apply(which, reported);
	select * into p from payments y where y.id = which;
	if outcome <> 'mismatch' and p.gateway_id is not null then
		perform webhook_apply_waiting(p.payment_method, p.gateway_id);
		select * into p from payments y where y.id = which;
	end if;
	body := payment_json(p, order_viewer(o, who, caller_role, token));
	if payment_record.key is not null and outcome <> 'mismatch' then
		perform idempotency_save(payment_record.key, answer_status, body);
	end if;
	wake := order_wakes_sender(p.order_id);
end
$$;

CREATE FUNCTION public.payment_reduced(p public.payments, given numeric) RETURNS numeric
    LANGUAGE plpgsql IMMUTABLE
    AS $$
begin
	return case when p.status = 'captured' then least(p.amount, greatest(0, given - (payment_held(p) - p.amount)))
		else given end;
end
$$;

CREATE FUNCTION public.payment_refunded(which uuid) RETURNS numeric
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return (select coalesce(sum(r.amount), 0) from refunds r where r.payment = which and r.status <> 'failed');
end
$$;

CREATE FUNCTION public.payment_refused(which uuid, why text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	perform act_as(null, null);
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	update payments set status = 'failed', failure = left(why, 500), cancel_requested = false,
		requested_at = case when gateway_id is not null then requested_at end
	where id = which and status in ('created', 'pending');
	update payments set cancel_requested = false where id = which and cancel_requested;
	perform order_reconcile((select y.order_id from payments y where y.id = which));
end
$$;

CREATE FUNCTION public.payment_returned(which uuid) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	return (select payment_for_gateway(p) from payments p where p.id = which);
end
$$;

CREATE FUNCTION public.payment_set_expiry(p public.payments, reported jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	until timestamptz := case when reported ? 'expires_at' then
		least(to_timestamp((reported ->> 'expires_at')::bigint), p.created_at + interval '60 days') end;
begin
	if (reported ->> 'is_slow')::boolean then
		until := coalesce(p.expires_at, now() + make_interval(hours => p.slow_hours));
	elsif reported ->> 'state' <> 'failed' then
		until := coalesce(until, p.expires_at);
	end if;
	if p.status in ('created', 'pending', 'failed') and until is distinct from p.expires_at then
		update payments set expires_at = until where id = p.id;
	end if;
end
$$;

CREATE FUNCTION public.payment_unanswered(which uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	perform act_as(null, null);
	update payments set requested_at = clock_timestamp() - interval '1 minute' where id = which and status = 'created';
end
$$;

CREATE FUNCTION public.payments_due(count integer) RETURNS SETOF jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	perform act_as(null, null);
	return query
	with due as (
		select p.id, case
			when p.cancel_requested then 'cancel'
			when p.refunds_requested and p.status in ('needs_attention', 'captured') then 'refunds'
			when p.status = 'created' then 'open'
			when p.status = 'authorized' then 'capture'
			else 'refresh' end as action
		from payments p
		where p.online and p.requested_at < now() - interval '1 minute' and (
			(p.cancel_requested and coalesce(p.cancel_after < now(), true)) or p.status = 'created'
			or (p.refunds_requested and p.status in ('needs_attention', 'captured'))
			or (p.status = 'authorized' and (not p.manual_capture or p.capture_requested is not null))
			-- The webhook may be lost: less often as it gets older, for a week.
			or ((p.status in ('pending', 'failed') or (p.status = 'needs_attention' and p.attention is not null))
				and greatest(p.created_at, p.expires_at) > now() - interval '7 days'
				and p.requested_at < now() - greatest(interval '5 minutes', (now() - p.created_at) / 4)))
		order by p.requested_at limit count for update skip locked
	)
	update payments p set requested_at = clock_timestamp() from due d where p.id = d.id
	returning payment_for_gateway(p) || jsonb_build_object('action', d.action, 'requested_before', true);
end
$$;

CREATE FUNCTION public.place_known(way text, account text, address bytea, device bytea) RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	who uuid := account_of(way, account);
begin
	return coalesce((
		select case when p.is_device then 'device' else 'address' end from known_places p
		where p.user_id = who and p.used_at > now() - interval '90 days'
			and p.mark = case when p.is_device then device else address end
		order by p.is_device desc limit 1), '');
end
$$;

CREATE FUNCTION public.place_remember(session bytea, address bytea, device bytea, new_device bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	who constant uuid := (select s.user_id from sessions s where s.token_hash = session);
	kept boolean;
begin
	update known_places p set used_at = now()
	where p.user_id = who and p.mark = device and p.is_device and p.used_at > now() - interval '90 days';
	kept := found;
	insert into known_places as p (user_id, mark, is_device)
	select who, m.mark, m.is_device from (values (address, false), (new_device, true)) m (mark, is_device)
	where m.mark is not null and not (m.is_device and kept)
	on conflict (user_id, mark) do update set used_at = excluded.used_at;
	delete from known_places p where p.user_id = who and p.mark in (
		select k.mark from (
			select o.mark, row_number() over (partition by o.is_device order by o.used_at desc) as place
			from known_places o where o.user_id = who) k
		where k.place > 20);
	return kept;
end
$$;

CREATE FUNCTION public.product_check() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
	decimals integer;
	parent products;
begin
	select s.currency into new.currency from stores s where s.id = new.store;
	decimals := currency_decimals(new.currency);
	perform refuse_all(money_refused('/price', new.price, new.currency)
		|| money_refused('/compare_at_price', new.compare_at_price, new.currency));
	new.price := round(new.price, decimals);
	new.compare_at_price := round(new.compare_at_price, decimals);
	if exists (select 1 from categories c where c.id = new.category and c.store <> new.store) then
		perform refuse('/category', 'wrong_store');
	end if;
	if new.subcategory is not null and not exists (
		select 1 from subcategories s where s.id = new.subcategory and s.category = new.category) then
		perform refuse('/subcategory', 'wrong_category');
	end if;
	if new.parent is not null then
		select * into parent from products p where p.id = new.parent for share;
		if parent.id = new.id or parent.parent is not null then
			perform refuse('/parent', 'nested_variant');
		elsif parent.store <> new.store then
			perform refuse('/parent', 'wrong_store');
		elsif tg_op = 'UPDATE' and exists (select 1 from products v where v.parent = new.id) then
			perform refuse('/parent', 'variants_of_its_own');
		end if;
	end if;
	return new;
end
$$;

CREATE TABLE public.products (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    sku text NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    store uuid NOT NULL,
    category uuid,
    subcategory uuid,
    parent uuid,
    price numeric NOT NULL,
    compare_at_price numeric,
    tax_rate numeric(6,3) DEFAULT 0 NOT NULL,
    currency text NOT NULL,
    weight numeric,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    search tsvector GENERATED ALWAYS AS (((setweight(to_tsvector('simple'::regconfig, name), 'A'::"char") || setweight(to_tsvector('simple'::regconfig, sku), 'A'::"char")) || setweight(to_tsvector('simple'::regconfig, description), 'B'::"char"))) STORED,
    CONSTRAINT products_active_to CHECK ((active_from < active_to)),
    CONSTRAINT products_attributes_size CHECK ((octet_length((attributes)::text) <= 16384)),
    CONSTRAINT products_compare_at_price CHECK ((compare_at_price >= (0)::numeric)),
    CONSTRAINT products_price CHECK ((price >= (0)::numeric)),
    CONSTRAINT products_tax_rate CHECK (((tax_rate >= (0)::numeric) AND (tax_rate <= (100)::numeric))),
    CONSTRAINT products_weight CHECK ((weight >= (0)::numeric))
);

CREATE FUNCTION public.product_options(p public.products) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
declare
	others jsonb[];
begin
	if p.parent is null then
		return '{}';
	end if;
	select array_agg(s.attributes) into others
	from products s where s.parent = p.parent and s.id <> p.id and not s.is_deleted;
	if others is null then
		others := array(select o.attributes from products o where o.id = p.parent);
	end if;
	return (select coalesce(jsonb_object_agg(a.key, a.value), '{}') from jsonb_each(p.attributes) a
		where a.key <> 'hsn' and jsonb_typeof(a.value) in ('string', 'number', 'boolean')
		and length(a.value::text) <= 100
			and exists (select 1 from unnest(others) o where o -> a.key is distinct from a.value));
end
$$;

CREATE FUNCTION public.product_stock_open() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	insert into stock (product) values (new.id);
	return null;
end
$$;

CREATE FUNCTION public.products_refused(shop public.stores, ids uuid[]) RETURNS public.refusal[]
    LANGUAGE plpgsql STABLE
    AS $$
declare
	errors refusal[];
	pointer text;
	sold_by uuid;
	has_variants boolean;
begin
	if ids is null then
		return refused('/items', 'cart_empty');
	end if;
	for i in 1 .. coalesce(array_length(ids, 1), 0) loop
		select p.store, exists (select 1 from products v where v.parent = p.id and not v.is_deleted)
		into sold_by, has_variants from live_products p where p.id = ids[i];
		pointer := '/items/' || i - 1 || '/product';
		if sold_by is null then
			errors := errors || refused(pointer, 'product_not_found');
		elsif sold_by <> shop.id then
			errors := errors || refused(pointer, 'product_wrong_store');
		elsif has_variants then
			errors := errors || refused(pointer, 'has_variants');
		end if;
	end loop;
	return errors;
end
$$;

CREATE FUNCTION public.rate_limit_release(buckets text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	perform 1 from rate_limits r where r.bucket = any (buckets) order by r.bucket for update;
	update rate_limits r set taken = r.taken - 1 where r.bucket = any (buckets) and r.taken > 0;
end
$$;

CREATE FUNCTION public.rate_limit_take(buckets text[], counts_max integer[], windows_s integer[], OUT count_max integer, OUT remaining integer, OUT reset_s integer, OUT refused boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	asked record;
	kept rate_limits;
	left_here integer;
	reset_here integer;
begin
	for asked in
		select * from unnest(buckets, counts_max, windows_s) as b (bucket, most, window_s) order by b.bucket
	loop
		insert into rate_limits as r (bucket, taken, resets_at)
		values (asked.bucket, 1, now() + make_interval(secs => asked.window_s))
		on conflict (bucket) do update set
			taken = case when r.resets_at <= now() then 1 else r.taken + 1 end,
			resets_at = case when r.resets_at <= now() then excluded.resets_at else r.resets_at end
		returning * into kept;
		left_here := greatest(asked.most - kept.taken, -1);
		reset_here := ceil(extract(epoch from kept.resets_at - now()));
		if count_max is null or (left_here, -reset_here) < (remaining, -reset_s) then
			count_max := asked.most;
			remaining := left_here;
			reset_s := reset_here;
		end if;
	end loop;
	refused := remaining < 0;
	if refused then
		update rate_limits r set taken = r.taken - 1 where r.bucket = any (buckets);
		remaining := 0;
	end if;
	if random() < 0.02 then
		delete from rate_limits where bucket in (
			select r.bucket from rate_limits r where r.resets_at <= now() limit 200 for update skip locked);
	end if;
end
$$;

CREATE FUNCTION public.refund_apply(which uuid, reported jsonb) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
	r refunds;
	state text := reported ->> 'refund_state';
begin
	perform 1 from orders where id = (select f.order_id from refunds f where f.id = which) for update;
	select * into r from refunds f where f.id = which for update;
	if (reported ->> 'refund_amount')::numeric <> r.amount or reported ->> 'currency' <> r.currency then
		update refunds set failure = 'The provider reported another amount.' where id = which;
		return 'mismatch';
	end if;
	if r.gateway_refund is null and reported ->> 'gateway_refund' is not null then
		update refunds set gateway_refund = reported ->> 'gateway_refund' where id = which;
	end if;
	if refund_rank(state) <= refund_rank(r.status) then
		return 'nothing_new';
	end if;
	update refunds set status = state, failure = coalesce(reported ->> 'failure', '') where id = which
		returning * into r;
	if state = 'succeeded' then
		perform refund_done(r);
	else
		perform order_note(r.order_id, format('A refund of %s %s failed: %s', r.amount, r.currency, r.failure));
		-- Perhaps because there is another refund.
		update payments y set refunds_requested = y.online where y.id = r.payment;
	end if;
	perform payment_check_attention(r.payment, false);
	perform order_reconcile(r.order_id);
	return 'applied';
end
$$;

CREATE FUNCTION public.refund_apply_event(which uuid, reported jsonb) RETURNS text
    LANGUAGE plpgsql
    AS $$
declare
	p payments;
	about record;
begin
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	select * into p from payments y where y.id = which;
	select r.id as refund, null::text as outcome into about from refunds r
	where r.payment = which
		and (r.gateway_refund = reported ->> 'gateway_refund'
			or (r.gateway_refund is null and r.id = (reported ->> 'refund')::uuid));
	if about.refund is null then
		about := refund_import(p, reported);
	end if;
	return coalesce(about.outcome, refund_apply(about.refund, reported));
end
$$;

CREATE FUNCTION public.refund_begin(request jsonb, OUT status integer, OUT body text, OUT replayed boolean, OUT to_refund jsonb) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	q constant refund_request := request_read(null::refund_request, request);
	o orders;
	p payments;
	r refunds;
begin
	perform act_as(q.user_id, q.request_id);
	select saved_status, saved_body, saved_status is not null into status, body, replayed from idempotency_begin(q.key);
	if replayed then
		return;
	end if;
	select y.order_id into p.order_id from payments y where y.id = q.payment_id;
	select * into o from orders where id = p.order_id for update;
	perform deny_unless_store(order_viewer(o, q.user_id, q.role, null));
	select * into p from payments y where y.id = q.payment_id;
	status := 201;
	r := refund_of_key(q);
	if r.id is null then
		r := refund_insert(q, o, p);
	end if;
	if p.online then
		update refunds set requested_at = clock_timestamp(), tries = tries + 1 where id = r.id;
		to_refund := refund_for_gateway(p, r);
	else
		perform refund_apply(r.id, '{"refund_state": "succeeded"}');
		body := refund_json(r.id);
		perform idempotency_save(q.key, status, body);
	end if;
end
$$;

CREATE TABLE public.refunds (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    payment uuid NOT NULL,
    order_id uuid NOT NULL,
    amount public.positive_amount NOT NULL,
    currency text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    restock boolean DEFAULT false NOT NULL,
    gateway_refund text,
    failure text DEFAULT ''::text NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    requested_at timestamp with time zone,
    key_scope text,
    key text,
    request_hash bytea,
    CONSTRAINT refunds_active_to CHECK ((active_from < active_to)),
    CONSTRAINT refunds_status CHECK ((status = ANY (ARRAY['pending'::text, 'succeeded'::text, 'failed'::text])))
);

CREATE FUNCTION public.refund_done(r public.refunds) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	o orders;
	p payments;
	given numeric;
begin
	select * into o from orders where id = r.order_id;
	select * into p from payments where id = r.payment;
	if r.restock and o.restocked_at is null and o.status <> 'cancelled' then
		perform order_restock(o.id, 'order refunded');
		update orders set restocked_at = now() where id = o.id;
	end if;
	if not exists (select 1 from disputes d where d.refund = r.id) then
		perform order_notify(o, (select s from stores s where s.id = o.store), 'order_refunded', r.amount,
			jsonb_build_object('currency', r.currency));
	end if;
	if p.status = 'captured' then
		select sum(f.amount) into given from refunds f where f.payment = p.id and f.status = 'succeeded';
		perform credit_note_issue(o, payment_reduced(p, given) - payment_reduced(p, given - r.amount), r.reason, r.id);
	end if;
end
$$;

CREATE FUNCTION public.refund_for_gateway(p public.payments, r public.refunds) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return jsonb_build_object('payment', payment_for_gateway(p) || jsonb_build_object('currency', r.currency),
		'refund', jsonb_build_object('id', r.id, 'amount', r.amount::text, 'gateway_refund', r.gateway_refund,
			'requested_before', r.requested_at is not null));
end
$$;

CREATE FUNCTION public.refund_import(p public.payments, reported jsonb, OUT refund uuid, OUT outcome text) RETURNS record
    LANGUAGE plpgsql
    AS $$
declare
	amount constant numeric := (reported ->> 'refund_amount')::numeric;
	currency constant text := reported ->> 'currency';
	-- A failed one is imported too, as its older events may follow.
	refunded constant numeric :=
		case when reported ->> 'refund_state' = 'failed' then 0 else payment_refunded(p.id) end;
begin
	if p.status not in ('needs_attention', 'captured') then
		outcome := 'unmatched';
	elsif amount > greatest(p.amount, p.amount_captured)
		or currency not in (p.currency, coalesce(p.currency_captured, p.currency)) then
		perform order_note(p.order_id, 'A reported refund does not match its payment and was ignored.');
		outcome := 'mismatch';
	elsif refunded + amount > p.amount_captured or currency <> p.currency_captured then
		-- The event that the payment is captured, or that another refund failed, may follow.
		outcome := 'unmatched';
	else
		-- With a scope, as a person requested it: only automatic refunds have none.
		insert into refunds (payment, order_id, amount, currency, status, reason, gateway_refund, key_scope)
		values (p.id, p.order_id, money_of(amount, currency), currency, 'pending',
			'Refunded at ' || p.payment_method || '.', reported ->> 'gateway_refund', p.payment_method)
		returning id into refund;
	end if;
end
$$;

CREATE FUNCTION public.refund_insert(q public.refund_request, o public.orders, p public.payments) RETURNS public.refunds
    LANGUAGE plpgsql
    AS $$
declare
	currency constant text := coalesce(p.currency_captured, p.currency);
	available constant numeric := payment_held(p) - payment_refunded(p.id);
	amount constant numeric := coalesce(q.amount, available);
	r refunds;
begin
	perform refund_refuse(q, o, p, available, amount, currency);
	insert into refunds (id, payment, order_id, amount, currency, status, reason, restock, key_scope, key, request_hash)
	values (q.refund_id, p.id, o.id, round(amount, currency_decimals(currency)), currency, 'pending',
		coalesce(q.reason, ''), q.restock, q.key ->> 'scope', q.key ->> 'key', decode(q.key ->> 'hash', 'hex'))
	returning * into r;
	return r;
end
$$;

CREATE FUNCTION public.refund_json(which uuid) RETURNS text
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return (select row_to_json(f)::text from (
		select r.id, r.payment, r.order_id as "order", r.amount::text as amount, r.currency, r.reason, r.restock,
			r.status, r.failure, rfc3339(r.created_at) as created_at
		from refunds r where r.id = which) f);
end
$$;

CREATE FUNCTION public.refund_of_key(q public.refund_request) RETURNS public.refunds
    LANGUAGE plpgsql
    AS $$
declare
	r refunds;
begin
	select * into r from refunds f where f.key_scope = q.key ->> 'scope' and f.key = q.key ->> 'key';
	if r.request_hash <> decode(q.key ->> 'hash', 'hex') then
		perform deny('CSKEY', 'key_reused');
	elsif r.status = 'failed' then
		perform deny('CSPAY', 'provider_refused', jsonb_build_object('failure', r.failure));
	elsif r.status = 'pending' then
		perform deny_if_running(r.requested_at, true);
	end if;
	return r;
end
$$;

CREATE FUNCTION public.refund_rank(state text) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	select array_position('{pending,succeeded,failed}'::text[], state)
$$;

CREATE FUNCTION public.refund_record(which uuid, reported jsonb, who uuid, request_id text, key jsonb, OUT outcome text, OUT body text, OUT wake boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	of uuid;
begin
	perform act_as(who, request_id);
	select r.order_id into of from refunds r where r.id = which;
	outcome := refund_apply(which, reported);
	body := refund_json(which);
	if key is not null and outcome <> 'mismatch' and reported ->> 'refund_state' <> 'failed' then
		perform idempotency_save(refund_record.key, 201, body);
	end if;
	wake := order_wakes_sender(of);
end
$$;

CREATE FUNCTION public.refund_refuse(q public.refund_request, o public.orders, p public.payments, available numeric, amount numeric, currency text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	if p.status not in ('captured', 'needs_attention') then
		perform deny('CS409', 'nothing_to_refund', jsonb_build_object('status', p.status));
	elsif available <= 0 then
		perform deny('CS409', 'fully_refunded');
	elsif amount > available then
		perform refuse('/amount', 'max_refund', jsonb_build_object('max', available, 'currency', currency));
	elsif amount <> round(amount, currency_decimals(currency)) then
		perform refuse('/amount', 'currency_decimals', jsonb_build_object('currency', currency,
			'decimals', currency_decimals(currency)));
	elsif p.online and amount < available and amount % currency_step(currency) <> 0 then
		perform refuse('/amount', 'refund_step',
			jsonb_build_object('step', currency_step(currency), 'currency', currency));
	elsif q.restock and (o.status = 'cancelled' or o.restocked_at is not null) then
		perform refuse('/restock', 'already_restocked');
	elsif q.restock and (p.status <> 'captured' or amount < (
		select sum(y.amount - payment_refunded(y.id)) from payments y
		where y.order_id = o.id and y.status = 'captured')) then
		perform refuse('/restock', 'restock_partial');
	end if;
end
$$;

CREATE FUNCTION public.refund_unanswered(which uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	perform act_as(null, null);
	update refunds set requested_at = clock_timestamp() - interval '1 minute' where id = which and status = 'pending';
end
$$;

CREATE FUNCTION public.refunds_due(count integer) RETURNS SETOF jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	perform act_as(null, null);
	return query
	with due as (
		select r.id from refunds r
		where r.status = 'pending' and (r.requested_at is null
			or r.requested_at < now() - least(interval '6 hours', interval '1 minute' * 2 ^ least(r.tries, 12)))
		order by r.requested_at nulls first limit count for update skip locked
	)
	update refunds r set requested_at = clock_timestamp(), tries = r.tries + 1 from due d, payments p
	where r.id = d.id and p.id = r.payment
	returning refund_for_gateway(p, r);
end
$$;

CREATE FUNCTION public.refunds_missing(which uuid, reported jsonb) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
begin
	update payments y set refunds_requested = true
	where y.id = which and not y.refunds_requested and (reported ->> 'refunded')::numeric > (
		select coalesce(sum(r.amount), 0) from refunds r
		where r.payment = which and r.status <> 'failed' and r.key_scope is distinct from 'dispute');
	return found;
end
$$;

CREATE FUNCTION public.refunds_record(which uuid, list jsonb, request_id text, OUT changed boolean, OUT wake boolean) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	f jsonb;
	about uuid;
begin
	perform act_as(null, request_id);
	select y.order_id into about from payments y where y.id = which;
	perform 1 from orders where id = about for update;
	changed := false;
	for f in select * from jsonb_array_elements(list) loop
		changed := refund_apply_event(which, f) = 'applied' or changed;
	end loop;
	update payments set refunds_requested = false where id = which and refunds_requested;
	wake := order_wakes_sender(about);
end
$$;

CREATE FUNCTION public.refuse(pointer text, rule text, params jsonb DEFAULT NULL::jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	perform refuse_all(refused(pointer, rule, params));
end
$$;

CREATE FUNCTION public.refuse_all(errors public.refusal[]) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	if errors is not null then
		raise exception using errcode = 'CS422', message = errors[1].code,
			detail = json_build_object('params', errors[1].params, 'errors', to_json(errors))::text;
	end if;
end
$$;

CREATE FUNCTION public.refused(pointer text, rule text, params jsonb DEFAULT NULL::jsonb) RETURNS public.refusal[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
	select array[row(pointer, rule, params)::refusal]
$$;

CREATE FUNCTION public.request_read(shape anyelement, request jsonb) RETURNS anyelement
    LANGUAGE plpgsql STABLE
    AS $$
declare
	unknown constant jsonb := request
		- array(select jsonb_object_keys(to_jsonb(jsonb_populate_record(shape, '{}'))));
begin
	if unknown <> '{}' then
		raise exception using errcode = 'CSVER', message = format('%s has no member "%s"', pg_typeof(shape),
			(select jsonb_object_keys(unknown) limit 1));
	end if;
	return jsonb_populate_record(shape, request);
end
$$;

CREATE FUNCTION public.rfc3339(at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    AS $$
	select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

CREATE FUNCTION public.search_words(words text) RETURNS tsquery
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $_$
	select regexp_replace(
		regexp_replace(plainto_tsquery('simple', words)::text, $re$'( |$)$re$, $re$':*\1$re$, 'g'),
		$re$('[a-z0-9]'):\*$re$, $re$\1$re$, 'g')::tsquery
$_$;

CREATE FUNCTION public.session_caller(hash bytea) RETURNS TABLE(session_id uuid, user_id uuid, role text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	idle_max interval;
	last_used_at timestamptz;
begin
	select s.id, s.user_id, s.idle_max, s.last_used_at,
		case when s.opened_by = 'otp' then case when u.is_customer then 'customer' end
			when u.is_admin then 'admin'
			when u.is_staff then 'staff' end
	into session_id, user_id, idle_max, last_used_at, role
	from sessions s join users u on u.id = s.user_id
	where s.token_hash = hash and s.expires_at > now()
		and (s.idle_max is null or s.last_used_at > now() - s.idle_max)
		and u.is_active and is_live(u.is_deleted, u.is_suspended, u.active_from, u.active_to);
	if role is null then
		return;
	end if;
	-- Once a minute is precise enough, and concurrent requests do not wait for each other.
	if idle_max is not null and last_used_at < now() - interval '1 minute' then
		update sessions s set last_used_at = now()
		where s.id = (select t.id from sessions t where t.id = session_id for update skip locked);
	end if;
	return next;
end
$$;

CREATE FUNCTION public.session_close(which uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	delete from sessions where id = which;
end
$$;

CREATE FUNCTION public.session_close_all(which uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	delete from sessions s using sessions o
	where o.id = which and s.user_id = o.user_id and (o.opened_by = 'password' or s.opened_by = 'otp');
end
$$;

CREATE FUNCTION public.session_proven(OUT who uuid, OUT role text) RETURNS record
    LANGUAGE plpgsql
    AS $$
begin
	select s.user_id, s.role into who, role
	from session_caller(decode(current_setting('cgishop.session', true), 'hex')) s;
end
$$;

CREATE FUNCTION public.session_start(who uuid, how text, hash bytea, address text) RETURNS timestamp with time zone
    LANGUAGE plpgsql
    AS $$
declare
	ends timestamptz := now() + case how when 'otp' then interval '30 days' else interval '12 hours' end;
begin
	delete from sessions where id in (
		select s.id from sessions s where s.expires_at <= now() limit 20 for update skip locked);
	insert into sessions (user_id, opened_by, token_hash, client_address, expires_at, idle_max)
	values (who, how, hash, coalesce(address, ''), ends, case how when 'password' then interval '30 minutes' end);
	return ends;
end
$$;

CREATE FUNCTION public.shipping_method_check() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
	currency constant text := (select s.currency from stores s where s.id = new.store);
begin
	perform refuse_all(money_refused('/price', new.price, currency)
		|| money_refused('/free_over', new.free_over, currency));
	new.price := round(new.price, currency_decimals(currency));
	new.free_over := round(new.free_over, currency_decimals(currency));
	return new;
end
$$;

CREATE FUNCTION public.shipping_method_find(which uuid, shop public.stores) RETURNS public.shipping_methods
    LANGUAGE plpgsql STABLE
    AS $$
declare
	m shipping_methods;
begin
	if which is not null then
		select * into m from shipping_methods s
		where s.id = which and s.store = shop.id and is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to)
			and is_live(shop.is_deleted, shop.is_suspended, shop.active_from, shop.active_to);
	end if;
	return m;
end
$$;

CREATE FUNCTION public.shipping_refused(m public.shipping_methods, shop public.stores, o public.orders) RETURNS public.refusal[]
    LANGUAGE plpgsql STABLE
    AS $$
begin
	if o.shipping_method is null then
		if exists (select 1 from shipping_methods s where s.store = shop.id
			and is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to)) then
			return refused('/shipping_method', 'shipping_required');
		end if;
	elsif m.id is null then
		return refused('/shipping_method', 'shipping_not_found');
	elsif m.countries <> '[]' and not m.countries ? coalesce(o.shipping_address ->> 'country', '') then
		return refused('/shipping_method', 'wrong_country');
	end if;
	return null;
end
$$;

CREATE FUNCTION public.stock_apply() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	update stock s set inventory_count = s.inventory_count + new.delta
	where s.product = new.product and s.inventory_count::bigint + new.delta between 0 and 1000000000;
	if not found then
		perform refuse('/delta', case when new.delta < 0 then 'stock_min' else 'stock_max' end);
	end if;
	return null;
end
$$;

CREATE FUNCTION public.stock_lock(which uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	perform 1 from stock s where s.product = which for update;
end
$$;

CREATE FUNCTION public.store_check_prefixes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	if new.invoice_prefix = new.credit_note_prefix then
		perform refuse(case when tg_op = 'UPDATE' and new.credit_note_prefix = old.credit_note_prefix
				then '/invoice_prefix' else '/credit_note_prefix' end,
			'equal_prefixes');
	elsif tg_op = 'UPDATE' and new.invoice_prefix <> old.invoice_prefix and exists (
		select 1 from invoices i where i.store = new.id and i.kind = 'credit_note'
			and i.number ~ ('^' || new.invoice_prefix || '[0-9]+-')) then
		perform refuse('/invoice_prefix', 'prefix_of_credit_notes');
	elsif tg_op = 'UPDATE' and new.credit_note_prefix <> old.credit_note_prefix and exists (
		select 1 from invoices i where i.store = new.id and i.kind = 'invoice'
			and i.number ~ ('^' || new.credit_note_prefix || '[0-9]+-')) then
		perform refuse('/credit_note_prefix', 'prefix_of_invoices');
	end if;
	return new;
end
$$;

CREATE FUNCTION public.store_check_rounding() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
	step constant numeric := currency_step(new.currency);
begin
	if new.rounding_step <= 0 or new.rounding_step % step <> 0 then
		perform refuse('/rounding_step', 'rounding_step', jsonb_build_object('step', step, 'currency', new.currency));
	end if;
	new.rounding_step := round(new.rounding_step, scale(step));
	return new;
end
$$;

CREATE FUNCTION public.store_find(which uuid) RETURNS public.stores
    LANGUAGE plpgsql STABLE
    AS $$
declare
	shop stores;
begin
	select * into shop from stores s
	where s.id = which and is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to);
	if shop.id is null then
		perform refuse('/store', 'store_not_found');
	end if;
	return shop;
end
$$;

CREATE FUNCTION public.store_members_audit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	insert into audit_logs (user_id, request_id, action, table_name, record_id, old_data, new_data)
	values (acting_user(), coalesce(current_setting('cgishop.request_id', true), ''), lower(tg_op), tg_table_name,
		coalesce(new.store, old.store), to_jsonb(old), to_jsonb(new));
	return null;
end
$$;

CREATE FUNCTION public.store_notify(o public.orders, what text, more jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	insert into outbox (template, channel, recipient, data, give_up_at, order_id)
	select what, 'mail', s.contact_email, jsonb_build_object('store', s.name, 'store_email', s.contact_email,
		'number', o.number::text) || more, now() + interval '3 days', o.id
	from stores s where s.id = o.store and s.contact_email is not null;
end
$$;

CREATE FUNCTION public.store_notify_amount(p public.payments, held numeric, held_currency text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
	perform store_notify(o, 'payment_attention', jsonb_build_object('payment', p.id,
		'expected', p.amount || ' ' || p.currency, 'received', held || ' ' || held_currency))
	from orders o where o.id = p.order_id;
end
$$;

CREATE FUNCTION public.suspension_keep() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	suspended_by uuid;
begin
	if acting_user() is null or exists (select 1 from users u where u.id = acting_user() and u.is_admin) then
		return new;
	end if;
	select l.user_id into suspended_by from audit_logs l
	where l.record_id = new.id and l.table_name = tg_table_name and (l.new_data ->> 'is_suspended')::boolean
		and not coalesce((l.old_data ->> 'is_suspended')::boolean, false)
	order by l.created_at desc limit 1;
	if found and (suspended_by is null or exists (select 1 from users u where u.id = suspended_by and u.is_admin)) then
		perform deny('CS403', 'admin_suspended');
	end if;
	return new;
end
$$;

CREATE FUNCTION public.taxes_left(of public.invoices) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
begin
	return (select jsonb_agg(jsonb_build_object('rate', t ->> 'rate',
			'taxable', ((t ->> 'taxable')::numeric - coalesce(c.taxable, 0))::text,
			'tax', ((t ->> 'tax')::numeric - coalesce(c.tax, 0))::text))
		from jsonb_array_elements(of.taxes) t
		left join (
			select x ->> 'rate' as rate, sum((x ->> 'taxable')::numeric) as taxable, sum((x ->> 'tax')::numeric) as tax
			from invoices i, jsonb_array_elements(i.taxes) x where i.credits = of.id group by 1) c
			on c.rate = t ->> 'rate');
end
$$;

CREATE FUNCTION public.taxes_of_part(taxes jsonb, part numeric, decimals integer) RETURNS jsonb
    LANGUAGE plpgsql IMMUTABLE
    AS $$
declare
	fine constant numeric := 1.000000000000000000000000; -- see order_quote
begin
	return (select coalesce(jsonb_agg(jsonb_build_object('rate', s.rate::text, 'taxable', (s.share - s.tax)::text,
			'tax', s.tax::text) order by s.rate), '[]')
		from (
			select g.rate, g.share, round(fine * g.tax * g.share / g.gross, decimals) as tax
			from (
				select w.rate, w.gross, w.tax, round(fine * part * w.up_to / w.whole, decimals)
					- round(fine * part * (w.up_to - w.gross) / w.whole, decimals) as share
				from (
					select r.rate, r.tax, r.gross, sum(r.gross) over (order by r.rate) as up_to,
						sum(r.gross) over () as whole
					from (
						select (t ->> 'rate')::numeric as rate, (t ->> 'tax')::numeric as tax,
							(t ->> 'taxable')::numeric + (t ->> 'tax')::numeric as gross
						from jsonb_array_elements(taxes) t) r) w
				where w.gross > 0) g) s
		where s.share > 0);
end
$$;

CREATE FUNCTION public.user_check() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
	came constant boolean := tg_op = 'INSERT' or old.is_deleted;
begin
	if tg_op = 'UPDATE' then
		if lower(new.email) is distinct from lower(old.email) and new.email_verified_at = old.email_verified_at then
			new.email_verified_at := null;
		end if;
		if new.mobile_number is distinct from old.mobile_number and new.mobile_verified_at = old.mobile_verified_at then
			new.mobile_verified_at := null;
		end if;
	end if;
	if not new.is_deleted and new.email_verified_at is null
		and (came or lower(new.email) is distinct from lower(old.email))
		and exists (select 1 from users u where lower(u.email) = lower(new.email) and not u.is_deleted
			and u.id <> new.id)
	then
		raise unique_violation using table = 'users', constraint = 'users_email_key';
	end if;
	if not new.is_deleted and new.email is null then
		if new.is_admin or new.is_staff then
			perform refuse('/email', 'staff_email');
		elsif new.mobile_number is null then
			perform refuse('/email', 'recipient_required');
		end if;
	end if;
	return new;
end
$$;

CREATE FUNCTION public.user_end_sessions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	asking constant bytea := decode(coalesce(current_setting('cgishop.session', true), ''), 'hex');
begin
	if not user_may_sign_in(old) or not user_may_sign_in(new)
		or (old.is_admin, old.is_staff) is distinct from (new.is_admin, new.is_staff)
		or (old.is_customer and not new.is_customer)
		or (old.mobile_number is distinct from new.mobile_number and new.mobile_verified_at is null)
		or (lower(old.email) is distinct from lower(new.email) and new.email is not null
			and new.email_verified_at is null)
	then
		delete from sessions s where s.user_id = new.id and s.token_hash <> asking;
		-- The caller's own session stays valid for this transaction, and ends with it: now() is the start of
		-- the transaction.
		update sessions s set expires_at = clock_timestamp() where s.user_id = new.id and s.token_hash = asking;
	end if;
	return null;
end
$$;

CREATE FUNCTION public.user_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
	own constant text[] := array['name', 'email', 'email_verified_at', 'modified_at', 'modified_by'];
	asks record;
begin
	if pg_has_role(current_user, (select c.relowner from pg_class c where c.oid = tg_relid), 'usage') then
		return new; -- a function of the owner's, or a tool
	end if;
	asks := session_proven();
	if asks.role = 'admin' or (tg_op = 'UPDATE' and asks.who = new.id and to_jsonb(new) - own = to_jsonb(old) - own
		and (new.email is null or new.email = old.email))
	then
		return new;
	end if;
	perform deny('CS403', 'admin_changes_users');
end
$$;

CREATE FUNCTION public.user_json(which uuid) RETURNS json
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	return (select row_to_json(shown) from (
		select u.id, u.email, u.email_verified_at is not null as email_verified, u.mobile_number,
			u.mobile_verified_at is not null as mobile_verified, u.name, u.is_admin, u.is_staff, u.is_customer,
			u.is_active, rfc3339(u.created_at) as created_at, rfc3339(u.modified_at) as modified_at
		from users u where u.id = which) shown);
end
$$;

CREATE FUNCTION public.user_keep_an_admin() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
begin
	if is_working_admin(old) and not is_working_admin(new) then
		perform pg_advisory_xact_lock(hashtext('users: the last admin'));
		if not exists (select 1 from users u where is_working_admin(u)) then
			perform deny('CS409', 'last_admin');
		end if;
	end if;
	return null;
end
$$;

CREATE FUNCTION public.user_may_sign_in(who public.users) RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
	select who.is_active and is_live(who.is_deleted, who.is_suspended, who.active_from, who.active_to)
$$;

CREATE FUNCTION public.user_of_mail(address text) RETURNS public.users
    LANGUAGE sql STABLE
    AS $$
	select u from users u
	where lower(u.email) = lower(address) and not u.is_deleted and u.email_verified_at is not null
	order by u.is_admin or u.is_staff limit 1
$$;

CREATE FUNCTION public.user_proven(channel text, recipient text) RETURNS public.users
    LANGUAGE plpgsql
    AS $$
declare
	person users;
begin
	if channel = 'sms' then
		insert into users (mobile_number, mobile_verified_at, is_customer) values (recipient, now(), true)
		on conflict (mobile_number) where not is_deleted do nothing;
		select * into person from users u where u.mobile_number = recipient and not u.is_deleted for no key update;
		if person.mobile_verified_at is null then
			update users u set mobile_verified_at = now() where u.id = person.id;
		end if;
		return person;
	end if;
	if (user_of_mail(recipient)).id is null then
		insert into users (email, email_verified_at, is_customer) values (recipient, now(), true)
			on conflict do nothing;
	end if;
	select * into person from users u where u.id = (user_of_mail(recipient)).id for no key update;
	return person;
end
$$;

CREATE FUNCTION public.webhook_apply(gw text, reported jsonb, OUT outcome text, OUT payment uuid) RETURNS record
    LANGUAGE plpgsql
    AS $$
begin
	select y.id into payment from payments y where y.payment_method = gw and y.gateway_id = reported ->> 'gateway_id';
	if payment is null then
		select y.id into payment from payments y where y.payment_method = gw and y.id = (reported ->> 'payment')::uuid;
	end if;
	if payment is null then
		select y.id into payment from payments y
		where y.payment_method = gw and y.online and y.transaction_id = reported ->> 'transaction';
	end if;
	if payment is null then
		outcome := 'unmatched';
		return;
	elsif reported ? 'dispute' then
		outcome := dispute_apply(payment, reported);
		return;
	elsif not coalesce((reported ->> 'about_refund')::boolean, false) then
		outcome := payment_apply(payment, reported);
		return;
	end if;
	outcome := refund_apply_event(payment, reported);
end
$$;

CREATE FUNCTION public.webhook_apply_waiting(gw text, about text) RETURNS void
    LANGUAGE plpgsql
    AS $$
declare
	e webhook_events;
	effect record;
begin
	for e in
		select * from webhook_events w where w.gateway = gw and w.outcome = 'unmatched'
			and (about is null or w.reported ->> 'gateway_id' = about)
			-- Others may share the account: their events are not ours, and must not fill the limit.
			and (exists (select 1 from payments y where y.payment_method = gw
				and y.gateway_id = w.reported ->> 'gateway_id')
				or exists (select 1 from payments y where y.payment_method = gw and y.online
					and y.transaction_id = w.reported ->> 'transaction')
				or exists (select 1 from payments y where y.payment_method = gw
					and y.id = (w.reported ->> 'payment')::uuid))
		order by w.received_at limit 1000
	loop
		select * into effect from webhook_apply(gw, e.reported);
		update webhook_events w set outcome = effect.outcome, payment = effect.payment
		where w.gateway = e.gateway and w.event_id = e.event_id and w.outcome = 'unmatched'
			and effect.outcome <> 'unmatched';
	end loop;
end
$$;

CREATE FUNCTION public.webhook_record(gw text, event text, kind text, reported jsonb, garbled boolean, request_id text, OUT outcome text, OUT wake boolean, OUT refunds_of jsonb) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET plan_cache_mode TO 'force_generic_plan'
    AS $$
declare
	effect record;
	about uuid;
begin
	perform act_as(null, request_id);
	wake := false;
	update webhook_events w set deliveries = w.deliveries + 1
	where w.gateway = gw and w.event_id = event and w.outcome not in ('unmatched', 'not_understood')
	returning w.outcome into outcome;
	if found then
		return;
	end if;
	-- Two first deliveries at once both come here, one after the other by the order's lock: applying is idempotent.
	outcome := case when garbled then 'not_understood' else 'ignored' end;
	if webhook_record.reported is not null then
		select * into effect from webhook_apply(gw, webhook_record.reported);
		outcome := effect.outcome;
		about := effect.payment;
	end if;
	insert into webhook_events as w (gateway, event_id, type, reported, outcome, payment)
	values (gw, event, kind, webhook_record.reported, webhook_record.outcome, about)
	on conflict on constraint webhook_events_pkey do update set deliveries = w.deliveries + 1,
		payment = coalesce(w.payment, excluded.payment), reported = coalesce(w.reported, excluded.reported),
		outcome = case when w.outcome in ('unmatched', 'not_understood') then excluded.outcome else w.outcome end;
	if outcome = 'applied' then
		wake := order_wakes_sender((select p.order_id from payments p where p.id = about));
		if webhook_record.reported ? 'refunded' then
			select payment_for_gateway(p) into refunds_of from payments p
			where p.id = about and p.refunds_requested and p.status in ('needs_attention', 'captured');
		end if;
	end if;
end
$$;

CREATE FUNCTION public.webhooks_apply_waiting() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
declare
	gw text;
begin
	perform act_as(null, null);
	for gw in select distinct w.gateway from webhook_events w where w.outcome = 'unmatched' loop
		perform webhook_apply_waiting(gw, null);
	end loop;
end
$$;

CREATE FUNCTION public.words_below_thousand(n integer) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$
begin
	return concat_ws(' ',
		case when n >= 100 then (array['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'])[n / 100]
			|| ' hundred' end,
		case when mod(n, 100) between 1 and 19 then (array['one', 'two', 'three', 'four', 'five', 'six', 'seven',
			'eight', 'nine', 'ten', 'eleven', 'twelve', 'thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen',
			'eighteen', 'nineteen'])[mod(n, 100)]
		when mod(n, 100) >= 20 then (array['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty',
			'ninety'])[mod(n, 100) / 10 - 1] || coalesce('-' || nullif((array['', 'one', 'two', 'three', 'four', 'five',
			'six', 'seven', 'eight', 'nine'])[mod(n, 10) + 1], ''), '') end);
end
$$;

CREATE FUNCTION public.works_in_store(who uuid, which uuid) RETURNS boolean
    LANGUAGE plpgsql STABLE COST 10 PARALLEL SAFE
    AS $$
begin
	return exists (select 1 from store_members m where m.store = which and m.user_id = who)
		or exists (select 1 from stores s where s.id = which and s.owner = who);
end
$$;

CREATE TABLE public.addresses (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    user_id uuid NOT NULL,
    label text DEFAULT ''::text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    line1 text NOT NULL,
    line2 text DEFAULT ''::text NOT NULL,
    city text NOT NULL,
    region text DEFAULT ''::text NOT NULL,
    postal_code text DEFAULT ''::text NOT NULL,
    country text NOT NULL,
    phone text,
    is_default boolean DEFAULT false NOT NULL,
    CONSTRAINT addresses_active_to CHECK ((active_from < active_to)),
    CONSTRAINT addresses_country CHECK ((country ~ '^[A-Z]{2}$'::text))
);

CREATE TABLE public.audit_logs (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    user_id uuid,
    request_id text DEFAULT ''::text NOT NULL,
    action public.audit_action NOT NULL,
    table_name text NOT NULL,
    record_id uuid NOT NULL,
    old_data jsonb,
    new_data jsonb
)
WITH (toast_tuple_target='4080');

CREATE TABLE public.base_model (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    CONSTRAINT active_range CHECK ((active_from < active_to))
);

CREATE TABLE public.cart_items (
    order_id uuid NOT NULL,
    "position" integer NOT NULL,
    product uuid NOT NULL,
    quantity public.line_quantity NOT NULL,
    unit_price numeric NOT NULL
);

CREATE TABLE public.categories (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    store uuid,
    "position" integer DEFAULT 0 NOT NULL,
    CONSTRAINT categories_active_to CHECK ((active_from < active_to))
);

CREATE TABLE public.coupon_redemptions (
    order_id uuid NOT NULL,
    coupon uuid NOT NULL,
    user_id uuid,
    mobile text,
    email text,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.coupon_uses (
    coupon uuid NOT NULL,
    used_count public.piece_count DEFAULT 0 NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.cron_runs (
    only_one boolean DEFAULT true NOT NULL,
    started_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT cron_runs_only_one CHECK (only_one)
);

CREATE TABLE public.disputes (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    payment uuid NOT NULL,
    order_id uuid NOT NULL,
    gateway_dispute text NOT NULL,
    is_inquiry boolean NOT NULL,
    amount public.nonnegative_amount NOT NULL,
    currency text NOT NULL,
    taken numeric,
    reason text NOT NULL,
    evidence_due_at timestamp with time zone,
    reported_at timestamp with time zone NOT NULL,
    refund uuid,
    CONSTRAINT disputes_active_to CHECK ((active_from < active_to)),
    CONSTRAINT disputes_status CHECK ((status = ANY (ARRAY['needs_response'::text, 'under_review'::text, 'closed'::text, 'won'::text, 'lost'::text])))
);

CREATE TABLE public.idempotency_keys (
    scope text NOT NULL,
    key text NOT NULL,
    request_hash bytea NOT NULL,
    status integer NOT NULL,
    body text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.invoice_counters (
    store uuid NOT NULL,
    kind text NOT NULL,
    financial_year integer NOT NULL,
    last integer NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE public.known_places (
    user_id uuid NOT NULL,
    mark bytea NOT NULL,
    is_device boolean NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE VIEW public.live_stores AS
 SELECT s.id
   FROM public.stores s
  WHERE public.is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to);

CREATE VIEW public.live_categories AS
 SELECT c.id
   FROM public.categories c
  WHERE (public.is_live(c.is_deleted, c.is_suspended, c.active_from, c.active_to) AND ((c.store IS NULL) OR (EXISTS ( SELECT 1
           FROM public.live_stores v
          WHERE (v.id = c.store)))));

CREATE VIEW public.live_parents AS
 SELECT p.id
   FROM public.products p
  WHERE ((p.parent IS NULL) AND public.is_live(p.is_deleted, p.is_suspended, p.active_from, p.active_to));

CREATE TABLE public.product_images (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    product uuid NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    alt_text text DEFAULT ''::text NOT NULL,
    file text,
    url text,
    width integer,
    height integer,
    CONSTRAINT product_images_active_to CHECK ((active_from < active_to)),
    CONSTRAINT product_images_source CHECK (((file IS NULL) <> (url IS NULL)))
);

CREATE VIEW public.live_product_images AS
 SELECT i.id,
    i.product,
    i.file,
    i.url,
    i.alt_text,
    i."position",
    i.width,
    i.height
   FROM public.product_images i
  WHERE public.is_live(i.is_deleted, i.is_suspended, i.active_from, i.active_to);

CREATE VIEW public.own_live_categories AS
 SELECT c.id
   FROM public.categories c
  WHERE public.is_live(c.is_deleted, c.is_suspended, c.active_from, c.active_to);

CREATE TABLE public.subcategories (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    modified_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    modified_by uuid DEFAULT public.acting_user(),
    is_deleted boolean DEFAULT false NOT NULL,
    status text DEFAULT ''::text NOT NULL,
    comments text DEFAULT ''::text NOT NULL,
    active_from timestamp with time zone,
    active_to timestamp with time zone,
    is_suspended boolean DEFAULT false NOT NULL,
    name text NOT NULL,
    slug text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    category uuid NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    CONSTRAINT subcategories_active_to CHECK ((active_from < active_to))
);

CREATE VIEW public.own_live_subcategories AS
 SELECT s.id
   FROM public.subcategories s
  WHERE public.is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to);

CREATE VIEW public.live_products AS
 SELECT p.id,
    p.store
   FROM public.products p
  WHERE (public.is_live(p.is_deleted, p.is_suspended, p.active_from, p.active_to) AND (EXISTS ( SELECT 1
           FROM public.live_stores v
          WHERE (v.id = p.store))) AND ((p.category IS NULL) OR (EXISTS ( SELECT 1
           FROM public.own_live_categories v
          WHERE (v.id = p.category)))) AND ((p.subcategory IS NULL) OR (EXISTS ( SELECT 1
           FROM public.own_live_subcategories v
          WHERE (v.id = p.subcategory)))) AND ((p.parent IS NULL) OR (EXISTS ( SELECT 1
           FROM public.live_parents v
          WHERE (v.id = p.parent)))));

CREATE VIEW public.live_subcategories AS
 SELECT s.id
   FROM public.subcategories s
  WHERE (public.is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to) AND (EXISTS ( SELECT 1
           FROM public.live_categories v
          WHERE (v.id = s.category))));

CREATE VIEW public.live_variants AS
 SELECT p.id,
    p.parent,
    p.created_at,
    p.sku,
    p.name,
    p.slug,
    p.price,
    p.compare_at_price,
    p.currency,
    p.weight,
    p.attributes
   FROM public.products p
  WHERE ((p.parent IS NOT NULL) AND public.is_live(p.is_deleted, p.is_suspended, p.active_from, p.active_to) AND ((p.category IS NULL) OR (EXISTS ( SELECT 1
           FROM public.own_live_categories v
          WHERE (v.id = p.category)))) AND ((p.subcategory IS NULL) OR (EXISTS ( SELECT 1
           FROM public.own_live_subcategories v
          WHERE (v.id = p.subcategory)))));

CREATE TABLE public.stock (
    product uuid NOT NULL,
    inventory_count integer DEFAULT 0 NOT NULL,
    CONSTRAINT stock_not_negative CHECK ((inventory_count >= 0))
)
WITH (fillfactor='70');

CREATE VIEW public.live_variants_in_stock AS
 SELECT p.id,
    p.parent
   FROM (public.live_variants p
     JOIN public.stock s ON ((s.product = p.id)))
  WHERE (s.inventory_count > 0);

CREATE TABLE public.order_events (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    order_id uuid NOT NULL,
    user_id uuid,
    from_status text,
    to_status text NOT NULL,
    note text DEFAULT ''::text NOT NULL
);

CREATE TABLE public.order_items (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    order_id uuid NOT NULL,
    "position" integer NOT NULL,
    product uuid NOT NULL,
    sku text NOT NULL,
    name text NOT NULL,
    quantity public.line_quantity NOT NULL,
    unit_price numeric NOT NULL,
    tax_rate numeric NOT NULL,
    tax_amount numeric NOT NULL,
    discount_amount numeric DEFAULT 0 NOT NULL,
    line_total numeric NOT NULL,
    hsn text,
    options jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT order_items_discount CHECK (((discount_amount >= (0)::numeric) AND (discount_amount <= (unit_price * (quantity)::numeric)))),
    CONSTRAINT order_items_line_total CHECK (((((line_total - (unit_price * (quantity)::numeric)) + discount_amount) = (0)::numeric) OR (((line_total - (unit_price * (quantity)::numeric)) + discount_amount) = tax_amount)))
);

CREATE SEQUENCE public.order_numbers
    START WITH 100001
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.order_numbers OWNED BY public.orders.number;

CREATE TABLE public.order_statuses (
    name text NOT NULL,
    "position" integer NOT NULL,
    description text NOT NULL
);

CREATE TABLE public.order_transitions (
    from_status text NOT NULL,
    to_status text NOT NULL,
    min_role text NOT NULL,
    "position" integer NOT NULL,
    CONSTRAINT order_transitions_min_role CHECK ((min_role = ANY (ARRAY['customer'::text, 'staff'::text, 'payment'::text])))
);

CREATE TABLE public.outbox (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    template text NOT NULL,
    channel public.outbox_channel NOT NULL,
    recipient text NOT NULL,
    language text DEFAULT ''::text NOT NULL,
    data jsonb NOT NULL,
    sealed text,
    status public.outbox_status DEFAULT 'queued'::text NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    next_try_at timestamp with time zone DEFAULT now() NOT NULL,
    give_up_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    last_error text DEFAULT ''::text NOT NULL,
    order_id uuid
)
WITH (fillfactor='80');

CREATE UNLOGGED TABLE public.outbox_sender (
    started_at timestamp with time zone NOT NULL,
    only_one boolean DEFAULT true NOT NULL,
    CONSTRAINT outbox_sender_only_one CHECK (only_one)
);

CREATE UNLOGGED TABLE public.rate_limits (
    bucket text NOT NULL,
    taken integer NOT NULL,
    resets_at timestamp with time zone NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE public.schema_code (
    checksum text NOT NULL,
    functions text[] NOT NULL,
    views text[] NOT NULL,
    triggers text[] NOT NULL,
    fingerprint text NOT NULL,
    replaced_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.schema_migrations (
    number integer NOT NULL,
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.sessions (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    user_id uuid NOT NULL,
    opened_by text NOT NULL,
    token_hash bytea NOT NULL,
    client_address text DEFAULT ''::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    last_used_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    idle_max interval,
    CONSTRAINT sessions_opened_by CHECK ((opened_by = ANY (ARRAY['password'::text, 'otp'::text])))
);

CREATE TABLE public.stock_movements (
    id uuid DEFAULT public.uuid_v7() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user(),
    product uuid NOT NULL,
    delta public.piece_delta NOT NULL,
    reason text NOT NULL,
    order_id uuid
);

CREATE TABLE public.store_members (
    store uuid NOT NULL,
    user_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by uuid DEFAULT public.acting_user()
);

CREATE TABLE public.webhook_events (
    gateway text NOT NULL,
    event_id text NOT NULL,
    type text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    deliveries integer DEFAULT 1 NOT NULL,
    outcome public.webhook_outcome DEFAULT 'ignored'::text NOT NULL,
    payment uuid,
    reported jsonb
);

INSERT INTO public.audit_logs VALUES ('01a22493-14b7-7300-827c-c0e17efd53eb', '2026-11-28 23:52:28.598833+00', NULL, '', 'insert', 'users', '01a22493-14af-79a5-be1e-8edcb6df796b', NULL, '{"id": "01a22493-14af-79a5-be1e-8edcb6df796b", "name": "", "email": "admin@example.com", "status": "", "comments": "", "is_admin": true, "is_staff": false, "active_to": null, "is_active": true, "created_at": "2026-11-28T23:52:28.589346+00:00", "created_by": null, "is_deleted": false, "active_from": null, "is_customer": false, "modified_at": "2026-11-28T23:52:28.589346+00:00", "modified_by": null, "is_suspended": false, "mobile_number": null, "email_verified_at": null, "mobile_verified_at": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1709-7f71-a6c0-09051422812a', '2026-11-28 23:52:29.193109+00', NULL, '', 'insert', 'users', '01a22493-1708-73a6-a35c-ed7444f897e3', NULL, '{"id": "01a22493-1708-73a6-a35c-ed7444f897e3", "name": "", "email": "check@example.com", "status": "", "comments": "", "is_admin": true, "is_staff": false, "active_to": null, "is_active": true, "created_at": "2026-11-28T23:52:29.190183+00:00", "created_by": null, "is_deleted": false, "active_from": null, "is_customer": false, "modified_at": "2026-11-28T23:52:29.190183+00:00", "modified_by": null, "is_suspended": false, "mobile_number": null, "email_verified_at": null, "mobile_verified_at": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1915-7531-ae98-18827cbebd5c', '2026-11-28 23:52:29.717171+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '', 'update', 'users', '01a22493-1708-73a6-a35c-ed7444f897e3', '{"id": "01a22493-1708-73a6-a35c-ed7444f897e3", "name": "", "email": "check@example.com", "status": "", "comments": "", "is_admin": true, "is_staff": false, "active_to": null, "is_active": true, "created_at": "2026-11-28T23:52:29.190183+00:00", "created_by": null, "is_deleted": false, "active_from": null, "is_customer": false, "modified_at": "2026-11-28T23:52:29.190183+00:00", "modified_by": null, "is_suspended": false, "mobile_number": null, "email_verified_at": null, "mobile_verified_at": null}', '{"id": "01a22493-1708-73a6-a35c-ed7444f897e3", "name": "", "email": "check@example.com", "status": "", "comments": "", "is_admin": true, "is_staff": false, "active_to": null, "is_active": true, "created_at": "2026-11-28T23:52:29.190183+00:00", "created_by": null, "is_deleted": false, "active_from": null, "is_customer": false, "modified_at": "2026-11-28T23:52:29.713516+00:00", "modified_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_suspended": false, "mobile_number": null, "email_verified_at": null, "mobile_verified_at": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-192d-7a83-b79c-e38e9f2e6a16', '2026-11-28 23:52:29.740808+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1929-7af7-a117-cc87f49cae1c', 'insert', 'stores', '01a22493-192b-7d0e-bbeb-fbee0677b021', NULL, '{"id": "01a22493-192b-7d0e-bbeb-fbee0677b021", "name": "Store-31be980b2281", "slug": "store-31be980b2281", "owner": null, "status": "", "address": {}, "comments": "", "currency": "EUR", "timezone": "UTC", "active_to": null, "created_at": "2026-11-28T23:52:29.738872+00:00", "created_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_deleted": false, "tax_number": "", "active_from": null, "description": "", "modified_at": "2026-11-28T23:52:29.738872+00:00", "modified_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "bank_details": "", "is_suspended": false, "contact_email": null, "contact_phone": null, "rounding_step": null, "invoice_prefix": "INV", "guest_max_total": null, "cod_confirmation": "none", "invoice_due_days": 0, "credit_note_prefix": "CN", "guest_max_quantity": 20, "prices_include_tax": false, "financial_year_start": 1}');
INSERT INTO public.audit_logs VALUES ('01a22493-1962-7d6d-828e-67817f30bdb2', '2026-11-28 23:52:29.794249+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1952-7f12-83ed-fc275836b8df', 'insert', 'users', '01a22493-1961-76cd-b257-40f19cd44613', NULL, '{"id": "01a22493-1961-76cd-b257-40f19cd44613", "name": "staff", "email": "staff-df806e2f45ef@example.test", "status": "", "comments": "", "is_admin": false, "is_staff": true, "active_to": null, "is_active": true, "created_at": "2026-11-28T23:52:29.792674+00:00", "created_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_deleted": false, "active_from": null, "is_customer": false, "modified_at": "2026-11-28T23:52:29.792674+00:00", "modified_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_suspended": false, "mobile_number": null, "email_verified_at": null, "mobile_verified_at": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1963-79e4-ba18-e23622f7e443', '2026-11-28 23:52:29.795223+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1952-7f12-83ed-fc275836b8df', 'update', 'users', '01a22493-1961-76cd-b257-40f19cd44613', '{"id": "01a22493-1961-76cd-b257-40f19cd44613", "name": "staff", "email": "staff-df806e2f45ef@example.test", "status": "", "comments": "", "is_admin": false, "is_staff": true, "active_to": null, "is_active": true, "created_at": "2026-11-28T23:52:29.792674+00:00", "created_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_deleted": false, "active_from": null, "is_customer": false, "modified_at": "2026-11-28T23:52:29.792674+00:00", "modified_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_suspended": false, "mobile_number": null, "email_verified_at": null, "mobile_verified_at": null}', '{"id": "01a22493-1961-76cd-b257-40f19cd44613", "name": "staff", "email": "staff-df806e2f45ef@example.test", "status": "", "comments": "", "is_admin": false, "is_staff": true, "active_to": null, "is_active": true, "created_at": "2026-11-28T23:52:29.792674+00:00", "created_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_deleted": false, "active_from": null, "is_customer": false, "modified_at": "2026-11-28T23:52:29.792674+00:00", "modified_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_suspended": false, "mobile_number": null, "email_verified_at": null, "mobile_verified_at": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1977-70ad-8d06-60e29cc99bc2', '2026-11-28 23:52:29.814745+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1974-7b6c-896e-290012608f7a', 'insert', 'store_members', '01a22493-192b-7d0e-bbeb-fbee0677b021', NULL, '{"store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "user_id": "01a22493-1961-76cd-b257-40f19cd44613", "created_at": "2026-11-28T23:52:29.813188+00:00", "created_by": "01a22493-1708-73a6-a35c-ed7444f897e3"}');
INSERT INTO public.audit_logs VALUES ('01a22493-1986-7f58-9e8a-17e0f9c2b231', '2026-11-28 23:52:29.830164+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1984-78e0-b1d7-222c22c6e1e8', 'insert', 'stores', '01a22493-1986-7a2b-888e-c44846c25f2d', NULL, '{"id": "01a22493-1986-7a2b-888e-c44846c25f2d", "name": "Shop-10dac0331346", "slug": "shop-10dac0331346", "owner": null, "status": "", "address": {}, "comments": "", "currency": "EUR", "timezone": "UTC", "active_to": null, "created_at": "2026-11-28T23:52:29.829625+00:00", "created_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_deleted": false, "tax_number": "", "active_from": null, "description": "", "modified_at": "2026-11-28T23:52:29.829625+00:00", "modified_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "bank_details": "", "is_suspended": false, "contact_email": null, "contact_phone": null, "rounding_step": null, "invoice_prefix": "INV", "guest_max_total": null, "cod_confirmation": "none", "invoice_due_days": 0, "credit_note_prefix": "CN", "guest_max_quantity": 20, "prices_include_tax": false, "financial_year_start": 1}');
INSERT INTO public.audit_logs VALUES ('01a22493-19ab-71bc-947d-e06b2574ddda', '2026-11-28 23:52:29.867+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-19a1-7c6e-ab13-c58064803ee4', 'insert', 'users', '01a22493-19aa-7034-9d9c-908c020305d4', NULL, '{"id": "01a22493-19aa-7034-9d9c-908c020305d4", "name": "stranger", "email": "stranger-8ee3afa4689d@example.test", "status": "", "comments": "", "is_admin": false, "is_staff": true, "active_to": null, "is_active": true, "created_at": "2026-11-28T23:52:29.865824+00:00", "created_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_deleted": false, "active_from": null, "is_customer": false, "modified_at": "2026-11-28T23:52:29.865824+00:00", "modified_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_suspended": false, "mobile_number": null, "email_verified_at": null, "mobile_verified_at": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-19ac-79f3-a5f7-a460a60c54d2', '2026-11-28 23:52:29.867672+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-19a1-7c6e-ab13-c58064803ee4', 'update', 'users', '01a22493-19aa-7034-9d9c-908c020305d4', '{"id": "01a22493-19aa-7034-9d9c-908c020305d4", "name": "stranger", "email": "stranger-8ee3afa4689d@example.test", "status": "", "comments": "", "is_admin": false, "is_staff": true, "active_to": null, "is_active": true, "created_at": "2026-11-28T23:52:29.865824+00:00", "created_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_deleted": false, "active_from": null, "is_customer": false, "modified_at": "2026-11-28T23:52:29.865824+00:00", "modified_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_suspended": false, "mobile_number": null, "email_verified_at": null, "mobile_verified_at": null}', '{"id": "01a22493-19aa-7034-9d9c-908c020305d4", "name": "stranger", "email": "stranger-8ee3afa4689d@example.test", "status": "", "comments": "", "is_admin": false, "is_staff": true, "active_to": null, "is_active": true, "created_at": "2026-11-28T23:52:29.865824+00:00", "created_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_deleted": false, "active_from": null, "is_customer": false, "modified_at": "2026-11-28T23:52:29.865824+00:00", "modified_by": "01a22493-1708-73a6-a35c-ed7444f897e3", "is_suspended": false, "mobile_number": null, "email_verified_at": null, "mobile_verified_at": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-19c3-7c0f-b85a-8db5445b2c9e', '2026-11-28 23:52:29.890679+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-19bb-71dd-8a0c-ecbf33aa8cde', 'insert', 'store_members', '01a22493-1986-7a2b-888e-c44846c25f2d', NULL, '{"store": "01a22493-1986-7a2b-888e-c44846c25f2d", "user_id": "01a22493-19aa-7034-9d9c-908c020305d4", "created_at": "2026-11-28T23:52:29.885426+00:00", "created_by": "01a22493-1708-73a6-a35c-ed7444f897e3"}');
INSERT INTO public.audit_logs VALUES ('01a22493-1a4a-7c92-a34a-0f718fcef95b', '2026-11-28 23:52:30.026372+00', NULL, 'shopctl', 'insert', 'stores', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', NULL, '{"id": "01a22493-1a4a-70fc-afa2-ae2e96e7021b", "name": "Harbour & Hearth", "slug": "harbour-hearth", "owner": null, "status": "", "address": {"city": "Whitby", "line1": "12 Quay Row", "country": "GB", "postal_code": "YO21 1AA"}, "comments": "", "currency": "GBP", "timezone": "Europe/London", "active_to": null, "created_at": "2026-11-28T23:52:30.02324+00:00", "created_by": null, "is_deleted": false, "tax_number": "", "active_from": null, "description": "Things for the kitchen, the table and slow evenings.", "modified_at": "2026-11-28T23:52:30.02324+00:00", "modified_by": null, "bank_details": "", "is_suspended": false, "contact_email": "hello@harbour-hearth.example", "contact_phone": "+441134960100", "rounding_step": null, "invoice_prefix": "INV", "guest_max_total": null, "cod_confirmation": "none", "invoice_due_days": 0, "credit_note_prefix": "CN", "guest_max_quantity": 20, "prices_include_tax": true, "financial_year_start": 1}');
INSERT INTO public.audit_logs VALUES ('01a22493-1a50-7bbe-8ae9-68ab4e4c0f4f', '2026-11-28 23:52:30.032158+00', NULL, 'shopctl', 'insert', 'stores', '01a22493-1a50-7e27-938b-c5178f60f860', NULL, '{"id": "01a22493-1a50-7e27-938b-c5178f60f860", "name": "Cedar Lane Outfitters", "slug": "cedar-lane-outfitters", "owner": null, "status": "", "address": {"city": "Boulder", "line1": "408 Cedar Lane", "region": "CO", "country": "US", "postal_code": "80302"}, "comments": "", "currency": "USD", "timezone": "America/Denver", "active_to": null, "created_at": "2026-11-28T23:52:30.02324+00:00", "created_by": null, "is_deleted": false, "tax_number": "", "active_from": null, "description": "Gear for days outside and nights under canvas.", "modified_at": "2026-11-28T23:52:30.02324+00:00", "modified_by": null, "bank_details": "", "is_suspended": false, "contact_email": "crew@cedar-lane.example", "contact_phone": "+13035550142", "rounding_step": null, "invoice_prefix": "INV", "guest_max_total": null, "cod_confirmation": "none", "invoice_due_days": 0, "credit_note_prefix": "CN", "guest_max_quantity": 20, "prices_include_tax": false, "financial_year_start": 1}');
INSERT INTO public.audit_logs VALUES ('01a22493-1b0d-74ee-aa9d-5b0d1ace98b4', '2026-11-28 23:52:30.221038+00', NULL, '01a22493-1b05-764f-b0cb-84d7cb054ba3', 'insert', 'orders', '01a22493-1b05-7253-a435-d24337e56da8', NULL, '{"id": "01a22493-1b05-7253-a435-d24337e56da8", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 10.00, "coupon": null, "number": 100001, "status": "placed", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 10.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.214238+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.214238+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.214238+00:00", "modified_by": null, "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "unpaid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1b15-7036-8235-a2bc298b57d5', '2026-11-28 23:52:30.229283+00', NULL, '01a22493-1b05-764f-b0cb-84d7cb054ba3', 'insert', 'invoices', '01a22493-1b13-7e39-bef4-4d4a25bb23ee', NULL, '{"id": "01a22493-1b13-7e39-bef4-4d4a25bb23ee", "kind": "invoice", "notes": "", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "taxes": [{"tax": "0.00", "rate": "0", "taxable": "10.00"}], "amount": 10.00, "due_at": "2026-11-28", "number": "INV26-00001", "refund": null, "status": "", "credits": null, "comments": "", "currency": "EUR", "order_id": "01a22493-1b05-7253-a435-d24337e56da8", "active_to": null, "issued_at": "2026-11-28T23:52:30.214238+00:00", "created_at": "2026-11-28T23:52:30.214238+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.214238+00:00", "modified_by": null, "is_suspended": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1b2a-7a1c-be7f-bbd31be08543', '2026-11-28 23:52:30.250092+00', NULL, '01a22493-1b28-78cd-b899-818976d9c4db', 'insert', 'orders', '01a22493-1b28-78c1-9e43-d9e5dbc1b283', NULL, '{"id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 20.00, "coupon": null, "number": 100002, "status": "placed", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 20.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.249139+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.249139+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.249139+00:00", "modified_by": null, "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "unpaid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1b2b-7abd-9b9a-59d23907c019', '2026-11-28 23:52:30.251128+00', NULL, '01a22493-1b28-78cd-b899-818976d9c4db', 'insert', 'invoices', '01a22493-1b2b-7a60-a33a-8193e75568e1', NULL, '{"id": "01a22493-1b2b-7a60-a33a-8193e75568e1", "kind": "invoice", "notes": "", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "taxes": [{"tax": "0.00", "rate": "0", "taxable": "20.00"}], "amount": 20.00, "due_at": "2026-11-28", "number": "INV26-00002", "refund": null, "status": "", "credits": null, "comments": "", "currency": "EUR", "order_id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "active_to": null, "issued_at": "2026-11-28T23:52:30.249139+00:00", "created_at": "2026-11-28T23:52:30.249139+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.249139+00:00", "modified_by": null, "is_suspended": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1b44-70fb-87c9-6b2fb7684e70', '2026-11-28 23:52:30.276284+00', NULL, '01a22493-1b3f-74e1-a51e-16c01006cd0c', 'insert', 'payments', '01a22493-1b3f-73ab-a9fd-ee8ddd9c8805', NULL, '{"id": "01a22493-1b3f-73ab-a9fd-ee8ddd9c8805", "fee": null, "kept": 0, "amount": 20.00, "online": false, "status": "pending", "failure": "", "paid_at": null, "comments": "", "currency": "EUR", "metadata": {}, "order_id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "active_to": null, "attention": null, "key_scope": "b4a2f73c3f6eb02adc1762958a5e4791dea45fec1caa6bf8e88d97402704f76e", "created_at": "2026-11-28T23:52:30.272207+00:00", "created_by": null, "expires_at": null, "gateway_id": null, "is_deleted": false, "slow_hours": 120, "active_from": null, "modified_at": "2026-11-28T23:52:30.272207+00:00", "modified_by": null, "unconfirmed": false, "cancel_after": null, "cancel_tries": 0, "is_suspended": false, "requested_at": null, "manual_capture": false, "payment_method": "manual", "transaction_id": null, "amount_captured": 0, "cancel_requested": false, "capture_requested": null, "currency_captured": null, "refunds_requested": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1bc4-7af0-a624-3f43bc28899c', '2026-11-28 23:52:30.404013+00', NULL, '01a22493-1bc2-7b7e-9cd0-ac68638c63d9', 'insert', 'orders', '01a22493-1bc2-7b20-bc31-cf27bb024b1d', NULL, '{"id": "01a22493-1bc2-7b20-bc31-cf27bb024b1d", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 30.00, "coupon": null, "number": 100003, "status": "placed", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 30.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.403176+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.403176+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.403176+00:00", "modified_by": null, "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "unpaid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1bc6-730f-8586-000abafd0c6e', '2026-11-28 23:52:30.406262+00', NULL, '01a22493-1bc2-7b7e-9cd0-ac68638c63d9', 'insert', 'invoices', '01a22493-1bc6-764a-bfed-f1a93cf6d6c0', NULL, '{"id": "01a22493-1bc6-764a-bfed-f1a93cf6d6c0", "kind": "invoice", "notes": "", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "taxes": [{"tax": "0.00", "rate": "0", "taxable": "30.00"}], "amount": 30.00, "due_at": "2026-11-28", "number": "INV26-00003", "refund": null, "status": "", "credits": null, "comments": "", "currency": "EUR", "order_id": "01a22493-1bc2-7b20-bc31-cf27bb024b1d", "active_to": null, "issued_at": "2026-11-28T23:52:30.403176+00:00", "created_at": "2026-11-28T23:52:30.403176+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.403176+00:00", "modified_by": null, "is_suspended": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1b46-7ec3-863d-898e58ffad89', '2026-11-28 23:52:30.278077+00', NULL, '01a22493-1b3f-74e1-a51e-16c01006cd0c', 'update', 'orders', '01a22493-1b28-78c1-9e43-d9e5dbc1b283', '{"id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 20.00, "coupon": null, "number": 100002, "status": "placed", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 20.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.249139+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.249139+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.249139+00:00", "modified_by": null, "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "unpaid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}', '{"id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 20.00, "coupon": null, "number": 100002, "status": "placed", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 20.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.249139+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.249139+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.272207+00:00", "modified_by": null, "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "pending", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1b81-75ee-b07f-4e5976332087', '2026-11-28 23:52:30.336918+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1b7b-7626-a2ef-7c0edf179105', 'update', 'payments', '01a22493-1b3f-73ab-a9fd-ee8ddd9c8805', '{"id": "01a22493-1b3f-73ab-a9fd-ee8ddd9c8805", "fee": null, "kept": 0, "amount": 20.00, "online": false, "status": "pending", "failure": "", "paid_at": null, "comments": "", "currency": "EUR", "metadata": {}, "order_id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "active_to": null, "attention": null, "key_scope": "b4a2f73c3f6eb02adc1762958a5e4791dea45fec1caa6bf8e88d97402704f76e", "created_at": "2026-11-28T23:52:30.272207+00:00", "created_by": null, "expires_at": null, "gateway_id": null, "is_deleted": false, "slow_hours": 120, "active_from": null, "modified_at": "2026-11-28T23:52:30.272207+00:00", "modified_by": null, "unconfirmed": false, "cancel_after": null, "cancel_tries": 0, "is_suspended": false, "requested_at": null, "manual_capture": false, "payment_method": "manual", "transaction_id": null, "amount_captured": 0, "cancel_requested": false, "capture_requested": null, "currency_captured": null, "refunds_requested": false}', '{"id": "01a22493-1b3f-73ab-a9fd-ee8ddd9c8805", "fee": null, "kept": 0, "amount": 20.00, "online": false, "status": "captured", "failure": "", "paid_at": "2026-11-28T23:52:30.334599+00:00", "comments": "", "currency": "EUR", "metadata": {}, "order_id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "active_to": null, "attention": null, "key_scope": "b4a2f73c3f6eb02adc1762958a5e4791dea45fec1caa6bf8e88d97402704f76e", "created_at": "2026-11-28T23:52:30.272207+00:00", "created_by": null, "expires_at": null, "gateway_id": null, "is_deleted": false, "slow_hours": 120, "active_from": null, "modified_at": "2026-11-28T23:52:30.334599+00:00", "modified_by": "01a22493-1961-76cd-b257-40f19cd44613", "unconfirmed": false, "cancel_after": null, "cancel_tries": 0, "is_suspended": false, "requested_at": null, "manual_capture": false, "payment_method": "manual", "transaction_id": "TX 1", "amount_captured": 20.00, "cancel_requested": false, "capture_requested": null, "currency_captured": "EUR", "refunds_requested": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1b82-7beb-a502-d5b8fd549e3e', '2026-11-28 23:52:30.337957+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1b7b-7626-a2ef-7c0edf179105', 'update', 'orders', '01a22493-1b28-78c1-9e43-d9e5dbc1b283', '{"id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 20.00, "coupon": null, "number": 100002, "status": "placed", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 20.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.249139+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.249139+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.272207+00:00", "modified_by": null, "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "pending", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}', '{"id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 20.00, "coupon": null, "number": 100002, "status": "paid", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 20.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.249139+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.249139+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.334599+00:00", "modified_by": "01a22493-1961-76cd-b257-40f19cd44613", "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "paid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1b9a-7aa4-89b2-d46ff66774f0', '2026-11-28 23:52:30.361872+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1b97-7474-8a08-41fd38f22fd1', 'update', 'orders', '01a22493-1b28-78c1-9e43-d9e5dbc1b283', '{"id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 20.00, "coupon": null, "number": 100002, "status": "paid", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 20.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.249139+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.249139+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.334599+00:00", "modified_by": "01a22493-1961-76cd-b257-40f19cd44613", "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "paid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}', '{"id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 20.00, "coupon": null, "number": 100002, "status": "shipped", "carrier": "DHL", "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 20.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.249139+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.249139+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.360385+00:00", "modified_by": "01a22493-1961-76cd-b257-40f19cd44613", "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "paid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": "1", "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1bae-7121-af3a-be6de9861e58', '2026-11-28 23:52:30.38234+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1bab-77e7-8b0e-aea45a7e8825', 'insert', 'refunds', '01a22493-1bab-71ea-99c2-36c46b37f559', NULL, '{"id": "01a22493-1bab-71ea-99c2-36c46b37f559", "tries": 0, "amount": 1.00, "reason": "dented", "status": "pending", "failure": "", "payment": "01a22493-1b3f-73ab-a9fd-ee8ddd9c8805", "restock": false, "comments": "", "currency": "EUR", "order_id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "active_to": null, "key_scope": "01a22493-1961-76cd-b257-40f19cd44613", "created_at": "2026-11-28T23:52:30.379621+00:00", "created_by": "01a22493-1961-76cd-b257-40f19cd44613", "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.379621+00:00", "modified_by": "01a22493-1961-76cd-b257-40f19cd44613", "is_suspended": false, "requested_at": null, "gateway_refund": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1baf-76f0-b1b9-8be28e135553', '2026-11-28 23:52:30.383307+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1bab-77e7-8b0e-aea45a7e8825', 'update', 'refunds', '01a22493-1bab-71ea-99c2-36c46b37f559', '{"id": "01a22493-1bab-71ea-99c2-36c46b37f559", "tries": 0, "amount": 1.00, "reason": "dented", "status": "pending", "failure": "", "payment": "01a22493-1b3f-73ab-a9fd-ee8ddd9c8805", "restock": false, "comments": "", "currency": "EUR", "order_id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "active_to": null, "key_scope": "01a22493-1961-76cd-b257-40f19cd44613", "created_at": "2026-11-28T23:52:30.379621+00:00", "created_by": "01a22493-1961-76cd-b257-40f19cd44613", "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.379621+00:00", "modified_by": "01a22493-1961-76cd-b257-40f19cd44613", "is_suspended": false, "requested_at": null, "gateway_refund": null}', '{"id": "01a22493-1bab-71ea-99c2-36c46b37f559", "tries": 0, "amount": 1.00, "reason": "dented", "status": "succeeded", "failure": "", "payment": "01a22493-1b3f-73ab-a9fd-ee8ddd9c8805", "restock": false, "comments": "", "currency": "EUR", "order_id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "active_to": null, "key_scope": "01a22493-1961-76cd-b257-40f19cd44613", "created_at": "2026-11-28T23:52:30.379621+00:00", "created_by": "01a22493-1961-76cd-b257-40f19cd44613", "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.379621+00:00", "modified_by": "01a22493-1961-76cd-b257-40f19cd44613", "is_suspended": false, "requested_at": null, "gateway_refund": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1bb3-7308-b5af-c3549aaf07b2', '2026-11-28 23:52:30.386973+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1bab-77e7-8b0e-aea45a7e8825', 'insert', 'invoices', '01a22493-1bb2-7b62-9ec8-99f21bac715f', NULL, '{"id": "01a22493-1bb2-7b62-9ec8-99f21bac715f", "kind": "credit_note", "notes": "", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "taxes": [{"tax": "0.00", "rate": "0", "taxable": "1.00"}], "amount": 1.00, "due_at": null, "number": "CN26-00001", "refund": "01a22493-1bab-71ea-99c2-36c46b37f559", "status": "", "credits": "01a22493-1b2b-7a60-a33a-8193e75568e1", "comments": "", "currency": "EUR", "order_id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "active_to": null, "issued_at": "2026-11-28T23:52:30.379621+00:00", "created_at": "2026-11-28T23:52:30.379621+00:00", "created_by": "01a22493-1961-76cd-b257-40f19cd44613", "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.379621+00:00", "modified_by": "01a22493-1961-76cd-b257-40f19cd44613", "is_suspended": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1bb4-7cc6-a729-80cd133f9a7c', '2026-11-28 23:52:30.388036+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1bab-77e7-8b0e-aea45a7e8825', 'update', 'orders', '01a22493-1b28-78c1-9e43-d9e5dbc1b283', '{"id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 20.00, "coupon": null, "number": 100002, "status": "shipped", "carrier": "DHL", "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 20.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.249139+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.249139+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.360385+00:00", "modified_by": "01a22493-1961-76cd-b257-40f19cd44613", "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "paid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": "1", "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}', '{"id": "01a22493-1b28-78c1-9e43-d9e5dbc1b283", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 20.00, "coupon": null, "number": 100002, "status": "shipped", "carrier": "DHL", "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 20.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.249139+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.249139+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.379621+00:00", "modified_by": "01a22493-1961-76cd-b257-40f19cd44613", "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "partially_refunded", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": "1", "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1be6-702c-a563-b44be6aa1cfd', '2026-11-28 23:52:30.438489+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1be5-7b3a-b349-436760277569', 'update', 'orders', '01a22493-1bc2-7b20-bc31-cf27bb024b1d', '{"id": "01a22493-1bc2-7b20-bc31-cf27bb024b1d", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 30.00, "coupon": null, "number": 100003, "status": "placed", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 30.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.403176+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.403176+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.403176+00:00", "modified_by": null, "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "unpaid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}', '{"id": "01a22493-1bc2-7b20-bc31-cf27bb024b1d", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 30.00, "coupon": null, "number": 100003, "status": "cancelled", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 30.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.403176+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.403176+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.437631+00:00", "modified_by": "01a22493-1961-76cd-b257-40f19cd44613", "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "unpaid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1be9-7f90-81cc-70f2d1023a8f', '2026-11-28 23:52:30.441114+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1be5-7b3a-b349-436760277569', 'insert', 'invoices', '01a22493-1be9-7de8-998b-132ccd162b31', NULL, '{"id": "01a22493-1be9-7de8-998b-132ccd162b31", "kind": "credit_note", "notes": "", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "taxes": [{"tax": "0.00", "rate": "0", "taxable": "30.00"}], "amount": 30.00, "due_at": null, "number": "CN26-00002", "refund": null, "status": "", "credits": "01a22493-1bc6-764a-bfed-f1a93cf6d6c0", "comments": "", "currency": "EUR", "order_id": "01a22493-1bc2-7b20-bc31-cf27bb024b1d", "active_to": null, "issued_at": "2026-11-28T23:52:30.437631+00:00", "created_at": "2026-11-28T23:52:30.437631+00:00", "created_by": "01a22493-1961-76cd-b257-40f19cd44613", "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.437631+00:00", "modified_by": "01a22493-1961-76cd-b257-40f19cd44613", "is_suspended": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1bfa-729a-9881-7079cf633dc5', '2026-11-28 23:52:30.457982+00', NULL, '01a22493-1bf8-7c8a-96f7-50bf1ef35b6d', 'insert', 'orders', '01a22493-1bf8-72a7-9859-9a93e1244b7f', NULL, '{"id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 10.00, "coupon": null, "number": 100004, "status": "placed", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 10.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.457113+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.457113+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.457113+00:00", "modified_by": null, "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "unpaid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1bfc-73f7-b9e8-248dde8e3059', '2026-11-28 23:52:30.459758+00', NULL, '01a22493-1bf8-7c8a-96f7-50bf1ef35b6d', 'insert', 'invoices', '01a22493-1bfc-731e-af05-da5aa4348f56', NULL, '{"id": "01a22493-1bfc-731e-af05-da5aa4348f56", "kind": "invoice", "notes": "", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "taxes": [{"tax": "0.00", "rate": "0", "taxable": "10.00"}], "amount": 10.00, "due_at": "2026-11-28", "number": "INV26-00004", "refund": null, "status": "", "credits": null, "comments": "", "currency": "EUR", "order_id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "active_to": null, "issued_at": "2026-11-28T23:52:30.457113+00:00", "created_at": "2026-11-28T23:52:30.457113+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.457113+00:00", "modified_by": null, "is_suspended": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1c1e-7eab-a162-349f9e17f01e', '2026-11-28 23:52:30.493824+00', NULL, '01a22493-1c17-75fd-8d84-e15c5af6516e', 'insert', 'payments', '01a22493-1c17-79b3-a39e-f3302f375050', NULL, '{"id": "01a22493-1c17-79b3-a39e-f3302f375050", "fee": null, "kept": 0, "amount": 10.00, "online": true, "status": "created", "failure": "", "paid_at": null, "comments": "", "currency": "EUR", "metadata": {}, "order_id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "active_to": null, "attention": null, "key_scope": "989bf25ef9378efab6cccfbfada884cf4992a92cb6d6149dd80f1be86cd87c78", "created_at": "2026-11-28T23:52:30.492478+00:00", "created_by": null, "expires_at": null, "gateway_id": null, "is_deleted": false, "slow_hours": 120, "active_from": null, "modified_at": "2026-11-28T23:52:30.492478+00:00", "modified_by": null, "unconfirmed": false, "cancel_after": null, "cancel_tries": 0, "is_suspended": false, "requested_at": null, "manual_capture": false, "payment_method": "stripe", "transaction_id": null, "amount_captured": 0, "cancel_requested": false, "capture_requested": null, "currency_captured": null, "refunds_requested": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1c1e-7fb1-a5ae-62f00b4a410f', '2026-11-28 23:52:30.494446+00', NULL, '01a22493-1c17-75fd-8d84-e15c5af6516e', 'update', 'orders', '01a22493-1bf8-72a7-9859-9a93e1244b7f', '{"id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 10.00, "coupon": null, "number": 100004, "status": "placed", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 10.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.457113+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.457113+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.457113+00:00", "modified_by": null, "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "unpaid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}', '{"id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 10.00, "coupon": null, "number": 100004, "status": "pending", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 10.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.457113+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.457113+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.492478+00:00", "modified_by": null, "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "pending", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1c1f-7e5c-8df5-2becae43f618', '2026-11-28 23:52:30.495062+00', NULL, '01a22493-1c17-75fd-8d84-e15c5af6516e', 'update', 'payments', '01a22493-1c17-79b3-a39e-f3302f375050', '{"id": "01a22493-1c17-79b3-a39e-f3302f375050", "fee": null, "kept": 0, "amount": 10.00, "online": true, "status": "created", "failure": "", "paid_at": null, "comments": "", "currency": "EUR", "metadata": {}, "order_id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "active_to": null, "attention": null, "key_scope": "989bf25ef9378efab6cccfbfada884cf4992a92cb6d6149dd80f1be86cd87c78", "created_at": "2026-11-28T23:52:30.492478+00:00", "created_by": null, "expires_at": null, "gateway_id": null, "is_deleted": false, "slow_hours": 120, "active_from": null, "modified_at": "2026-11-28T23:52:30.492478+00:00", "modified_by": null, "unconfirmed": false, "cancel_after": null, "cancel_tries": 0, "is_suspended": false, "requested_at": null, "manual_capture": false, "payment_method": "stripe", "transaction_id": null, "amount_captured": 0, "cancel_requested": false, "capture_requested": null, "currency_captured": null, "refunds_requested": false}', '{"id": "01a22493-1c17-79b3-a39e-f3302f375050", "fee": null, "kept": 0, "amount": 10.00, "online": true, "status": "created", "failure": "", "paid_at": null, "comments": "", "currency": "EUR", "metadata": {}, "order_id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "active_to": null, "attention": null, "key_scope": "989bf25ef9378efab6cccfbfada884cf4992a92cb6d6149dd80f1be86cd87c78", "created_at": "2026-11-28T23:52:30.492478+00:00", "created_by": null, "expires_at": null, "gateway_id": null, "is_deleted": false, "slow_hours": 120, "active_from": null, "modified_at": "2026-11-28T23:52:30.492478+00:00", "modified_by": null, "unconfirmed": false, "cancel_after": null, "cancel_tries": 0, "is_suspended": false, "requested_at": "2026-11-28T23:52:30.494902+00:00", "manual_capture": false, "payment_method": "stripe", "transaction_id": null, "amount_captured": 0, "cancel_requested": false, "capture_requested": null, "currency_captured": null, "refunds_requested": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1c30-7784-af54-45a4861db0e8', '2026-11-28 23:52:30.512365+00', NULL, '01a22493-1c17-75fd-8d84-e15c5af6516e', 'update', 'payments', '01a22493-1c17-79b3-a39e-f3302f375050', '{"id": "01a22493-1c17-79b3-a39e-f3302f375050", "fee": null, "kept": 0, "amount": 10.00, "online": true, "status": "created", "failure": "", "paid_at": null, "comments": "", "currency": "EUR", "metadata": {}, "order_id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "active_to": null, "attention": null, "key_scope": "989bf25ef9378efab6cccfbfada884cf4992a92cb6d6149dd80f1be86cd87c78", "created_at": "2026-11-28T23:52:30.492478+00:00", "created_by": null, "expires_at": null, "gateway_id": null, "is_deleted": false, "slow_hours": 120, "active_from": null, "modified_at": "2026-11-28T23:52:30.492478+00:00", "modified_by": null, "unconfirmed": false, "cancel_after": null, "cancel_tries": 0, "is_suspended": false, "requested_at": "2026-11-28T23:52:30.494902+00:00", "manual_capture": false, "payment_method": "stripe", "transaction_id": null, "amount_captured": 0, "cancel_requested": false, "capture_requested": null, "currency_captured": null, "refunds_requested": false}', '{"id": "01a22493-1c17-79b3-a39e-f3302f375050", "fee": null, "kept": 0, "amount": 10.00, "online": true, "status": "created", "failure": "", "paid_at": null, "comments": "", "currency": "EUR", "metadata": {}, "order_id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "active_to": null, "attention": null, "key_scope": "989bf25ef9378efab6cccfbfada884cf4992a92cb6d6149dd80f1be86cd87c78", "created_at": "2026-11-28T23:52:30.492478+00:00", "created_by": null, "expires_at": null, "gateway_id": "pi_36WErOXn69IQipxkbKEuY4Fj", "is_deleted": false, "slow_hours": 120, "active_from": null, "modified_at": "2026-11-28T23:52:30.511367+00:00", "modified_by": null, "unconfirmed": false, "cancel_after": null, "cancel_tries": 0, "is_suspended": false, "requested_at": "2026-11-28T23:52:30.494902+00:00", "manual_capture": false, "payment_method": "stripe", "transaction_id": null, "amount_captured": 0, "cancel_requested": false, "capture_requested": null, "currency_captured": null, "refunds_requested": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1c31-70d2-b63c-1895a266a342', '2026-11-28 23:52:30.512889+00', NULL, '01a22493-1c17-75fd-8d84-e15c5af6516e', 'update', 'payments', '01a22493-1c17-79b3-a39e-f3302f375050', '{"id": "01a22493-1c17-79b3-a39e-f3302f375050", "fee": null, "kept": 0, "amount": 10.00, "online": true, "status": "created", "failure": "", "paid_at": null, "comments": "", "currency": "EUR", "metadata": {}, "order_id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "active_to": null, "attention": null, "key_scope": "989bf25ef9378efab6cccfbfada884cf4992a92cb6d6149dd80f1be86cd87c78", "created_at": "2026-11-28T23:52:30.492478+00:00", "created_by": null, "expires_at": null, "gateway_id": "pi_36WErOXn69IQipxkbKEuY4Fj", "is_deleted": false, "slow_hours": 120, "active_from": null, "modified_at": "2026-11-28T23:52:30.511367+00:00", "modified_by": null, "unconfirmed": false, "cancel_after": null, "cancel_tries": 0, "is_suspended": false, "requested_at": "2026-11-28T23:52:30.494902+00:00", "manual_capture": false, "payment_method": "stripe", "transaction_id": null, "amount_captured": 0, "cancel_requested": false, "capture_requested": null, "currency_captured": null, "refunds_requested": false}', '{"id": "01a22493-1c17-79b3-a39e-f3302f375050", "fee": null, "kept": 0, "amount": 10.00, "online": true, "status": "pending", "failure": "", "paid_at": null, "comments": "", "currency": "EUR", "metadata": {}, "order_id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "active_to": null, "attention": null, "key_scope": "989bf25ef9378efab6cccfbfada884cf4992a92cb6d6149dd80f1be86cd87c78", "created_at": "2026-11-28T23:52:30.492478+00:00", "created_by": null, "expires_at": null, "gateway_id": "pi_36WErOXn69IQipxkbKEuY4Fj", "is_deleted": false, "slow_hours": 120, "active_from": null, "modified_at": "2026-11-28T23:52:30.511367+00:00", "modified_by": null, "unconfirmed": false, "cancel_after": null, "cancel_tries": 0, "is_suspended": false, "requested_at": "2026-11-28T23:52:30.494902+00:00", "manual_capture": false, "payment_method": "stripe", "transaction_id": null, "amount_captured": 0, "cancel_requested": false, "capture_requested": null, "currency_captured": null, "refunds_requested": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1c7a-7d0e-bc05-8f203afd0e2d', '2026-11-28 23:52:30.58618+00', NULL, '01a22493-1c79-718a-a0bd-dcbcea5c83cc', 'update', 'payments', '01a22493-1c17-79b3-a39e-f3302f375050', '{"id": "01a22493-1c17-79b3-a39e-f3302f375050", "fee": null, "kept": 0, "amount": 10.00, "online": true, "status": "pending", "failure": "", "paid_at": null, "comments": "", "currency": "EUR", "metadata": {}, "order_id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "active_to": null, "attention": null, "key_scope": "989bf25ef9378efab6cccfbfada884cf4992a92cb6d6149dd80f1be86cd87c78", "created_at": "2026-11-28T23:52:30.492478+00:00", "created_by": null, "expires_at": null, "gateway_id": "pi_36WErOXn69IQipxkbKEuY4Fj", "is_deleted": false, "slow_hours": 120, "active_from": null, "modified_at": "2026-11-28T23:52:30.511367+00:00", "modified_by": null, "unconfirmed": false, "cancel_after": null, "cancel_tries": 0, "is_suspended": false, "requested_at": "2026-11-28T23:52:30.494902+00:00", "manual_capture": false, "payment_method": "stripe", "transaction_id": null, "amount_captured": 0, "cancel_requested": false, "capture_requested": null, "currency_captured": null, "refunds_requested": false}', '{"id": "01a22493-1c17-79b3-a39e-f3302f375050", "fee": null, "kept": 0, "amount": 10.00, "online": true, "status": "captured", "failure": "", "paid_at": "2026-11-28T23:52:30.585431+00:00", "comments": "", "currency": "EUR", "metadata": {}, "order_id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "active_to": null, "attention": null, "key_scope": "989bf25ef9378efab6cccfbfada884cf4992a92cb6d6149dd80f1be86cd87c78", "created_at": "2026-11-28T23:52:30.492478+00:00", "created_by": null, "expires_at": null, "gateway_id": "pi_36WErOXn69IQipxkbKEuY4Fj", "is_deleted": false, "slow_hours": 120, "active_from": null, "modified_at": "2026-11-28T23:52:30.585431+00:00", "modified_by": null, "unconfirmed": false, "cancel_after": null, "cancel_tries": 0, "is_suspended": false, "requested_at": "2026-11-28T23:52:30.494902+00:00", "manual_capture": false, "payment_method": "stripe", "transaction_id": "pi_36WErOXn69IQipxkbKEuY4Fj", "amount_captured": 10.00, "cancel_requested": false, "capture_requested": null, "currency_captured": "EUR", "refunds_requested": false}');
INSERT INTO public.audit_logs VALUES ('01a22493-1c7b-719c-bf75-0a71e3a6b1f9', '2026-11-28 23:52:30.58681+00', NULL, '01a22493-1c79-718a-a0bd-dcbcea5c83cc', 'update', 'orders', '01a22493-1bf8-72a7-9859-9a93e1244b7f', '{"id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 10.00, "coupon": null, "number": 100004, "status": "pending", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 10.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.457113+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.457113+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.492478+00:00", "modified_by": null, "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "pending", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}', '{"id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "store": "01a22493-192b-7d0e-bbeb-fbee0677b021", "total": 10.00, "coupon": null, "number": 100004, "status": "paid", "carrier": null, "claimed": false, "user_id": null, "comments": "", "currency": "EUR", "disowned": false, "language": "", "rounding": 0.00, "subtotal": 10.00, "active_to": null, "coupon_id": null, "placed_at": "2026-11-28T23:52:30.457113+00:00", "tax_total": 0.00, "created_at": "2026-11-28T23:52:30.457113+00:00", "created_by": null, "is_deleted": false, "active_from": null, "modified_at": "2026-11-28T23:52:30.585431+00:00", "modified_by": null, "contact_name": "Asha Rao", "email_proven": false, "is_suspended": false, "restocked_at": null, "shipping_tax": 0.00, "contact_email": "asha@example.com", "mobile_proven": false, "contact_mobile": "+919800000001", "discount_total": 0.00, "payment_status": "paid", "shipping_total": 0.00, "billing_address": null, "shipping_method": null, "tracking_number": null, "shipping_address": null, "shipping_tax_rate": 0, "prices_include_tax": false, "shipping_method_name": null}');
INSERT INTO public.audit_logs VALUES ('01a22493-1cc0-7390-9400-b5cd926dcfc0', '2026-11-28 23:52:30.655882+00', NULL, '', 'insert', 'users', '01a22493-1cc0-72e4-a489-d2c03befe050', NULL, '{"id": "01a22493-1cc0-72e4-a489-d2c03befe050", "name": "", "email": null, "status": "", "comments": "", "is_admin": false, "is_staff": false, "active_to": null, "is_active": true, "created_at": "2026-11-28T23:52:30.654835+00:00", "created_by": null, "is_deleted": false, "active_from": null, "is_customer": true, "modified_at": "2026-11-28T23:52:30.654835+00:00", "modified_by": null, "is_suspended": false, "mobile_number": "+4915783104449", "email_verified_at": null, "mobile_verified_at": "2026-11-28T23:52:30.654835+00:00"}');

INSERT INTO public.categories VALUES ('01a22493-1a4b-7f25-883b-6b8cf075497f', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Kitchen', 'kitchen', 'Knives, pans and what stands beside the stove.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', 1);
INSERT INTO public.categories VALUES ('01a22493-1a4d-7776-bc8c-7848e1d57464', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Tea & Coffee', 'tea-coffee', 'Leaves, beans, and what to brew them in.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', 2);
INSERT INTO public.categories VALUES ('01a22493-1a4e-7933-824d-35677b6e068a', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Pantry', 'pantry', 'Jars and bottles worth keeping in.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', 3);
INSERT INTO public.categories VALUES ('01a22493-1a4f-7af9-8695-9368702a3c76', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Home Textiles', 'home-textiles', 'Linen, wool and cotton for the house.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', 4);
INSERT INTO public.categories VALUES ('01a22493-1a4f-792b-acd3-05ecb47aab4c', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Stationery', 'stationery', 'Paper, pens and a tidy desk.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', 5);
INSERT INTO public.categories VALUES ('01a22493-1a50-7109-bdc3-a1bdeaa975a4', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Hiking', 'hiking', 'Packs, poles and small things for long paths.', '01a22493-1a50-7e27-938b-c5178f60f860', 6);
INSERT INTO public.categories VALUES ('01a22493-1a51-7987-8102-e2a9b0e288ce', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Camping', 'camping', 'Shelter, sleep and a warm supper.', '01a22493-1a50-7e27-938b-c5178f60f860', 7);
INSERT INTO public.categories VALUES ('01a22493-1a52-7db9-a8e1-f119ec0d0b35', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Cycling', 'cycling', 'For the commute and the long way home.', '01a22493-1a50-7e27-938b-c5178f60f860', 8);
INSERT INTO public.categories VALUES ('01a22493-1a52-72d1-b2be-a582b3be2377', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Outdoor Clothing', 'outdoor-clothing', 'Layers for every weather.', '01a22493-1a50-7e27-938b-c5178f60f860', 9);
INSERT INTO public.categories VALUES ('01a22493-1a53-7101-8805-ff67c31b66f8', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Travel', 'travel', 'Bags and helpers for the road.', '01a22493-1a50-7e27-938b-c5178f60f860', 10);
INSERT INTO public.categories VALUES ('01a22493-1a53-7042-8dd1-98e2511d1094', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Books', 'books', 'To read by the fire, indoors or out.', NULL, 11);
INSERT INTO public.categories VALUES ('01a22493-1a54-7dd5-b7d6-f26a01bfc414', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Gifts', 'gifts', 'Easy to wrap, hard to get wrong.', NULL, 12);

INSERT INTO public.idempotency_keys VALUES ('b4a2f73c3f6eb02adc1762958a5e4791dea45fec1caa6bf8e88d97402704f76e', 'key-b60187b50309x3a0afee3afe3', '\x07bb79a381b9b46619339697486572f865caba98ff58f449283de19a3aafee04', 201, '{"id":"01a22493-1b3f-73ab-a9fd-ee8ddd9c8805","order":"01a22493-1b28-78c1-9e43-d9e5dbc1b283","payment_method":"manual","status":"pending","amount":"20.00","currency":"EUR","amount_refunded":"0.00","gateway":null,"transaction_id":null,"paid_at":null,"expires_at":null,"amount_captured":"0.00","fee":null,"attention":null,"dispute":null,"failure":"","metadata":{},"unconfirmed":false,"refunds":[],"created_at":"2026-11-28T23:52:30.272207Z","modified_at":"2026-11-28T23:52:30.272207Z"}', '2026-11-28 23:52:30.272207+00');
INSERT INTO public.idempotency_keys VALUES ('01a22493-1961-76cd-b257-40f19cd44613', 'key-b60187b50309x3a0afee3afe3', '\x6d32c1ab9764e38eafafa96eacfe9077d4ef367f14b0990a4f25ed361c19383d', 201, '{"id":"01a22493-1bab-71ea-99c2-36c46b37f559","payment":"01a22493-1b3f-73ab-a9fd-ee8ddd9c8805","order":"01a22493-1b28-78c1-9e43-d9e5dbc1b283","amount":"1.00","currency":"EUR","reason":"dented","restock":false,"status":"succeeded","failure":"","created_at":"2026-11-28T23:52:30.379621Z"}', '2026-11-28 23:52:30.379621+00');
INSERT INTO public.idempotency_keys VALUES ('989bf25ef9378efab6cccfbfada884cf4992a92cb6d6149dd80f1be86cd87c78', 'key-2562bb8996d1x6c88675d770f', '\x3226389257e391410430da0530dd0c2adc1f2ac8f7fca808168741f08a6c7346', 201, '{"id":"01a22493-1c17-79b3-a39e-f3302f375050","order":"01a22493-1bf8-72a7-9859-9a93e1244b7f","payment_method":"stripe","status":"pending","amount":"10.00","currency":"EUR","amount_refunded":"0.00","gateway":"stripe","transaction_id":null,"paid_at":null,"expires_at":null,"amount_captured":"0.00","fee":null,"attention":null,"dispute":null,"failure":"","metadata":{},"unconfirmed":false,"refunds":[],"created_at":"2026-11-28T23:52:30.492478Z","modified_at":"2026-11-28T23:52:30.511367Z"}', '2026-11-28 23:52:30.511367+00');

INSERT INTO public.invoice_counters VALUES ('01a22493-192b-7d0e-bbeb-fbee0677b021', 'credit_note', 2026, 2);
INSERT INTO public.invoice_counters VALUES ('01a22493-192b-7d0e-bbeb-fbee0677b021', 'invoice', 2026, 4);

INSERT INTO public.invoices VALUES ('01a22493-1b13-7e39-bef4-4d4a25bb23ee', '2026-11-28 23:52:30.214238+00', '2026-11-28 23:52:30.214238+00', NULL, NULL, false, '', '', NULL, NULL, false, 'invoice', 'INV26-00001', '01a22493-192b-7d0e-bbeb-fbee0677b021', '01a22493-1b05-7253-a435-d24337e56da8', NULL, NULL, '2026-11-28 23:52:30.214238+00', '2026-11-28', 10.00, 'EUR', '[{"tax": "0.00", "rate": "0", "taxable": "10.00"}]', '', '{"number" : "INV26-00001","kind" : "invoice", "issued_at" : "2026-11-28", "due_at" : "2026-11-28", "credits" : null, "reason" : null, "order_number" : "100001", "currency" : "EUR", "prices_include_tax" : false, "seller" : {"name" : "Store-31be980b2281", "address" : {}, "email" : null, "phone" : null, "tax_number" : null, "bank_details" : null}, "buyer" : {"name" : "Asha Rao", "email" : "asha@example.com", "mobile_number" : "+919800000001", "billing_address" : null, "shipping_address" : null}, "lines" : [{"position" : 1, "sku" : "SKU-1f7ee7418e72", "hsn" : null, "name" : "Tea", "options" : {}, "quantity" : 1, "unit_price" : "10.00", "discount_amount" : "0.00", "tax_rate" : "0", "tax_amount" : "0.00", "line_total" : "10.00"}], "subtotal" : "10.00", "discount_total" : "0.00", "shipping_total" : "0.00", "tax_total" : "0.00", "rounding" : "0.00", "total" : "10.00", "coupon" : null, "shipping_method" : null, "taxes" : [{"tax": "0.00", "rate": "0", "taxable": "10.00"}], "total_in_words" : "Ten and 00/100 EUR", "notes" : ""}');
INSERT INTO public.invoices VALUES ('01a22493-1b2b-7a60-a33a-8193e75568e1', '2026-11-28 23:52:30.249139+00', '2026-11-28 23:52:30.249139+00', NULL, NULL, false, '', '', NULL, NULL, false, 'invoice', 'INV26-00002', '01a22493-192b-7d0e-bbeb-fbee0677b021', '01a22493-1b28-78c1-9e43-d9e5dbc1b283', NULL, NULL, '2026-11-28 23:52:30.249139+00', '2026-11-28', 20.00, 'EUR', '[{"tax": "0.00", "rate": "0", "taxable": "20.00"}]', '', '{"number" : "INV26-00002","kind" : "invoice", "issued_at" : "2026-11-28", "due_at" : "2026-11-28", "credits" : null, "reason" : null, "order_number" : "100002", "currency" : "EUR", "prices_include_tax" : false, "seller" : {"name" : "Store-31be980b2281", "address" : {}, "email" : null, "phone" : null, "tax_number" : null, "bank_details" : null}, "buyer" : {"name" : "Asha Rao", "email" : "asha@example.com", "mobile_number" : "+919800000001", "billing_address" : null, "shipping_address" : null}, "lines" : [{"position" : 1, "sku" : "SKU-1f7ee7418e72", "hsn" : null, "name" : "Tea", "options" : {}, "quantity" : 2, "unit_price" : "10.00", "discount_amount" : "0.00", "tax_rate" : "0", "tax_amount" : "0.00", "line_total" : "20.00"}], "subtotal" : "20.00", "discount_total" : "0.00", "shipping_total" : "0.00", "tax_total" : "0.00", "rounding" : "0.00", "total" : "20.00", "coupon" : null, "shipping_method" : null, "taxes" : [{"tax": "0.00", "rate": "0", "taxable": "20.00"}], "total_in_words" : "Twenty and 00/100 EUR", "notes" : ""}');
INSERT INTO public.invoices VALUES ('01a22493-1bb2-7b62-9ec8-99f21bac715f', '2026-11-28 23:52:30.379621+00', '2026-11-28 23:52:30.379621+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1961-76cd-b257-40f19cd44613', false, '', '', NULL, NULL, false, 'credit_note', 'CN26-00001', '01a22493-192b-7d0e-bbeb-fbee0677b021', '01a22493-1b28-78c1-9e43-d9e5dbc1b283', '01a22493-1bab-71ea-99c2-36c46b37f559', '01a22493-1b2b-7a60-a33a-8193e75568e1', '2026-11-28 23:52:30.379621+00', NULL, 1.00, 'EUR', '[{"tax": "0.00", "rate": "0", "taxable": "1.00"}]', '', '{"kind": "credit_note", "buyer": {"name": "Asha Rao", "email": "asha@example.com", "mobile_number": "+919800000001", "billing_address": null, "shipping_address": null}, "lines": [], "notes": "", "taxes": [{"tax": "0.00", "rate": "0", "taxable": "1.00"}], "total": "1.00", "coupon": null, "due_at": null, "number": "CN26-00001", "reason": "dented", "seller": {"name": "Store-31be980b2281", "email": null, "phone": null, "address": {}, "tax_number": null, "bank_details": null}, "credits": "INV26-00002", "currency": "EUR", "rounding": "0.00", "subtotal": "1.00", "issued_at": "2026-11-28", "tax_total": "0.00", "order_number": "100002", "discount_total": "0.00", "shipping_total": "0.00", "total_in_words": "One and 00/100 EUR", "shipping_method": null, "prices_include_tax": true}');
INSERT INTO public.invoices VALUES ('01a22493-1bc6-764a-bfed-f1a93cf6d6c0', '2026-11-28 23:52:30.403176+00', '2026-11-28 23:52:30.403176+00', NULL, NULL, false, '', '', NULL, NULL, false, 'invoice', 'INV26-00003', '01a22493-192b-7d0e-bbeb-fbee0677b021', '01a22493-1bc2-7b20-bc31-cf27bb024b1d', NULL, NULL, '2026-11-28 23:52:30.403176+00', '2026-11-28', 30.00, 'EUR', '[{"tax": "0.00", "rate": "0", "taxable": "30.00"}]', '', '{"number" : "INV26-00003","kind" : "invoice", "issued_at" : "2026-11-28", "due_at" : "2026-11-28", "credits" : null, "reason" : null, "order_number" : "100003", "currency" : "EUR", "prices_include_tax" : false, "seller" : {"name" : "Store-31be980b2281", "address" : {}, "email" : null, "phone" : null, "tax_number" : null, "bank_details" : null}, "buyer" : {"name" : "Asha Rao", "email" : "asha@example.com", "mobile_number" : "+919800000001", "billing_address" : null, "shipping_address" : null}, "lines" : [{"position" : 1, "sku" : "SKU-1f7ee7418e72", "hsn" : null, "name" : "Tea", "options" : {}, "quantity" : 3, "unit_price" : "10.00", "discount_amount" : "0.00", "tax_rate" : "0", "tax_amount" : "0.00", "line_total" : "30.00"}], "subtotal" : "30.00", "discount_total" : "0.00", "shipping_total" : "0.00", "tax_total" : "0.00", "rounding" : "0.00", "total" : "30.00", "coupon" : null, "shipping_method" : null, "taxes" : [{"tax": "0.00", "rate": "0", "taxable": "30.00"}], "total_in_words" : "Thirty and 00/100 EUR", "notes" : ""}');
INSERT INTO public.invoices VALUES ('01a22493-1be9-7de8-998b-132ccd162b31', '2026-11-28 23:52:30.437631+00', '2026-11-28 23:52:30.437631+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1961-76cd-b257-40f19cd44613', false, '', '', NULL, NULL, false, 'credit_note', 'CN26-00002', '01a22493-192b-7d0e-bbeb-fbee0677b021', '01a22493-1bc2-7b20-bc31-cf27bb024b1d', NULL, '01a22493-1bc6-764a-bfed-f1a93cf6d6c0', '2026-11-28 23:52:30.437631+00', NULL, 30.00, 'EUR', '[{"tax": "0.00", "rate": "0", "taxable": "30.00"}]', '', '{"kind": "credit_note", "buyer": {"name": "Asha Rao", "email": "asha@example.com", "mobile_number": "+919800000001", "billing_address": null, "shipping_address": null}, "lines": [{"hsn": null, "sku": "SKU-1f7ee7418e72", "name": "Tea", "options": {}, "position": 1, "quantity": 3, "tax_rate": "0", "line_total": "30.00", "tax_amount": "0.00", "unit_price": "10.00", "discount_amount": "0.00"}], "notes": "", "taxes": [{"tax": "0.00", "rate": "0", "taxable": "30.00"}], "total": "30.00", "coupon": null, "due_at": null, "number": "CN26-00002", "reason": "The order was cancelled.", "seller": {"name": "Store-31be980b2281", "email": null, "phone": null, "address": {}, "tax_number": null, "bank_details": null}, "credits": "INV26-00003", "currency": "EUR", "rounding": "0.00", "subtotal": "30.00", "issued_at": "2026-11-28", "tax_total": "0.00", "order_number": "100003", "discount_total": "0.00", "shipping_total": "0.00", "total_in_words": "Thirty and 00/100 EUR", "shipping_method": null, "prices_include_tax": false}');
INSERT INTO public.invoices VALUES ('01a22493-1bfc-731e-af05-da5aa4348f56', '2026-11-28 23:52:30.457113+00', '2026-11-28 23:52:30.457113+00', NULL, NULL, false, '', '', NULL, NULL, false, 'invoice', 'INV26-00004', '01a22493-192b-7d0e-bbeb-fbee0677b021', '01a22493-1bf8-72a7-9859-9a93e1244b7f', NULL, NULL, '2026-11-28 23:52:30.457113+00', '2026-11-28', 10.00, 'EUR', '[{"tax": "0.00", "rate": "0", "taxable": "10.00"}]', '', '{"number" : "INV26-00004","kind" : "invoice", "issued_at" : "2026-11-28", "due_at" : "2026-11-28", "credits" : null, "reason" : null, "order_number" : "100004", "currency" : "EUR", "prices_include_tax" : false, "seller" : {"name" : "Store-31be980b2281", "address" : {}, "email" : null, "phone" : null, "tax_number" : null, "bank_details" : null}, "buyer" : {"name" : "Asha Rao", "email" : "asha@example.com", "mobile_number" : "+919800000001", "billing_address" : null, "shipping_address" : null}, "lines" : [{"position" : 1, "sku" : "SKU-1f7ee7418e72", "hsn" : null, "name" : "Tea", "options" : {}, "quantity" : 1, "unit_price" : "10.00", "discount_amount" : "0.00", "tax_rate" : "0", "tax_amount" : "0.00", "line_total" : "10.00"}], "subtotal" : "10.00", "discount_total" : "0.00", "shipping_total" : "0.00", "tax_total" : "0.00", "rounding" : "0.00", "total" : "10.00", "coupon" : null, "shipping_method" : null, "taxes" : [{"tax": "0.00", "rate": "0", "taxable": "10.00"}], "total_in_words" : "Ten and 00/100 EUR", "notes" : ""}');

INSERT INTO public.known_places VALUES ('01a22493-1708-73a6-a35c-ed7444f897e3', '\xa845136481c47c74bc4dabf23712f88dd0543e6c5efae9149e46ce197206208a', false, '2026-11-28 23:52:29.719583+00');
INSERT INTO public.known_places VALUES ('01a22493-1708-73a6-a35c-ed7444f897e3', '\x3f3bd14ec68d0a96b2c500b92bdca44a91604cc8d4bc2a1775542e553c1c9e32', true, '2026-11-28 23:52:29.719583+00');
INSERT INTO public.known_places VALUES ('01a22493-1961-76cd-b257-40f19cd44613', '\xa845136481c47c74bc4dabf23712f88dd0543e6c5efae9149e46ce197206208a', false, '2026-11-28 23:52:30.318992+00');
INSERT INTO public.known_places VALUES ('01a22493-1961-76cd-b257-40f19cd44613', '\xdc3224ef3c64bded965c7a4336b68141c4547717d0e17878233f333bde0cc18a', true, '2026-11-28 23:52:30.318992+00');
INSERT INTO public.known_places VALUES ('01a22493-1cc0-72e4-a489-d2c03befe050', '\xa845136481c47c74bc4dabf23712f88dd0543e6c5efae9149e46ce197206208a', false, '2026-11-28 23:52:30.657382+00');
INSERT INTO public.known_places VALUES ('01a22493-1cc0-72e4-a489-d2c03befe050', '\x33d276391e6b1ecbc4f28fcdb65dbae3d4c97869f2c3ef5fb75db0d2cfaaa5c7', true, '2026-11-28 23:52:30.657382+00');

INSERT INTO public.order_events VALUES ('01a22493-1b0e-7ed3-9648-24d13412d796', '2026-11-28 23:52:30.22234+00', '01a22493-1b05-7253-a435-d24337e56da8', NULL, NULL, 'placed', '');
INSERT INTO public.order_events VALUES ('01a22493-1b2a-783b-a855-c60502900f09', '2026-11-28 23:52:30.250372+00', '01a22493-1b28-78c1-9e43-d9e5dbc1b283', NULL, NULL, 'placed', '');
INSERT INTO public.order_events VALUES ('01a22493-1b82-7a0d-8c24-2b98d8ab04c1', '2026-11-28 23:52:30.338104+00', '01a22493-1b28-78c1-9e43-d9e5dbc1b283', '01a22493-1961-76cd-b257-40f19cd44613', 'placed', 'paid', '');
INSERT INTO public.order_events VALUES ('01a22493-1b9a-747b-adee-137f66f11b8e', '2026-11-28 23:52:30.362105+00', '01a22493-1b28-78c1-9e43-d9e5dbc1b283', '01a22493-1961-76cd-b257-40f19cd44613', 'paid', 'shipped', '');
INSERT INTO public.order_events VALUES ('01a22493-1bc6-78e9-9cb8-da1a2e906651', '2026-11-28 23:52:30.40553+00', '01a22493-1bc2-7b20-bc31-cf27bb024b1d', NULL, NULL, 'placed', '');
INSERT INTO public.order_events VALUES ('01a22493-1be7-72dd-bbd7-54fc761b8730', '2026-11-28 23:52:30.4387+00', '01a22493-1bc2-7b20-bc31-cf27bb024b1d', '01a22493-1961-76cd-b257-40f19cd44613', 'placed', 'cancelled', '');
INSERT INTO public.order_events VALUES ('01a22493-1bfa-7cd3-8c61-6f04a6601fa6', '2026-11-28 23:52:30.458278+00', '01a22493-1bf8-72a7-9859-9a93e1244b7f', NULL, NULL, 'placed', '');
INSERT INTO public.order_events VALUES ('01a22493-1c1f-7f7f-8e8b-b7004920cdb5', '2026-11-28 23:52:30.49462+00', '01a22493-1bf8-72a7-9859-9a93e1244b7f', NULL, 'placed', 'pending', '');
INSERT INTO public.order_events VALUES ('01a22493-1c7b-7065-941a-d4db2e567bad', '2026-11-28 23:52:30.586983+00', '01a22493-1bf8-72a7-9859-9a93e1244b7f', NULL, 'pending', 'paid', '');

INSERT INTO public.order_items VALUES ('01a22493-1b0d-7ac2-9d64-d50845779874', '01a22493-1b05-7253-a435-d24337e56da8', 1, '01a22493-1af4-732a-8df0-397e33ebfd15', 'SKU-1f7ee7418e72', 'Tea', 1, 10.00, 0.000, 0.00, 0.00, 10.00, NULL, '{}');
INSERT INTO public.order_items VALUES ('01a22493-1b2a-72ae-a0d9-d15a9d0667bd', '01a22493-1b28-78c1-9e43-d9e5dbc1b283', 1, '01a22493-1af4-732a-8df0-397e33ebfd15', 'SKU-1f7ee7418e72', 'Tea', 2, 10.00, 0.000, 0.00, 0.00, 20.00, NULL, '{}');
INSERT INTO public.order_items VALUES ('01a22493-1bc4-77bb-91e3-18c4a7208368', '01a22493-1bc2-7b20-bc31-cf27bb024b1d', 1, '01a22493-1af4-732a-8df0-397e33ebfd15', 'SKU-1f7ee7418e72', 'Tea', 3, 10.00, 0.000, 0.00, 0.00, 30.00, NULL, '{}');
INSERT INTO public.order_items VALUES ('01a22493-1bfa-7f5e-9a8b-7abe4384af11', '01a22493-1bf8-72a7-9859-9a93e1244b7f', 1, '01a22493-1af4-732a-8df0-397e33ebfd15', 'SKU-1f7ee7418e72', 'Tea', 1, 10.00, 0.000, 0.00, 0.00, 10.00, NULL, '{}');

INSERT INTO public.order_statuses VALUES ('cart', 1, 'Being filled; holds no stock.');
INSERT INTO public.order_statuses VALUES ('placed', 2, 'Stock is taken; nothing is paid.');
INSERT INTO public.order_statuses VALUES ('pending', 3, 'A payment is in progress.');
INSERT INTO public.order_statuses VALUES ('paid', 4, 'Paid in full.');
INSERT INTO public.order_statuses VALUES ('shipped', 5, 'Handed to the carrier.');
INSERT INTO public.order_statuses VALUES ('completed', 6, 'Arrived.');
INSERT INTO public.order_statuses VALUES ('cancelled', 7, 'Will not be fulfilled; its stock was returned.');

INSERT INTO public.order_transitions VALUES ('cart', 'placed', 'customer', 1);
INSERT INTO public.order_transitions VALUES ('placed', 'pending', 'payment', 1);
INSERT INTO public.order_transitions VALUES ('placed', 'paid', 'payment', 2);
INSERT INTO public.order_transitions VALUES ('placed', 'shipped', 'staff', 3);
INSERT INTO public.order_transitions VALUES ('placed', 'cancelled', 'customer', 4);
INSERT INTO public.order_transitions VALUES ('pending', 'paid', 'payment', 2);
INSERT INTO public.order_transitions VALUES ('pending', 'placed', 'payment', 1);
INSERT INTO public.order_transitions VALUES ('pending', 'cancelled', 'customer', 3);
INSERT INTO public.order_transitions VALUES ('paid', 'shipped', 'staff', 1);
INSERT INTO public.order_transitions VALUES ('paid', 'cancelled', 'staff', 2);
INSERT INTO public.order_transitions VALUES ('shipped', 'completed', 'staff', 1);

INSERT INTO public.orders VALUES ('01a22493-1b05-7253-a435-d24337e56da8', '2026-11-28 23:52:30.214238+00', '2026-11-28 23:52:30.214238+00', NULL, NULL, false, 'placed', '', NULL, NULL, false, 100001, '01a22493-192b-7d0e-bbeb-fbee0677b021', NULL, '\xa5cc3823a2b1a947a3dd30d0ad74a7c652d0f3652a992eb522fd97b674c919ef', 'unpaid', 'Asha Rao', 'asha@example.com', '+919800000001', NULL, NULL, 'EUR', false, 10.00, 0.00, 0.00, 0.00, 0.00, 10.00, NULL, NULL, '2026-11-28 23:52:30.214238+00', NULL, NULL, NULL, NULL, 0, 0.00, '', NULL, false, false, false, false);
INSERT INTO public.orders VALUES ('01a22493-1b28-78c1-9e43-d9e5dbc1b283', '2026-11-28 23:52:30.249139+00', '2026-11-28 23:52:30.379621+00', NULL, '01a22493-1961-76cd-b257-40f19cd44613', false, 'shipped', '', NULL, NULL, false, 100002, '01a22493-192b-7d0e-bbeb-fbee0677b021', NULL, '\xb4a2f73c3f6eb02adc1762958a5e4791dea45fec1caa6bf8e88d97402704f76e', 'partially_refunded', 'Asha Rao', 'asha@example.com', '+919800000001', NULL, NULL, 'EUR', false, 20.00, 0.00, 0.00, 0.00, 0.00, 20.00, NULL, '1', '2026-11-28 23:52:30.249139+00', 'DHL', NULL, NULL, NULL, 0, 0.00, '', NULL, false, false, false, false);
INSERT INTO public.orders VALUES ('01a22493-1bc2-7b20-bc31-cf27bb024b1d', '2026-11-28 23:52:30.403176+00', '2026-11-28 23:52:30.437631+00', NULL, '01a22493-1961-76cd-b257-40f19cd44613', false, 'cancelled', '', NULL, NULL, false, 100003, '01a22493-192b-7d0e-bbeb-fbee0677b021', NULL, '\xf83a4aaab134f4905862acaae9dee911681b978318695f2d884d330655aa2459', 'unpaid', 'Asha Rao', 'asha@example.com', '+919800000001', NULL, NULL, 'EUR', false, 30.00, 0.00, 0.00, 0.00, 0.00, 30.00, NULL, NULL, '2026-11-28 23:52:30.403176+00', NULL, NULL, NULL, NULL, 0, 0.00, '', NULL, false, false, false, false);
INSERT INTO public.orders VALUES ('01a22493-1bf8-72a7-9859-9a93e1244b7f', '2026-11-28 23:52:30.457113+00', '2026-11-28 23:52:30.585431+00', NULL, NULL, false, 'paid', '', NULL, NULL, false, 100004, '01a22493-192b-7d0e-bbeb-fbee0677b021', NULL, '\x989bf25ef9378efab6cccfbfada884cf4992a92cb6d6149dd80f1be86cd87c78', 'paid', 'Asha Rao', 'asha@example.com', '+919800000001', NULL, NULL, 'EUR', false, 10.00, 0.00, 0.00, 0.00, 0.00, 10.00, NULL, NULL, '2026-11-28 23:52:30.457113+00', NULL, NULL, NULL, NULL, 0, 0.00, '', NULL, false, false, false, false);

INSERT INTO public.outbox VALUES ('01a22493-1b0f-7bf2-9553-949fb49f7162', '2026-11-28 23:52:30.214238+00', 'order_placed', 'mail', 'asha@example.com', '', '{}', NULL, 'sent', 1, '2026-11-28 23:54:30.236754+00', '2026-12-01 23:52:30.214238+00', '2026-11-28 23:52:30.239093+00', '', '01a22493-1b05-7253-a435-d24337e56da8');
INSERT INTO public.outbox VALUES ('01a22493-1b2a-752a-954a-a2e58f30d808', '2026-11-28 23:52:30.249139+00', 'order_placed', 'mail', 'asha@example.com', '', '{}', NULL, 'sent', 1, '2026-11-28 23:54:30.290183+00', '2026-12-01 23:52:30.249139+00', '2026-11-28 23:52:30.291053+00', '', '01a22493-1b28-78c1-9e43-d9e5dbc1b283');
INSERT INTO public.outbox VALUES ('01a22493-1b82-74a4-93b8-7689438a5f2b', '2026-11-28 23:52:30.334599+00', 'order_paid', 'mail', 'asha@example.com', '', '{}', NULL, 'sent', 1, '2026-11-28 23:54:30.344986+00', '2026-12-01 23:52:30.334599+00', '2026-11-28 23:52:30.348612+00', '', '01a22493-1b28-78c1-9e43-d9e5dbc1b283');
INSERT INTO public.outbox VALUES ('01a22493-1b9a-7354-a658-9601a3c40216', '2026-11-28 23:52:30.360385+00', 'order_shipped', 'mail', 'asha@example.com', '', '{}', NULL, 'sent', 1, '2026-11-28 23:54:30.399827+00', '2026-12-01 23:52:30.360385+00', '2026-11-28 23:52:30.401053+00', '', '01a22493-1b28-78c1-9e43-d9e5dbc1b283');
INSERT INTO public.outbox VALUES ('01a22493-1bb0-7fbe-abd3-13b02dbba174', '2026-11-28 23:52:30.379621+00', 'order_refunded', 'mail', 'asha@example.com', '', '{}', NULL, 'sent', 1, '2026-11-28 23:54:30.399827+00', '2026-12-01 23:52:30.379621+00', '2026-11-28 23:52:30.402657+00', '', '01a22493-1b28-78c1-9e43-d9e5dbc1b283');
INSERT INTO public.outbox VALUES ('01a22493-1bc6-7935-8e25-5437695c9232', '2026-11-28 23:52:30.403176+00', 'order_placed', 'mail', 'asha@example.com', '', '{}', NULL, 'sent', 1, '2026-11-28 23:54:30.453346+00', '2026-12-01 23:52:30.403176+00', '2026-11-28 23:52:30.455313+00', '', '01a22493-1bc2-7b20-bc31-cf27bb024b1d');
INSERT INTO public.outbox VALUES ('01a22493-1bea-7c82-824e-e0e699fe1d52', '2026-11-28 23:52:30.437631+00', 'order_cancelled', 'mail', 'asha@example.com', '', '{}', NULL, 'sent', 1, '2026-11-28 23:54:30.453346+00', '2026-12-01 23:52:30.437631+00', '2026-11-28 23:52:30.456254+00', '', '01a22493-1bc2-7b20-bc31-cf27bb024b1d');
INSERT INTO public.outbox VALUES ('01a22493-1bfa-76cd-8f00-355d211003c0', '2026-11-28 23:52:30.457113+00', 'order_placed', 'mail', 'asha@example.com', '', '{}', NULL, 'sent', 1, '2026-11-28 23:54:30.507391+00', '2026-12-01 23:52:30.457113+00', '2026-11-28 23:52:30.508612+00', '', '01a22493-1bf8-72a7-9859-9a93e1244b7f');
INSERT INTO public.outbox VALUES ('01a22493-1c7b-70a2-bef4-dd781f4e9d8d', '2026-11-28 23:52:30.585431+00', 'order_paid', 'mail', 'asha@example.com', '', '{"id": "01a22493-1bf8-72a7-9859-9a93e1244b7f", "name": "Asha Rao", "store": "Store-31be980b2281", "total": "10.00", "amount": null, "number": "100004", "carrier": null, "currency": "EUR", "store_email": null, "tracking_number": null}', NULL, 'queued', 0, '2026-11-28 23:52:30.585431+00', '2026-12-01 23:52:30.585431+00', NULL, '', '01a22493-1bf8-72a7-9859-9a93e1244b7f');

INSERT INTO public.outbox_sender VALUES ('2026-11-28 23:52:30.507892+00', true);

INSERT INTO public.payments VALUES ('01a22493-1b3f-73ab-a9fd-ee8ddd9c8805', '2026-11-28 23:52:30.272207+00', '2026-11-28 23:52:30.334599+00', NULL, '01a22493-1961-76cd-b257-40f19cd44613', false, 'captured', '', NULL, NULL, false, '01a22493-1b28-78c1-9e43-d9e5dbc1b283', 'manual', false, 20.00, 'EUR', NULL, 'TX 1', '2026-11-28 23:52:30.334599+00', 20.00, 'EUR', NULL, 0, NULL, NULL, '', '{}', false, 120, NULL, 0, NULL, NULL, false, false, false, 'b4a2f73c3f6eb02adc1762958a5e4791dea45fec1caa6bf8e88d97402704f76e', 'key-b60187b50309x3a0afee3afe3', '\x07bb79a381b9b46619339697486572f865caba98ff58f449283de19a3aafee04');
INSERT INTO public.payments VALUES ('01a22493-1c17-79b3-a39e-f3302f375050', '2026-11-28 23:52:30.492478+00', '2026-11-28 23:52:30.585431+00', NULL, NULL, false, 'captured', '', NULL, NULL, false, '01a22493-1bf8-72a7-9859-9a93e1244b7f', 'stripe', true, 10.00, 'EUR', 'pi_36WErOXn69IQipxkbKEuY4Fj', 'pi_36WErOXn69IQipxkbKEuY4Fj', '2026-11-28 23:52:30.585431+00', 10.00, 'EUR', NULL, 0, NULL, NULL, '', '{}', false, 120, NULL, 0, NULL, '2026-11-28 23:52:30.494902+00', false, false, false, '989bf25ef9378efab6cccfbfada884cf4992a92cb6d6149dd80f1be86cd87c78', 'key-2562bb8996d1x6c88675d770f', '\x3226389257e391410430da0530dd0c2adc1f2ac8f7fca808168741f08a6c7346');

INSERT INTO public.product_images VALUES ('01a22493-1a58-7b0f-a82a-1517881c41da', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a55-7fd0-b016-414a2396faea', 0, 'Santoku Knife, 17 cm', 'cb0ad81dcceb1aaa425c2a19b39ef865.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a5b-733c-9368-1f233b6b156e', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a59-74b8-9380-f852ca7d70dd', 0, 'Paring Knife, 9 cm', '767a1dcce3cffc8487b85107be997f67.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a5d-7df9-ba5f-010d93f7777b', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a5b-7d0e-b91e-5d47a55177ba', 0, 'Serrated Bread Knife', 'b455acc273413c35f409e79b625d99fc.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a5f-7bf5-b953-92c6b8a988bd', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a5d-72e2-9726-6f6471480674', 0, 'Cast Iron Skillet', '0e2b593bf615557a2a80b3cb00244216.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a63-7638-b74e-ebe47f837c54', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a62-75eb-b98d-2e0bc306593f', 0, 'Enamelled Casserole, 4 litres', '3f0c9482dbeb00d16576e8883664ce57.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a65-783b-9562-3b85c41cfc3d', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a64-7e42-802a-d4c74e9a2e24', 0, 'Copper Milk Pan', 'd306e4d34248bb32e7035832cab9e4fa.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a66-7445-bab2-61b6f4f95354', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a65-7b28-a910-d06a7502b307', 0, 'End-grain Chopping Board', 'c8d4aa56bbdd3d18a47e1e779816a664.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a68-7b6b-972b-847d18b7433b', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a67-7202-8d44-1fccde7f690e', 0, 'Olive Wood Spoon Set', '10f662c5d5b5265157d780448be2b717.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a6a-7366-b7c1-d2c107536127', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a69-7b67-96fd-c8263dd91e97', 0, 'Brass Pepper Mill', '89f0103039385302dc5cecb0ae9b84be.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a6b-7e4f-afb6-51c778dd461a', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a6a-7a91-b400-86dc8b61e8ef', 0, 'Smoky Harbour Black Tea', '026a77500a4bd34c49a088e65249b1f4.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a6f-7092-9f04-3045facb94d1', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a6e-7fae-a4b0-f3e2c137b636', 0, 'Garden Mint Infusion', '2cebdb7239cb3521ca16d0e76b8dd215.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a71-71cb-a3a0-0906fd0b215f', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a6f-7ac0-83bd-f808beb62852', 0, 'First Flush Darjeeling', '1599f988c0bb37409099e1c2a2c77571.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a72-732c-8be8-b0228825a44b', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a71-75ea-bec2-b251a7eac741', 0, 'Lighthouse Espresso Beans', 'b3b45a63a91f378a6d0844dbe675a46b.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a75-7492-9883-79e4360b0f04', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a74-7cea-baa7-476500c35840', 0, 'Night Watch Decaf', '3f602c0f272a9fc7083fb82a6b89638c.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a77-75dd-9752-56a5ac754006', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a76-7cc0-a67d-83f40d6a6eed', 0, 'Stoneware Teapot', 'e746a6b32fb7ba1f5af97e6c2d0df76f.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a79-7b8d-a95d-ff5511cd2ef8', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a78-7af0-aafa-afff2244993c', 0, 'Pour-over Dripper', '93586d0ecc069f9297facb8996f88676.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a7b-7b49-8f46-2bc150e5de90', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a7a-7235-a867-33dc6fc734e4', 0, 'Gooseneck Kettle', 'a3c53384dc210d525d12a8bd6b8a509f.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a7d-7b7b-bd8b-3f076acbd26b', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a7c-7858-8c5b-ade5153a1b59', 0, 'Hand Coffee Grinder', 'b262ce208710ec27c2262897b1bec223.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a7e-75dc-8d47-41dfb9a508f1', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a7d-72e2-93e3-f399093ae8a3', 0, 'Early Harvest Olive Oil', 'b28ccdf67537fc562a3552384286c54d.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a80-7515-9210-62fc43c561b7', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a7f-7766-8629-3d84c41f1b38', 0, 'Aged Cider Vinegar', 'c280f582438e10a662a9e74052b16157.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a82-716f-90ea-8c7033299186', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a80-78db-b3cb-2e8a2fc5b2d1', 0, 'Heather Honey', 'e6bb553d09b7985144dc99eaae783860.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a83-7f25-b7b0-383658b298a7', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a82-733c-9954-194362b73d04', 0, 'Damson Preserve', '5e46f06385a3eedd8638de56acb96ad9.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a85-7355-b82b-1b50f5b2f66b', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a84-73f5-a234-7950d56f9cb5', 0, 'Smoked Sea Salt', 'fd69cf121fc5d8ee5b2e3dd13a8573b1.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a86-75d8-834e-aaf40e91f4dd', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a85-75bd-97c9-15c05042d342', 0, 'Wholegrain Mustard', '82f1de79f5f83260d2e69883c4fabf6c.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a88-7862-807c-926c087ed54b', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a87-79b8-88d1-34781eb9bdf1', 0, 'Linen Tea Towel', '302250b56151ce24c44c6dff1db24f9d.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a8b-77f4-8f81-4b9700e41993', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a8a-755f-a77d-06cb1133ec00', 0, 'Canvas Apron', '0994b5b2aff28692a1836c540f738954.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a8d-7ce8-a63d-0504d56704ed', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a8c-78e4-9ca8-554e5a68dc74', 0, 'Lambswool Throw', 'f3e284eb52749e9d1174d135c2b0fe10.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a8e-78a9-9971-9a32deb934c5', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a8d-77a1-aa3a-404b6dcec547', 0, 'Waffle Cotton Blanket', 'd52a2ce39d6481dc029ac399b6df4788.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a90-78e5-8791-30e4e208a534', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a8f-7c68-b445-26d594e1bf1d', 0, 'Felted Wool Slippers', '04493c5db2c7efaafea80c686331e523.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a92-786a-99fa-10a6f2454511', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a91-7109-8bfc-1fc35e1274d7', 0, 'Clothbound Notebook', '3af1017b828e159f693d66468e718d1e.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a93-7cb8-afcd-e2f304768250', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a92-759e-a3a1-dec81e88e97a', 0, 'Brass Ballpoint', 'd93c48c212887c17c27987ff711c7863.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a95-786b-a22f-2422ac5889c7', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a94-72ba-a45c-49f3b3ec3f0f', 0, 'Letter Set', '24a0fa13edba9a1a3b279a140187a31d.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a97-7f8d-bdb1-912afac1b1ce', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a95-73cb-92d0-65a4ba570f19', 0, 'Desk Calendar', '609104e828af871bee70c0d09296f29a.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a98-7345-a220-f07422728ac6', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a97-7903-a871-4cf310ef1643', 0, 'Beeswax Candle Pair', 'cec375d39bc3fc38c4e0fcb93d0d6eed.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a9a-7952-a86e-c62463b04948', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a99-7c68-b772-7066a234ea59', 0, 'Breakfast Hamper', '99d33f965ab6c41afe79989b7c0d1f9c.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a9b-793f-b1dc-006371041fa0', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a9a-7b18-ae35-94b7e4952441', 0, 'Bread by Hand', '226168036a25d960aa8ebc50fa708077.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a9d-71d5-a2d8-4fe4e3d539d8', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a9c-7561-9cd4-16eb675af456', 0, 'The Small Kitchen Garden', 'e1560096d483a6bd3f898627c9e4adce.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1a9f-779b-8691-cb81e9279b10', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a9e-7532-a455-f36c1f1d03ba', 0, 'Ridgeline Daypack, 22 L', 'da4f1feeeecbc6dc92845164b2c0082c.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1aa0-7784-9ef8-2a4a146ef1b9', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1a9f-7f67-a894-26f6d1016599', 0, 'Traverse Pack, 55 L', 'b3c08c243adcc0aa8176b854b8215729.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1aa4-7878-8fa7-94b4741d75b3', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1aa3-7a1f-bb7b-9d5dd6340ed6', 0, 'Cork-grip Trekking Poles', '457ce009998f41a58e4ace77c0ba42b6.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1aa6-7027-8fe8-468610c3ad4c', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1aa4-75ba-ba64-dbe983b274b3', 0, 'Steel Water Bottle', '3fcef21fe84e1bef41dde08c1918a5b7.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1aa7-7ae5-bded-6ed6f2f8c82a', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1aa6-733a-af2d-6f7b9e757697', 0, 'Trail First Aid Kit', '713b0d2ed088759d8710388a09413f5e.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1aaa-716c-9c66-073f1b3be327', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1aa8-79d6-8e9c-aca26b171961', 0, 'Baseplate Compass', '4f855a6b1abe102ab84a2a8e5d9e962e.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1aad-7aac-be1b-b30eeed992e6', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1aaa-7026-b230-4409fc876be6', 0, 'Gravel Gaiters', 'f9cffd31f572b9339058f274dd4fcc02.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1aae-7d90-bf20-15b7ff8c32dd', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1aad-7058-a7db-313f45829c8a', 0, 'Headlamp, 400 Lumens', '098405a3694bdf24bff1fb5530b0b2c6.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ab0-79c3-b35f-ef3704223800', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1aaf-7bb7-b59c-d586dbf915c4', 0, 'Lodgepole Tent', 'f635117554551a3a7714262d8d5a9241.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ab3-7dff-9874-a4444cd0634e', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ab2-761b-a232-f4f52a11216e', 0, 'Silnylon Tarp', '9cbcac0c7ac41aa50d26969b39304afc.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ab5-7e72-ac16-6606088025c9', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ab4-7337-9822-43f1e92cab29', 0, 'Alpine Down Bag, 20 °F', 'd9c1ff0c19b1350dc245c04601309f2b.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ab6-73fd-9f14-3b54b3f595dd', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ab5-7400-a788-0f37c4e14669', 0, 'Insulated Air Mat', 'e399ceee2965c465971c3c68812f893e.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ab8-7bfa-ab11-18a0cfbee8a3', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ab7-7129-9910-79e98cebd0a4', 0, 'Camp Pillow', 'e3d198e32a61445e5f355578065090c3.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1aba-7277-b413-95ee7e1ad195', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ab9-7d2f-ad79-30096eae4104', 0, 'Canister Stove', 'cab11fe08031ff142a3a8471aa16411b.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1abb-70be-986f-0ead2c3b1b4e', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1aba-7b81-86bd-f02a4f446d98', 0, 'Titanium Pot, 900 ml', '67cb6ecc575c8f2971c11733e3778825.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1abe-709d-bf7b-032bfb0507ff', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1abd-7ff8-a59e-f63c6a8e523f', 0, 'Enamel Mug', '44be7ed2b536a5ab8790419fb02bf61e.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1abf-7675-9a8c-caace5ef049a', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1abe-7fa1-b32d-30f57cc12f2a', 0, 'Folding Camp Chair', '3f359ff2f5327995f0845a9ffdbaead3.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ac1-7635-990f-382f566bce83', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ac0-7714-87b0-9f4d01524f08', 0, 'Canvas Firewood Carrier', '4efe7f5b276b8b1098c8d6a89c4a5b5b.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ac3-718b-bc8c-d59dd53b7e68', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ac1-7e54-a8ba-9c43609c5efa', 0, 'Handlebar Bag', 'b249c421c3ddc3efd191fe4a84fbfac1.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ac4-7395-b48c-1ccb4989b976', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ac3-7937-aecf-568e57c14cb8', 0, 'Front and Rear Light Set', '2c5b2f24739613f51b60f15903eb22c9.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ac6-7c9a-9a0a-fe28989453db', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ac5-71a1-9e65-0668b6ec6f71', 0, 'Frame Pump', 'e9224cc4a1f4baee7d3a562c31c8bc89.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ac7-7363-a7c9-229bba68aa90', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ac6-7ba3-9df6-f4513653b22d', 0, 'Commuter Pannier, 20 L', 'b5a3b8e1056d88a7a288df12cbbd84d7.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ac9-782d-9ded-945edb3d2345', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ac8-7016-abdb-c5e48ab76e2d', 0, 'Merino Cycling Gloves', 'a8e6157511dc29d5b412ea6cbffdeca8.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1aca-7203-9ebe-085f2d9a0857', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ac9-7014-9c57-153bed7cbd90', 0, 'Merino Crew Shirt', 'a84864f34952687333ad3a4b9e23cee7.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ace-7d6b-ade4-80399201e96d', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1acd-73b2-8fa6-77a43ac1ac2b', 0, 'Stormline Rain Jacket', '600d7943a6837bee1545608f19f19f3c.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ad2-791d-aa25-8966bf76c025', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ad0-7d38-9554-83f58e4820aa', 0, 'Fleece Half-zip', '64fbb81de6b2da37991b014c0eef0268.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ad3-7f37-8289-8e48eb909f66', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ad2-7513-a20d-a2a30cb4fb0f', 0, 'Wool Watch Cap', '6a646aaacfa9d613e9b274d39e4c362d.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ad5-72ca-ad50-61df1e802b8f', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ad3-7cce-a24f-be4b5db0e443', 0, 'Hiking Socks, 2 Pairs', '0a5dc34bf60ee5367dbce7c5decf1a44.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ad6-7903-a30e-6edfed9260d2', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ad5-7e68-9010-7a01d4534c56', 0, 'Waxed Canvas Duffel', '333759797e7525c82aef1ea80d36335b.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ad8-7f27-95f8-847faadc7e72', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ad7-7340-b3b5-ab7a162aca4c', 0, 'Packing Cube Set', '55065ee5b9ea9f53d46c1c1729196d35.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ad9-71bb-bd62-3dbd33a68193', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ad8-71ea-bf24-22e1c78f06dc', 0, 'Quick-dry Towel', 'f7531140044f47a006eccf2857750631.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1adb-78f6-8445-9e16ba4bdf4e', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ada-7792-bb32-c25b87bbd5c4', 0, 'Universal Plug Adapter', '4be40f73b96122baa51f6af9101898bf.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1add-7513-b797-c4d6843e3631', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1adb-7c10-a293-7cd668210997', 0, 'Pocket Knife', 'e72a3e957bac78d8faa0a63c787dadec.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ade-7a76-8fa6-19955a958007', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1add-7e6e-9942-dd2687da1bb9', 0, 'National Parks Puzzle', '4eb97ea98a9f0e3419a807ddeb4f6424.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ae0-72a3-8877-7184cf7ffc5b', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1adf-7492-8ff5-e7114bfe5a16', 0, 'Knots for Every Day', 'b077ba5ce5dd236ee7f291c863a82095.png', NULL, 400, 400);
INSERT INTO public.product_images VALUES ('01a22493-1ae1-7309-b8fe-ba7cfb3d0a1b', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, '01a22493-1ae0-7d57-8797-47017bac7f6a', 0, 'One Hundred Short Hikes', '558301638a8bee0e706e91626586c0ea.png', NULL, 400, 400);

INSERT INTO public.products VALUES ('01a22493-1a29-720d-a921-9dc8e673a691', '2026-11-28 23:52:29.992702+00', '2026-11-28 23:52:29.992702+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1708-73a6-a35c-ed7444f897e3', false, '', '', NULL, NULL, false, 'SKU-6c67a21f8ee1', 'Tea', 'tea', '', '01a22493-192b-7d0e-bbeb-fbee0677b021', NULL, NULL, NULL, 10.00, NULL, 0.000, 'EUR', NULL, '{}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a55-7fd0-b016-414a2396faea', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-KN-01', 'Santoku Knife, 17 cm', 'santoku-knife-17-cm', 'A broad, light blade for vegetables and fish. Dry it after use; it darkens and stays sharp.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4b-7f25-883b-6b8cf075497f', '01a22493-1a4c-7616-9178-efdbea43f46c', NULL, 64.00, NULL, 20.000, 'GBP', 0.18, '{"blade": "carbon steel", "handle": "walnut"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a59-74b8-9380-f852ca7d70dd', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-KN-02', 'Paring Knife, 9 cm', 'paring-knife-9-cm', 'Small enough for a shallot, stiff enough for a squash stem.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4b-7f25-883b-6b8cf075497f', '01a22493-1a4c-7616-9178-efdbea43f46c', NULL, 22.50, NULL, 20.000, 'GBP', 0.07, '{"blade": "stainless steel", "handle": "beech"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a5b-7d0e-b91e-5d47a55177ba', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-KN-03', 'Serrated Bread Knife', 'serrated-bread-knife', 'Long, shallow teeth that go through a crust without crushing the crumb.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4b-7f25-883b-6b8cf075497f', '01a22493-1a4c-7616-9178-efdbea43f46c', NULL, 38.00, 45.00, 20.000, 'GBP', 0.21, '{"blade": "stainless steel", "length_cm": 24}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a5d-72e2-9726-6f6471480674', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-CW-01', 'Cast Iron Skillet', 'cast-iron-skillet', 'Seasoned with linseed oil, ready for the first egg.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4b-7f25-883b-6b8cf075497f', '01a22493-1a4d-77b7-a786-b2a74174c1fa', NULL, 42.00, NULL, 20.000, 'GBP', 2.4, '{"material": "cast iron", "oven_safe": true}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a5f-79f0-ae7e-02c6081fc954', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-CW-01-20', 'Cast Iron Skillet, 20 cm', 'cast-iron-skillet-20-cm', 'Seasoned with linseed oil, ready for the first egg.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4b-7f25-883b-6b8cf075497f', '01a22493-1a4d-77b7-a786-b2a74174c1fa', '01a22493-1a5d-72e2-9726-6f6471480674', 34.00, NULL, 20.000, 'GBP', 2.4, '{"diameter_cm": 20}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a60-79be-8e8a-ac2927e9de7d', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-CW-01-26', 'Cast Iron Skillet, 26 cm', 'cast-iron-skillet-26-cm', 'Seasoned with linseed oil, ready for the first egg.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4b-7f25-883b-6b8cf075497f', '01a22493-1a4d-77b7-a786-b2a74174c1fa', '01a22493-1a5d-72e2-9726-6f6471480674', 42.00, NULL, 20.000, 'GBP', 2.4, '{"diameter_cm": 26}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a61-70b4-89b9-71f676e09187', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-CW-01-30', 'Cast Iron Skillet, 30 cm', 'cast-iron-skillet-30-cm', 'Seasoned with linseed oil, ready for the first egg.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4b-7f25-883b-6b8cf075497f', '01a22493-1a4d-77b7-a786-b2a74174c1fa', '01a22493-1a5d-72e2-9726-6f6471480674', 55.00, NULL, 20.000, 'GBP', 2.4, '{"diameter_cm": 30}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a62-75eb-b98d-2e0bc306593f', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-CW-02', 'Enamelled Casserole, 4 litres', 'enamelled-casserole-4-litres', 'Holds its heat from the hob to the table, and a stew for six.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4b-7f25-883b-6b8cf075497f', '01a22493-1a4d-77b7-a786-b2a74174c1fa', NULL, 118.00, 139.00, 20.000, 'GBP', 4.6, '{"material": "enamelled cast iron", "volume_l": 4}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a64-7e42-802a-d4c74e9a2e24', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-CW-03', 'Copper Milk Pan', 'copper-milk-pan', 'Warms evenly and pours from both sides.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4b-7f25-883b-6b8cf075497f', '01a22493-1a4d-77b7-a786-b2a74174c1fa', NULL, 76.00, NULL, 20.000, 'GBP', 0.9, '{"material": "copper, tin lined", "volume_l": 1.2}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a65-7b28-a910-d06a7502b307', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-KT-01', 'End-grain Chopping Board', 'end-grain-chopping-board', 'Kind to edges, heavy enough to stay where it is.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4b-7f25-883b-6b8cf075497f', NULL, NULL, 58.00, NULL, 20.000, 'GBP', 2.9, '{"wood": "oak", "size_cm": "40 x 30 x 4"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a67-7202-8d44-1fccde7f690e', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-KT-02', 'Olive Wood Spoon Set', 'olive-wood-spoon-set', 'A spoon, a spatula and a slotted one, each with its own grain.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4b-7f25-883b-6b8cf075497f', NULL, NULL, 19.00, NULL, 20.000, 'GBP', 0.22, '{"pieces": 3}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a69-7b67-96fd-c8263dd91e97', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-KT-03', 'Brass Pepper Mill', 'brass-pepper-mill', 'A steel grinder inside a body that gets better with fingerprints.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4b-7f25-883b-6b8cf075497f', NULL, NULL, 47.00, NULL, 20.000, 'GBP', 0.55, '{"height_cm": 18}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a6a-7a91-b400-86dc8b61e8ef', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TE-01', 'Smoky Harbour Black Tea', 'smoky-harbour-black-tea', 'Pine smoke, malt and a dry finish. Three minutes, just off the boil.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4d-775a-868c-5769a6c27b4d', NULL, 7.90, NULL, 20.000, 'GBP', 0.12, '{"origin": "Fujian", "caffeine": true}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a6c-78ee-8804-fea3843a6730', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TE-01-100', 'Smoky Harbour Black Tea, 100 g tin', 'smoky-harbour-black-tea-100-g-tin', 'Pine smoke, malt and a dry finish. Three minutes, just off the boil.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4d-775a-868c-5769a6c27b4d', '01a22493-1a6a-7a91-b400-86dc8b61e8ef', 7.90, NULL, 20.000, 'GBP', 0.12, '{"weight_g": 100}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a6c-7e57-af55-155beb18e4b2', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TE-01-250', 'Smoky Harbour Black Tea, 250 g refill', 'smoky-harbour-black-tea-250-g-refill', 'Pine smoke, malt and a dry finish. Three minutes, just off the boil.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4d-775a-868c-5769a6c27b4d', '01a22493-1a6a-7a91-b400-86dc8b61e8ef', 15.50, NULL, 20.000, 'GBP', 0.12, '{"weight_g": 250}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a6e-7fae-a4b0-f3e2c137b636', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TE-02', 'Garden Mint Infusion', 'garden-mint-infusion', 'Whole peppermint and spearmint leaves, dried in the shade.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4d-775a-868c-5769a6c27b4d', NULL, 5.60, NULL, 20.000, 'GBP', 0.06, '{"caffeine": false}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a6f-7ac0-83bd-f808beb62852', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TE-03', 'First Flush Darjeeling', 'first-flush-darjeeling', 'Pale, floral and brisk; the leaves are good for a second cup.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4d-775a-868c-5769a6c27b4d', NULL, 12.40, NULL, 20.000, 'GBP', 0.1, '{"origin": "Darjeeling", "harvest": "March"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a71-75ea-bec2-b251a7eac741', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-CO-01', 'Lighthouse Espresso Beans', 'lighthouse-espresso-beans', 'Roasted on Tuesdays, sent on Wednesdays.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4e-7411-8aac-0113cc74a226', NULL, 9.80, NULL, 20.000, 'GBP', 0.26, '{"notes": ["cocoa", "hazelnut"], "roast": "medium dark"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a72-72e7-9e57-14450ab2cb82', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-CO-01-250', 'Lighthouse Espresso Beans, 250 g', 'lighthouse-espresso-beans-250-g', 'Roasted on Tuesdays, sent on Wednesdays.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4e-7411-8aac-0113cc74a226', '01a22493-1a71-75ea-bec2-b251a7eac741', 9.80, NULL, 20.000, 'GBP', 0.26, '{"weight_g": 250}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a73-7e91-bf32-3a6c2d96bd8a', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-CO-01-1000', 'Lighthouse Espresso Beans, 1 kg', 'lighthouse-espresso-beans-1-kg', 'Roasted on Tuesdays, sent on Wednesdays.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4e-7411-8aac-0113cc74a226', '01a22493-1a71-75ea-bec2-b251a7eac741', 33.00, NULL, 20.000, 'GBP', 0.26, '{"weight_g": 1000}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a74-7cea-baa7-476500c35840', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-CO-02', 'Night Watch Decaf', 'night-watch-decaf', 'For the last cup of the day, without the price of it.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4e-7411-8aac-0113cc74a226', NULL, 10.40, NULL, 20.000, 'GBP', 0.26, '{"decaf": "water process", "roast": "medium"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a76-7cc0-a67d-83f40d6a6eed', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-BR-01', 'Stoneware Teapot', 'stoneware-teapot', 'Thrown by hand in two glazes. The lid stays on when you pour.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4e-7b1c-9011-c227f22275d4', NULL, 44.00, NULL, 20.000, 'GBP', 0.95, '{"material": "stoneware", "volume_ml": 850}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a77-71ff-adee-7afb0742e80c', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-BR-01-SEA', 'Stoneware Teapot, sea green', 'stoneware-teapot-sea-green', 'Thrown by hand in two glazes. The lid stays on when you pour.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4e-7b1c-9011-c227f22275d4', '01a22493-1a76-7cc0-a67d-83f40d6a6eed', 44.00, NULL, 20.000, 'GBP', 0.95, '{"colour": "sea green"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a78-74ee-9383-f613c0d6d286', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-BR-01-OAT', 'Stoneware Teapot, oat', 'stoneware-teapot-oat', 'Thrown by hand in two glazes. The lid stays on when you pour.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4e-7b1c-9011-c227f22275d4', '01a22493-1a76-7cc0-a67d-83f40d6a6eed', 44.00, NULL, 20.000, 'GBP', 0.95, '{"colour": "oat"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a78-7af0-aafa-afff2244993c', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-BR-02', 'Pour-over Dripper', 'pour-over-dripper', 'Spiral ribs for an even flow, one or two cups at a time.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4e-7b1c-9011-c227f22275d4', NULL, 18.00, NULL, 20.000, 'GBP', 0.31, '{"filter": "size 2", "material": "porcelain"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a7a-7235-a867-33dc6fc734e4', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-BR-03', 'Gooseneck Kettle', 'gooseneck-kettle', 'A slow, thin stream that goes where you point it.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4e-7b1c-9011-c227f22275d4', NULL, 59.00, 69.00, 20.000, 'GBP', 1.1, '{"hob": "gas, induction", "volume_l": 0.9}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a7c-7858-8c5b-ade5153a1b59', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-BR-04', 'Hand Coffee Grinder', 'hand-coffee-grinder', 'Thirty-six settings and no noise to wake the house.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4d-7776-bc8c-7848e1d57464', '01a22493-1a4e-7b1c-9011-c227f22275d4', NULL, 72.00, NULL, 20.000, 'GBP', 0.6, '{"burrs": "steel, conical"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a7d-72e2-93e3-f399093ae8a3', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-PA-01', 'Early Harvest Olive Oil', 'early-harvest-olive-oil', 'Green, peppery and pressed within a day of picking.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4e-7933-824d-35677b6e068a', NULL, NULL, 16.50, NULL, 20.000, 'GBP', 0.95, '{"volume_ml": 500}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a7f-7766-8629-3d84c41f1b38', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-PA-02', 'Aged Cider Vinegar', 'aged-cider-vinegar', 'Two years in oak, for dressings and for the roasting tin.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4e-7933-824d-35677b6e068a', NULL, NULL, 8.20, NULL, 20.000, 'GBP', 0.8, '{"volume_ml": 375}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a80-78db-b3cb-2e8a2fc5b2d1', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-PA-03', 'Heather Honey', 'heather-honey', 'Dark, thick and a little bitter, from hives on the moor.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4e-7933-824d-35677b6e068a', NULL, NULL, 11.00, NULL, 20.000, 'GBP', 0.47, '{"weight_g": 340}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a82-733c-9954-194362b73d04', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-PA-04', 'Damson Preserve', 'damson-preserve', 'More fruit than sugar; good with cheese.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4e-7933-824d-35677b6e068a', NULL, NULL, 5.40, NULL, 20.000, 'GBP', 0.5, '{"weight_g": 300}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a84-73f5-a234-7950d56f9cb5', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-PA-05', 'Smoked Sea Salt', 'smoked-sea-salt', 'Flakes dried over oak chips. The next batch is in the smokehouse.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4e-7933-824d-35677b6e068a', NULL, NULL, 6.80, NULL, 20.000, 'GBP', 0.16, '{"weight_g": 125}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a85-75bd-97c9-15c05042d342', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-PA-06', 'Wholegrain Mustard', 'wholegrain-mustard', 'Brown and yellow seeds, cider, nothing else of note.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4e-7933-824d-35677b6e068a', NULL, NULL, 4.90, NULL, 20.000, 'GBP', 0.28, '{"weight_g": 200}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a87-79b8-88d1-34781eb9bdf1', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TX-01', 'Linen Tea Towel', 'linen-tea-towel', 'Dries glass without lint and softens with every wash.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4f-7af9-8695-9368702a3c76', '01a22493-1a4f-7302-b3fd-bce6402037e4', NULL, 13.00, NULL, 20.000, 'GBP', 0.12, '{"size_cm": "70 x 50", "material": "linen"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a88-7da3-91c1-e4603f9eeac8', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TX-01-BLU', 'Linen Tea Towel, blue stripe', 'linen-tea-towel-blue-stripe', 'Dries glass without lint and softens with every wash.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4f-7af9-8695-9368702a3c76', '01a22493-1a4f-7302-b3fd-bce6402037e4', '01a22493-1a87-79b8-88d1-34781eb9bdf1', 13.00, NULL, 20.000, 'GBP', 0.12, '{"colour": "blue stripe"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a89-7835-a30f-98ddb45f22c0', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TX-01-RED', 'Linen Tea Towel, red check', 'linen-tea-towel-red-check', 'Dries glass without lint and softens with every wash.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4f-7af9-8695-9368702a3c76', '01a22493-1a4f-7302-b3fd-bce6402037e4', '01a22493-1a87-79b8-88d1-34781eb9bdf1', 13.00, NULL, 20.000, 'GBP', 0.12, '{"colour": "red check"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a89-74da-8558-91e4a966b6de', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TX-01-NAT', 'Linen Tea Towel, natural', 'linen-tea-towel-natural', 'Dries glass without lint and softens with every wash.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4f-7af9-8695-9368702a3c76', '01a22493-1a4f-7302-b3fd-bce6402037e4', '01a22493-1a87-79b8-88d1-34781eb9bdf1', 12.00, NULL, 20.000, 'GBP', 0.12, '{"colour": "natural"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a8a-755f-a77d-06cb1133ec00', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TX-02', 'Canvas Apron', 'canvas-apron', 'Cross-back straps, so that it hangs from the shoulders, not the neck.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4f-7af9-8695-9368702a3c76', '01a22493-1a4f-7302-b3fd-bce6402037e4', NULL, 29.00, NULL, 20.000, 'GBP', 0.4, '{"pockets": 2, "material": "cotton canvas"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a8c-78e4-9ca8-554e5a68dc74', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TX-03', 'Lambswool Throw', 'lambswool-throw', 'Woven in a herringbone, with a twisted fringe.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4f-7af9-8695-9368702a3c76', '01a22493-1a4f-749a-8e01-4034a5c979c3', NULL, 86.00, 98.00, 20.000, 'GBP', 1.1, '{"size_cm": "180 x 140", "material": "lambswool"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a8d-77a1-aa3a-404b6dcec547', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TX-04', 'Waffle Cotton Blanket', 'waffle-cotton-blanket', 'Light in summer, a good layer in winter.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4f-7af9-8695-9368702a3c76', '01a22493-1a4f-749a-8e01-4034a5c979c3', NULL, 62.00, NULL, 20.000, 'GBP', 1.3, '{"size_cm": "220 x 200", "material": "cotton"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a8f-7c68-b445-26d594e1bf1d', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-TX-05', 'Felted Wool Slippers', 'felted-wool-slippers', 'Warm on stone floors, quiet on wooden ones.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4f-7af9-8695-9368702a3c76', NULL, NULL, 39.00, NULL, 20.000, 'GBP', 0.35, '{"sole": "leather"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a91-7109-8bfc-1fc35e1274d7', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-ST-01', 'Clothbound Notebook', 'clothbound-notebook', 'Lies flat, takes ink on both sides, has a ribbon.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4f-792b-acd3-05ecb47aab4c', NULL, NULL, 14.50, NULL, 20.000, 'GBP', 0.32, '{"size": "A5", "pages": 192, "ruling": "dots"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a92-759e-a3a1-dec81e88e97a', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-ST-02', 'Brass Ballpoint', 'brass-ballpoint', 'Turned from one bar. It is as heavy as it looks.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4f-792b-acd3-05ecb47aab4c', NULL, NULL, 27.00, NULL, 20.000, 'GBP', 0.05, '{"refill": "G2"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a94-72ba-a45c-49f3b3ec3f0f', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-ST-03', 'Letter Set', 'letter-set', 'Laid paper and lined envelopes, for letters worth a stamp.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4f-792b-acd3-05ecb47aab4c', NULL, NULL, 11.50, NULL, 20.000, 'GBP', 0.25, '{"sheets": 30, "envelopes": 20}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a95-73cb-92d0-65a4ba570f19', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-ST-04', 'Desk Calendar', 'desk-calendar', 'A week on a page, a woodcut for every month.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a4f-792b-acd3-05ecb47aab4c', NULL, NULL, 9.00, 18.00, 20.000, 'GBP', 0.3, '{"weeks": 53}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a97-7903-a871-4cf310ef1643', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-GI-01', 'Beeswax Candle Pair', 'beeswax-candle-pair', 'Hand-dipped, with a faint smell of honey.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a54-7dd5-b7d6-f26a01bfc414', NULL, NULL, 12.00, NULL, 20.000, 'GBP', 0.28, '{"burns_h": 9}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a99-7c68-b772-7066a234ea59', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-GI-02', 'Breakfast Hamper', 'breakfast-hamper', 'Tea, honey, preserve, a towel, a spoon, and no reason to get up early.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a54-7dd5-b7d6-f26a01bfc414', NULL, NULL, 49.00, NULL, 20.000, 'GBP', 2.2, '{"pieces": 6}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a9a-7b18-ae35-94b7e4952441', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-BK-01', 'Bread by Hand', 'bread-by-hand', 'Forty loaves, four ingredients, and a chapter on patience.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a53-7042-8dd1-98e2511d1094', NULL, NULL, 24.00, NULL, 20.000, 'GBP', 0.9, '{"pages": 240, "binding": "hardback"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a9c-7561-9cd4-16eb675af456', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'HH-BK-02', 'The Small Kitchen Garden', 'the-small-kitchen-garden', 'What to grow on a sill, a step or a strip of gravel.', '01a22493-1a4a-70fc-afa2-ae2e96e7021b', '01a22493-1a53-7042-8dd1-98e2511d1094', NULL, NULL, 18.00, NULL, 20.000, 'GBP', 0.6, '{"pages": 176, "binding": "paperback"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a9e-7532-a455-f36c1f1d03ba', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-PK-01', 'Ridgeline Daypack, 22 L', 'ridgeline-daypack-22-l', 'A framed back panel and a pocket that you can reach while walking.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a50-7109-bdc3-a1bdeaa975a4', '01a22493-1a51-73cc-a829-54b2cc5a706d', NULL, 89.00, NULL, 8.250, 'USD', 0.78, '{"volume_l": 22, "rain_cover": true}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1a9f-7f67-a894-26f6d1016599', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-PK-02', 'Traverse Pack, 55 L', 'traverse-pack-55-l', 'Carries five days of food and does not complain. The hip belt is shaped with heat.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a50-7109-bdc3-a1bdeaa975a4', '01a22493-1a51-73cc-a829-54b2cc5a706d', NULL, 219.00, 249.00, 8.250, 'USD', 1.65, '{"volume_l": 55}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1aa1-7397-95e4-5c4a7ca84579', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-PK-02-S', 'Traverse Pack, 55 L, short back', 'traverse-pack-55-l-short-back', 'Carries five days of food and does not complain. The hip belt is shaped with heat.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a50-7109-bdc3-a1bdeaa975a4', '01a22493-1a51-73cc-a829-54b2cc5a706d', '01a22493-1a9f-7f67-a894-26f6d1016599', 219.00, NULL, 8.250, 'USD', 1.65, '{"back": "short"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1aa1-7ed2-acb3-b1572e00388b', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-PK-02-R', 'Traverse Pack, 55 L, regular back', 'traverse-pack-55-l-regular-back', 'Carries five days of food and does not complain. The hip belt is shaped with heat.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a50-7109-bdc3-a1bdeaa975a4', '01a22493-1a51-73cc-a829-54b2cc5a706d', '01a22493-1a9f-7f67-a894-26f6d1016599', 219.00, NULL, 8.250, 'USD', 1.65, '{"back": "regular"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1aa2-763a-925d-914d5a2fa613', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-PK-02-T', 'Traverse Pack, 55 L, tall back', 'traverse-pack-55-l-tall-back', 'Carries five days of food and does not complain. The hip belt is shaped with heat.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a50-7109-bdc3-a1bdeaa975a4', '01a22493-1a51-73cc-a829-54b2cc5a706d', '01a22493-1a9f-7f67-a894-26f6d1016599', 219.00, NULL, 8.250, 'USD', 1.65, '{"back": "tall"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1aa3-7a1f-bb7b-9d5dd6340ed6', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-HK-01', 'Cork-grip Trekking Poles', 'cork-grip-trekking-poles', 'Locks that hold in the cold and grips that fit wet hands.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a50-7109-bdc3-a1bdeaa975a4', NULL, NULL, 74.95, NULL, 8.250, 'USD', 0.49, '{"material": "aluminum", "sections": 3}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1aa4-75ba-ba64-dbe983b274b3', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-HK-02', 'Steel Water Bottle', 'steel-water-bottle', 'Ice at noon, or tea at dusk.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a50-7109-bdc3-a1bdeaa975a4', NULL, NULL, 28.00, NULL, 8.250, 'USD', 0.31, '{"insulated": true, "volume_ml": 750}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1aa6-733a-af2d-6f7b9e757697', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-HK-03', 'Trail First Aid Kit', 'trail-first-aid-kit', 'Sorted by what went wrong, in pockets with words on them.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a50-7109-bdc3-a1bdeaa975a4', NULL, NULL, 34.50, NULL, 8.250, 'USD', 0.28, '{"pieces": 42}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1aa8-79d6-8e9c-aca26b171961', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-HK-04', 'Baseplate Compass', 'baseplate-compass', 'Works without a signal, a battery or an update.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a50-7109-bdc3-a1bdeaa975a4', NULL, NULL, 24.00, NULL, 8.250, 'USD', 0.05, '{"declination": "adjustable"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1aaa-7026-b230-4409fc876be6', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-HK-05', 'Gravel Gaiters', 'gravel-gaiters', 'Keeps the path out of your shoes.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a50-7109-bdc3-a1bdeaa975a4', NULL, NULL, 31.00, NULL, 8.250, 'USD', 0.12, '{"material": "stretch nylon"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1aad-7058-a7db-313f45829c8a', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-HK-06', 'Headlamp, 400 Lumens', 'headlamp-400-lumens', 'A red light for the tent and a flood for the boulder field.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a50-7109-bdc3-a1bdeaa975a4', NULL, NULL, 52.00, 59.00, 8.250, 'USD', 0.09, '{"charging": "USB-C", "red_light": true}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1aaf-7bb7-b59c-d586dbf915c4', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-TN-01', 'Lodgepole Tent', 'lodgepole-tent', 'Two doors, two porches, up in four minutes in the wind.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a51-7987-8102-e2a9b0e288ce', '01a22493-1a51-7fc3-b862-93b904d6b64b', NULL, 349.00, NULL, 8.250, 'USD', 2.1, '{"poles": "aluminum", "seasons": 3}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ab1-76bb-86f1-b8917722b460', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-TN-01-2', 'Lodgepole Tent, 2 person', 'lodgepole-tent-2-person', 'Two doors, two porches, up in four minutes in the wind.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a51-7987-8102-e2a9b0e288ce', '01a22493-1a51-7fc3-b862-93b904d6b64b', '01a22493-1aaf-7bb7-b59c-d586dbf915c4', 349.00, NULL, 8.250, 'USD', 2.1, '{"sleeps": 2}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ab1-796e-b127-d04298d4fa2f', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-TN-01-3', 'Lodgepole Tent, 3 person', 'lodgepole-tent-3-person', 'Two doors, two porches, up in four minutes in the wind.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a51-7987-8102-e2a9b0e288ce', '01a22493-1a51-7fc3-b862-93b904d6b64b', '01a22493-1aaf-7bb7-b59c-d586dbf915c4', 419.00, NULL, 8.250, 'USD', 2.1, '{"sleeps": 3}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ab2-761b-a232-f4f52a11216e', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-TN-02', 'Silnylon Tarp', 'silnylon-tarp', 'Nineteen tie-outs and as many ways to stay dry.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a51-7987-8102-e2a9b0e288ce', '01a22493-1a51-7fc3-b862-93b904d6b64b', NULL, 95.00, NULL, 8.250, 'USD', 0.46, '{"size_m": "3 x 3"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ab4-7337-9822-43f1e92cab29', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-SL-01', 'Alpine Down Bag, 20 °F', 'alpine-down-bag-20-f', 'Warm for its weight; responsibly sourced down, repairable zip.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a51-7987-8102-e2a9b0e288ce', '01a22493-1a51-7424-8321-5e9ea778cbde', NULL, 289.00, 329.00, 8.250, 'USD', 0.92, '{"fill": "800 down", "comfort_f": 30}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ab5-7400-a788-0f37c4e14669', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-SL-02', 'Insulated Air Mat', 'insulated-air-mat', 'Quiet to sleep on and small to pack.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a51-7987-8102-e2a9b0e288ce', '01a22493-1a51-7424-8321-5e9ea778cbde', NULL, 129.00, NULL, 8.250, 'USD', 0.48, '{"r_value": 4.2, "thickness_cm": 8}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ab7-7129-9910-79e98cebd0a4', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-SL-03', 'Camp Pillow', 'camp-pillow', 'Blows up in two breaths, washes in a machine.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a51-7987-8102-e2a9b0e288ce', '01a22493-1a51-7424-8321-5e9ea778cbde', NULL, 32.00, NULL, 8.250, 'USD', 0.08, '{"cover": "brushed polyester"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ab9-7d2f-ad79-30096eae4104', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-CK-01', 'Canister Stove', 'canister-stove', 'Simmers as well as it boils. Fuel is not included.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a51-7987-8102-e2a9b0e288ce', '01a22493-1a52-75af-986f-5e8aa3a04fd6', NULL, 54.95, NULL, 8.250, 'USD', 0.07, '{"boils_1l_min": 3.5}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1aba-7b81-86bd-f02a4f446d98', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-CK-02', 'Titanium Pot, 900 ml', 'titanium-pot-900-ml', 'A strainer in the lid and room inside for the stove.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a51-7987-8102-e2a9b0e288ce', '01a22493-1a52-75af-986f-5e8aa3a04fd6', NULL, 62.00, NULL, 8.250, 'USD', 0.11, '{"material": "titanium", "volume_ml": 900}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1abd-7ff8-a59e-f63c6a8e523f', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-CK-03', 'Enamel Mug', 'enamel-mug', 'Chips with pride.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a51-7987-8102-e2a9b0e288ce', '01a22493-1a52-75af-986f-5e8aa3a04fd6', NULL, 14.00, NULL, 8.250, 'USD', 0.14, '{"volume_ml": 350}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1abe-7fa1-b32d-30f57cc12f2a', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-CP-01', 'Folding Camp Chair', 'folding-camp-chair', 'Back in May, when the mill has woven more of the green.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a51-7987-8102-e2a9b0e288ce', NULL, NULL, 79.00, NULL, 8.250, 'USD', 1.2, '{"holds_kg": 120}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ac0-7714-87b0-9f4d01524f08', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-CP-02', 'Canvas Firewood Carrier', 'canvas-firewood-carrier', 'One armful, fewer splinters.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a51-7987-8102-e2a9b0e288ce', NULL, NULL, 38.00, NULL, 8.250, 'USD', 0.5, '{"material": "waxed canvas"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ac1-7e54-a8ba-9c43609c5efa', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-CY-01', 'Handlebar Bag', 'handlebar-bag', 'Opens towards you and shrugs off a shower.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-7db9-a8e1-f119ec0d0b35', NULL, NULL, 68.00, NULL, 8.250, 'USD', 0.34, '{"volume_l": 6}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ac3-7937-aecf-568e57c14cb8', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-CY-02', 'Front and Rear Light Set', 'front-and-rear-light-set', 'Seen from half a mile, and from the side as well.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-7db9-a8e1-f119ec0d0b35', NULL, NULL, 58.00, NULL, 8.250, 'USD', 0.12, '{"charging": "USB-C", "runtime_h": 11}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ac5-71a1-9e65-0668b6ec6f71', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-CY-03', 'Frame Pump', 'frame-pump', 'A hose that spares the valve and a foot that spares your back.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-7db9-a8e1-f119ec0d0b35', NULL, NULL, 36.00, NULL, 8.250, 'USD', 0.17, '{"valves": "Presta, Schrader"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ac6-7ba3-9df6-f4513653b22d', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-CY-04', 'Commuter Pannier, 20 L', 'commuter-pannier-20-l', 'Clicks on, rolls shut, has a sleeve for a laptop.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-7db9-a8e1-f119ec0d0b35', NULL, NULL, 112.00, 125.00, 8.250, 'USD', 1.0, '{"volume_l": 20, "waterproof": true}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ac8-7016-abdb-c5e48ab76e2d', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-CY-05', 'Merino Cycling Gloves', 'merino-cycling-gloves', 'For mornings that begin below freezing.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-7db9-a8e1-f119ec0d0b35', NULL, NULL, 42.00, NULL, 8.250, 'USD', 0.06, '{"touchscreen": true}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ac9-7014-9c57-153bed7cbd90', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-BL-01', 'Merino Crew Shirt', 'merino-crew-shirt', 'Warm when damp, fresh on the third day.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-72d1-b2be-a582b3be2377', '01a22493-1a52-78f2-b4ae-57dcb87cac6e', NULL, 84.00, NULL, 8.250, 'USD', 0.2, '{"material": "merino 180"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1acb-7da1-8896-6a39245a2b4a', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-BL-01-S', 'Merino Crew Shirt, S', 'merino-crew-shirt-s', 'Warm when damp, fresh on the third day.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-72d1-b2be-a582b3be2377', '01a22493-1a52-78f2-b4ae-57dcb87cac6e', '01a22493-1ac9-7014-9c57-153bed7cbd90', 84.00, NULL, 8.250, 'USD', 0.2, '{"size": "S"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1acb-7047-a597-e9773c3f3a33', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-BL-01-M', 'Merino Crew Shirt, M', 'merino-crew-shirt-m', 'Warm when damp, fresh on the third day.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-72d1-b2be-a582b3be2377', '01a22493-1a52-78f2-b4ae-57dcb87cac6e', '01a22493-1ac9-7014-9c57-153bed7cbd90', 84.00, NULL, 8.250, 'USD', 0.2, '{"size": "M"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1acc-7446-9b0d-c691f78508b7', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-BL-01-L', 'Merino Crew Shirt, L', 'merino-crew-shirt-l', 'Warm when damp, fresh on the third day.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-72d1-b2be-a582b3be2377', '01a22493-1a52-78f2-b4ae-57dcb87cac6e', '01a22493-1ac9-7014-9c57-153bed7cbd90', 84.00, NULL, 8.250, 'USD', 0.2, '{"size": "L"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1acc-7fbf-9769-c82a09c83e3e', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-BL-01-XL', 'Merino Crew Shirt, XL', 'merino-crew-shirt-xl', 'Warm when damp, fresh on the third day.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-72d1-b2be-a582b3be2377', '01a22493-1a52-78f2-b4ae-57dcb87cac6e', '01a22493-1ac9-7014-9c57-153bed7cbd90', 84.00, NULL, 8.250, 'USD', 0.2, '{"size": "XL"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1acd-73b2-8fa6-77a43ac1ac2b', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-JK-01', 'Stormline Rain Jacket', 'stormline-rain-jacket', 'Vents where you need them and a hood that turns with your head.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-72d1-b2be-a582b3be2377', '01a22493-1a53-7d98-86b9-e58a14152975', NULL, 198.00, NULL, 8.250, 'USD', 0.36, '{"hood": true, "waterproof": "3 layer"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ace-7a73-ab9a-389d005fce44', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-JK-01-S', 'Stormline Rain Jacket, S', 'stormline-rain-jacket-s', 'Vents where you need them and a hood that turns with your head.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-72d1-b2be-a582b3be2377', '01a22493-1a53-7d98-86b9-e58a14152975', '01a22493-1acd-73b2-8fa6-77a43ac1ac2b', 198.00, NULL, 8.250, 'USD', 0.36, '{"size": "S"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1acf-738c-a5aa-d952fafbcdf4', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-JK-01-M', 'Stormline Rain Jacket, M', 'stormline-rain-jacket-m', 'Vents where you need them and a hood that turns with your head.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-72d1-b2be-a582b3be2377', '01a22493-1a53-7d98-86b9-e58a14152975', '01a22493-1acd-73b2-8fa6-77a43ac1ac2b', 198.00, NULL, 8.250, 'USD', 0.36, '{"size": "M"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ad0-749e-99ff-23ad5773d3ec', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-JK-01-L', 'Stormline Rain Jacket, L', 'stormline-rain-jacket-l', 'Vents where you need them and a hood that turns with your head.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-72d1-b2be-a582b3be2377', '01a22493-1a53-7d98-86b9-e58a14152975', '01a22493-1acd-73b2-8fa6-77a43ac1ac2b', 198.00, NULL, 8.250, 'USD', 0.36, '{"size": "L"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ad0-7d38-9554-83f58e4820aa', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-JK-02', 'Fleece Half-zip', 'fleece-half-zip', 'The layer that never makes it back into the pack.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-72d1-b2be-a582b3be2377', '01a22493-1a53-7d98-86b9-e58a14152975', NULL, 92.00, 110.00, 8.250, 'USD', 0.38, '{"material": "recycled polyester"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ad2-7513-a20d-a2a30cb4fb0f', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-CL-01', 'Wool Watch Cap', 'wool-watch-cap', 'Ribbed, doubled over the ears, made to be lost and missed.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-72d1-b2be-a582b3be2377', NULL, NULL, 29.00, NULL, 8.250, 'USD', 0.07, '{"material": "wool"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ad3-7cce-a24f-be4b5db0e443', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-CL-02', 'Hiking Socks, 2 Pairs', 'hiking-socks-2-pairs', 'Cushioned under the foot, thin above it.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a52-72d1-b2be-a582b3be2377', NULL, NULL, 34.00, NULL, 8.250, 'USD', 0.16, '{"material": "merino blend"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ad5-7e68-9010-7a01d4534c56', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-TR-01', 'Waxed Canvas Duffel', 'waxed-canvas-duffel', 'Fits the overhead locker and twenty years of weekends.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a53-7101-8805-ff67c31b66f8', NULL, NULL, 165.00, NULL, 8.250, 'USD', 1.4, '{"cabin": true, "volume_l": 42}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ad7-7340-b3b5-ab7a162aca4c', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-TR-02', 'Packing Cube Set', 'packing-cube-set', 'One for clean, one for worn, one for cables.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a53-7101-8805-ff67c31b66f8', NULL, NULL, 39.00, NULL, 8.250, 'USD', 0.21, '{"pieces": 3}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ad8-71ea-bf24-22e1c78f06dc', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-TR-03', 'Quick-dry Towel', 'quick-dry-towel', 'Dries you, then itself.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a53-7101-8805-ff67c31b66f8', NULL, NULL, 26.00, NULL, 8.250, 'USD', 0.18, '{"size_cm": "130 x 60"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ada-7792-bb32-c25b87bbd5c4', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-TR-04', 'Universal Plug Adapter', 'universal-plug-adapter', 'One hundred and fifty countries, one brick.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a53-7101-8805-ff67c31b66f8', NULL, NULL, 33.00, NULL, 8.250, 'USD', 0.15, '{"usb": "2 x C"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1af4-732a-8df0-397e33ebfd15', '2026-11-28 23:52:30.19573+00', '2026-11-28 23:52:30.19573+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1708-73a6-a35c-ed7444f897e3', false, '', '', NULL, NULL, false, 'SKU-1f7ee7418e72', 'Tea', 'tea-6588fb83', '', '01a22493-192b-7d0e-bbeb-fbee0677b021', NULL, NULL, NULL, 10.00, NULL, 0.000, 'EUR', NULL, '{}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1adb-7c10-a293-7cd668210997', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-GI-01', 'Pocket Knife', 'pocket-knife', 'A blade, an awl, and a place for three initials.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a54-7dd5-b7d6-f26a01bfc414', NULL, NULL, 48.00, NULL, 8.250, 'USD', 0.08, '{"blade": "stainless steel", "handle": "cherry"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1add-7e6e-9942-dd2687da1bb9', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-GI-02', 'National Parks Puzzle', 'national-parks-puzzle', 'For the weekends when it rains.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a54-7dd5-b7d6-f26a01bfc414', NULL, NULL, 22.00, NULL, 8.250, 'USD', 0.7, '{"pieces": 1000}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1adf-7492-8ff5-e7114bfe5a16', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-BK-01', 'Knots for Every Day', 'knots-for-every-day', 'Twenty knots, with the rope that you practise on.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a53-7042-8dd1-98e2511d1094', NULL, NULL, 16.95, NULL, 8.250, 'USD', 0.3, '{"pages": 128, "binding": "spiral"}', DEFAULT);
INSERT INTO public.products VALUES ('01a22493-1ae0-7d57-8797-47017bac7f6a', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'CL-BK-02', 'One Hundred Short Hikes', 'one-hundred-short-hikes', 'None over six miles, all with somewhere to sit at the end.', '01a22493-1a50-7e27-938b-c5178f60f860', '01a22493-1a53-7042-8dd1-98e2511d1094', NULL, NULL, 21.00, NULL, 8.250, 'USD', 0.5, '{"pages": 256, "binding": "paperback"}', DEFAULT);

INSERT INTO public.refunds VALUES ('01a22493-1bab-71ea-99c2-36c46b37f559', '2026-11-28 23:52:30.379621+00', '2026-11-28 23:52:30.379621+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1961-76cd-b257-40f19cd44613', false, 'succeeded', '', NULL, NULL, false, '01a22493-1b3f-73ab-a9fd-ee8ddd9c8805', '01a22493-1b28-78c1-9e43-d9e5dbc1b283', 1.00, 'EUR', 'dented', false, NULL, '', 0, NULL, '01a22493-1961-76cd-b257-40f19cd44613', 'key-b60187b50309x3a0afee3afe3', '\x6d32c1ab9764e38eafafa96eacfe9077d4ef367f14b0990a4f25ed361c19383d');

INSERT INTO public.schema_code VALUES ('41647a7eda24d154', '{"account_of(text,text)","act_as(uuid,text)",acting_user(),address_check(),"address_refused(text,jsonb)","amount_in_words(numeric,text)","audit_forget(uuid[],uuid)",audit_write(),base_model_adopt(regclass),base_model_touch(),"base_model_triggers(regclass,text[])","cart_changes(uuid,uuid[])",cart_changes_json(refusal[]),"cart_lines(uuid,integer[],quote_line[],integer)",cart_quote(orders),"cart_refused(orders,stores,coupons,shipping_methods,order_request,jsonb)","cart_save_now(order_request,jsonb)","cart_viewer(orders,order_request)","cart_write(orders,stores,boolean)","challenge_issue(text,text,text,uuid,bytea,bytea,text,bytea,text)","challenge_newest(text,text,bytea)","challenge_redeem(text,bytea,bytea,boolean)",code_fingerprint(),"contact_issue(text,text,bytea,bytea,bytea,text,bytea,text)","contact_prove(text,bytea,bytea,text)",coupon_check(),coupon_find(text),coupon_open(),"coupon_redeem(coupons,stores,orders)","coupon_refused(coupons,stores,numeric,orders,integer)","credit_note_issue(orders,numeric,text,uuid)",cron_begin(),cron_end(),cron_sweep(),currency_decimals(text),currency_step(text),"deny(text,text,jsonb,jsonb)","deny_if_running(timestamp with time zone,boolean)",deny_unless_store(text),"dispute_apply(uuid,jsonb)",dispute_is_open(text),"dispute_rank(text,timestamp with time zone)",disputes_book(uuid),error_rule(text),"failure_shown(text,text,text)",idempotency_begin(jsonb),"idempotency_save(jsonb,integer,text)","invoice_brief(uuid,text)","invoice_draft(orders,stores,date)","invoice_issue(invoices,stores,date)","invoice_json(invoices,text)","invoice_json(uuid,text)","invoice_number(stores,text,date)","invoice_read(uuid,uuid,text,bytea)","is_live(boolean,boolean,timestamp with time zone,timestamp with time zone)",is_working_admin(users),"json_join(text,text)","jsonb_merge_patch(jsonb,jsonb)",me_export(uuid),me_forget(text),"money_of(numeric,text)","money_refused(text,numeric,text)","number_in_words(numeric,boolean)","order_adopt(uuid,uuid,text,bytea,text)",order_annotate(jsonb),order_begin(order_request),order_buyer(orders),order_cart_save(jsonb),"order_confirm(uuid,uuid,text,bytea,text,bytea,bytea)","order_contact(uuid,uuid,text,bytea,text,boolean)",order_contact_refused(orders),"order_disown(uuid,uuid,text,bytea,text)","order_expire(uuid,integer)","order_guest_refused(text,orders,stores,uuid[],integer[])","order_is_overdue(orders,integer)",order_is_unproven(orders),"order_json(uuid,text,uuid)",order_lines(uuid),order_lock(uuid),"order_lock_stock(uuid[],integer[])","order_merge(orders,order_request,jsonb)",order_money(orders),"order_move(uuid,text,uuid,text,bytea,text,text,text,text,boolean)","order_move_refuse(orders,text,text,boolean)",order_needs_buyer(),"order_next(orders,text)","order_note(uuid,text)","order_notify(orders,stores,text,numeric,jsonb)","order_notify_late(uuid,uuid)",order_payments(uuid),order_place(jsonb),order_place_now(order_request),"order_priced(orders,stores,quote,coupons,shipping_methods)","order_quote(stores,uuid[],integer[],coupons,shipping_methods)","order_read(uuid,uuid,text,bytea)",order_reader(orders),order_reconcile(uuid),"order_refund_surplus(orders,numeric)",order_release(orders),"order_render(orders,text,json,json,json)","order_restock(uuid,text)","order_seen(orders,text,uuid)",order_taxes(orders),"order_viewer(orders,uuid,text,bytea)","order_viewer_required(orders,uuid,text,bytea)",order_wakes_sender(uuid),"order_with_invoice(text,text)","order_write(orders,boolean)","order_write_lines(orders,quote_line[],boolean)","orders_claim(uuid,text,text)","orders_forget(uuid[],uuid[])","orders_overdue(integer,integer)","otp_login(bytea,bytea,boolean,text,bytea,text)","outbox_claim(integer,integer)","outbox_failed(uuid,text,boolean)",outbox_revive(uuid),outbox_sent(uuid),"outbox_skip(uuid[],integer)",outbox_state(),outbox_wake(),"password_change(uuid,uuid,bytea,text)","password_fits(text,bytea)","password_login(uuid,text,bytea,text,bytea,text)",password_salt(text),password_salt_of_email(text),password_salt_of_user(uuid),"password_set(uuid,text)","payment_accept(uuid,uuid,text,bytea,text)","payment_apply(uuid,jsonb)","payment_attention_json(payments,text)",payment_begin(jsonb),payment_cancel_refused(uuid),"payment_capture_part(uuid,numeric,uuid,text)",payment_capture_refused(uuid),"payment_check_attention(uuid,boolean)",payment_dispute_json(uuid),"payment_end_open(payment_request,orders,numeric)",payment_for_gateway(payments),payment_held(payments),"payment_insert(payment_request,orders,numeric,text)","payment_is_another(payments,jsonb)","payment_json(payments,text)","payment_json(uuid,text)","payment_note_other(payments,text,numeric,text)","payment_outstanding(payment_request,orders,text)","payment_prepare(uuid,text,uuid,text,bytea,numeric,text)",payment_rank(text),"payment_read(uuid,uuid,text,bytea)","payment_receive(payments,jsonb)","payment_record(uuid,jsonb,uuid,text,bytea,text,integer,jsonb)","payment_reduced(payments,numeric)",payment_refunded(uuid),"payment_refused(uuid,text)",payment_returned(uuid),"payment_set_expiry(payments,jsonb)",payment_unanswered(uuid),payments_due(integer),"place_known(text,text,bytea,bytea)","place_remember(bytea,bytea,bytea,bytea)",product_check(),product_options(products),product_stock_open(),"products_refused(stores,uuid[])",rate_limit_release(text[]),"rate_limit_take(text[],integer[],integer[])","refund_apply(uuid,jsonb)","refund_apply_event(uuid,jsonb)",refund_begin(jsonb),refund_done(refunds),"refund_for_gateway(payments,refunds)","refund_import(payments,jsonb)","refund_insert(refund_request,orders,payments)",refund_json(uuid),refund_of_key(refund_request),refund_rank(text),"refund_record(uuid,jsonb,uuid,text,jsonb)","refund_refuse(refund_request,orders,payments,numeric,numeric,text)",refund_unanswered(uuid),refunds_due(integer),"refunds_missing(uuid,jsonb)","refunds_record(uuid,jsonb,text)","refuse(text,text,jsonb)",refuse_all(refusal[]),"refused(text,text,jsonb)","request_read(anyelement,jsonb)","rfc3339(timestamp with time zone)",search_words(text),session_caller(bytea),session_close(uuid),session_close_all(uuid),session_proven(),"session_start(uuid,text,bytea,text)",shipping_method_check(),"shipping_method_find(uuid,stores)","shipping_refused(shipping_methods,stores,orders)",stock_apply(),stock_lock(uuid),store_check_prefixes(),store_check_rounding(),store_find(uuid),store_members_audit(),"store_notify(orders,text,jsonb)","store_notify_amount(payments,numeric,text)",suspension_keep(),taxes_left(invoices),"taxes_of_part(jsonb,numeric,integer)",user_check(),user_end_sessions(),user_guard(),user_json(uuid),user_keep_an_admin(),user_may_sign_in(users),user_of_mail(text),"user_proven(text,text)",uuid_v7(),"webhook_apply(text,jsonb)","webhook_apply_waiting(text,text)","webhook_record(text,text,text,jsonb,boolean,text)",webhooks_apply_waiting(),words_below_thousand(integer),"works_in_store(uuid,uuid)"}', '{live_categories,live_parents,live_product_images,live_products,live_stores,live_subcategories,live_variants,live_variants_in_stock,own_live_categories,own_live_subcategories}', '{"apply on stock_movements","audit on addresses","audit on categories","audit on coupons","audit on disputes","audit on invoices","audit on orders","audit on payments","audit on product_images","audit on products","audit on refunds","audit on shipping_methods","audit on store_members","audit on stores","audit on subcategories","audit on users","check_links on products","check_prefixes on stores","check_reachable on users","check_rounding on stores","check_rules on addresses","check_rules on coupons","check_rules on shipping_methods","end_sessions on users","guard on users","keep_an_admin on users","needs_buyer on orders","stock_open on products","suspension on addresses","suspension on categories","suspension on coupons","suspension on disputes","suspension on invoices","suspension on orders","suspension on payments","suspension on product_images","suspension on products","suspension on refunds","suspension on shipping_methods","suspension on stores","suspension on subcategories","suspension on users","touch on addresses","touch on categories","touch on coupons","touch on disputes","touch on invoices","touch on orders","touch on payments","touch on product_images","touch on products","touch on refunds","touch on shipping_methods","touch on stores","touch on subcategories","touch on users","uses_open on coupons"}', '4c27de7d24f042aec35083d169ac3849', '2026-11-28 23:52:28.047072+00');

INSERT INTO public.schema_migrations VALUES (1, 'base', '37b2e4954d280a3a', '2026-11-28 23:52:28.047072+00');
INSERT INTO public.schema_migrations VALUES (2, 'users', '9208ae5f7027682f', '2026-11-28 23:52:28.047072+00');
INSERT INTO public.schema_migrations VALUES (3, 'catalogue', '431a30268d0cdc2d', '2026-11-28 23:52:28.047072+00');
INSERT INTO public.schema_migrations VALUES (4, 'orders', '13242706a74a8bbb', '2026-11-28 23:52:28.047072+00');
INSERT INTO public.schema_migrations VALUES (5, 'payments', 'cf7e6e48cdb957a4', '2026-11-28 23:52:28.047072+00');
INSERT INTO public.schema_migrations VALUES (6, 'messages', '154df290ad49fa8e', '2026-11-28 23:52:28.047072+00');

INSERT INTO public.sessions VALUES ('01a22493-1916-7b99-b042-bcd4c7761eb9', '01a22493-1708-73a6-a35c-ed7444f897e3', 'password', '\x7160bc8e11696b5899061775078df337cd038936bae03207c5674d3c879f067e', '127.0.0.1', '2026-11-28 23:52:29.713516+00', '2026-11-28 23:52:29.713516+00', '2026-11-29 11:52:29.713516+00', '00:30:00');
INSERT INTO public.sessions VALUES ('01a22493-1b6e-7431-a6db-11adf55c9062', '01a22493-1961-76cd-b257-40f19cd44613', 'password', '\x21d5c1784027fbc72465b1fb8a72812479cfd584d80b03af0cf55cbb22084e89', '127.0.0.1', '2026-11-28 23:52:30.317221+00', '2026-11-28 23:52:30.317221+00', '2026-11-29 11:52:30.317221+00', '00:30:00');
INSERT INTO public.sessions VALUES ('01a22493-1cc1-767d-acc6-ce7097582848', '01a22493-1cc0-72e4-a489-d2c03befe050', 'otp', '\xacb21d3d82cb311e53207fd5789f1239627579831a361ca0c08b459d8f9ae594', '127.0.0.1', '2026-11-28 23:52:30.654835+00', '2026-11-28 23:52:30.654835+00', '2026-12-28 23:52:30.654835+00', NULL);

INSERT INTO public.stock VALUES ('01a22493-1a29-720d-a921-9dc8e673a691', 20);
INSERT INTO public.stock VALUES ('01a22493-1a55-7fd0-b016-414a2396faea', 24);
INSERT INTO public.stock VALUES ('01a22493-1a59-74b8-9380-f852ca7d70dd', 60);
INSERT INTO public.stock VALUES ('01a22493-1a5b-7d0e-b91e-5d47a55177ba', 31);
INSERT INTO public.stock VALUES ('01a22493-1a5d-72e2-9726-6f6471480674', 0);
INSERT INTO public.stock VALUES ('01a22493-1a5f-79f0-ae7e-02c6081fc954', 18);
INSERT INTO public.stock VALUES ('01a22493-1a60-79be-8e8a-ac2927e9de7d', 25);
INSERT INTO public.stock VALUES ('01a22493-1a61-70b4-89b9-71f676e09187', 7);
INSERT INTO public.stock VALUES ('01a22493-1a62-75eb-b98d-2e0bc306593f', 12);
INSERT INTO public.stock VALUES ('01a22493-1a64-7e42-802a-d4c74e9a2e24', 9);
INSERT INTO public.stock VALUES ('01a22493-1a65-7b28-a910-d06a7502b307', 20);
INSERT INTO public.stock VALUES ('01a22493-1a67-7202-8d44-1fccde7f690e', 75);
INSERT INTO public.stock VALUES ('01a22493-1a69-7b67-96fd-c8263dd91e97', 14);
INSERT INTO public.stock VALUES ('01a22493-1a6a-7a91-b400-86dc8b61e8ef', 0);
INSERT INTO public.stock VALUES ('01a22493-1a6c-78ee-8804-fea3843a6730', 90);
INSERT INTO public.stock VALUES ('01a22493-1a6c-7e57-af55-155beb18e4b2', 40);
INSERT INTO public.stock VALUES ('01a22493-1a6e-7fae-a4b0-f3e2c137b636', 120);
INSERT INTO public.stock VALUES ('01a22493-1a6f-7ac0-83bd-f808beb62852', 35);
INSERT INTO public.stock VALUES ('01a22493-1a71-75ea-bec2-b251a7eac741', 0);
INSERT INTO public.stock VALUES ('01a22493-1a72-72e7-9e57-14450ab2cb82', 64);
INSERT INTO public.stock VALUES ('01a22493-1a73-7e91-bf32-3a6c2d96bd8a', 22);
INSERT INTO public.stock VALUES ('01a22493-1a74-7cea-baa7-476500c35840', 41);
INSERT INTO public.stock VALUES ('01a22493-1a76-7cc0-a67d-83f40d6a6eed', 0);
INSERT INTO public.stock VALUES ('01a22493-1a77-71ff-adee-7afb0742e80c', 11);
INSERT INTO public.stock VALUES ('01a22493-1a78-74ee-9383-f613c0d6d286', 16);
INSERT INTO public.stock VALUES ('01a22493-1a78-7af0-aafa-afff2244993c', 52);
INSERT INTO public.stock VALUES ('01a22493-1a7a-7235-a867-33dc6fc734e4', 17);
INSERT INTO public.stock VALUES ('01a22493-1a7c-7858-8c5b-ade5153a1b59', 13);
INSERT INTO public.stock VALUES ('01a22493-1a7d-72e2-93e3-f399093ae8a3', 80);
INSERT INTO public.stock VALUES ('01a22493-1a7f-7766-8629-3d84c41f1b38', 66);
INSERT INTO public.stock VALUES ('01a22493-1a80-78db-b3cb-2e8a2fc5b2d1', 48);
INSERT INTO public.stock VALUES ('01a22493-1a82-733c-9954-194362b73d04', 100);
INSERT INTO public.stock VALUES ('01a22493-1a84-73f5-a234-7950d56f9cb5', 0);
INSERT INTO public.stock VALUES ('01a22493-1a85-75bd-97c9-15c05042d342', 110);
INSERT INTO public.stock VALUES ('01a22493-1a87-79b8-88d1-34781eb9bdf1', 0);
INSERT INTO public.stock VALUES ('01a22493-1a88-7da3-91c1-e4603f9eeac8', 70);
INSERT INTO public.stock VALUES ('01a22493-1a89-7835-a30f-98ddb45f22c0', 55);
INSERT INTO public.stock VALUES ('01a22493-1a89-74da-8558-91e4a966b6de', 0);
INSERT INTO public.stock VALUES ('01a22493-1a8a-755f-a77d-06cb1133ec00', 33);
INSERT INTO public.stock VALUES ('01a22493-1a8c-78e4-9ca8-554e5a68dc74', 15);
INSERT INTO public.stock VALUES ('01a22493-1a8d-77a1-aa3a-404b6dcec547', 21);
INSERT INTO public.stock VALUES ('01a22493-1a8f-7c68-b445-26d594e1bf1d', 26);
INSERT INTO public.stock VALUES ('01a22493-1a91-7109-8bfc-1fc35e1274d7', 95);
INSERT INTO public.stock VALUES ('01a22493-1a92-759e-a3a1-dec81e88e97a', 38);
INSERT INTO public.stock VALUES ('01a22493-1a94-72ba-a45c-49f3b3ec3f0f', 57);
INSERT INTO public.stock VALUES ('01a22493-1a95-73cb-92d0-65a4ba570f19', 140);
INSERT INTO public.stock VALUES ('01a22493-1a97-7903-a871-4cf310ef1643', 88);
INSERT INTO public.stock VALUES ('01a22493-1a99-7c68-b772-7066a234ea59', 19);
INSERT INTO public.stock VALUES ('01a22493-1a9a-7b18-ae35-94b7e4952441', 30);
INSERT INTO public.stock VALUES ('01a22493-1a9c-7561-9cd4-16eb675af456', 27);
INSERT INTO public.stock VALUES ('01a22493-1a9e-7532-a455-f36c1f1d03ba', 44);
INSERT INTO public.stock VALUES ('01a22493-1a9f-7f67-a894-26f6d1016599', 0);
INSERT INTO public.stock VALUES ('01a22493-1aa1-7397-95e4-5c4a7ca84579', 8);
INSERT INTO public.stock VALUES ('01a22493-1aa1-7ed2-acb3-b1572e00388b', 19);
INSERT INTO public.stock VALUES ('01a22493-1aa2-763a-925d-914d5a2fa613', 3);
INSERT INTO public.stock VALUES ('01a22493-1aa3-7a1f-bb7b-9d5dd6340ed6', 36);
INSERT INTO public.stock VALUES ('01a22493-1aa4-75ba-ba64-dbe983b274b3', 130);
INSERT INTO public.stock VALUES ('01a22493-1aa6-733a-af2d-6f7b9e757697', 50);
INSERT INTO public.stock VALUES ('01a22493-1aa8-79d6-8e9c-aca26b171961', 62);
INSERT INTO public.stock VALUES ('01a22493-1aaa-7026-b230-4409fc876be6', 29);
INSERT INTO public.stock VALUES ('01a22493-1aad-7058-a7db-313f45829c8a', 47);
INSERT INTO public.stock VALUES ('01a22493-1aaf-7bb7-b59c-d586dbf915c4', 0);
INSERT INTO public.stock VALUES ('01a22493-1ab1-76bb-86f1-b8917722b460', 10);
INSERT INTO public.stock VALUES ('01a22493-1ab1-796e-b127-d04298d4fa2f', 6);
INSERT INTO public.stock VALUES ('01a22493-1ab2-761b-a232-f4f52a11216e', 23);
INSERT INTO public.stock VALUES ('01a22493-1ab4-7337-9822-43f1e92cab29', 11);
INSERT INTO public.stock VALUES ('01a22493-1ab5-7400-a788-0f37c4e14669', 18);
INSERT INTO public.stock VALUES ('01a22493-1ab7-7129-9910-79e98cebd0a4', 54);
INSERT INTO public.stock VALUES ('01a22493-1ab9-7d2f-ad79-30096eae4104', 39);
INSERT INTO public.stock VALUES ('01a22493-1aba-7b81-86bd-f02a4f446d98', 28);
INSERT INTO public.stock VALUES ('01a22493-1abd-7ff8-a59e-f63c6a8e523f', 150);
INSERT INTO public.stock VALUES ('01a22493-1abe-7fa1-b32d-30f57cc12f2a', 0);
INSERT INTO public.stock VALUES ('01a22493-1ac0-7714-87b0-9f4d01524f08', 25);
INSERT INTO public.stock VALUES ('01a22493-1ac1-7e54-a8ba-9c43609c5efa', 32);
INSERT INTO public.stock VALUES ('01a22493-1ac3-7937-aecf-568e57c14cb8', 45);
INSERT INTO public.stock VALUES ('01a22493-1ac5-71a1-9e65-0668b6ec6f71', 40);
INSERT INTO public.stock VALUES ('01a22493-1ac6-7ba3-9df6-f4513653b22d', 20);
INSERT INTO public.stock VALUES ('01a22493-1ac8-7016-abdb-c5e48ab76e2d', 34);
INSERT INTO public.stock VALUES ('01a22493-1ac9-7014-9c57-153bed7cbd90', 0);
INSERT INTO public.stock VALUES ('01a22493-1acb-7da1-8896-6a39245a2b4a', 14);
INSERT INTO public.stock VALUES ('01a22493-1acb-7047-a597-e9773c3f3a33', 30);
INSERT INTO public.stock VALUES ('01a22493-1acc-7446-9b0d-c691f78508b7', 22);
INSERT INTO public.stock VALUES ('01a22493-1acc-7fbf-9769-c82a09c83e3e', 0);
INSERT INTO public.stock VALUES ('01a22493-1acd-73b2-8fa6-77a43ac1ac2b', 0);
INSERT INTO public.stock VALUES ('01a22493-1ace-7a73-ab9a-389d005fce44', 5);
INSERT INTO public.stock VALUES ('01a22493-1acf-738c-a5aa-d952fafbcdf4', 12);
INSERT INTO public.stock VALUES ('01a22493-1ad0-749e-99ff-23ad5773d3ec', 9);
INSERT INTO public.stock VALUES ('01a22493-1ad0-7d38-9554-83f58e4820aa', 26);
INSERT INTO public.stock VALUES ('01a22493-1ad2-7513-a20d-a2a30cb4fb0f', 77);
INSERT INTO public.stock VALUES ('01a22493-1ad3-7cce-a24f-be4b5db0e443', 98);
INSERT INTO public.stock VALUES ('01a22493-1ad5-7e68-9010-7a01d4534c56', 16);
INSERT INTO public.stock VALUES ('01a22493-1ad7-7340-b3b5-ab7a162aca4c', 70);
INSERT INTO public.stock VALUES ('01a22493-1ad8-71ea-bf24-22e1c78f06dc', 58);
INSERT INTO public.stock VALUES ('01a22493-1ada-7792-bb32-c25b87bbd5c4', 64);
INSERT INTO public.stock VALUES ('01a22493-1adb-7c10-a293-7cd668210997', 42);
INSERT INTO public.stock VALUES ('01a22493-1add-7e6e-9942-dd2687da1bb9', 37);
INSERT INTO public.stock VALUES ('01a22493-1adf-7492-8ff5-e7114bfe5a16', 49);
INSERT INTO public.stock VALUES ('01a22493-1ae0-7d57-8797-47017bac7f6a', 53);
INSERT INTO public.stock VALUES ('01a22493-1af4-732a-8df0-397e33ebfd15', 16);

INSERT INTO public.stock_movements VALUES ('01a22493-1a2d-7557-8ba1-958d1e3a3108', '2026-11-28 23:52:29.992702+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1a29-720d-a921-9dc8e673a691', 20, 'initial stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a57-75a5-8fbe-e298b0e410fa', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a55-7fd0-b016-414a2396faea', 24, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a5a-7b76-9c2f-9598a4def4d3', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a59-74b8-9380-f852ca7d70dd', 60, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a5c-7021-89dc-7d947f03d897', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a5b-7d0e-b91e-5d47a55177ba', 31, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a60-78be-aae6-5a39f03f7e15', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a5f-79f0-ae7e-02c6081fc954', 18, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a61-7287-bc29-72dedddb0e8f', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a60-79be-8e8a-ac2927e9de7d', 25, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a61-7b41-829a-329fe0fc827b', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a61-70b4-89b9-71f676e09187', 7, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a62-7b81-9841-067a6740040c', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a62-75eb-b98d-2e0bc306593f', 12, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a64-79f0-b713-6f5b803d6177', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a64-7e42-802a-d4c74e9a2e24', 9, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a66-7880-894a-526a2ddff614', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a65-7b28-a910-d06a7502b307', 20, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a67-754b-a907-3cb1aee06fa5', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a67-7202-8d44-1fccde7f690e', 75, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a69-721a-9783-2cd4072be90c', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a69-7b67-96fd-c8263dd91e97', 14, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a6c-726e-8a9f-d98f1c0db22f', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a6c-78ee-8804-fea3843a6730', 90, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a6d-7505-afcb-6bd93612a7f3', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a6c-7e57-af55-155beb18e4b2', 40, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a6e-7d1f-bc37-6dfa0bea3f7c', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a6e-7fae-a4b0-f3e2c137b636', 120, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a70-7a9a-9b6c-b23320f822dc', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a6f-7ac0-83bd-f808beb62852', 35, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a73-7bf2-9e2a-7f6e22057f1d', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a72-72e7-9e57-14450ab2cb82', 64, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a73-703e-b429-c0ce3d99b3a0', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a73-7e91-bf32-3a6c2d96bd8a', 22, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a74-7015-aa69-38afdef0c17b', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a74-7cea-baa7-476500c35840', 41, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a77-7c69-b378-52206e3780fd', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a77-71ff-adee-7afb0742e80c', 11, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a78-7bb2-a27b-aac733d073cd', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a78-74ee-9383-f613c0d6d286', 16, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a79-70f6-8723-a0825a317e75', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a78-7af0-aafa-afff2244993c', 52, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a7a-747b-a51d-d30dbd905d0c', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a7a-7235-a867-33dc6fc734e4', 17, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a7c-7d11-a535-79dfee52d2b6', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a7c-7858-8c5b-ade5153a1b59', 13, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a7e-7df3-b77d-fe23356dc909', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a7d-72e2-93e3-f399093ae8a3', 80, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a7f-7e12-a43e-f4f4fc3ee13e', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a7f-7766-8629-3d84c41f1b38', 66, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a81-70cc-89fb-20a1a6dc1247', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a80-78db-b3cb-2e8a2fc5b2d1', 48, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a82-735b-b384-eed5ff9ebf3f', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a82-733c-9954-194362b73d04', 100, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a85-751d-933d-e2a3c6151935', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a85-75bd-97c9-15c05042d342', 110, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a89-74e3-9e57-48a8bb6ad1df', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a88-7da3-91c1-e4603f9eeac8', 70, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a89-7220-9176-499a0261c5a5', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a89-7835-a30f-98ddb45f22c0', 55, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a8a-7f81-9089-0e03103bdd8a', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a8a-755f-a77d-06cb1133ec00', 33, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a8c-7662-9d98-f6c943e674c2', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a8c-78e4-9ca8-554e5a68dc74', 15, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a8e-7921-b687-0ea498808b40', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a8d-77a1-aa3a-404b6dcec547', 21, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a8f-7147-a6c2-93dbae19f450', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a8f-7c68-b445-26d594e1bf1d', 26, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a91-745b-8077-3504d3ca95ea', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a91-7109-8bfc-1fc35e1274d7', 95, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a92-7e5c-ae50-83202749f1e0', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a92-759e-a3a1-dec81e88e97a', 38, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a94-7abe-b717-de848e823b7d', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a94-72ba-a45c-49f3b3ec3f0f', 57, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a96-79f2-8552-a5d81e43fec8', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a95-73cb-92d0-65a4ba570f19', 140, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a97-7b29-b459-16c9e0430ab4', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a97-7903-a871-4cf310ef1643', 88, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a99-79a5-8237-d1b823541a73', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a99-7c68-b772-7066a234ea59', 19, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a9b-7935-871c-1d8b7aed26ad', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a9a-7b18-ae35-94b7e4952441', 30, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a9c-7e95-9a8c-51194b11c9ba', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a9c-7561-9cd4-16eb675af456', 27, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1a9e-79ee-8b72-89fc36471ecc', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1a9e-7532-a455-f36c1f1d03ba', 44, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1aa1-79ca-8d52-39f36e83ca60', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1aa1-7397-95e4-5c4a7ca84579', 8, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1aa2-792a-92b6-63a34e4adb60', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1aa1-7ed2-acb3-b1572e00388b', 19, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1aa2-7f57-9685-3b41c9b04505', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1aa2-763a-925d-914d5a2fa613', 3, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1aa3-7dbc-88ef-d77dae872200', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1aa3-7a1f-bb7b-9d5dd6340ed6', 36, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1aa5-7c5f-bc6e-f84fc7a68816', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1aa4-75ba-ba64-dbe983b274b3', 130, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1aa6-7216-b2cb-2d6586938488', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1aa6-733a-af2d-6f7b9e757697', 50, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1aa8-716d-81a1-f1db7ee8661d', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1aa8-79d6-8e9c-aca26b171961', 62, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1aab-7f9f-8308-f07e187eae06', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1aaa-7026-b230-4409fc876be6', 29, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1aae-70b7-a138-f34aa59e744c', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1aad-7058-a7db-313f45829c8a', 47, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ab1-778f-870a-087876f3c6f1', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ab1-76bb-86f1-b8917722b460', 10, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ab1-7300-ad86-c0adf4819ad8', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ab1-796e-b127-d04298d4fa2f', 6, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ab2-747e-9687-b80c3ea9d13e', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ab2-761b-a232-f4f52a11216e', 23, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ab4-7008-916b-f657520dd946', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ab4-7337-9822-43f1e92cab29', 11, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ab6-7a5a-a7b9-f737452ceeed', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ab5-7400-a788-0f37c4e14669', 18, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ab7-7cc9-9b46-b20d47addd40', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ab7-7129-9910-79e98cebd0a4', 54, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ab9-7e36-b60b-9e89671fefdb', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ab9-7d2f-ad79-30096eae4104', 39, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1abb-799c-96b4-be853e62133f', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1aba-7b81-86bd-f02a4f446d98', 28, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1abd-78f6-ab08-c0b715c6c952', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1abd-7ff8-a59e-f63c6a8e523f', 150, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ac0-76f8-9a10-7df49369d92b', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ac0-7714-87b0-9f4d01524f08', 25, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ac2-70d7-a4a9-7adf11bc62d8', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ac1-7e54-a8ba-9c43609c5efa', 32, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ac3-7ad2-a87d-e9e9345b365e', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ac3-7937-aecf-568e57c14cb8', 45, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ac5-7d37-8314-02c353607635', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ac5-71a1-9e65-0668b6ec6f71', 40, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ac6-7214-bbc9-dc4eb66f20ea', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ac6-7ba3-9df6-f4513653b22d', 20, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ac8-7920-a058-dbb3d44e75fa', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ac8-7016-abdb-c5e48ab76e2d', 34, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1acb-7b77-83c3-861340cbcbea', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1acb-7da1-8896-6a39245a2b4a', 14, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1acc-72c8-88cd-599602ddda8f', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1acb-7047-a597-e9773c3f3a33', 30, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1acc-7f02-ba70-bd2a51094dc5', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1acc-7446-9b0d-c691f78508b7', 22, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1acf-7153-8944-73c8eea9e323', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ace-7a73-ab9a-389d005fce44', 5, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1acf-71f7-aa4f-da3a89571ce7', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1acf-738c-a5aa-d952fafbcdf4', 12, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ad0-7d7c-bfa4-198d40e6722d', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ad0-749e-99ff-23ad5773d3ec', 9, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ad1-7ff9-8fc1-c3169aa5f169', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ad0-7d38-9554-83f58e4820aa', 26, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ad2-739f-83f3-35dededf33c4', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ad2-7513-a20d-a2a30cb4fb0f', 77, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ad4-7648-ba72-660327bee59c', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ad3-7cce-a24f-be4b5db0e443', 98, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ad5-71d6-91b1-81820e4880fe', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ad5-7e68-9010-7a01d4534c56', 16, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ad7-7c52-a8a6-57133c0fec23', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ad7-7340-b3b5-ab7a162aca4c', 70, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ad9-78cc-87eb-005f1c3074a7', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ad8-71ea-bf24-22e1c78f06dc', 58, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ada-75bf-8e76-b9a851eb40d3', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ada-7792-bb32-c25b87bbd5c4', 64, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1adc-7a48-b9a6-3f80f7326c9b', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1adb-7c10-a293-7cd668210997', 42, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1add-7035-a3d4-2fd721e56c2b', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1add-7e6e-9942-dd2687da1bb9', 37, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1adf-749a-b910-dbd213f7a08e', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1adf-7492-8ff5-e7114bfe5a16', 49, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1ae1-7a33-ac15-021c22c88fca', '2026-11-28 23:52:30.02324+00', NULL, '01a22493-1ae0-7d57-8797-47017bac7f6a', 53, 'opening stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1af5-7f28-9927-c5bb3591cb61', '2026-11-28 23:52:30.19573+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1af4-732a-8df0-397e33ebfd15', 20, 'initial stock', NULL);
INSERT INTO public.stock_movements VALUES ('01a22493-1b0e-7beb-9690-3f9d8b3140b6', '2026-11-28 23:52:30.214238+00', NULL, '01a22493-1af4-732a-8df0-397e33ebfd15', -1, 'order placed', '01a22493-1b05-7253-a435-d24337e56da8');
INSERT INTO public.stock_movements VALUES ('01a22493-1b2a-718a-aed9-1972cd5c2554', '2026-11-28 23:52:30.249139+00', NULL, '01a22493-1af4-732a-8df0-397e33ebfd15', -2, 'order placed', '01a22493-1b28-78c1-9e43-d9e5dbc1b283');
INSERT INTO public.stock_movements VALUES ('01a22493-1bc5-7eb0-a2b5-b8de102f923f', '2026-11-28 23:52:30.403176+00', NULL, '01a22493-1af4-732a-8df0-397e33ebfd15', -3, 'order placed', '01a22493-1bc2-7b20-bc31-cf27bb024b1d');
INSERT INTO public.stock_movements VALUES ('01a22493-1be7-74a4-8b27-01027087b1a9', '2026-11-28 23:52:30.437631+00', '01a22493-1961-76cd-b257-40f19cd44613', '01a22493-1af4-732a-8df0-397e33ebfd15', 3, 'order cancelled', '01a22493-1bc2-7b20-bc31-cf27bb024b1d');
INSERT INTO public.stock_movements VALUES ('01a22493-1bfa-713c-b942-76cb5d41a8ef', '2026-11-28 23:52:30.457113+00', NULL, '01a22493-1af4-732a-8df0-397e33ebfd15', -1, 'order placed', '01a22493-1bf8-72a7-9859-9a93e1244b7f');

INSERT INTO public.store_members VALUES ('01a22493-192b-7d0e-bbeb-fbee0677b021', '01a22493-1961-76cd-b257-40f19cd44613', '2026-11-28 23:52:29.813188+00', '01a22493-1708-73a6-a35c-ed7444f897e3');
INSERT INTO public.store_members VALUES ('01a22493-1986-7a2b-888e-c44846c25f2d', '01a22493-19aa-7034-9d9c-908c020305d4', '2026-11-28 23:52:29.885426+00', '01a22493-1708-73a6-a35c-ed7444f897e3');

INSERT INTO public.stores VALUES ('01a22493-192b-7d0e-bbeb-fbee0677b021', '2026-11-28 23:52:29.738872+00', '2026-11-28 23:52:29.738872+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1708-73a6-a35c-ed7444f897e3', false, '', '', NULL, NULL, false, 'Store-31be980b2281', 'store-31be980b2281', '', NULL, 'EUR', 'UTC', false, NULL, NULL, '{}', '', '', 'INV', 'CN', 1, 0, 20, NULL, 'none', NULL);
INSERT INTO public.stores VALUES ('01a22493-1986-7a2b-888e-c44846c25f2d', '2026-11-28 23:52:29.829625+00', '2026-11-28 23:52:29.829625+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1708-73a6-a35c-ed7444f897e3', false, '', '', NULL, NULL, false, 'Shop-10dac0331346', 'shop-10dac0331346', '', NULL, 'EUR', 'UTC', false, NULL, NULL, '{}', '', '', 'INV', 'CN', 1, 0, 20, NULL, 'none', NULL);
INSERT INTO public.stores VALUES ('01a22493-1a4a-70fc-afa2-ae2e96e7021b', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Harbour & Hearth', 'harbour-hearth', 'Things for the kitchen, the table and slow evenings.', NULL, 'GBP', 'Europe/London', true, 'hello@harbour-hearth.example', '+441134960100', '{"city": "Whitby", "line1": "12 Quay Row", "country": "GB", "postal_code": "YO21 1AA"}', '', '', 'INV', 'CN', 1, 0, 20, NULL, 'none', NULL);
INSERT INTO public.stores VALUES ('01a22493-1a50-7e27-938b-c5178f60f860', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Cedar Lane Outfitters', 'cedar-lane-outfitters', 'Gear for days outside and nights under canvas.', NULL, 'USD', 'America/Denver', false, 'crew@cedar-lane.example', '+13035550142', '{"city": "Boulder", "line1": "408 Cedar Lane", "region": "CO", "country": "US", "postal_code": "80302"}', '', '', 'INV', 'CN', 1, 0, 20, NULL, 'none', NULL);

INSERT INTO public.subcategories VALUES ('01a22493-1a4c-7616-9178-efdbea43f46c', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Knives', 'knives', '', '01a22493-1a4b-7f25-883b-6b8cf075497f', 1);
INSERT INTO public.subcategories VALUES ('01a22493-1a4d-77b7-a786-b2a74174c1fa', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Cookware', 'cookware', '', '01a22493-1a4b-7f25-883b-6b8cf075497f', 2);
INSERT INTO public.subcategories VALUES ('01a22493-1a4d-775a-868c-5769a6c27b4d', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Tea', 'tea', '', '01a22493-1a4d-7776-bc8c-7848e1d57464', 3);
INSERT INTO public.subcategories VALUES ('01a22493-1a4e-7411-8aac-0113cc74a226', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Coffee', 'coffee', '', '01a22493-1a4d-7776-bc8c-7848e1d57464', 4);
INSERT INTO public.subcategories VALUES ('01a22493-1a4e-7b1c-9011-c227f22275d4', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Brewing', 'brewing', '', '01a22493-1a4d-7776-bc8c-7848e1d57464', 5);
INSERT INTO public.subcategories VALUES ('01a22493-1a4f-7302-b3fd-bce6402037e4', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Kitchen Linen', 'kitchen-linen', '', '01a22493-1a4f-7af9-8695-9368702a3c76', 6);
INSERT INTO public.subcategories VALUES ('01a22493-1a4f-749a-8e01-4034a5c979c3', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Blankets', 'blankets', '', '01a22493-1a4f-7af9-8695-9368702a3c76', 7);
INSERT INTO public.subcategories VALUES ('01a22493-1a51-73cc-a829-54b2cc5a706d', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Packs', 'packs', '', '01a22493-1a50-7109-bdc3-a1bdeaa975a4', 8);
INSERT INTO public.subcategories VALUES ('01a22493-1a51-7fc3-b862-93b904d6b64b', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Tents', 'tents', '', '01a22493-1a51-7987-8102-e2a9b0e288ce', 9);
INSERT INTO public.subcategories VALUES ('01a22493-1a51-7424-8321-5e9ea778cbde', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Sleeping', 'sleeping', '', '01a22493-1a51-7987-8102-e2a9b0e288ce', 10);
INSERT INTO public.subcategories VALUES ('01a22493-1a52-75af-986f-5e8aa3a04fd6', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Camp Kitchen', 'camp-kitchen', '', '01a22493-1a51-7987-8102-e2a9b0e288ce', 11);
INSERT INTO public.subcategories VALUES ('01a22493-1a52-78f2-b4ae-57dcb87cac6e', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Base Layers', 'base-layers', '', '01a22493-1a52-72d1-b2be-a582b3be2377', 12);
INSERT INTO public.subcategories VALUES ('01a22493-1a53-7d98-86b9-e58a14152975', '2026-11-28 23:52:30.02324+00', '2026-11-28 23:52:30.02324+00', NULL, NULL, false, '', '', NULL, NULL, false, 'Jackets', 'jackets', '', '01a22493-1a52-72d1-b2be-a582b3be2377', 13);

INSERT INTO public.users VALUES ('01a22493-14af-79a5-be1e-8edcb6df796b', '2026-11-28 23:52:28.589346+00', '2026-11-28 23:52:28.589346+00', NULL, NULL, false, '', '', NULL, NULL, false, 'admin@example.com', NULL, '', true, false, false, true, '$s2$0b0801$qSq6lbcGbw6suRwUIW5ZoA==$iyO+tOfxv0K0maNPnC4qoOAkV6PLMjycXyuyDzMFARI=', NULL, NULL);
INSERT INTO public.users VALUES ('01a22493-1708-73a6-a35c-ed7444f897e3', '2026-11-28 23:52:29.190183+00', '2026-11-28 23:52:29.713516+00', NULL, '01a22493-1708-73a6-a35c-ed7444f897e3', false, '', '', NULL, NULL, false, 'check@example.com', NULL, '', true, false, false, true, '$s2$0b0801$ZtyUJb7Y3ZDrhe1ansgMrA==$x1b43B1E0dWNzUdF2LVY6ZKZZzIo0aOtOmIMFPFLJBU=', NULL, NULL);
INSERT INTO public.users VALUES ('01a22493-1961-76cd-b257-40f19cd44613', '2026-11-28 23:52:29.792674+00', '2026-11-28 23:52:29.792674+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1708-73a6-a35c-ed7444f897e3', false, '', '', NULL, NULL, false, 'staff-df806e2f45ef@example.test', NULL, 'staff', false, true, false, true, '$s2$0b0801$pyQXro9wTiddoNpYSRP5YQ==$RjJcm3MBU0YZHyhAHjY9rvZm5NsrdAxr4CNIi8fXA1k=', NULL, NULL);
INSERT INTO public.users VALUES ('01a22493-19aa-7034-9d9c-908c020305d4', '2026-11-28 23:52:29.865824+00', '2026-11-28 23:52:29.865824+00', '01a22493-1708-73a6-a35c-ed7444f897e3', '01a22493-1708-73a6-a35c-ed7444f897e3', false, '', '', NULL, NULL, false, 'stranger-8ee3afa4689d@example.test', NULL, 'stranger', false, true, false, true, '$s2$0b0801$H2BZvGYPBzvoFkb4hBpnTA==$Ll1ogcfHSP4E+Qq/IQTE/J5zeXoFEmwNMXRhvEuCwbw=', NULL, NULL);
INSERT INTO public.users VALUES ('01a22493-1cc0-72e4-a489-d2c03befe050', '2026-11-28 23:52:30.654835+00', '2026-11-28 23:52:30.654835+00', NULL, NULL, false, '', '', NULL, NULL, false, NULL, '+4915783104449', '', false, false, true, true, NULL, NULL, '2026-11-28 23:52:30.654835+00');

INSERT INTO public.webhook_events VALUES ('stripe', 'evt_3C2E31bW8yWuUh05JZVvsbL4', 'payment_intent.created', '2026-11-28 23:52:30.568208+00', 1, 'nothing_new', '01a22493-1c17-79b3-a39e-f3302f375050', '{"state": "pending", "amount": "10.00", "payment": "01a22493-1c17-79b3-a39e-f3302f375050", "currency": "EUR", "gateway_id": "pi_36WErOXn69IQipxkbKEuY4Fj", "about_refund": false}');
INSERT INTO public.webhook_events VALUES ('stripe', 'evt_3hviQspCCL0bSuKaeaXzmc7u', 'charge.succeeded', '2026-11-28 23:52:30.582596+00', 1, 'ignored', NULL, NULL);
INSERT INTO public.webhook_events VALUES ('stripe', 'evt_3UjqKi7itIcavJtDSg0wTPWJ', 'payment_intent.succeeded', '2026-11-28 23:52:30.585431+00', 1, 'applied', '01a22493-1c17-79b3-a39e-f3302f375050', '{"state": "captured", "amount": "10.00", "payment": "01a22493-1c17-79b3-a39e-f3302f375050", "currency": "EUR", "received": "10.00", "gateway_id": "pi_36WErOXn69IQipxkbKEuY4Fj", "transaction": "pi_36WErOXn69IQipxkbKEuY4Fj", "about_refund": false}');

SELECT pg_catalog.setval('public.order_numbers', 100004, true);

ALTER TABLE ONLY public.addresses
    ADD CONSTRAINT addresses_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_logs
    ADD CONSTRAINT audit_logs_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.base_model
    ADD CONSTRAINT base_model_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cart_items
    ADD CONSTRAINT cart_items_pkey PRIMARY KEY (order_id, "position");

ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.challenges
    ADD CONSTRAINT challenges_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.coupon_redemptions
    ADD CONSTRAINT coupon_redemptions_pkey PRIMARY KEY (order_id);

ALTER TABLE ONLY public.coupon_uses
    ADD CONSTRAINT coupon_uses_pkey PRIMARY KEY (coupon);

ALTER TABLE ONLY public.coupons
    ADD CONSTRAINT coupons_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.cron_runs
    ADD CONSTRAINT cron_runs_pkey PRIMARY KEY (only_one);

ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (scope, key);

ALTER TABLE ONLY public.invoice_counters
    ADD CONSTRAINT invoice_counters_pkey PRIMARY KEY (store, kind, financial_year);

ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.known_places
    ADD CONSTRAINT known_places_pkey PRIMARY KEY (user_id, mark);

ALTER TABLE ONLY public.order_events
    ADD CONSTRAINT order_events_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.order_items
    ADD CONSTRAINT order_items_line UNIQUE (order_id, "position");

ALTER TABLE ONLY public.order_items
    ADD CONSTRAINT order_items_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.order_statuses
    ADD CONSTRAINT order_statuses_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.order_transitions
    ADD CONSTRAINT order_transitions_pkey PRIMARY KEY (from_status, to_status);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outbox_sender
    ADD CONSTRAINT outbox_sender_pkey PRIMARY KEY (only_one);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.product_images
    ADD CONSTRAINT product_images_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rate_limits
    ADD CONSTRAINT rate_limits_pkey PRIMARY KEY (bucket);

ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT refunds_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.schema_code
    ADD CONSTRAINT schema_code_pkey PRIMARY KEY (checksum);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (number);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_token_hash_key UNIQUE (token_hash);

ALTER TABLE ONLY public.shipping_methods
    ADD CONSTRAINT shipping_methods_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.stock_movements
    ADD CONSTRAINT stock_movements_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.stock
    ADD CONSTRAINT stock_pkey PRIMARY KEY (product);

ALTER TABLE ONLY public.store_members
    ADD CONSTRAINT store_members_pkey PRIMARY KEY (store, user_id);

ALTER TABLE ONLY public.stores
    ADD CONSTRAINT stores_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.subcategories
    ADD CONSTRAINT subcategories_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhook_events
    ADD CONSTRAINT webhook_events_pkey PRIMARY KEY (gateway, event_id);

CREATE INDEX addresses_created_at ON public.addresses USING btree (created_at, id);

CREATE INDEX addresses_label ON public.addresses USING btree (label, id);

CREATE INDEX addresses_modified_at ON public.addresses USING btree (modified_at, id);

CREATE INDEX addresses_user ON public.addresses USING btree (user_id, created_at);

CREATE INDEX audit_logs_action_at ON public.audit_logs USING btree (action, created_at);

CREATE INDEX audit_logs_created_at ON public.audit_logs USING btree (created_at);

CREATE INDEX audit_logs_gone_email ON public.audit_logs USING btree (lower((old_data ->> 'contact_email'::text))) WHERE ((action)::text = 'delete'::text);

CREATE INDEX audit_logs_gone_mobile ON public.audit_logs USING btree (((old_data ->> 'contact_mobile'::text))) WHERE ((action)::text = 'delete'::text);

CREATE INDEX audit_logs_gone_of ON public.audit_logs USING btree (((old_data ->> 'user_id'::text))) WHERE ((action)::text = 'delete'::text);

CREATE INDEX audit_logs_record ON public.audit_logs USING btree (record_id, created_at);

CREATE INDEX audit_logs_table ON public.audit_logs USING btree (table_name, created_at);

CREATE INDEX audit_logs_user ON public.audit_logs USING btree (user_id, created_at);

CREATE INDEX categories_created_at ON public.categories USING btree (created_at, id);

CREATE INDEX categories_modified_at ON public.categories USING btree (modified_at, id);

CREATE INDEX categories_name ON public.categories USING btree (name, id);

CREATE INDEX categories_position ON public.categories USING btree ("position", name, id);

CREATE UNIQUE INDEX categories_slug_key ON public.categories USING btree (slug) WHERE (NOT is_deleted);

CREATE INDEX categories_store ON public.categories USING btree (store);

CREATE INDEX challenges_expires_at ON public.challenges USING btree (expires_at);

CREATE INDEX challenges_recipient ON public.challenges USING btree (lower(recipient), created_at);

CREATE INDEX coupon_redemptions_email ON public.coupon_redemptions USING btree (coupon, lower(email)) WHERE (email IS NOT NULL);

CREATE INDEX coupon_redemptions_mobile ON public.coupon_redemptions USING btree (coupon, mobile) WHERE (mobile IS NOT NULL);

CREATE INDEX coupon_redemptions_user ON public.coupon_redemptions USING btree (coupon, user_id) WHERE (user_id IS NOT NULL);

CREATE UNIQUE INDEX coupons_code_key ON public.coupons USING btree (upper(code)) WHERE (NOT is_deleted);

CREATE INDEX coupons_code_order ON public.coupons USING btree (code, id);

CREATE INDEX coupons_created_at ON public.coupons USING btree (created_at, id);

CREATE INDEX coupons_modified_at ON public.coupons USING btree (modified_at, id);

CREATE INDEX coupons_store ON public.coupons USING btree (store, created_at);

CREATE INDEX disputes_created_at ON public.disputes USING btree (created_at, id);

CREATE UNIQUE INDEX disputes_gateway_dispute_key ON public.disputes USING btree (payment, gateway_dispute);

CREATE INDEX disputes_modified_at ON public.disputes USING btree (modified_at, id);

CREATE INDEX disputes_order ON public.disputes USING btree (order_id);

CREATE INDEX disputes_refund ON public.disputes USING btree (refund) WHERE (refund IS NOT NULL);

CREATE INDEX idempotency_keys_created_at ON public.idempotency_keys USING btree (created_at);

CREATE INDEX invoices_created_at ON public.invoices USING btree (created_at, id);

CREATE INDEX invoices_credits ON public.invoices USING btree (credits) WHERE (credits IS NOT NULL);

CREATE INDEX invoices_issued_at ON public.invoices USING btree (issued_at, id);

CREATE INDEX invoices_kind ON public.invoices USING btree (kind, created_at);

CREATE INDEX invoices_modified_at ON public.invoices USING btree (modified_at, id);

CREATE UNIQUE INDEX invoices_number_key ON public.invoices USING btree (store, number);

CREATE INDEX invoices_number_order ON public.invoices USING btree (number, id);

CREATE INDEX invoices_order ON public.invoices USING btree (order_id, created_at);

CREATE UNIQUE INDEX invoices_order_id_key ON public.invoices USING btree (order_id) WHERE ((kind)::text = 'invoice'::text);

CREATE UNIQUE INDEX invoices_refund_key ON public.invoices USING btree (refund) WHERE (refund IS NOT NULL);

CREATE INDEX invoices_store ON public.invoices USING btree (store, issued_at);

CREATE INDEX known_places_used_at ON public.known_places USING btree (used_at);

CREATE INDEX order_events_order ON public.order_events USING btree (order_id, created_at);

CREATE INDEX orders_carts ON public.orders USING btree (modified_at) WHERE (status = 'cart'::text);

CREATE INDEX orders_created_at ON public.orders USING btree (created_at, id);

CREATE INDEX orders_modified_at ON public.orders USING btree (modified_at, id);

CREATE UNIQUE INDEX orders_number_key ON public.orders USING btree (number);

CREATE INDEX orders_of_guests ON public.orders USING btree (contact_mobile) WHERE (user_id IS NULL);

CREATE INDEX orders_of_guests_mail ON public.orders USING btree (lower(contact_email)) WHERE (user_id IS NULL);

CREATE INDEX orders_placed_at ON public.orders USING btree (placed_at);

CREATE INDEX orders_status ON public.orders USING btree (status, created_at);

CREATE INDEX orders_store ON public.orders USING btree (store, created_at);

CREATE INDEX orders_total ON public.orders USING btree (total, id);

CREATE INDEX orders_unpaid ON public.orders USING btree (placed_at) WHERE (status = ANY (ARRAY['placed'::text, 'pending'::text]));

CREATE INDEX orders_user ON public.orders USING btree (user_id, created_at);

CREATE INDEX outbox_dead ON public.outbox USING btree (created_at) WHERE ((status)::text = 'dead'::text);

CREATE INDEX outbox_due ON public.outbox USING btree (next_try_at) WHERE ((status)::text = ANY (ARRAY['queued'::text, 'sending'::text]));

CREATE INDEX outbox_order ON public.outbox USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX outbox_recipient ON public.outbox USING btree (lower(recipient), created_at);

CREATE INDEX outbox_sent ON public.outbox USING btree (sent_at) WHERE ((status)::text = 'sent'::text);

CREATE INDEX outbox_skipped ON public.outbox USING btree (created_at) WHERE ((status)::text = 'skipped'::text);

CREATE INDEX payments_amount ON public.payments USING btree (amount, id);

CREATE INDEX payments_attention ON public.payments USING btree (attention, created_at) WHERE (attention IS NOT NULL);

CREATE INDEX payments_created_at ON public.payments USING btree (created_at, id);

CREATE UNIQUE INDEX payments_gateway_id_key ON public.payments USING btree (payment_method, gateway_id) WHERE (gateway_id IS NOT NULL);

CREATE UNIQUE INDEX payments_key_key ON public.payments USING btree (key_scope, key) WHERE (key IS NOT NULL);

CREATE INDEX payments_modified_at ON public.payments USING btree (modified_at, id);

CREATE INDEX payments_order ON public.payments USING btree (order_id, created_at);

CREATE INDEX payments_paid_at ON public.payments USING btree (paid_at);

CREATE INDEX payments_status ON public.payments USING btree (status, created_at);

CREATE UNIQUE INDEX payments_transaction_id_key ON public.payments USING btree (transaction_id, payment_method) WHERE ((transaction_id IS NOT NULL) AND online);

CREATE INDEX payments_unfinished ON public.payments USING btree (requested_at) WHERE (online AND ((status = ANY (ARRAY['created'::text, 'authorized'::text])) OR cancel_requested OR refunds_requested));

CREATE INDEX product_images_created_at ON public.product_images USING btree (created_at, id);

CREATE INDEX product_images_modified_at ON public.product_images USING btree (modified_at, id);

CREATE INDEX product_images_position ON public.product_images USING btree ("position", id);

CREATE INDEX product_images_product ON public.product_images USING btree (product, "position", id);

CREATE INDEX products_category ON public.products USING btree (category, created_at);

CREATE INDEX products_created_at ON public.products USING btree (created_at, id);

CREATE INDEX products_modified_at ON public.products USING btree (modified_at, id);

CREATE INDEX products_name ON public.products USING btree (name, id);

CREATE INDEX products_parent ON public.products USING btree (parent) WHERE (parent IS NOT NULL);

CREATE INDEX products_price ON public.products USING btree (price, id);

CREATE INDEX products_search ON public.products USING gin (search);

CREATE UNIQUE INDEX products_sku_key ON public.products USING btree (sku) WHERE (NOT is_deleted);

CREATE UNIQUE INDEX products_slug_key ON public.products USING btree (slug, store) WHERE (NOT is_deleted);

CREATE INDEX products_store ON public.products USING btree (store, created_at);

CREATE INDEX products_subcategory ON public.products USING btree (subcategory);

CREATE INDEX rate_limits_resets_at ON public.rate_limits USING btree (resets_at);

CREATE INDEX refunds_created_at ON public.refunds USING btree (created_at, id);

CREATE UNIQUE INDEX refunds_gateway_refund_key ON public.refunds USING btree (payment, gateway_refund) WHERE (gateway_refund IS NOT NULL);

CREATE UNIQUE INDEX refunds_key_key ON public.refunds USING btree (key_scope, key) WHERE (key IS NOT NULL);

CREATE INDEX refunds_modified_at ON public.refunds USING btree (modified_at, id);

CREATE INDEX refunds_order ON public.refunds USING btree (order_id);

CREATE INDEX refunds_payment ON public.refunds USING btree (payment, created_at);

CREATE INDEX refunds_unfinished ON public.refunds USING btree (requested_at) WHERE (status = 'pending'::text);

CREATE INDEX sessions_expires_at ON public.sessions USING btree (expires_at);

CREATE INDEX sessions_user ON public.sessions USING btree (user_id);

CREATE INDEX shipping_methods_created_at ON public.shipping_methods USING btree (created_at, id);

CREATE INDEX shipping_methods_modified_at ON public.shipping_methods USING btree (modified_at, id);

CREATE INDEX shipping_methods_name ON public.shipping_methods USING btree (name, id);

CREATE INDEX shipping_methods_price ON public.shipping_methods USING btree (price, id);

CREATE INDEX shipping_methods_store ON public.shipping_methods USING btree (store, created_at);

CREATE INDEX stock_movements_order ON public.stock_movements USING btree (order_id) WHERE (order_id IS NOT NULL);

CREATE INDEX stock_movements_product ON public.stock_movements USING btree (product, created_at);

CREATE INDEX store_members_user ON public.store_members USING btree (user_id);

CREATE INDEX stores_created_at ON public.stores USING btree (created_at, id);

CREATE INDEX stores_modified_at ON public.stores USING btree (modified_at, id);

CREATE INDEX stores_name ON public.stores USING btree (name, id);

CREATE INDEX stores_owner ON public.stores USING btree (owner);

CREATE UNIQUE INDEX stores_slug_key ON public.stores USING btree (slug) WHERE (NOT is_deleted);

CREATE INDEX subcategories_category ON public.subcategories USING btree (category);

CREATE INDEX subcategories_created_at ON public.subcategories USING btree (created_at, id);

CREATE INDEX subcategories_modified_at ON public.subcategories USING btree (modified_at, id);

CREATE INDEX subcategories_name ON public.subcategories USING btree (name, id);

CREATE INDEX subcategories_position ON public.subcategories USING btree ("position", name, id);

CREATE UNIQUE INDEX subcategories_slug_key ON public.subcategories USING btree (slug) WHERE (NOT is_deleted);

CREATE INDEX users_created_at ON public.users USING btree (created_at, id);

CREATE INDEX users_email ON public.users USING btree (lower(email)) WHERE (NOT is_deleted);

CREATE UNIQUE INDEX users_email_key ON public.users USING btree (lower(email), ((is_admin OR is_staff))) WHERE ((NOT is_deleted) AND ((email_verified_at IS NOT NULL) OR is_admin OR is_staff));

CREATE UNIQUE INDEX users_mobile_number_key ON public.users USING btree (mobile_number) WHERE (NOT is_deleted);

CREATE INDEX users_modified_at ON public.users USING btree (modified_at, id);

CREATE INDEX users_name ON public.users USING btree (name, id);

CREATE INDEX webhook_events_received_at ON public.webhook_events USING btree (received_at);

CREATE INDEX webhook_events_unmatched ON public.webhook_events USING btree (gateway, received_at) WHERE ((outcome)::text = 'unmatched'::text);

CREATE TRIGGER apply AFTER INSERT ON public.stock_movements FOR EACH ROW EXECUTE FUNCTION public.stock_apply();

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.addresses FOR EACH ROW EXECUTE FUNCTION public.audit_write();

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.categories FOR EACH ROW EXECUTE FUNCTION public.audit_write();

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.coupons FOR EACH ROW EXECUTE FUNCTION public.audit_write();

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.disputes FOR EACH ROW EXECUTE FUNCTION public.audit_write();

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.invoices FOR EACH ROW EXECUTE FUNCTION public.audit_write('document');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.audit_write('token_hash');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.payments FOR EACH ROW EXECUTE FUNCTION public.audit_write('key', 'request_hash');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.product_images FOR EACH ROW EXECUTE FUNCTION public.audit_write();

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.products FOR EACH ROW EXECUTE FUNCTION public.audit_write('search');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.refunds FOR EACH ROW EXECUTE FUNCTION public.audit_write('key', 'request_hash');

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.shipping_methods FOR EACH ROW EXECUTE FUNCTION public.audit_write();

CREATE TRIGGER audit AFTER INSERT OR DELETE ON public.store_members FOR EACH ROW EXECUTE FUNCTION public.store_members_audit();

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.stores FOR EACH ROW EXECUTE FUNCTION public.audit_write();

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.subcategories FOR EACH ROW EXECUTE FUNCTION public.audit_write();

CREATE TRIGGER audit AFTER INSERT OR DELETE OR UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.audit_write('password_hash');

CREATE TRIGGER check_links BEFORE INSERT OR UPDATE ON public.products FOR EACH ROW EXECUTE FUNCTION public.product_check();

CREATE TRIGGER check_prefixes BEFORE INSERT OR UPDATE OF invoice_prefix, credit_note_prefix ON public.stores FOR EACH ROW EXECUTE FUNCTION public.store_check_prefixes();

CREATE TRIGGER check_reachable BEFORE INSERT OR UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.user_check();

CREATE TRIGGER check_rounding BEFORE INSERT OR UPDATE OF rounding_step, currency ON public.stores FOR EACH ROW WHEN ((new.rounding_step IS NOT NULL)) EXECUTE FUNCTION public.store_check_rounding();

CREATE TRIGGER check_rules BEFORE INSERT OR UPDATE ON public.addresses FOR EACH ROW EXECUTE FUNCTION public.address_check();

CREATE TRIGGER check_rules BEFORE INSERT OR UPDATE ON public.coupons FOR EACH ROW EXECUTE FUNCTION public.coupon_check();

CREATE TRIGGER check_rules BEFORE INSERT OR UPDATE ON public.shipping_methods FOR EACH ROW EXECUTE FUNCTION public.shipping_method_check();

CREATE TRIGGER end_sessions AFTER UPDATE OF is_active, is_deleted, is_suspended, active_from, active_to, is_admin, is_staff, is_customer, mobile_number, email ON public.users FOR EACH ROW EXECUTE FUNCTION public.user_end_sessions();

CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.user_guard();

CREATE TRIGGER keep_an_admin AFTER UPDATE ON public.users FOR EACH ROW WHEN (old.is_admin) EXECUTE FUNCTION public.user_keep_an_admin();

CREATE TRIGGER needs_buyer BEFORE INSERT ON public.orders FOR EACH ROW WHEN ((new.user_id IS NOT NULL)) EXECUTE FUNCTION public.order_needs_buyer();

CREATE TRIGGER stock_open AFTER INSERT ON public.products FOR EACH ROW EXECUTE FUNCTION public.product_stock_open();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.addresses FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.categories FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.coupons FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.disputes FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.invoices FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.orders FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.payments FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.product_images FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.products FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.refunds FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.shipping_methods FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.stores FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.subcategories FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER suspension BEFORE UPDATE OF is_suspended ON public.users FOR EACH ROW WHEN ((old.is_suspended AND (NOT new.is_suspended))) EXECUTE FUNCTION public.suspension_keep();

CREATE TRIGGER touch BEFORE UPDATE ON public.addresses FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.categories FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.coupons FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.disputes FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.invoices FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.orders FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.payments FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.product_images FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.products FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.refunds FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.shipping_methods FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.stores FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.subcategories FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER touch BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.base_model_touch();

CREATE TRIGGER uses_open AFTER INSERT ON public.coupons FOR EACH ROW EXECUTE FUNCTION public.coupon_open();

ALTER TABLE ONLY public.addresses
    ADD CONSTRAINT addresses_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.cart_items
    ADD CONSTRAINT cart_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.cart_items
    ADD CONSTRAINT cart_items_product_fkey FOREIGN KEY (product) REFERENCES public.products(id);

ALTER TABLE ONLY public.categories
    ADD CONSTRAINT categories_store_fkey FOREIGN KEY (store) REFERENCES public.stores(id);

ALTER TABLE ONLY public.coupon_redemptions
    ADD CONSTRAINT coupon_redemptions_coupon_fkey FOREIGN KEY (coupon) REFERENCES public.coupons(id);

ALTER TABLE ONLY public.coupon_redemptions
    ADD CONSTRAINT coupon_redemptions_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.coupon_uses
    ADD CONSTRAINT coupon_uses_coupon_fkey FOREIGN KEY (coupon) REFERENCES public.coupons(id);

ALTER TABLE ONLY public.coupons
    ADD CONSTRAINT coupons_store_fkey FOREIGN KEY (store) REFERENCES public.stores(id);

ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_payment_fkey FOREIGN KEY (payment) REFERENCES public.payments(id);

ALTER TABLE ONLY public.disputes
    ADD CONSTRAINT disputes_refund_fkey FOREIGN KEY (refund) REFERENCES public.refunds(id);

ALTER TABLE ONLY public.invoice_counters
    ADD CONSTRAINT invoice_counters_store_fkey FOREIGN KEY (store) REFERENCES public.stores(id);

ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_credits_fkey FOREIGN KEY (credits) REFERENCES public.invoices(id);

ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_refund_fkey FOREIGN KEY (refund) REFERENCES public.refunds(id);

ALTER TABLE ONLY public.invoices
    ADD CONSTRAINT invoices_store_fkey FOREIGN KEY (store) REFERENCES public.stores(id);

ALTER TABLE ONLY public.known_places
    ADD CONSTRAINT known_places_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.order_events
    ADD CONSTRAINT order_events_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.order_items
    ADD CONSTRAINT order_items_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.order_items
    ADD CONSTRAINT order_items_product_fkey FOREIGN KEY (product) REFERENCES public.products(id);

ALTER TABLE ONLY public.order_transitions
    ADD CONSTRAINT order_transitions_from_fkey FOREIGN KEY (from_status) REFERENCES public.order_statuses(name);

ALTER TABLE ONLY public.order_transitions
    ADD CONSTRAINT order_transitions_to_fkey FOREIGN KEY (to_status) REFERENCES public.order_statuses(name);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_coupon_id_fkey FOREIGN KEY (coupon_id) REFERENCES public.coupons(id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_shipping_method_fkey FOREIGN KEY (shipping_method) REFERENCES public.shipping_methods(id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_status_fkey FOREIGN KEY (status) REFERENCES public.order_statuses(name);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_store_fkey FOREIGN KEY (store) REFERENCES public.stores(id);

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.product_images
    ADD CONSTRAINT product_images_product_fkey FOREIGN KEY (product) REFERENCES public.products(id);

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_category_fkey FOREIGN KEY (category) REFERENCES public.categories(id);

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_parent_fkey FOREIGN KEY (parent) REFERENCES public.products(id);

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_store_fkey FOREIGN KEY (store) REFERENCES public.stores(id);

ALTER TABLE ONLY public.products
    ADD CONSTRAINT products_subcategory_fkey FOREIGN KEY (subcategory) REFERENCES public.subcategories(id);

ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT refunds_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT refunds_payment_fkey FOREIGN KEY (payment) REFERENCES public.payments(id);

ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT sessions_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.shipping_methods
    ADD CONSTRAINT shipping_methods_store_fkey FOREIGN KEY (store) REFERENCES public.stores(id);

ALTER TABLE ONLY public.stock_movements
    ADD CONSTRAINT stock_movements_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id);

ALTER TABLE ONLY public.stock_movements
    ADD CONSTRAINT stock_movements_product_fkey FOREIGN KEY (product) REFERENCES public.products(id);

ALTER TABLE ONLY public.stock
    ADD CONSTRAINT stock_product_fkey FOREIGN KEY (product) REFERENCES public.products(id);

ALTER TABLE ONLY public.store_members
    ADD CONSTRAINT store_members_store_fkey FOREIGN KEY (store) REFERENCES public.stores(id);

ALTER TABLE ONLY public.store_members
    ADD CONSTRAINT store_members_user_fkey FOREIGN KEY (user_id) REFERENCES public.users(id);

ALTER TABLE ONLY public.stores
    ADD CONSTRAINT stores_owner_fkey FOREIGN KEY (owner) REFERENCES public.users(id);

ALTER TABLE ONLY public.subcategories
    ADD CONSTRAINT subcategories_category_fkey FOREIGN KEY (category) REFERENCES public.categories(id);

