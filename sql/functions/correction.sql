-- Changes of an order by the staff of its store.

create or replace function order_contact_json(o orders) returns jsonb
language sql immutable as $$
	select jsonb_build_object('name', o.contact_name, 'email', o.contact_email, 'mobile_number', o.contact_mobile)
$$;

-- What a correction changes: {"<member>": {"old": …, "new": …}}.
create or replace function order_difference(was orders, o orders) returns jsonb
language plpgsql stable as $$
begin
	return (select coalesce(jsonb_object_agg(m.name, jsonb_build_object('old', m.old, 'new', m.new)), '{}')
		from (values
			('contact', order_contact_json(was), order_contact_json(o)),
			('shipping_address', was.shipping_address, o.shipping_address),
			('billing_address', was.billing_address, o.billing_address),
			('shipping_method', to_jsonb(was.shipping_method), to_jsonb(o.shipping_method)),
			('total', to_jsonb(was.total::text), to_jsonb(o.total::text)),
			('comments', to_jsonb(was.comments), to_jsonb(o.comments))) m (name, old, new)
		where m.old is distinct from m.new);
end
$$;

-- Refuse a correction: too late, or without what an order needs.
create or replace function order_correct_refuse(was orders, o orders, difference jsonb) returns void
language plpgsql stable as $$
declare
	errors refusal[];
	shop stores;
	m shipping_methods;
begin
	if difference - 'comments' <> '{}' and o.status not in ('placed', 'pending', 'paid', 'partly_shipped') then
		perform deny('CS409', 'too_late_to_correct', jsonb_build_object('status', o.status));
	end if;
	if difference ? 'contact' then
		errors := order_contact_refused(o);
	end if;
	if difference ? 'shipping_address' then
		select * into shop from stores s where s.id = o.store;
		errors := errors || address_refused('/shipping_address', o.shipping_address) || tax_refused(shop, o);
	end if;
	if difference ? 'billing_address' then
		errors := errors || address_refused('/billing_address', o.billing_address);
	end if;
	if difference ? 'shipping_address' and o.shipping_method is not null then
		m := shipping_method_find(o.shipping_method, shop);
		errors := errors || coalesce(ship_to_refused(m, o), case
			when m.id is not null then shipping_destination_refused(m, o.shipping_address) end);
	end if;
	perform refuse_all(errors);
end
$$;

-- The members that staff write in any status.
create or replace function order_annotate(o orders, r order_request, request jsonb) returns orders
language plpgsql immutable as $$
begin
	if request ? 'comments' then
		o.comments := coalesce(r.comments, '');
	end if;
	if request ? 'active_from' then
		o.active_from := r.active_from;
	end if;
	if request ? 'active_to' then
		o.active_to := r.active_to;
	end if;
	if request ? 'tags' then
		o.tags := coalesce(r.tags, '[]');
	end if;
	o.is_suspended := coalesce(r.is_suspended, o.is_suspended);
	return o;
end
$$;

create or replace function order_price_differs(was orders, o orders, difference jsonb) returns boolean
language sql immutable as $$
	select difference ?| array['items', 'shipping_method', 'total']
		or (o.tax_scheme, o.tax_total, o.shipping_tax)
			is distinct from (was.tax_scheme, was.tax_total, was.shipping_tax)
$$;

create or replace function order_buyer_differs(was orders, o orders) returns boolean
language sql immutable as $$
	select (o.contact_name, coalesce(o.billing_address, o.shipping_address))
		is distinct from (was.contact_name, coalesce(was.billing_address, was.shipping_address))
$$;

-- Write what is corrected of an order, with its event and its new invoice. lines: null if they are the same.
create or replace function order_correct_write(was orders, o orders, lines quote_line[], counted uuid[],
	difference jsonb) returns void
