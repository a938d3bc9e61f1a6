-- name: session_caller :optional
select session_id, user_id, role from session_caller($token_hash::bytea)
-- name: session_close :exec :writes
select session_close($session::uuid)
-- name: session_close_all :exec :writes :like session_close
select session_close_all($session::uuid)

-- name: password_context :one
-- What an attacker would try first: the names of the user, if any, and of the stores.
select (select concat_ws(' ', email, name) from users where id = $user::uuid) as person,
	(select string_agg(name, ' ') from (select name from stores where not is_deleted order by id limit 10) s) as stores
-- name: password_salt_of_email :optional
select user_id, salt from password_salt_of_email($email::text)
-- name: password_salt_of_user :one
select password_salt_of_user($user::uuid) as salt
-- name: password_login :optional :writes
select expires_at, user_object from password_login($user::uuid, $salt::text, $proof::bytea, $renewed::text,
	$token_hash::bytea, $address::text)
-- name: password_change :one :writes
select password_change($user::uuid, $session::uuid, $proof::bytea, $renewed::text)::boolean as changed

-- name: otp_issue :one :writes
select challenge_issue('sign_in', $channel::text, $recipient::text, null, $challenge::bytea, $code_hash::bytea,
	$sealed::text, $place::bytea, $language::text)::boolean as wake
-- name: challenge_newest :one
select challenge_newest($purpose::text, $recipient::text, $place::bytea)::bytea as challenge
-- name: otp_login :optional :writes
select expires_at, user_object from otp_login($challenge::bytea, $code_hash::bytea, $blind::boolean, $recipient::text,
	$token_hash::bytea, $address::text)

-- name: place_known :one
select place_known($way::text, $account::text, $address::bytea, $device::bytea) as known_by
-- name: place_remember :one :writes
select place_remember($session_hash::bytea, $address::bytea, $device::bytea, $new_device::bytea)::boolean as device_kept

-- name: rate_limit_take :one :writes :reusable
select count_max::integer, remaining::integer, reset_s::integer, refused::boolean
from rate_limit_take($buckets::text[], $counts_max::integer[], $windows_s::integer[])
-- name: rate_limit_release :exec :writes :reusable
select rate_limit_release($buckets::text[])

-- name: me :one
select user_json($user::uuid) as body
-- name: user_lock :optional
select (mobile_number is null or is_admin or is_staff)::boolean as needs_email
from users where id = $user::uuid and not is_deleted for no key update
-- name: me_change :exec :writes
-- name null: unchanged.
update users set name = coalesce($name::text, name), email = case when not $remove_email::boolean then email end
where id = $user::uuid and ($name::text is not null or $remove_email::boolean)
-- name: contact_same :one
-- Are that address and that number already the user's, and proven? Staff who send no password want no new proof of
-- what they have.
select (lower(j ->> 'email') = lower($email::text) and ((j ->> 'email_verified')::boolean
		or (not $has_password::boolean and ((j ->> 'is_admin')::boolean or (j ->> 'is_staff')::boolean))))::boolean
		as same_email,
	(j ->> 'mobile_number' = $mobile_number::text and (j ->> 'mobile_verified')::boolean)::boolean as same_mobile
from (select user_json($user::uuid)) u (j)
-- name: contact_issue :one :writes
select what, wake::boolean from contact_issue($channel::text, $recipient::text, $proof::bytea, $challenge::bytea,
	$code_hash::bytea, $sealed::text, $place::bytea, $language::text)
-- name: contact_prove :one :writes
select contact_prove($purpose::text, $challenge::bytea, $code_hash::bytea, $request_id::text) as what
-- name: me_export :one
select me_export($user::uuid) as body
-- name: me_forget :exec :writes
select me_forget($request_id::text)

-- name: idempotency_begin :one :writes
select saved_status::integer as status, saved_body as body from idempotency_begin($key::jsonb)

-- name: idempotency_save :exec :writes
select idempotency_save($key::jsonb, $status::integer, $body::text)
