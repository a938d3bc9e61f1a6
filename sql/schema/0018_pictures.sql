-- Pictures: the same one is kept once for each product, and smaller ones are made of it.

alter table product_images
	add column image text,       -- SHA-256 of the file; null: an address, or stored before it was computed
	add column widths integer[], -- of the smaller files made of it, ascending; null: not yet made
	add column sizes text not null default '[]', -- these as JSON, with @ for the address of MEDIA_DIR
	add column failures smallint not null default 0; -- attempts to make them
create unique index product_images_image_key on product_images (product, image)
	where not is_deleted and image is not null;
-- Those whose smaller files are to be made, and whose files are on disk.
create index product_images_unmade on product_images (id)
	where file is not null and widths is null and not is_deleted;
create index product_images_file on product_images (split_part(file, '.', 1));