language plpgsql as $$
begin
	if o is not distinct from was and not difference ? 'items' then
		return;
	elsif order_price_differs(was, o, difference) then
		perform order_reprice_write(o, lines, counted);
	end if;
	update orders set contact_name = o.contact_name, contact_email = o.contact_email,
		contact_mobile = o.contact_mobile, email_proven = o.email_proven, mobile_proven = o.mobile_proven,
		shipping_address = o.shipping_address, billing_address = o.billing_address, comments = o.comments,
		active_from = o.active_from, active_to = o.active_to, is_suspended = o.is_suspended, tags = o.tags,
		subtotal = o.subtotal, discount_total = o.discount_total, shipping_total = o.shipping_total,
		shipping_tax = o.shipping_tax, shipping_tax_rate = o.shipping_tax_rate, shipping_method = o.shipping_method,
		shipping_method_name = o.shipping_method_name, tax_scheme = o.tax_scheme, tax_rounding = o.tax_rounding,
		delivery_estimate = o.delivery_estimate, tax_total = o.tax_total, rounding = o.rounding, total = o.total
	where id = o.id;
	if o.status <> 'cart' and difference <> '{}' then
		insert into order_events (order_id, user_id, from_status, to_status, kind, data)
		values (o.id, acting_user(), o.status, o.status, 'correction', difference);
	end if;
	if order_price_differs(was, o, difference) or order_buyer_differs(was, o) then
		perform invoice_replace(o, 'The invoice was corrected.');
	end if;
	if difference ? 'total' then
		perform order_reconcile(o.id);
	end if;
end
$$;

-- Correct and annotate an order that is no cart, or annotate a cart: as its staff, all that a request has.
create or replace function order_correct_now(was orders, r order_request, request jsonb) returns void
language plpgsql as $$
declare
	is_cart constant boolean := was.status = 'cart';
	repriced record;
	o orders := was;
	lines quote_line[];
	counted uuid[];
	difference jsonb;
begin
	if not is_cart then
		o := order_merge(o, r, request);
	end if;
	o := order_annotate(o, r, request);
	if not is_cart and (request ?| array['lines', 'shipping_method']
		or (order_is_taxed_anew(was, o) and order_reprice_denied(was) is null)) then
		repriced := order_reprice(was, o, r, request);
		o := repriced.o;
		lines := repriced.lines;
		counted := repriced.counted;
	end if;
	difference := order_difference(was, o)
		|| case when lines is not null then order_items_difference(o.id, lines) else '{}' end;
	perform order_correct_refuse(was, o, difference);
	perform order_correct_write(was, o, lines, counted, difference);
end
$$;

-- Change an order as its staff: an order_request, whose absent members stay unchanged. In any status they write its
-- tags, and the base model's comments, active_from, active_to and is_suspended; until it is shipped they correct its
-- contact and addresses, and until something is paid its items and shipping method; of a cart they change all. The
-- status may be sent back unchanged, in upper or lower case: order_move() changes it. For the buyer this changes a
-- cart, even if they are staff elsewhere.
create or replace function order_correct(request jsonb, out status integer, out body text, out replayed boolean,
	out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	r constant order_request := request_read(null::order_request, request);
	of_cart constant text[] := array['lines', 'shipping_method', 'contact_name', 'contact_email', 'contact_mobile',
		'shipping_address', 'billing_address'];
	o orders;
	viewer text;
begin
	perform act_as(r.user_id, r.request_id);
	select * into o from orders where id = r.order_id for update;
	viewer := order_viewer_required(o, r.user_id, r.role, r.token_hash);
	status := 200;
	replayed := false;
	wake := false;
	if viewer = 'customer' and request ?| array['active_from', 'active_to', 'is_suspended', 'status', 'tags'] then
		perform deny('CS403', 'store_only');
	elsif request ? 'status' and lower(coalesce(r.status, '')) <> o.status then
		perform refuse('/status', 'status_read_only');
	elsif viewer = 'customer' or request ? 'coupon' or r.buyer is not null
		or (o.status = 'cart' and request ?| of_cart) then
		body := cart_save_now(r, request);
		select * into o from orders where id = r.order_id;
	end if;
	if viewer = 'customer' then
		return;
	end if;
	perform order_correct_now(o, r, request);
	wake := order_wakes_sender(o.id);
	body := order_json(o.id, viewer, r.user_id);
end
$$;
