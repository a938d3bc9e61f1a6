-- name: order_place :one :writes :reusable
select status::integer, body, replayed::boolean, wake::boolean from order_place($request::jsonb)

-- name: order_cart_save :one :writes :reusable :like order_place
select status::integer, body, replayed::boolean, false::boolean as wake from order_cart_save($request::jsonb)

-- name: order_correct :one :writes :reusable :like order_place
select status::integer, body, replayed::boolean, wake::boolean from order_correct($request::jsonb)

-- name: order_write_note :one :writes
select order_write_note($order::uuid, $user::uuid, $role::text, $token_hash::bytea, $request_id::text,
	$note::text) as body

-- name: order_ship :one :writes :like order_place
select status::integer, body, replayed::boolean, wake::boolean from order_ship($request::jsonb)

-- name: shipment_correct :one :writes :like order_place
select status::integer, body, replayed::boolean, wake::boolean from shipment_correct($request::jsonb)

-- name: order_lock :exec
select order_lock($order::uuid)

-- name: order_read :one :reusable
select body from order_read($order::uuid, $user::uuid, $role::text, $token_hash::bytea) body where body is not null

-- name: order_adopt :one :writes
select order_adopt($order::uuid, $user::uuid, $role::text, $token_hash::bytea, $request_id::text) as body

-- name: order_contact :one
select channel, recipient
from order_contact($order::uuid, $user::uuid, $role::text, $token_hash::bytea, $way::text, $can_text::boolean)

-- name: order_challenge :one :writes
select challenge_issue('confirm_order', $channel::text, $recipient::text, $order::uuid, $challenge::bytea,
	$code_hash::bytea, $sealed::text, $place::bytea, $language::text)::boolean as wake

-- name: order_confirm :one :writes
select body, wake::boolean from order_confirm($order::uuid, $user::uuid, $role::text, $token_hash::bytea,
	$request_id::text, $challenge::bytea, $code_hash::bytea)

-- name: order_disown :exec :writes
select order_disown($order::uuid, $user::uuid, $role::text, $token_hash::bytea, $request_id::text)

-- name: order_move :one :writes :reusable
select body, wake::boolean from order_move($order::uuid, $status::text, $user::uuid, $role::text, $token_hash::bytea,
	$request_id::text, $note::text, $tracking::text, $carrier::text, $force::boolean, $restock::boolean)

-- name: return_change :one :writes :like order_place
select status::integer, body, replayed::boolean, wake::boolean from return_change($request::jsonb)
