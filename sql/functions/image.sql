-- Pictures of products.

-- Trigger of product_images: what is made of a picture, or tried with it, is not a change by somebody.
create or replace function image_untouched() returns trigger
language plpgsql as $$
begin
	new.modified_at := old.modified_at;
	new.modified_by := old.modified_by;
	return new;
end
$$;
