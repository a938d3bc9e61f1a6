-- Pictures that are known by their addresses can be downloaded: where one is from, and when to try next.

alter table product_images
	add column sources text[] not null default '{}', -- addresses, or paths in a folder, that it was taken from
	add column fetch_at timestamptz,                 -- when cron is to download it; null: never
	add column failure text not null default '';     -- why it could not be downloaded the last time
-- Those known by their addresses, and those of them that cron is to download.
create index product_images_unfetched on product_images (id) where url is not null and not is_deleted;
create index product_images_fetch_at on product_images (id) where fetch_at is not null and not is_deleted;
