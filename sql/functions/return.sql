-- Returns: the buyer asks to send goods back, the store approves, receives and refunds them.

-- Pieces of an order's lines that a buyer can ask to send back: shipped, not in stock again, and in no return.
create or replace function order_items_returnable(which uuid) returns table (order_item uuid, pieces integer)
language plpgsql stable as $$
begin
	return query
	select i.id, greatest(0, i.shipped - i.returned - coalesce(g.pieces, 0))::integer
	from order_items i left join (
		select x.order_item, sum(case when r.status in ('requested', 'approved') then x.quantity
				when r.status in ('received', 'refunded') and not x.restock then x.received else 0 end) as pieces
		from returns r join return_items x on x.return_id = r.id
		where r.order_id = which group by x.order_item) g on g.order_item = i.id
	where i.order_id = which;
end
$$;

-- The pieces of a line that came back with a return, but not into stock.
create or replace function return_unfit(which uuid) returns integer
language plpgsql stable as $$
begin
	return (select coalesce(sum(x.received), 0) from return_items x join returns r on r.id = x.return_id
		where x.order_item = which and not x.restock and r.status in ('received', 'refunded'));
end
$$;

-- What is wrong with requested items, of which `most` [{id, pieces}] are possible.
create or replace function return_items_refused(items jsonb, most jsonb) returns refusal[]
language plpgsql immutable as $$
declare
	errors refusal[];
	l record;
	pointer text;
begin
	for l in
		select j.place, (j.item ->> 'quantity')::integer as quantity, m.id, m.pieces,
			row_number() over (partition by j.item ->> 'id' order by j.place) > 1 as is_double
		from jsonb_array_elements(items) with ordinality j (item, place)
		left join jsonb_to_recordset(most) m (id uuid, pieces integer) on m.id = (j.item ->> 'id')::uuid
		order by j.place
	loop
		pointer := '/items/' || l.place - 1;
		if l.id is null then
			errors := errors || refused(pointer || '/id', 'line_not_found');
		elsif l.is_double then
			errors := errors || refused(pointer || '/id', 'duplicate');
		elsif l.quantity > l.pieces then
			errors := errors || refused(pointer || '/quantity', 'max_pieces', jsonb_build_object('max', l.pieces));
		end if;
	end loop;
	return errors;
end
$$;

-- Record a return's new status in the history of its order.
create or replace function return_log(r returns, words text) returns void
language plpgsql as $$
begin
	insert into order_events (order_id, user_id, from_status, to_status, kind, note, data)
	select o.id, acting_user(), o.status, o.status, 'return', words,
		jsonb_build_object('return', r.id, 'number', r.number, 'status', r.status)
	from orders o where o.id = r.order_id;
end
$$;

create or replace function return_open(q return_request, o orders, viewer text) returns returns
language plpgsql as $$
declare
	last constant integer := (select coalesce(max(x.number), 0) from returns x where x.order_id = o.id);
	r returns;
begin
	if viewer = 'customer' and last >= 20 then
		perform deny('CS409', 'too_many_returns', '{"max": 20}');
	elsif not exists (select 1 from order_items i where i.order_id = o.id and i.shipped > 0)
		or order_is_undone(o.status) then
		perform deny('CS409', 'order_is', jsonb_build_object('status', o.status));
	end if;
	perform refuse_all(return_items_refused(q.items, (
		select jsonb_agg(jsonb_build_object('id', f.order_item, 'pieces', f.pieces))
		from order_items_returnable(o.id) f)));
	insert into returns (order_id, number, status, reason)
	values (o.id, last + 1, 'requested', q.reason)
	returning * into r;
	insert into return_items (return_id, order_item, quantity, reason)
	select r.id, x.id, x.quantity, coalesce(x.reason, '')
	from jsonb_to_recordset(q.items) x (id uuid, quantity integer, reason text);
	return r;
end
$$;

-- What has arrived of a return: the items of the request, or all. It goes to stock unless that is declined.
create or replace function return_receive(q return_request, r returns) returns void
language plpgsql as $$
begin
	perform refuse_all(return_items_refused(q.items, (
		select jsonb_agg(jsonb_build_object('id', x.order_item, 'pieces', x.quantity))
		from return_items x where x.return_id = r.id)));
	update return_items x set restock = coalesce(g.restock, true),
		received = case when q.items is null then x.quantity else coalesce(g.quantity, 0) end
	from return_items y
	left join jsonb_to_recordset(q.items) g (id uuid, quantity integer, restock boolean) on g.id = y.order_item
	where x.return_id = r.id and y.return_id = x.return_id and y.order_item = x.order_item;
	perform order_restock(r.order_id, 'goods returned', array(
		select row(x.order_item, x.received)::order_pieces from return_items x
		where x.return_id = r.id and x.restock and x.received > 0), true);
end
$$;

-- What the buyer and the store do with a return, and from which states.
create or replace function return_move(q return_request, o orders, viewer text) returns returns
language plpgsql as $$
declare
	r returns;
begin
	if q.action <> 'cancel' then
		perform deny_unless_store(viewer);
	end if;
	select * into r from returns x where x.id = q.return_id and x.order_id = o.id;
	if r.id is null then
		perform deny('CS404', 'missing');
	elsif not r.status = any (case q.action when 'approve' then '{requested}'::text[]
		else '{requested,approved}' end) then
		perform deny('CS409', 'return_is', jsonb_build_object('status', r.status));
	elsif q.action = 'receive' then
		perform return_receive(q, r);
	end if;
	update returns set note = coalesce(nullif(q.note, ''), note),
		status = case q.action when 'approve' then 'approved' when 'reject' then 'rejected'
			when 'receive' then 'received' else 'cancelled' end
	where id = r.id returning * into r;
	return r;
