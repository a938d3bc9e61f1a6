#include "core/resource/address.h"

#include "core/json/member.h"

static const struct shape_member members[] = {
#define ADDRESS_MEMBER(name_, type_, required_, chars_, doc_) \
	{ #name_, SHAPE_TEXT, .nullable = type_ == FIELD_MOBILE, .optional = true, .doc = doc_ },
#include "core/resource/address.def"
#undef ADDRESS_MEMBER
};
const struct shape address_shape = SHAPE("address_shown", members);
