#include "core/resource/address.h"

#include "core/base/tax_id.h"
#include "core/json/member.h"

static const struct shape_member members[] = {
#define ADDRESS_MEMBER(name_, type_, required_, chars_, doc_) \
	{ #name_, SHAPE_TEXT, .nullable = type_ == FIELD_MOBILE, .optional = true, .doc = doc_ },
#include "core/resource/address.def"
#undef ADDRESS_MEMBER
};
const struct shape address_shape = SHAPE("address_shown", members);

void address_read_tax_id(struct error *err, struct arena *a, struct str pointer, struct str country, struct str *tax_id)
{
	if (!tax_id->n)
		return;
	if (!country.n)
		error_add(err, a, str_fmt(a, "%.*s/country", STR_ARG(pointer)), ERROR_TAX_ID_COUNTRY);
	else if (!tax_id_read(a, country, *tax_id, tax_id))
		error_add_fault(err, a, str_fmt(a, "%.*s/tax_id", STR_ARG(pointer)),
				(struct fault){ ERROR_TAX_ID, { { .name = "country", .text = country } } });
}
