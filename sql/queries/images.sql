-- name: images_unmade :many
-- Pictures whose smaller files are to be made, behind that one.
select id, file from product_images
where file is not null and widths is null and not is_deleted and failures < $attempts::integer
	and ($after::uuid is null or id > $after)
order by id limit 50

-- name: image_made :optional :writes
-- No row: another run was faster.
update product_images i
set widths = $widths::integer[], sizes = coalesce((
	select '[' || string_agg(format('{"width":%1$s,"url":"@/%2$s-%1$s.webp"}', w, split_part(i.file, '.', 1)), ','
		order by w) || ']'
	from unnest($widths) w), '[]')
where i.id = $image::uuid and i.widths is null
returning i.id

-- name: image_failed :exec :writes
update product_images set failures = failures + 1 where id = $image::uuid

-- name: images_again :exec :writes
update product_images set widths = null, failures = 0
where file is not null and (widths = '{}' or failures > 0)

-- name: images_state :one
select count(*) filter (where widths is null and failures < $attempts::integer)::bigint as waiting,
	count(*) filter (where widths is null and failures >= $attempts)::bigint as failed,
	count(*) filter (where widths <> '{}')::bigint as made
from product_images where file is not null and not is_deleted

-- name: images_orphans :many
-- Those of the names, a JSON array, that belong to no picture, deleted or not.
select name from json_array_elements_text($names::json) name
where not exists (
	select 1 from product_images i
	where split_part(i.file, '.', 1) = split_part(split_part(name, '.', 1), '-', 1))
order by name
