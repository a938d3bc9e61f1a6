#include "tools/shopctl/picture.h"

#include "core/base/arena.h"
#include "tools/shopctl/png.h"

enum { LAYERS = 4, SAMPLES = 3 };

struct colour {
	uint8_t r, g, b;
};

/* Sky and ground of the gradient, then the layers of the figure from below. */
static const struct palette {
	struct colour sky, ground, layers[LAYERS - 1];
} palettes[] = {
	{ { 250, 240, 222 }, { 240, 214, 181 }, { { 199, 92, 58 }, { 232, 160, 92 }, { 92, 52, 44 } } },
	{ { 226, 240, 241 }, { 176, 212, 215 }, { { 31, 92, 107 }, { 88, 158, 165 }, { 242, 196, 116 } } },
	{ { 238, 241, 226 }, { 204, 216, 176 }, { { 72, 104, 62 }, { 142, 168, 92 }, { 234, 206, 120 } } },
	{ { 243, 232, 240 }, { 217, 188, 212 }, { { 104, 58, 104 }, { 176, 108, 150 }, { 246, 214, 186 } } },
	{ { 232, 236, 248 }, { 184, 196, 228 }, { { 48, 62, 120 }, { 106, 128, 190 }, { 244, 178, 148 } } },
	{ { 252, 236, 232 }, { 244, 200, 192 }, { { 168, 56, 72 }, { 226, 122, 118 }, { 68, 44, 62 } } },
	{ { 240, 238, 232 }, { 208, 204, 192 }, { { 70, 70, 74 }, { 146, 138, 124 }, { 220, 150, 66 } } },
	{ { 230, 244, 236 }, { 174, 220, 198 }, { { 24, 102, 86 }, { 82, 170, 140 }, { 250, 220, 140 } } },
};

static uint32_t hash(struct str s)
{
	uint32_t h = 0x811c9dc5; /* FNV-1a (Fowler, Noll, Vo) */

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (uint8_t)s.p[i]) * 0x01000193;
	return h ^ h >> 15;
}

/*
 * A figure says which layer covers the point, 0 for none of them. x and y go
 * from -1 to 1, y downwards; size is 0.8 to 1, twist any number.
 */
typedef unsigned figure(double x, double y, double size, uint32_t twist);

