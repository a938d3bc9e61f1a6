#include "core/gateway/gateway.h"

#include "core/config/config.h"

#define GATEWAY(name) extern const struct gateway gateway_##name;
#include "core/gateway/gateways.def"
#undef GATEWAY

const struct gateway *const gateways[] = {
#define GATEWAY(name) &gateway_##name,
#include "core/gateway/gateways.def"
#undef GATEWAY
};
const size_t gateways_n = ARRAY_LEN(gateways);

const struct gateway *gateway_find(struct str name)
{
	for (size_t i = 0; i < gateways_n; i++)
		if (str_is(name, gateways[i]->name))
			return gateways[i];
	return NULL;
}

const char *gateway_setting(const struct gateway *g, size_t i, const struct config *config)
{
	return *(const char *const *)((const char *)config + g->settings[i].field);
}

const char *gateway_missing(const struct gateway *g, const struct config *config)
{
	for (size_t i = 0; i < g->settings_n; i++)
		if (!gateway_setting(g, i, config)[0])
			return g->settings[i].name;
	return NULL;
}

bool gateway_is_configured(const struct gateway *g, const struct config *config)
{
	return !gateway_missing(g, config);
}

bool gateway_is_offered(const struct gateway *g, const struct config *config)
{
	struct str names = str_z(config->payment_methods);

	while (names.n)
		if (str_is(str_trim(str_cut(&names, ',')), g->name))
			return gateway_is_configured(g, config);
	return false;
}

const char *payment_state_name(enum payment_state s)
{
	static const char *const names[] = {
#define PAYMENT_STATE(name, text) text,
#include "core/gateway/states.def"
	};

	return names[s];
}

const char *refund_state_name(enum refund_state s)
{
	static const char *const names[] = {
#define REFUND_STATE(name, text) text,
#include "core/gateway/states.def"
	};

	return names[s];
}

const char *dispute_state_name(enum dispute_state s)
{
	static const char *const names[] = {
#define DISPUTE_STATE(name, text) text,
#include "core/gateway/states.def"
	};

	return names[s];
}
