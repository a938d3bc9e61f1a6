-- Begin to pay an order: refuse, end or reuse the open payments, write what is about to happen.

-- Thirty seconds: longer than a call to a provider may take (core/gateway/fetch.c). A client whose call had no response
-- need not wait that long: see payment_unanswered.
create or replace function deny_if_running(requested_at timestamptz, same_key boolean) returns void
language plpgsql as $$
begin
	if requested_at > clock_timestamp() - interval '30 seconds' then
		perform deny(case when same_key then 'CSRUN' else 'CS409' end, 'provider_call_running');
	end if;
end
$$;

-- What is left to pay of an order. Refuses a request that cannot be paid.
create or replace function payment_outstanding(r payment_request, o orders, viewer text) returns numeric
language plpgsql as $$
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
	elsif o.status not in ('placed', 'pending', 'partly_shipped', 'shipped', 'completed') then
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
			order_basket_sold(o.id)));
	end if;
	return outstanding;
end
$$;

-- The open payments of an order. `reusable`: the page was loaded again, or this request had no valid response; with
-- is_retry it has the key of this request. `to_cancel` must be cancelled at its provider first. The others end here.
create or replace function payment_end_open(r payment_request, o orders, outstanding numeric, out reusable uuid,
	out is_retry boolean, out to_cancel jsonb)
language plpgsql as $$
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

create or replace function payment_insert(r payment_request, o orders, outstanding numeric, viewer text)
returns payments
language plpgsql as $$
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

-- Begin to pay: a payment_request. It ends in one of three ways: `body` with its status is the response (the key was
-- used before, or the payment is offline); `to_open` is the payment to open at its provider, for payment_record after
-- that; `to_cancel` is another payment to cancel at its provider, after which this is called again.
create or replace function payment_begin(request jsonb, out status integer, out body text, out replayed boolean,
	out to_open jsonb, out to_cancel jsonb)
language plpgsql security definer set search_path = public, pg_temp as $$
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
