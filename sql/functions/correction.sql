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
		errors := errors || address_refused('/shipping_address', o.shipping_address);
	end if;
	if difference ? 'billing_address' then
		errors := errors || address_refused('/billing_address', o.billing_address);
	end if;
	if difference ? 'shipping_address' and o.shipping_method is not null then
		select * into shop from stores s where s.id = o.store;
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

-- Write what is corrected of an order, with its event, and a new invoice if it prints another buyer now.
create or replace function order_correct_write(was orders, o orders, difference jsonb) returns void
language plpgsql as $$
begin
	if o is not distinct from was then
		return;
	end if;
	update orders set contact_name = o.contact_name, contact_email = o.contact_email,
		contact_mobile = o.contact_mobile, email_proven = o.email_proven, mobile_proven = o.mobile_proven,
		shipping_address = o.shipping_address, billing_address = o.billing_address, comments = o.comments,
		active_from = o.active_from, active_to = o.active_to, is_suspended = o.is_suspended, tags = o.tags
	where id = o.id;
	if o.status <> 'cart' and difference <> '{}' then
		insert into order_events (order_id, user_id, from_status, to_status, kind, data)
		values (o.id, acting_user(), o.status, o.status, 'correction', difference);
	end if;
	if o.contact_name <> was.contact_name or coalesce(o.billing_address, o.shipping_address) is distinct from
		coalesce(was.billing_address, was.shipping_address) then
		perform invoice_replace(o, 'The invoice was corrected.');
	end if;
end
$$;

-- Change an order as its staff: an order_request, whose absent members stay unchanged. In any status they write its
-- tags, and the base model's comments, active_from, active_to and is_suspended; until it is shipped they correct its
-- contact and addresses; of a cart they change all. The status may be sent back unchanged, in upper or lower case:
-- order_move() changes it. For the buyer this changes a cart, even if they are staff elsewhere.
create or replace function order_correct(request jsonb, out status integer, out body text, out replayed boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	r constant order_request := request_read(null::order_request, request);
	of_cart constant text[] := array['lines', 'coupon', 'shipping_method'];
	corrected constant text[] := array['contact_name', 'contact_email', 'contact_mobile', 'shipping_address',
		'billing_address'];
	was orders;
	o orders;
	viewer text;
	difference jsonb;
begin
	perform act_as(r.user_id, r.request_id);
	select * into was from orders where id = r.order_id for update;
	viewer := order_viewer_required(was, r.user_id, r.role, r.token_hash);
	status := 200;
	replayed := false;
	if viewer = 'customer' and request ?| array['active_from', 'active_to', 'is_suspended', 'status', 'tags'] then
		perform deny('CS403', 'store_only');
	elsif request ? 'status' and lower(coalesce(r.status, '')) <> was.status then
		perform refuse('/status', 'status_read_only');
	elsif viewer = 'customer' or request ?| of_cart or r.buyer is not null
		or (was.status = 'cart' and request ?| corrected) then
		body := cart_save_now(r, request);
		select * into was from orders where id = r.order_id;
	end if;
	if viewer = 'customer' then
		return;
	end if;
	o := order_annotate(case when was.status = 'cart' then was else order_merge(was, r, request) end, r, request);
	difference := order_difference(was, o);
	perform order_correct_refuse(was, o, difference);
	perform order_correct_write(was, o, difference);
	body := order_json(o.id, viewer, r.user_id);
end
$$;
