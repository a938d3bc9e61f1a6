-- name: payment_begin :one :reusable
select status, body, replayed, ask, in_the_way from payment_begin($1::jsonb)

-- name: payment_tell :one :reusable
select outcome, body, wake from payment_tell($1::uuid, $2::jsonb, $3::uuid, $4, $5::bytea, $6, $7::integer, $8::jsonb)

-- name: payment_refused :exec
select payment_refused($1::uuid, $2)

-- name: payment_part_refused :exec
select payment_part_refused($1::uuid)

-- name: payment_unanswered :exec
select payment_unanswered($1::uuid)

-- name: payment_uncancelled :exec
select payment_uncancelled($1::uuid)

-- name: refund_unanswered :exec
select refund_unanswered($1::uuid)

-- name: payment_ask :one
select ask, done, body from payment_ask($1::uuid, $2, $3::uuid, $4, $5::bytea, $6::numeric, $7)

-- name: payment_returned :one
select payment_returned($1::uuid)

-- name: payment_read :one :reusable
select payment_read($1::uuid, $2::uuid, $3, $4::bytea)

-- name: payment_accept :one
select body, wake from payment_accept($1::uuid, $2::uuid, $3, $4::bytea, $5)

-- name: refund_begin :one
select status, body, replayed, ask from refund_begin($1::jsonb)

-- name: refund_tell :one
select outcome, body, wake from refund_tell($1::uuid, $2::jsonb, $3::uuid, $4, $5::jsonb)

-- name: refunds_found :one
select changed, wake from refunds_found($1::uuid, $2::jsonb, $3)

-- name: webhook_take :one :reusable
select outcome, wake, ask from webhook_take($1, $2, $3, $4::jsonb, $5::boolean, $6)

-- name: invoice_read :one :reusable
select body, document, number, order_id from invoice_read($1::uuid, $2::uuid, $3, $4::bytea)
