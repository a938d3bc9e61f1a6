-- The transitions of orders.

-- For callers that read an order before changing it. Waiting reveals nothing to a caller that must not know of it.
create or replace function order_lock(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform 1 from orders where id = which for update;
end
$$;

-- The pieces that an order still has of the stock, by its ledger. What it took while a product was not counted is not
-- among them, and never returns.
create or replace function order_taken(which uuid) returns table (product uuid, pieces bigint)
language plpgsql stable as $$
begin
	return query
	select m.product, -sum(m.delta) from stock_movements m where m.order_id = which
	group by m.product having sum(m.delta) < 0;
end
$$;

-- Return pieces of an order's lines to stock, null: all of them but those that came back unfit for it, but never more
-- than are left, or were taken from it. Pieces that were not shipped go first; with `only_shipped` no other ones go.
create or replace function order_restock(which uuid, why text, pieces order_pieces[] default null,
	only_shipped boolean default false) returns void
language plpgsql as $$
begin
	perform 1 from stock k where k.product in (select i.product from order_items i where i.order_id = which)
	order by k.product for update;
	with asked as (
		select i.id, i.product, coalesce(p.quantity, i.quantity) as wanted,
			i.shipped - i.returned - case when pieces is null then return_unfit(i.id) else 0 end as away,
			case when only_shipped then 0 else i.quantity - i.dropped - i.shipped end as here
		from order_items i left join unnest(pieces) p on p.order_item = i.id
		where i.order_id = which and (pieces is null or p.quantity > 0)),
	back as (
		select a.id, a.product, least(a.wanted, a.here) as dropped,
			least(a.wanted - least(a.wanted, a.here), a.away) as returned
		from asked a),
	moved as (
		update order_items i set dropped = i.dropped + b.dropped, returned = i.returned + b.returned
		from back b where i.id = b.id and b.dropped + b.returned > 0)
	insert into stock_movements (product, delta, reason, order_id)
	select b.product, least(sum(b.dropped + b.returned), t.pieces), why, which
	from back b join order_taken(which) t on t.product = b.product
	group by b.product, t.pieces having sum(b.dropped + b.returned) > 0 order by b.product;
	update orders o set restocked_at = now()
	where o.id = which and o.restocked_at is null and not exists (
		select 1 from order_items i where i.order_id = which and i.dropped + i.returned < i.quantity);
	perform order_shipped_by_rest(which);
end
$$;

-- Add an event to an order without a transition or an acting user.
create or replace function order_note(which uuid, note text) returns void
language plpgsql as $$
begin
	insert into order_events (order_id, user_id, from_status, to_status, kind, note)
	select o.id, null, o.status, o.status, 'note', order_note.note from orders o where o.id = which;
end
$$;

-- Add a note of the staff, which only they see.
create or replace function order_write_note(which uuid, who uuid, caller_role text, token bytea, request_id text,
	note text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
	viewer text;
begin
	perform act_as(who, request_id);
	select * into o from orders where id = which for update;
	viewer := order_viewer_required(o, who, caller_role, token);
	perform deny_unless_store(viewer);
	insert into order_events (order_id, user_id, from_status, to_status, kind, note)
	values (which, who, o.status, o.status, 'note', order_write_note.note);
	return order_json(which, viewer, who);
end
$$;

-- A piece of a line is sold once: it is dropped, or shipped and then perhaps returned.
create or replace function order_item_check() returns trigger
language plpgsql as $$
begin
	if new.dropped + new.shipped > new.quantity or new.returned > new.shipped then
		raise check_violation using message = format('%s: of %s pieces %s dropped, %s shipped, %s returned', new.id,
			new.quantity, new.dropped, new.shipped, new.returned);
	end if;
	return new;
end
$$;

-- Is an order over without its buyer having the goods? Then all of its money is refunded.
create or replace function order_is_undone(status text) returns boolean
language sql immutable parallel safe as $$
	select status in ('cancelled', 'returned')
$$;

-- Notify the buyer that an order is undone, and of what is refunded.
create or replace function order_notify_undone(o orders, shop stores) returns void
language plpgsql as $$
declare
	more constant jsonb := jsonb_build_object('refund', (
		select string_agg(r.amount || ' ' || r.currency, ' + ' order by r.created_at, r.id)
		from refunds r where r.order_id = o.id and r.status = 'pending'));
begin
	if o.status = 'cancelled' then
		perform order_notify(o, shop, 'order_cancelled', null, more);
	else
		perform order_notify(o, shop, 'order_returned', null, more);
	end if;
end
$$;

-- Release, once, what a cancelled or returned order holds: its coupon, its stock, its invoice, its money.
-- Notify the buyer.
create or replace function order_release(o orders, restock boolean) returns void
language plpgsql as $$
declare
	used uuid;
begin
	perform returns_end(o.id);
	-- What never left is in stock again in any case.
	perform order_restock(o.id, 'order ' || o.status, case when not restock then order_unshipped(o.id) end);
	delete from coupon_redemptions r where r.order_id = o.id returning r.coupon into used;
	if used is not null then
		update coupon_uses u set used_count = u.used_count - 1 where u.coupon = used;
	end if;
	update payments p set status = 'cancelled', cancel_requested = p.online and p.requested_at is not null
	where p.order_id = o.id and p.status in ('created', 'pending', 'failed', 'authorized');
	perform order_reconcile(o.id);
	perform credit_note_issue(o, o.total, format('The order was %s.', o.status), null);
	perform order_notify_undone(o, (select s from stores s where s.id = o.store));
end
$$;

-- Refuse a transition that is not allowed now. A disputed order is not shipped unless forced.
create or replace function order_move_refuse(o orders, target text, viewer text, forced boolean) returns void
language plpgsql stable as $$
declare
	allowed constant text[] := order_next(o, viewer);
begin
	if not target = any (allowed) then
		if viewer = 'customer' and target in ('partly_shipped', 'shipped', 'completed', 'returned') then
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

-- Move an order to another status for a caller, or, with the role 'system', automatically; to ship it is to ship all
-- that is left. Cancelling happens once: the row is locked, and nothing leads out of 'cancelled' or 'returned'. Returns
-- the order.
create or replace function order_move(which uuid, target text, who uuid, caller_role text, token bytea, request_id text,
	note text, tracking text, carried_by text, forced boolean, restock boolean default true, out body text,
	out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
	shipment shipments;
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

	if target = 'shipped' then
		shipment.carrier := carried_by;
		shipment.tracking_number := tracking;
		o := shipment_make(o, shipment, order_unshipped(which), order_move.note);
	else
		update orders set status = target, restocked_at = case when order_is_undone(target) and restock
				then coalesce(restocked_at, now()) else restocked_at end
		where id = which returning * into o;
		insert into order_events (order_id, user_id, from_status, to_status, note)
		values (which, who, was, target, coalesce(order_move.note, ''));
	end if;
	if order_is_undone(target) then
		perform order_release(o, restock);
	end if;
	wake := order_wakes_sender(which);
	body := order_json(which, viewer, who);
end
$$;

-- A user who is being deleted can no longer place an order: the lock waits for me_forget().
create or replace function order_needs_buyer() returns trigger
language plpgsql as $$
begin
	perform 1 from users u where u.id = new.user_id and not u.is_deleted for key share;
	if not found then
		perform deny('CS403', 'account_gone');
	end if;
	return new;
end
$$;

-- Is the order overdue: not paid online, not confirmed, or without a payment, in time?
create or replace function order_is_overdue(o orders, minutes integer) returns boolean
language plpgsql stable as $$
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

-- Overdue orders, and their payments, which must be looked up at their providers once more.
create or replace function orders_overdue(minutes integer, count integer)
returns table (order_id uuid, open_payments jsonb)
language plpgsql stable security definer set search_path = public, pg_temp as $$
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

-- Cancel an overdue order; its payments are cancelled at the providers. False: something has changed meanwhile.
create or replace function order_expire(which uuid, minutes integer) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
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
