-- An order as the caller sees it.

-- The caller's relation to an order: 'admin', 'staff', 'customer' (its owner, or a holder of its token), or null if the
-- caller must not know of it.
create or replace function order_viewer(which orders, who uuid, caller_role text, token bytea) returns text
language plpgsql stable as $$
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

-- The same, for a caller that must have one of these.
create or replace function order_viewer_required(o orders, who uuid, caller_role text, token bytea) returns text
language plpgsql stable as $$
declare
	viewer constant text := order_viewer(o, who, caller_role, token);
begin
	if viewer is null then
		perform deny('CS404', 'missing');
	end if;
	return viewer;
end
$$;

-- Deny what only the store may do, unless `viewer` is staff.
create or replace function deny_unless_store(viewer text) returns void
language plpgsql as $$
begin
	if viewer is null then
		perform deny('CS404', 'missing');
	elsif viewer = 'customer' then
		perform deny('CS403', 'store_only');
	end if;
end
$$;

-- An order as one of its two customers may see it. A holder of its token sees nothing of the account that has it. A
-- customer who only claims it, by a number or address that anyone can type, sees nothing of who placed it: neither the
-- address nor the name, nor what leads to them.
create or replace function order_seen(o orders, viewer text, who uuid) returns orders
language plpgsql stable as $$
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
		o.tracking_number := null;
	end if;
	return o;
end
$$;

-- The transitions of an order that a viewer may make. Returned goods are not shipped, nor an order that a guest has
-- still to confirm. An order for nothing is paid at once: its buyer may still cancel it, as no money must be refunded.
create or replace function order_next(o orders, viewer text) returns text[]
language plpgsql stable as $$
begin
	return (select coalesce(array_agg(t.to_status order by t.position), '{}')
		from order_transitions t
		where t.from_status = o.status
			and not (t.to_status in ('partly_shipped', 'shipped') and (o.restocked_at is not null
				or (viewer in ('staff', 'admin') and exists (select 1 from payments p
					where p.order_id = o.id and p.unconfirmed and p.status = 'pending'))))
			and (t.min_role = 'customer' or (t.min_role = 'staff' and (viewer in ('staff', 'admin')
				or (t.to_status = 'cancelled' and o.total = 0)))));
end
$$;

-- Every member of an order, for a viewer, except its invoice, which comes last. The store's staff also see notes,
-- acting users and the base model; `changes` is a cart's, null for any other order.
create or replace function order_render(o orders, viewer text, lines json, payments json, changes json) returns text
language plpgsql stable as $$
declare
	has_left constant boolean := o.status not in ('cart', 'placed', 'pending', 'paid'); -- perhaps in part
	knows_buyer constant boolean := viewer <> 'customer' or not o.claimed;
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
			o.delivery_estimate,
			o.carrier, o.tracking_number,
			coalesce(case when has_left then order_shipments(o.id, knows_buyer) end, '[]') as shipments,
			rfc3339(o.placed_at) as placed_at,
			order_next(o, viewer) as allowed_transitions, coalesce(payments, '[]') as payments,
			coalesce(case when has_left then order_returns(o.id, knows_buyer) end, '[]') as returns,
			o.claimed, o.comments, rfc3339(o.created_at) as created_at, rfc3339(o.modified_at) as modified_at) r;
	if viewer in ('staff', 'admin') then
		shown := json_join(shown, (select row_to_json(r)::text from (
			select o.created_by, o.modified_by, o.is_deleted, o.is_suspended, o.tags,
				rfc3339(o.active_from) as active_from, rfc3339(o.active_to) as active_to,
				(select coalesce(json_agg(row_to_json(e)), '[]') from (
					select rfc3339(v.created_at) as created_at, v.user_id as "user", v.from_status,
						v.to_status, v.kind, v.note, v.data
					from order_events v where v.order_id = o.id order by v.created_at, v.id) e)
					as events) r));
	end if;
	if changes is not null then
		shown := json_join(shown, '{"changes":' || changes || '}');
	end if;
	return shown;
end
$$;

-- The same, with the result of invoice_brief(), or null. Separate, because a placed order gets its invoice last.
create or replace function order_with_invoice(shown text, invoice text) returns text
language sql immutable as $$
	select json_join(shown, '{"invoice":' || coalesce(invoice, 'null') || '}')
$$;

create or replace function order_lines(which uuid) returns json
language plpgsql stable as $$
begin
	return (select json_agg(row_to_json(l) order by l.position)
		from (
			select i.id, i.position, i.product, i.sku, i.name, i.options, i.quantity, i.unit_price::text as unit_price,
				i.tax_rate::text as tax_rate, i.tax_amount::text as tax_amount,
				i.discount_amount::text as discount_amount, i.line_total::text as line_total, i.price_reason, i.dropped,
				i.shipped, i.returned
			from order_items i where i.order_id = which) l);
end
$$;

create or replace function order_payments(which uuid) returns json
language plpgsql stable as $$
begin
	return (select json_agg(row_to_json(f) order by f.created_at, f.id)
		from (
			select p.id, p.payment_method, p.status, p.unconfirmed and p.status = 'pending' as unconfirmed,
				p.amount::text as amount, p.currency, rfc3339(p.paid_at) as paid_at, rfc3339(p.created_at) as created_at
			from payments p where p.order_id = which) f);
end
$$;

-- What changed since a cart was filled, as clients see it: the parameters are members beside the sentence.
create or replace function cart_changes_json(changes refusal[]) returns json
language plpgsql stable as $$
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

-- One order for a viewer; `who` is the user, null for a holder of its token.
create or replace function order_json(which uuid, viewer text, who uuid) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	o orders;
	cart record;
begin
	select * into o from orders where id = which;
	o := order_seen(o, viewer, who);
	if o.status = 'cart' then
		cart := cart_quote(o, cart_basket(which));
		return cart_render(o, cart.o, cart.state, viewer);
	end if;
	return order_with_invoice(order_render(o, viewer, order_lines(which), order_payments(which), null),
		(select invoice_brief(i.id, i.number) from invoices i
			where i.order_id = which and i.kind = 'invoice' and not i.superseded and not o.claimed));
end
$$;

-- One order as the caller sees it; null if the caller must not know of it.
create or replace function order_read(which uuid, who uuid, caller_role text, token bytea) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	o orders;
	viewer text;
begin
	select * into o from orders where id = which;
	viewer := order_viewer(o, who, caller_role, token);
	return case when viewer is not null then order_json(which, viewer, who) end;
end
$$;
