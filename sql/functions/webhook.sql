-- Events of providers.

-- An event of a webhook, whose signature is right. facts null: it changes nothing here. Each event's effect happens
-- once; one about a payment that is not known yet waits for it.
create function webhook_effect(gw text, facts jsonb, out outcome text, out payment uuid)
language plpgsql as $$
begin
	select y.id into payment from payments y where y.payment_method = gw and y.gateway_id = facts ->> 'gateway_id';
	if payment is null then
		select y.id into payment from payments y where y.payment_method = gw and y.id = (facts ->> 'payment')::uuid;
	end if;
	if payment is null then
		select y.id into payment from payments y
		where y.payment_method = gw and y.online and y.transaction_id = facts ->> 'transaction';
	end if;
	if payment is null then
		outcome := 'unmatched';
		return;
	elsif facts ? 'dispute' then
		outcome := dispute_apply(payment, facts);
		return;
	elsif not coalesce((facts ->> 'about_refund')::boolean, false) then
		outcome := payment_apply(payment, facts);
		return;
	end if;
	outcome := refund_heard(payment, facts);
end
$$;

-- One that is not understood is recorded; it is looked at again when it is delivered again, perhaps to a later version.
-- `ask`: the payment whose refunds its provider has to be asked for.
create function webhook_take(gw text, event text, kind text, facts jsonb, garbled boolean, request_id text,
	out outcome text, out wake boolean, out ask jsonb)
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
	-- Two that bring it for the first time at once both come here, and the order's lock lets one after the other: what
	-- an event does twice it does once.
	outcome := case when garbled then 'not_understood' else 'ignored' end;
	if webhook_take.facts is not null then
		select * into effect from webhook_effect(gw, webhook_take.facts);
		outcome := effect.outcome;
		about := effect.payment;
	end if;
	insert into webhook_events as w (gateway, event_id, type, facts, outcome, payment)
	values (gw, event, kind, webhook_take.facts, webhook_take.outcome, about)
	on conflict on constraint webhook_events_pkey do update set deliveries = w.deliveries + 1,
		payment = coalesce(w.payment, excluded.payment), facts = coalesce(w.facts, excluded.facts),
		outcome = case when w.outcome in ('unmatched', 'not_understood') then excluded.outcome else w.outcome end;
	if outcome = 'applied' then
		wake := order_wakes_sender((select p.order_id from payments p where p.id = about));
		if webhook_take.facts ? 'refunded' then
			select payment_for_gateway(p) into ask from payments p
			where p.id = about and p.refunds_wanted and p.status in ('needs_attention', 'captured');
		end if;
	end if;
end
$$;

-- Events that came before we knew what they are about. Their rows are not locked before their orders, as in webhook_take:
-- one that is delivered again just now may have its effect from both, which is the same as from one.
create function webhook_catch_up(gw text, about text) returns void
language plpgsql as $$
declare
	e webhook_events;
	effect record;
begin
	for e in
		select * from webhook_events w where w.gateway = gw and w.outcome = 'unmatched'
			and (about is null or w.facts ->> 'gateway_id' = about)
			-- Others may have the same account there: their events are not ours, however many, and stand in nobody's way.
			and (exists (select 1 from payments y where y.payment_method = gw and y.gateway_id = w.facts ->> 'gateway_id')
				or exists (select 1 from payments y where y.payment_method = gw and y.online
					and y.transaction_id = w.facts ->> 'transaction')
				or exists (select 1 from payments y where y.payment_method = gw and y.id = (w.facts ->> 'payment')::uuid))
		order by w.received_at limit 1000
	loop
		select * into effect from webhook_effect(gw, e.facts);
		update webhook_events w set outcome = effect.outcome, payment = effect.payment
		where w.gateway = e.gateway and w.event_id = e.event_id and w.outcome = 'unmatched'
			and effect.outcome <> 'unmatched';
	end loop;
end
$$;

-- What waits for a payment that we have learned of since.
create function webhooks_catch_up() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	gw text;
begin
	perform act_as(null, null);
	for gw in select distinct w.gateway from webhook_events w where w.outcome = 'unmatched' loop
		perform webhook_catch_up(gw, null);
	end loop;
end
$$;
