#include "tools/shopctl/export_format.h"

#include "core/base/arena.h"
#include "core/base/text.h"

enum { TEXT_BYTES_MAX = 1024 * 1024 };

const struct export_format *export_format_named(const char *name)
{
	static const struct export_format *const formats[] = { &export_shopify, &export_woocommerce, &export_google };

	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

static const struct json *parse(struct arena *a, struct str line)
{
	const struct json *product;
	struct error error = { 0 };

	return json_parse(a, line, &product, &error) || json_kind(product) != JSON_OBJECT ? NULL : product;
}

bool export_measure(struct export_file *f, struct arena *a, struct str line)
{
	const struct json *product = parse(a, line), *attributes;
	size_t n = export_count(product, "options");

	attributes = product ? json_get(product, "attributes") : NULL;
	n += attributes && json_kind(attributes) == JSON_OBJECT ? json_count(attributes) : 0;
	if (n > f->attributes_n)
		f->attributes_n = n;
	return product;
}

bool export_line(const struct export_file *f, struct arena *a, struct buf *b, struct str line)
{
	struct export_row row = { .arena = a, .config = f->config, .store = f->store, .product = parse(a, line) };

	if (row.product)
		f->format->write(f, b, &row);
	return row.product;
}

void export_headers(struct csv_out *o, const struct export_column *columns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		csv_text(o, str_z(columns[i].header));
}

struct str export_cell(const struct export_column *c, const struct export_row *row)
{
	const struct json *part = c->part == SOLD ? row->sold : c->part == IMAGE ? row->image : row->product;

	if (!part || (c->part == PRODUCT && !row->first))
		return STR_NULL;
	return c->make ? c->make(row) : export_text(part, c->member);
}

void export_cells(struct csv_out *o, const struct export_column *columns, size_t n, const struct export_row *row)
{
	for (size_t i = 0; i < n; i++) {
		struct str cell = export_cell(&columns[i], row);

		if (text_check_decimal(cell, 40, 20) == DECIMAL_OK)
			csv_number(o, cell);
		else
			csv_text(o, cell);
	}
}

struct str export_text(const struct json *object, const char *name)
{
	const struct json *v = object ? json_get(object, name) : NULL;

	if (!v)
		return STR_NULL;
	if (json_kind(v) == JSON_BOOL)
		return json_is_true(v) ? STR("true") : STR("false");
	return json_get_text(object, name);
}

bool export_truth(const struct json *object, const char *name)
{
	return str_is(export_text(object, name), "true");
}

size_t export_count(const struct json *object, const char *name)
{
	const struct json *v = object ? json_get(object, name) : NULL;

	return v && json_kind(v) == JSON_ARRAY ? json_count(v) : 0;
}

const struct json *export_item(const struct json *object, const char *name, size_t i)
{
	return json_item(json_get(object, name), i);
}

const struct json *export_sold(const struct json *product, size_t i)
{
	size_t n = export_count(product, "variants");

	if (!n)
		return i == 0 ? product : NULL;
	return i < n ? export_item(product, "variants", i) : NULL;
}

struct str export_escaped(struct arena *a, struct str s)
{
	struct buf b = buf_new(a, s.n + 8, TEXT_BYTES_MAX);

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ',')
			buf_addc(&b, '\\');
		buf_addc(&b, s.p[i]);
	}
	return buf_str(&b);
}

struct str export_path(const struct export_row *row, size_t i, bool escaped)
{
	struct buf b = buf_new(row->arena, 256, TEXT_BYTES_MAX);
	const struct json *path;

	if (i >= export_count(row->product, "categories"))
		return STR_NULL;
	path = export_item(row->product, "categories", i);
	for (size_t k = 0; k < json_count(path); k++) {
		struct str name = json_text(json_item(path, k));

		buf_addz(&b, k ? " > " : "");
		buf_add(&b, escaped ? export_escaped(row->arena, name) : name);
	}
	return buf_str(&b);
}

struct str export_images(const struct export_row *row, const struct json *object)
{
	struct buf b = buf_new(row->arena, 256, TEXT_BYTES_MAX);

	for (size_t i = 0; i < export_count(object, "images"); i++) {
		buf_addz(&b, i ? ", " : "");
		buf_add(&b, export_escaped(row->arena, export_text(export_item(object, "images", i), "url")));
	}
	return buf_str(&b);
}

struct str export_tags(const struct export_row *row)
{
	struct buf b = buf_new(row->arena, 256, TEXT_BYTES_MAX);

	for (size_t i = 0; i < export_count(row->product, "tags"); i++) {
		buf_addz(&b, i ? ", " : "");
		buf_add(&b, export_escaped(row->arena, json_text(export_item(row->product, "tags", i))));
	}
	return buf_str(&b);
}
