/*
 * Rows that the tables of several groups have in common: routes and fields.
 */
#ifndef CGISHOP_RESOURCE_TABLES_H
#define CGISHOP_RESOURCE_TABLES_H

#include "core/resource/resource.h"

#define RESOURCE_CHANGE_ROUTES(resource, changes)                                                          \
	{ METHOD_PUT,       "/{id}",  changes,                                                             \
	  resource_replace, resource, "Replace the fields sent; all required ones are needed." },          \
	{                                                                                                  \
		METHOD_PATCH, "/{id}", changes, resource_merge, resource, "Change some fields (RFC 7396)." \
	}

/* What happens to one object, by the lowest roles that change it, and delete and restore it. */
#define RESOURCE_OBJECT_ROUTES(resource, changes, removes)                                                              \
	RESOURCE_CHANGE_ROUTES(resource, changes),                                                                      \
		{ METHOD_DELETE, "/{id}", removes, resource_delete, resource, "Delete it (soft); restore undoes it." }, \
	{                                                                                                               \
		METHOD_POST, "/{id}/restore", removes, resource_restore, resource, "Restore a deleted record."          \
	}

/* The same of an object that contains others: `delete_with`. refusals: further problems of DELETE; restores: a doc. */
#define RESOURCE_CONTAINER_ROUTES(resource, changes, removes, refusals, restores)                                     \
	RESOURCE_CHANGE_ROUTES(resource, changes),                                                                    \
		{ METHOD_DELETE,                                                                                      \
		  "/{id}",                                                                                            \
		  removes,                                                                                            \
		  resource_delete,                                                                                    \
		  resource,                                                                                           \
		  "Delete it (soft); what it contains is moved, deleted with it, or makes it a 409 with the counts.", \
		  .query = &resource_delete_query,                                                                    \
		  .problems = refusals },                                                                             \
	{                                                                                                             \
		METHOD_POST, "/{id}/restore", removes, resource_restore, resource, restores                           \
	}

/*
 * All routes of a resource. The role that creates objects also deletes and restores them. The texts are the routes'
 * docs.
 */
#define RESOURCE_ROUTES(resource, reads, creates, changes, list, create, one)    \
	{ METHOD_GET, "", reads, resource_list, resource, list },                \
		{ METHOD_POST, "", creates, resource_create, resource, create }, \
		{ METHOD_GET, "/{id}", reads, resource_get, resource, one },     \
		RESOURCE_OBJECT_ROUTES(resource, changes, creates)

/* What follows is for the name. */
#define RESOURCE_NAME_FIELD(...)                                                                             \
	{                                                                                                    \
		WRITABLE("name", FIELD_TEXT, ANYONE, STAFF), .required = true, .chars_max = 255,             \
							     .filter = FILTER_EQUAL | FILTER_ORDER,          \
							     .doc = "Name shown to shoppers.", ##__VA_ARGS__ \
	}

/* The fields slug and description. What follows slug_doc is for the slug. */
#define RESOURCE_SLUG_FIELDS(slug_doc, ...)                                                                        \
	{ WRITABLE("slug", FIELD_SLUG, ANYONE, STAFF), .derived_from = "name", .filter = FILTER_EQUAL,             \
	  .doc = slug_doc, ##__VA_ARGS__ },                                                                        \
	{                                                                                                          \
		WRITABLE("description", FIELD_LONG_TEXT, ANYONE, STAFF), .chars_max = 20000,                       \
									 .doc = "Plain text or the shop's markup." \
	}

#define RESOURCE_NAMED_FIELDS(slug_doc, ...) RESOURCE_NAME_FIELD(), RESOURCE_SLUG_FIELDS(slug_doc, ##__VA_ARGS__)

#define RESOURCE_POSITION_FIELD(position_doc)                                                                   \
	{                                                                                                       \
		WRITABLE("position", FIELD_INTEGER, ANYONE, STAFF), .filter = FILTER_ORDER, .doc = position_doc \
	}

/* The smaller files of a picture, for srcset: the shape of one. image_sizes() has all of them as JSON. */
#define RESOURCE_IMAGE_SIZE(name)                                         \
	static const struct shape_member name##_members[] = {             \
		{ "width", SHAPE_INTEGER, .doc = "Pixels." },             \
		{ "url", SHAPE_URL, .doc = "A WebP, without metadata." }, \
	};                                                                \
	static const struct shape name = SHAPE("image_size", name##_members)
#define RESOURCE_IMAGE_SIZES_DOC "Smaller files of it, ascending by width; empty until they are made, and for a URL."

#endif
