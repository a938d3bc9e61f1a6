-- Guests and accounts: whose an order becomes.

-- A customer takes a guest's order or cart into their account with its token: who has both placed it. Gives it as it is
-- then.
create function order_adopt(which uuid, who uuid, caller_role text, token bytea, request_id text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
begin
	perform act_as(who, request_id);
	select * into o from orders where id = which for update;
	if order_viewer(o, who, caller_role, token) is null then
		raise exception using errcode = 'CS404', message = 'There is nothing here.';
	elsif caller_role <> 'customer' then
		raise exception using errcode = 'CS403', message = 'Only customers have orders in their accounts.';
	elsif o.token_hash is distinct from token then
		raise exception using errcode = 'CS403', message = 'Send the order''s token: X-Order-Token.';
	elsif o.user_id <> who then
		raise exception using errcode = 'CS409', message = 'The order is in another account.';
	end if;
	update orders set user_id = who, claimed = false, disowned = false,
		token_hash = case when status = 'cart' then null else token_hash end
	where id = which;
	return order_json(which, 'customer', who);
end
$$;

-- A customer says that an order which a guest placed with their number is not theirs: it leaves the account for good, and
-- so do its messages. The store keeps it, with a note.
create function order_disown(which uuid, who uuid, caller_role text, token bytea, request_id text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
begin
	perform act_as(who, request_id);
	select * into o from orders where id = which for update;
	if order_viewer(o, who, caller_role, token) is null then
		raise exception using errcode = 'CS404', message = 'There is nothing here.';
	elsif o.user_id is distinct from who then
		raise exception using errcode = 'CS403', message = 'Only the customer in whose account the order is can do this.';
	elsif o.token_hash is null then
		raise exception using errcode = 'CS409', message = 'You placed the order yourself: cancel it instead.';
	end if;
	update orders set user_id = null, claimed = false, disowned = true, mobile_proven = false where id = which;
	delete from outbox b where b.order_id = which and b.status = 'queued' and b.recipient in (
		select unnest(array[u.email, u.mobile_number]) from users u where u.id = who);
	perform order_note(which, 'The customer whose mobile number it has says that the order is not theirs.');
end
$$;
