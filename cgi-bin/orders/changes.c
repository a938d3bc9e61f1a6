/* What differs in an order that a client sends back. */
#include "cgi-bin/orders/guests.h"
#include "core/base/json_out.h"
#include "core/base/limits.h"
#include "core/resource/input.h"

struct str order_changes(struct arena *a, const struct json *body, const struct json *is, size_t *n)
{
	struct buf rest = buf_new(a, 4096, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&rest);

	json_open(&o, '{');
	for (size_t i = 0; i < json_count(body); i++) {
		struct json_member m = json_member_at(body, i);
		const struct json *now = json_get(is, str_to_z(a, m.name));

		if (now && input_is_same(a, m.value, now))
			continue;
		json_key_str(&o, m.name);
		json_raw(&o, json_print(a, m.value));
		++*n;
	}
	json_close(&o, '}');
	return buf_str(&rest);
}
