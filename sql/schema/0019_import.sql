-- Taking in the catalogues of other shops.

-- An object of a batch: a product, or a variant of one.
create type import_item as (
	n integer, -- of the product in the batch, from 0
	variant integer, -- of the variant in its product, from 0; null: the product
	object jsonb, -- as it was sent
	id uuid,
	parent uuid,
	is_new boolean,
	columns jsonb -- of the object: what becomes of products
);
