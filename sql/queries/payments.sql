-- name: payment_begin :one :writes :reusable
select status::integer, body, replayed::boolean, to_open, to_cancel
from payment_begin($request::jsonb)

-- name: payment_record :one :writes :reusable
select outcome, body, wake::boolean from payment_record($payment::uuid, $reported::jsonb, $user::uuid, $role::text,
	$token_hash::bytea, $request_id::text, $answer_status::integer, $key::jsonb)

-- name: payment_refused :exec :writes
select payment_refused($payment::uuid, $reason::text)

-- name: payment_capture_refused :exec :writes
select payment_capture_refused($payment::uuid)

-- name: payment_unanswered :exec :writes :like payment_capture_refused
select payment_unanswered($payment::uuid)

-- name: payment_cancel_refused :exec :writes :like payment_capture_refused
select payment_cancel_refused($payment::uuid)

-- name: refund_unanswered :exec :writes
select refund_unanswered($refund::uuid)

-- name: payment_prepare :one :writes
select payment, done::boolean, body from payment_prepare($payment::uuid, $action::text, $user::uuid, $role::text,
	$token_hash::bytea, $part::numeric, $request_id::text)

-- name: payment_returned :one
select payment_returned($payment::uuid) as payment

-- name: payment_read :one :reusable
select body from payment_read($payment::uuid, $user::uuid, $role::text, $token_hash::bytea) body where body is not null

-- name: payment_accept :one :writes
select body, wake::boolean
from payment_accept($payment::uuid, $user::uuid, $role::text, $token_hash::bytea, $request_id::text)

-- name: refund_begin :one :writes
select status::integer, body, replayed::boolean, to_refund from refund_begin($request::jsonb)

-- name: refund_record :one :writes
select outcome, body, wake::boolean
from refund_record($refund::uuid, $reported::jsonb, $user::uuid, $request_id::text, $key::jsonb)

-- name: refunds_record :one :writes
select changed::boolean, wake::boolean from refunds_record($payment::uuid, $refunds::jsonb, $request_id::text)

-- name: webhook_record :one :writes :reusable
select outcome, wake::boolean, refunds_of
from webhook_record($gateway::text, $event::text, $kind::text, $reported::jsonb, $garbled::boolean, $request_id::text)

-- name: invoice_read :one :reusable
select body, document, number, order_id
from invoice_read($invoice::uuid, $user::uuid, $role::text, $token_hash::bytea) where body is not null
