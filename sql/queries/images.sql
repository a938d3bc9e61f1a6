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

-- name: images_fetch_again :exec :writes
update product_images set failures = 0 where url is not null and failures > 0 and not is_deleted

-- name: images_unfetched :many
-- Pictures that are known by their addresses, behind that one, of all stores or one; $due: those that cron is to
-- download by now.
select i.id, i.product, i.url
from product_images i
where i.url is not null and not i.is_deleted and i.failures < $attempts::integer
	and ($after::uuid is null or i.id > $after)
	and (not $due::boolean or i.fetch_at is not null and i.fetch_at <= now())
	and exists (
		select 1 from products p
		where p.id = i.product and not p.is_deleted and ($store::uuid is null or p.store = $store))
order by i.id limit 50

-- name: images_fetch_state :one
-- How many of these wait, and how many were tried in vain.
select count(*) filter (where i.failures < $attempts::integer)::bigint as waiting,
	count(*) filter (where i.failures >= $attempts)::bigint as failed
from product_images i
where i.url is not null and not i.is_deleted and exists (
	select 1 from products p
	where p.id = i.product and not p.is_deleted and ($store::uuid is null or p.store = $store))

-- name: image_not_fetched :exec :writes
-- Cron waits for 5 minutes, then for half an hour, 3 hours, 18 hours.
update product_images
set failures = failures + 1, failure = $why::text, fetch_at = case when failures + 1 < $attempts::integer
	then greatest(fetch_at, now()) + interval '5 minutes' * power(6, failures) end
where id = $image::uuid and url = $url::text

-- name: image_product_lock :optional
-- Who adds a picture takes it first.
select id from products where id = $product::uuid and not is_deleted for no key update

-- name: image_fetched :optional :writes
-- No row: it has been changed or deleted meanwhile.
update product_images
set file = $file::text, image = $digest::text, width = $width::integer, height = $height::integer, url = null,
	sources = sources || url, fetch_at = null, failures = 0, failure = ''
where id = $image::uuid and url = $url::text and not is_deleted
returning id

-- name: image_merged :optional :writes
-- The product has the picture already: that one stays, at the first of both places.
with lost as (
	update product_images set is_deleted = true, fetch_at = null
	where id = $image::uuid and url = $url::text and not is_deleted
	returning url, alt_text, position
)
update product_images k
set sources = array_remove(k.sources, l.url) || l.url,
	alt_text = case when k.alt_text = '' or l.position < k.position and l.alt_text <> '' then l.alt_text
		else k.alt_text end, position = least(k.position, l.position)
from lost l
where k.id = $same::uuid and not k.is_deleted
returning k.id

-- name: image_added :one :writes
insert into product_images (product, position, alt_text, file, image, width, height, sources)
values ($product::uuid, $position::integer, $alt_text::text, $file::text, $digest::text, $width::integer,
	$height::integer, array[$source::text])
returning id

-- name: image_source :optional :writes
-- The product has the picture already, from elsewhere.
update product_images set sources = array_remove(sources, $source::text) || $source
where id = $same::uuid and not is_deleted
returning id

-- name: image_file_known :one
select exists (select 1 from product_images where file = $file::text)::boolean as known

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
