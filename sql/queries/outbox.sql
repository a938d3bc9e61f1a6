-- name: outbox_claim :many
select id, template, channel, recipient, language, data, sealed from outbox_claim($1::integer, $2::integer)

-- name: outbox_sent :exec
select outbox_sent($1::uuid)

-- name: outbox_failed :exec
select outbox_failed($1::uuid, $2, $3::boolean)

-- name: outbox_state :one
select outbox_state()

-- name: outbox_revive :one
select outbox_revive($1::uuid)
