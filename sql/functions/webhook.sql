-- Events of providers.

-- Apply what an event reported. One about a payment that is not known yet waits for it: 'unmatched'.
create or replace function webhook_apply(gw text, reported jsonb, out outcome text, out payment uuid)
language plpgsql as $$
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

-- Record a webhook's event, whose signature is valid, and apply it, once. reported null: it has no effect here. One
-- that is not understood is read again when it is delivered again, perhaps to a later version. `refunds_of`: a payment
-- of which the provider has refunds that are unknown here.
create or replace function webhook_record(gw text, event text, kind text, reported jsonb, garbled boolean,
	request_id text, out outcome text, out wake boolean, out refunds_of jsonb)
language plpgsql security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
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
	-- Two concurrent first deliveries both come here, one after the other by the order's lock: applying is idempotent.
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

-- Apply events that came before their payment was known. Their rows are not locked before their orders, as in
-- webhook_record: one that is delivered again at the same time is applied by both, which is idempotent.
create or replace function webhook_apply_waiting(gw text, about text) returns void
language plpgsql as $$
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

-- All events whose payment is known by now.
create or replace function webhooks_apply_waiting() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	gw text;
begin
	perform act_as(null, null);
	for gw in select distinct w.gateway from webhook_events w where w.outcome = 'unmatched' loop
		perform webhook_apply_waiting(gw, null);
	end loop;
end
$$;