static double absolute(double n)
{
	return n < 0 ? -n : n;
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

/* The layer of nested outlines, by how far out the point is. */
static unsigned nested(double distance, double size)
{
	double d = distance / size;

	return d < 0.22 ? 3 : d < 0.42 ? 2 : d < 0.50 ? 0 : d < 0.72 ? 1 : 0;
}

static unsigned rings(double x, double y, double size, uint32_t twist)
{
	double lift = (int)(twist % 3) * 0.06; /* not all of one centre */
	double outer = x * x + y * y, inner = x * x + (y + lift) * (y + lift);

	if (outer > 0.52 * size * size)
		return 0;
	return inner < 0.05 * size ? 3 : inner < 0.22 * size ? 2 : 1;
}

static unsigned diamonds(double x, double y, double size, uint32_t twist)
{
	return nested(twist & 1 ? (absolute(x) + absolute(y)) * 0.8 : larger(absolute(x), absolute(y)) * 1.05, size);
}

static unsigned hexagons(double x, double y, double size, uint32_t twist)
{
	double u = absolute(twist & 1 ? y : x), v = absolute(twist & 1 ? x : y);

	return nested(larger(u, u * 0.5 + v * 0.866), size);
}

static unsigned petals(double x, double y, double size, uint32_t twist)
{
	static const double around[8][2] = { { 1, 0 },  { 0.707, 0.707 },   { 0, 1 },  { -0.707, 0.707 },
					     { -1, 0 }, { -0.707, -0.707 }, { 0, -1 }, { 0.707, -0.707 } };
	unsigned step = twist & 1 ? 2 : 1, layer = 0;
	double reach = 0.44 * size, radius = step == 2 ? 0.30 : 0.21;

	if (x * x + y * y < 0.045 * size)
		return 3;
	for (unsigned i = 0; i < 8; i += step) {
		double dx = x - around[i][0] * reach, dy = y - around[i][1] * reach;
		if (dx * dx + dy * dy < radius * radius * size)
			layer = i / step % 2 ? 2 : 1;
	}
	return layer;
}

static unsigned stripes(double x, double y, double size, uint32_t twist)
{
	double along = (twist & 1 ? x + y : x - y) * (3 + twist % 3) + 100;

	if (x * x + y * y > 0.5 * size * size)
		return 0;
	return (unsigned)along % 4 == 0 ? 3 : (unsigned)along % 2 ? 1 : 2;
}

/* Two of them and a sun; the light comes from where it stands. */
static unsigned hills(double x, double y, double size, uint32_t twist)
{
	double shift = (twist % 5) * 0.05 - 0.1, near = x + 0.24 - shift, far = x - 0.30 - shift;
	double sun_x = x - 0.30 + shift, sun_y = y + 0.40;

	if (y > 0.6 || absolute(x) > 0.8)
		return 0;
	if (y > absolute(near) * 1.3 + 0.62 - size)
		return near > 0 ? 2 : 1;
	if (y > absolute(far) * 1.1 + 0.86 - size)
		return far > 0 ? 2 : 1;
	return sun_x * sun_x + sun_y * sun_y < 0.04 * size ? 3 : 0;
}

/* Tiles with quarter circles, turned by a hash of their place. */
static unsigned arcs(double x, double y, double size, uint32_t twist)
{
	double edge = 0.75 * size;

	if (absolute(x) >= edge || absolute(y) >= edge)
		return 0;
	double u = (x + edge) / edge * 2, v = (y + edge) / edge * 2;
	uint32_t column = (uint32_t)u, row = (uint32_t)v, turn = (twist >> (column + row * 4) % 28) & 3;
	double tx = u - column, ty = v - row;
	tx = turn & 1 ? 1 - tx : tx;
	ty = turn & 2 ? 1 - ty : ty;
	double d = tx * tx + ty * ty;
	return d < 0.12 ? 3 : d < 0.9 ? 1 + (column + row) % 2 : 0;
}

static unsigned dots(double x, double y, double size, uint32_t twist)
{
	double edge = 0.75 * size, cells = 4 + twist % 2;

	if (absolute(x) >= edge || absolute(y) >= edge)
		return 0;
	double u = (x + edge) / (2 * edge) * cells, v = (y + edge) / (2 * edge) * cells;
	unsigned column = (unsigned)u, row = (unsigned)v;
	double dx = u - column - 0.5, dy = v - row - 0.5,
	       radius = 0.2 + 0.24 * ((column * 3 + row * 5 + twist) % 7) / 6;
	return dx * dx + dy * dy < radius * radius ? 1 + (column + row * 2 + twist) % 3 : 0;
}

static figure *const figures[] = { rings, diamonds, hexagons, petals, stripes, hills, arcs, dots };

static uint8_t mix(uint8_t a, uint8_t b, unsigned share, unsigned all)
{
	return (uint8_t)((a * (all - share) + b * share) / all);
}

struct drawing {
	figure *figure;
	const struct palette *palette;
	double size;
	uint32_t twist;
};

/* The colour of one pixel: the mean of SAMPLES squared points in it. */
static struct colour shade(const struct drawing *d, unsigned px, unsigned py)
{
	const struct palette *p = d->palette;
	struct colour back = { mix(p->sky.r, p->ground.r, py, PICTURE_SIDE),
			       mix(p->sky.g, p->ground.g, py, PICTURE_SIDE),
			       mix(p->sky.b, p->ground.b, py, PICTURE_SIDE) };
	unsigned r = 0, g = 0, b = 0;

	for (unsigned i = 0; i < SAMPLES * SAMPLES; i++) {
		double x = (px * SAMPLES + i % SAMPLES + 0.5) / (PICTURE_SIDE * SAMPLES / 2.0) - 1;
		double y = (py * SAMPLES + i / SAMPLES + 0.5) / (PICTURE_SIDE * SAMPLES / 2.0) - 1;
		unsigned layer = d->figure(x, y, d->size, d->twist);
		const struct colour *c = layer ? &p->layers[layer - 1] : &back;
		r += c->r;
		g += c->g;
		b += c->b;
	}
	return (struct colour){ (uint8_t)(r / (SAMPLES * SAMPLES)), (uint8_t)(g / (SAMPLES * SAMPLES)),
				(uint8_t)(b / (SAMPLES * SAMPLES)) };
}

struct str picture_png(struct arena *a, unsigned family, struct str seed)
{
	uint32_t h = hash(seed);
	struct drawing d = {
		.figure = figures[family % ARRAY_LEN(figures)],
		.palette = &palettes[h % ARRAY_LEN(palettes)],
		.size = 0.8 + (h >> 8) % 21 / 100.0,
		.twist = h >> 4,
	};
	struct colour *pixels = arena_alloc(a, sizeof(*pixels) * PICTURE_SIDE * PICTURE_SIDE);

	_Static_assert(sizeof(struct colour) == 3, "png_encode takes three bytes a pixel");
	for (unsigned y = 0; y < PICTURE_SIDE; y++)
		for (unsigned x = 0; x < PICTURE_SIDE; x++)
			pixels[y * PICTURE_SIDE + x] = shade(&d, x, y);
	return png_encode(a, &pixels[0].r, PICTURE_SIDE, PICTURE_SIDE);
}
