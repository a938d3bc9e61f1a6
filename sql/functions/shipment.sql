-- Shipments: pieces of an order that are handed to a carrier.

-- The pieces of an order that are still to be shipped: neither shipped nor taken out.
create or replace function order_unshipped(which uuid) returns order_pieces[]
language plpgsql stable as $$
begin
	return array(select row(i.id, i.quantity - i.dropped - i.shipped)::order_pieces from order_items i
		where i.order_id = which and i.quantity > i.dropped + i.shipped order by i.position);
end
$$;

-- Which pieces of a request are not among those that are still to be shipped.
create or replace function shipment_refused(pieces order_pieces[], unshipped order_pieces[], which uuid)
returns refusal[]
language plpgsql stable as $$
declare
	errors refusal[];
	pointer text;
	available integer;
begin
	for i in 1 .. coalesce(array_length(pieces, 1), 0) loop
		pointer := '/items/' || i - 1;
		available := coalesce(
			(select u.quantity from unnest(unshipped) u where u.order_item = pieces[i].order_item), 0);
		if not exists (select 1 from order_items l where l.order_id = which and l.id = pieces[i].order_item) then
			errors := errors || refused(pointer || '/id', 'line_not_found');
		elsif exists (select 1 from unnest(pieces[:i - 1]) p where p.order_item = pieces[i].order_item) then
			errors := errors || refused(pointer || '/id', 'duplicate');
		elsif pieces[i].quantity > available then
			errors := errors || refused(pointer || '/quantity', 'max_unshipped',
				jsonb_build_object('max', available));
		end if;
	end loop;
	return errors;
end
$$;

-- "2 × T-shirt – Red / M, 1 × Cap (blue)": for messages. A name that says the options is enough.
create or replace function pieces_text(pieces order_pieces[]) returns text
language plpgsql stable as $$
begin
	return (select string_agg(p.quantity || ' × ' || i.name || coalesce(
			(select ' (' || string_agg(v.value, ', ' order by v.key) || ')' from jsonb_each_text(i.options) v
			where v.value <> all (string_to_array(coalesce(substring(i.name from '^.* – (.*)$'), ''), ' / '))), ''),
			', ' order by i.position)
		from unnest(pieces) p join order_items i on i.id = p.order_item);
end
$$;

create or replace function shipment_pieces(which uuid) returns json
language plpgsql stable as $$
begin
	return (select json_agg(json_build_object('id', p.order_item, 'quantity', p.quantity) order by i.position)
		from shipment_items p join order_items i on i.id = p.order_item where p.shipment = which);
end
$$;

-- Ship pieces of an order that may be shipped: with the last ones it is shipped. Returns the order.
create or replace function shipment_make(o orders, s shipments, pieces order_pieces[], note text) returns orders
language plpgsql as $$
declare
	was constant text := o.status;
	unshipped order_pieces[];
begin
	if pieces = '{}' then
		perform deny('CS409', 'nothing_to_ship');
	end if;
	update order_items i set shipped = i.shipped + p.quantity from unnest(pieces) p where i.id = p.order_item;
	insert into shipments (order_id, number, carrier, tracking_number, tracking_url)
	values (o.id, 1 + (select count(*) from shipments x where x.order_id = o.id), s.carrier, s.tracking_number,
		s.tracking_url)
	returning * into s;
	insert into shipment_items (shipment, order_item, quantity)
	select s.id, p.order_item, p.quantity from unnest(pieces) p;
	unshipped := order_unshipped(o.id);
	update orders set status = case when unshipped = '{}' then 'shipped' else 'partly_shipped' end,
		carrier = s.carrier, tracking_number = s.tracking_number
	where id = o.id returning * into o;
	insert into order_events (order_id, user_id, from_status, to_status, kind, note, data)
	values (o.id, acting_user(), was, o.status, 'shipment', coalesce(shipment_make.note, ''),
		jsonb_build_object('shipment', s.id, 'number', s.number, 'items', shipment_pieces(s.id)));
	perform order_notify(o, (select t from stores t where t.id = o.store), 'order_shipped', null,
		jsonb_build_object('tracking_url', s.tracking_url, 'items', pieces_text(pieces),
			'items_to_come', pieces_text(unshipped)));
	return o;
