-- name: session_caller :one
select session_id, user_id, role from session_caller($1)
-- name: session_close :exec
select session_close($1)
-- name: session_close_all :exec
select session_close_all($1)

-- name: password_context :one
-- What a guesser would try first: what the user, if any, and the stores are called.
select (select concat_ws(' ', email, name) from users where id = $1::uuid),
	(select string_agg(name, ' ') from (select name from stores where not is_deleted order by id limit 10) s)
-- name: password_salt_of_email :one
select user_id, salt from password_salt_of_email($1)
-- name: password_salt_of_user :one
select password_salt_of_user($1)
-- name: password_login :one
select expires_at, user_object from password_login($1, $2, $3, $4, $5, $6)
-- name: password_change :one
select password_change($1, $2, $3, $4)

-- name: otp_issue :one
select challenge_issue('sign_in', $1, $2, null, $3, $4, $5, $6, $7)
-- name: challenge_newest :one
select challenge_newest($1, $2, $3)
-- name: otp_login :one
select expires_at, user_object from otp_login($1, $2, $3, $4, $5, $6)

-- name: place_known :one
select place_known($1, $2, $3, $4)
-- name: place_remember :one
select place_remember($1, $2, $3, $4)

-- name: rate_limit_take :one :reusable
select count_max, remaining, reset_s, refused from rate_limit_take($1, $2, $3)
-- name: rate_limit_give_back :exec :reusable
select rate_limit_give_back($1)

-- name: me :one
select user_json($1)
-- name: me_lock :one
-- Whether the user needs an e-mail address.
select mobile_number is null or is_admin or is_staff from users where id = $1 and not is_deleted for no key update
-- name: me_change :exec
-- $2 null: the name stays; $3: the e-mail address is given up.
update users set name = coalesce($2::text, name), email = case when not $3::boolean then email end
where id = $1 and ($2::text is not null or $3::boolean)
-- name: contact_same :one
-- Is that address, and that number, the user's already, and proven? Whoever works here and gives no password ($4) does
-- not ask to prove what they have.
select lower(j ->> 'email') = lower($2) and ((j ->> 'email_verified')::boolean
		or (not $4::boolean and ((j ->> 'is_admin')::boolean or (j ->> 'is_staff')::boolean))),
	j ->> 'mobile_number' = $3 and (j ->> 'mobile_verified')::boolean
from (select user_json($1)) u (j)
-- name: contact_issue :one
select what, wake from contact_issue($1, $2, $3, $4, $5, $6, $7, $8)
-- name: contact_prove :one
select contact_prove($1, $2, $3, $4)
-- name: me_export :one
select me_export($1)
-- name: me_forget :exec
select me_forget($1)
