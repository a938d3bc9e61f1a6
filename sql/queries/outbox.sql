-- name: outbox_claim :many :writes
select id, template, channel, recipient, language, data, sealed
from outbox_claim($count::integer, case when $limited::boolean then $per_day::integer end)

-- name: outbox_sent :exec :writes
select outbox_sent($message::uuid)

-- name: outbox_failed :exec :writes
select outbox_failed($message::uuid, $reason::text, $for_good::boolean)

-- name: outbox_state :one
select outbox_state() as body

-- name: outbox_revive :one :writes
select outbox_revive($message::uuid)::integer as revived