end
$$;

-- Pieces were taken out of an order: if nothing is left to ship of a partly shipped one, it is shipped.
create or replace function order_shipped_by_rest(which uuid) returns void
language plpgsql as $$
begin
	update orders set status = 'shipped'
	where id = which and status = 'partly_shipped' and order_unshipped(which) = '{}';
	if found then
		insert into order_events (order_id, user_id, from_status, to_status, note)
		values (which, acting_user(), 'partly_shipped', 'shipped', 'Nothing is left to ship.');
	end if;
end
$$;

-- The shipments of an order; without tracking, which leads to where they went, for a reader who must not learn who
-- placed it: see order_seen().
create or replace function order_shipments(which uuid, with_tracking boolean) returns json
language plpgsql stable as $$
begin
	return (select json_agg(row_to_json(r) order by r.number)
		from (
			select s.id, s.number, s.carrier, case when with_tracking then s.tracking_number end as tracking_number,
				case when with_tracking then s.tracking_url end as tracking_url, rfc3339(s.shipped_at) as shipped_at,
				shipment_pieces(s.id) as items
			from shipments s where s.order_id = which) r);
end
$$;

-- Ship some pieces of an order, as its store: a shipment_request.
create or replace function order_ship(request jsonb, out status integer, out body text, out replayed boolean,
	out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	r constant shipment_request := request_read(null::shipment_request, request);
	pieces constant order_pieces[] := array(select row(x.id, x.quantity)::order_pieces
		from jsonb_to_recordset(r.items) x (id uuid, quantity integer));
	o orders;
	s shipments;
	viewer text;
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
	select * into o from orders where id = r.order_id for update;
	viewer := order_viewer_required(o, r.user_id, r.role, r.token_hash);
	perform order_move_refuse(o, 'shipped', viewer, r.force);
	perform refuse_all(shipment_refused(pieces, order_unshipped(o.id), o.id));
	s.carrier := r.carrier;
	s.tracking_number := r.tracking_number;
	s.tracking_url := r.tracking_url;
	o := shipment_make(o, s, pieces, r.note);
	wake := order_wakes_sender(o.id);
	status := 201;
	body := order_json(o.id, viewer, r.user_id);
	if r.key is not null then
		perform idempotency_save(r.key, status, body);
	end if;
end
$$;

create or replace function shipment_brief(s shipments) returns jsonb
language sql immutable as $$
	select jsonb_build_object('number', s.number, 'carrier', s.carrier, 'tracking_number', s.tracking_number,
		'tracking_url', s.tracking_url)
$$;

-- Correct how a shipment travels, as its store: a shipment_request. Absent members stay unchanged, null clears them.
create or replace function shipment_correct(request jsonb, out status integer, out body text, out replayed boolean,
	out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	r constant shipment_request := request_read(null::shipment_request, request);
	o orders;
	was shipments;
	s shipments;
	viewer text;
begin
	perform act_as(r.user_id, r.request_id);
	select * into o from orders where id = r.order_id for update;
	viewer := order_viewer_required(o, r.user_id, r.role, r.token_hash);
	perform deny_unless_store(viewer);
	select * into was from shipments x where x.id = r.shipment_id and x.order_id = o.id;
	if was.id is null then
		perform deny('CS404', 'missing');
	end if;
	update shipments x set
		carrier = case when request ? 'carrier' then r.carrier else x.carrier end,
		tracking_number = case when request ? 'tracking_number' then r.tracking_number else x.tracking_number end,
		tracking_url = case when request ? 'tracking_url' then r.tracking_url else x.tracking_url end
	where x.id = was.id returning * into s;
	update orders set carrier = s.carrier, tracking_number = s.tracking_number
	where id = o.id and s.number = (select max(x.number) from shipments x where x.order_id = o.id);
	if shipment_brief(s) <> shipment_brief(was) then
		insert into order_events (order_id, user_id, from_status, to_status, kind, data)
		values (o.id, r.user_id, o.status, o.status, 'correction', jsonb_build_object('shipments',
			jsonb_build_object('old', shipment_brief(was), 'new', shipment_brief(s))));
	end if;
	status := 200;
	replayed := false;
	wake := false;
	body := order_json(o.id, viewer, r.user_id);
end
$$;