end
$$;

-- Notify the buyer of what the store did with a return.
create or replace function return_notify(r returns, o orders, note text) returns void
language plpgsql as $$
declare
	shop constant stores := (select s from stores s where s.id = o.store);
	more constant jsonb := jsonb_build_object('return_number', r.number::text, 'note', note);
begin
	if r.status = 'approved' then
		perform order_notify(o, shop, 'order_return_approved', null, more);
	elsif r.status = 'rejected' then
		perform order_notify(o, shop, 'order_return_rejected', null, more);
	elsif r.status = 'received' then
		perform order_notify(o, shop, 'order_return_received', null, more);
	end if;
end
$$;

-- Request a return, or change one: a return_request. `body` is the order.
create or replace function return_change(request jsonb, out status integer, out body text, out replayed boolean,
	out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	q constant return_request := request_read(null::return_request, request);
	o orders;
	r returns;
	viewer text;
begin
	perform act_as(q.user_id, q.request_id);
	select saved_status, saved_body, saved_status is not null into status, body, replayed from idempotency_begin(q.key);
	if replayed then
		return;
	end if;
	select * into o from orders where id = q.order_id for update;
	viewer := order_viewer_required(o, q.user_id, q.role, q.token_hash);
	r := case when q.action = 'request' then return_open(q, o, viewer) else return_move(q, o, viewer) end;
	perform return_log(r, case when q.action = 'request' then q.reason else coalesce(q.note, '') end);
	perform return_notify(r, o, nullif(q.note, ''));
	if r.status = 'received' then
		perform returns_settle(o.id); -- what cost nothing is refunded at once
	end if;
	if q.action = 'request' and viewer = 'customer' then
		perform store_notify_return(o, array(select row(x.order_item, x.quantity)::order_pieces
			from return_items x where x.return_id = r.id), q.reason);
	end if;
	status := case when q.action = 'request' then 201 else 200 end;
	body := order_json(o.id, viewer, q.user_id);
	wake := order_wakes_sender(o.id);
	if q.key is not null then
		perform idempotency_save(q.key, status, body);
	end if;
end
$$;

-- An order is over: nothing is sent back any more.
create or replace function returns_end(which uuid) returns void
language plpgsql as $$
declare
	r returns;
begin
	for r in
		update returns x set status = 'cancelled'
		where x.order_id = which and x.status in ('requested', 'approved') returning x.*
	loop
		perform return_log(r, '');
	end loop;
end
$$;

-- The items of a refund of a return: its pieces that have arrived and are not refunded yet.
create or replace function return_items_due(which uuid, o orders) returns jsonb
language plpgsql stable as $$
declare
	r returns;
	items jsonb;
begin
	select * into r from returns x where x.id = which and x.order_id = o.id;
	if r.id is null then
		perform refuse('/return', 'return_not_found');
	elsif r.status <> 'received' then
		perform refuse('/return', 'return_not_due', jsonb_build_object('status', r.status));
	elsif exists (select 1 from refunds f where f.return_id = which and f.status = 'pending') then
		perform refuse('/return', 'return_not_due', '{"status": "being refunded"}');
	end if;
	select jsonb_agg(jsonb_build_object('id', x.order_item, 'quantity', least(x.received, f.quantity),
		'restock', false))
	into items
	from return_items x join order_items_left(o.id) f on f.order_item = x.order_item
	where x.return_id = which and least(x.received, f.quantity) > 0;
	if items is null then
		perform refuse('/return', 'max_pieces', '{"max": 0}');
	end if;
	return items;
end
$$;

-- Is there something to refund of what has arrived of a return?
create or replace function return_is_due(which uuid, about uuid) returns boolean
language plpgsql stable as $$
begin
	return not exists (select 1 from refunds r where r.return_id = which and r.status = 'succeeded')
		and exists (select 1 from return_items x join order_items_left(about) f on f.order_item = x.order_item
			where x.return_id = which and x.received > 0 and f.quantity > 0 and f.amount > 0);
end
$$;

-- A return that was received is refunded by its refund, or when nothing of its lines is left to refund; if that fails
-- later it is received again. Not while the outcome of a refund by line is open.
create or replace function returns_settle(about uuid) returns void
language plpgsql as $$
declare
	r returns;
begin
	if exists (select 1 from refunds f join refund_items x on x.refund = f.id
		where f.order_id = about and f.status = 'pending') then
		return;
	end if;
	for r in
		update returns x set status = case x.status when 'received' then 'refunded' else 'received' end
		where x.order_id = about and x.status in ('received', 'refunded')
			and (x.status = 'received') <> return_is_due(x.id, about)
		returning x.*
	loop
		perform return_log(r, '');
	end loop;
end
$$;

-- The returns of an order; without what people wrote for a reader who must not learn who placed it: see order_seen().
create or replace function order_returns(which uuid, with_words boolean) returns json
language plpgsql stable as $$
begin
	return (select json_agg(row_to_json(f) order by f.number) from (
		select r.id, r.number, r.status, case when with_words then r.reason else '' end as reason,
			case when with_words then r.note else '' end as note, (
				select coalesce(json_agg(row_to_json(g) order by g.position), '[]') from (
					select x.order_item as id, i.position, x.quantity,
						case when with_words then x.reason else '' end as reason, x.received, x.restock
					from return_items x join order_items i on i.id = x.order_item where x.return_id = r.id) g)
				as items,
			rfc3339(r.created_at) as created_at, rfc3339(r.modified_at) as modified_at
		from returns r where r.order_id = which) f);
end
$$;
