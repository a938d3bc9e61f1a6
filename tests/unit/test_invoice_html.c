#include "core/document/invoice.h"

#include "core/base/arena.h"
#include "core/document/invoice_read.h"
#include "tests/unit/test.h"

enum { ARENA_MAX = 16 * 1024 * 1024, HTML_BYTES_MAX = 4 * 1024 * 1024 };

static struct str html_of(struct arena *a, struct str document)
{
	struct buf out = buf_new(a, 4096, HTML_BYTES_MAX);
	const struct json *v;
	struct error error = { 0 };
	struct invoice in;

	if (json_parse(a, document, &v, &error) != PROBLEM_NONE) {
		ok(false, "the document of the test is JSON: %.*s", STR_ARG(error.detail));
		return STR_NULL;
	}
	invoice_read(a, v, &in);
	invoice_html(&out, &in);
	ok(!out.overflow, "it fits");
	return buf_str(&out);
}

static unsigned count(struct str html, const char *piece)
{
	const char *p = html.p, *end = html.p + html.n;
	size_t n = strlen(piece);
	unsigned found = 0;

	for (; p && (p = memmem(p, (size_t)(end - p), piece, n)); p += n)
		found++;
	return found;
}

/* Each piece stands in the page `times` times. */
static void has(struct str html, unsigned times, const char *piece)
{
	is_int(count(html, piece), times, "%u times %s", times, piece);
}

static void test_invoice(struct arena *a)
{
	struct str html = html_of(
		a,
		STR("{\"kind\":\"invoice\",\"number\":\"INV2627-00001\",\"issued_at\":\"2026-11-22\",\"due_at\":\"2026-"
		    "12-06\","
		    "\"order_number\":\"100001\",\"currency\":\"INR\",\"prices_include_tax\":false,\"seller\":{"
		    "\"name\":\"Chai\","
		    "\"address\":{\"line1\":\"4th "
		    "Cross\",\"city\":\"Bengaluru\",\"region\":\"Karnataka\",\"postal_code\":\"560038\","
		    "\"country\":\"IN\"},\"tax_number\":\"29ABCDE1234F1Z5\",\"bank_details\":\"Bank\\nAccount 1\"},"
		    "\"buyer\":{\"name\":\"Anjali\",\"billing_address\":{\"name\":\"Anjali\",\"line1\":\"Carter "
		    "Road\"},"
		    "\"shipping_address\":{\"name\":\"Rohan\",\"line1\":\"गांधी मार्ग\"}},"
		    "\"lines\":[{\"position\":1,\"sku\":\"TEA-1\",\"hsn\":\"0902\",\"name\":\"Assam "
		    "tea\",\"quantity\":2,"
		    "\"unit_price\":\"450.00\",\"discount_amount\":\"50.00\",\"tax_rate\":\"5.00\",\"tax_amount\":\"42."
		    "50\","
		    "\"line_total\":\"892.50\"}],\"subtotal\":\"900.00\",\"discount_total\":\"50.00\",\"shipping_"
		    "total\":\"60.00\","
		    "\"tax_total\":\"42.50\",\"total\":\"952.50\",\"coupon\":\"DIWALI\",\"shipping_method\":\"Post\","
		    "\"taxes\":[{\"rate\":\"5.00\",\"taxable\":\"850.00\",\"tax\":\"42.50\"}],\"total_in_words\":"
		    "\"Nine INR\","
		    "\"notes\":\"Thanks\\nधन्यवाद\",\"link\":\"upi://pay?pa=a@b&am=952.50\"}"));

	ok(str_has_prefix(html, STR("<!DOCTYPE html>\n<html lang=\"en\">")), "a page of HTML with its language");
	ok(str_has_suffix(html, STR("</body>\n</html>\n")), "to its end");
	has(html, 1, "<title>Tax invoice INV2627-00001</title>");
	has(html, 1, "@page{size:A4;");
	has(html, 1, "thead{display:table-header-group}");
	has(html, 1, "<p class=\"name\" dir=\"auto\">Chai</p>");
	has(html, 1, "4th Cross\nBengaluru, Karnataka 560038, IN</p>");
	has(html, 1, "Tax number <bdi>29ABCDE1234F1Z5</bdi>");
	has(html, 1, "<h2>Shipped to</h2>\n<p class=\"strong\" dir=\"auto\">Rohan</p>");
	has(html, 1, "<dt>Due</dt><dd>2026-12-06</dd>");
	has(html, 1,
	    ">Assam tea<br><bdi class=\"quiet\">TEA-1</bdi></td><td class=\"\">0902</td><td class=\"n\">2</td>");
	has(html, 1,
	    "<td class=\"n\">450.00</td><td class=\"n\">50.00</td><td class=\"n\">5.00</td><td class=\"n\">42.50</td>"
	    "<td class=\"n\">892.50</td></tr>");
	has(html, 1, "<td>Discount (DIWALI)</td><td class=\"n\">−50.00</td>");
	has(html, 0, "Rounding");
	has(html, 1, "<td>Shipping (Post)</td><td class=\"n\">60.00</td>");
	has(html, 1, "<tr class=\"grand\"><td>Total</td><td class=\"n\">₹\u00a0952.50</td></tr>");
	has(html, 1, "<td class=\"n\">5.00</td><td class=\"n\">850.00</td><td class=\"n\">42.50</td>");
	has(html, 1, "In words: <bdi>Nine INR</bdi>");
	has(html, 1, "<p class=\"lines\" dir=\"auto\">Thanks\nधन्यवाद</p>");
	has(html, 1, "<p class=\"lines\" dir=\"auto\">Bank\nAccount 1</p>");
	has(html, 1, "<a href=\"upi://pay?pa=a@b&amp;am=952.50\">upi://pay?pa=a@b&amp;am=952.50</a>");
}

static void test_hostile(struct arena *a)
{
	struct str html = html_of(
		a, STR("{\"kind\":\"invoice\",\"number\":\"</title><script>1</script>\",\"currency\":\"\\\"><b>\","
		       "\"seller\":{\"name\":\"<script>alert('x')</script>\",\"address\":{\"country\":\"\\\" "
		       "onload=\\\"x\"}},"
		       "\"buyer\":{\"name\":\"A & \\\"B\\\"\"},\"total\":\"<i>1</i>\",\"notes\":\"<img src=x>\","
		       "\"lines\":[{\"name\":\"<script src='//x'>\",\"sku\":\"<u>\",\"quantity\":\"<s>\"}],"
		       "\"taxes\":[{\"rate\":\"<q>\"}],\"link\":\"javascript:alert(1)\"}"));

	has(html, 0, "<script");
	has(html, 0, "<img");
	has(html, 0, "<b>");
	has(html, 0, "<i>");
	has(html, 0, "<u>");
	has(html, 0, "<s>");
	has(html, 0, "<q>");
	has(html, 0, "onload=\"");
	has(html, 0, "<a ");
	has(html, 1, "<title>Invoice &lt;/title&gt;&lt;script&gt;1&lt;/script&gt;</title>");
	has(html, 1, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</p>");
	has(html, 1, "A &amp; &quot;B&quot;</p>");
	has(html, 1, "javascript:alert(1)</p>");
}

static void test_links(struct arena *a)
{
	static const struct {
		struct str link;
		bool followed;
	} cases[] = {
		{ STR("https://shop.example/o/1?t=a&b=c"), true },
		{ STR("http://shop.example/"), true },
		{ STR("upi://pay?pa=a@b"), true },
		{ STR("HTTPS://shop.example/"), false },
		{ STR("data:text/html,x"), false },
		{ STR("https://shop.example/a b"), false },
		{ STR("https://shop.example/\\u00e9"), false },
		{ STR("https://shop.example/'x"), false },
		{ STR("//shop.example/"), false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str html =
			html_of(a, str_fmt(a, "{\"kind\":\"invoice\",\"link\":\"%.*s\"}", STR_ARG(cases[i].link)));

		is_int(count(html, "<a href=\""), cases[i].followed, "%.*s", STR_ARG(cases[i].link));
	}
}

/* Which variant it was, in whatever it was described. */
static void test_options(struct arena *a)
{
	static const struct {
		const char *options, *shown, *name;
	} cases[] = {
		{ "{}", ">Shirt<" },
		{ "null", ">Shirt<" },
		{ "[\"red\"]", ">Shirt<" },
		{ "{\"size\":\"L\"}", ">Shirt (size: L)<" },
		{ "{\"colour\":\"red\",\"size\":42.5,\"long\":true}", ">Shirt (colour: red, size: 42.5, long: true)<" },
		{ "{\"<b>\":\"<i>\"}", ">Shirt (&lt;b&gt;: &lt;i&gt;)<" },
		{ "{\"a\":null,\"b\":[1],\"c\":{}}", ">Shirt (a: null, b: [1], c: {})<" },
		/* What the name says is enough. */
		{ "{\"Size\":\"M\",\"Colour\":\"Blue\"}", ">Shirt – Blue / M<", "Shirt – Blue / M" },
		{ "{\"Size\":\"M\"}", ">A – B – M<", "A – B – M" },
		{ "{\"Size\":\"M\",\"Fit\":\"Slim\"}", ">Shirt – M (Fit: Slim)<", "Shirt – M" },
		{ "{\"Size\":\"L\"}", ">Shirt – Large (Size: L)<", "Shirt – Large" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		has(html_of(a, str_fmt(a, "{\"lines\":[{\"name\":\"%s\",\"options\":%s}]}",
				       cases[i].name ? cases[i].name : "Shirt", cases[i].options)),
		    1, cases[i].shown);
}

static void test_missing(struct arena *a)
{
	static const struct str cases[] = {
		STR("{}"),
		STR("[]"),
		STR("null"),
		STR("{\"seller\":null,\"buyer\":null,\"lines\":null,\"taxes\":null,\"link\":null,\"notes\":null}"),
		STR("{\"seller\":[],\"buyer\":\"x\",\"lines\":{},\"taxes\":7,\"link\":{},\"total\":[]}"),
		STR("{\"seller\":{\"address\":null,\"bank_details\":null},\"buyer\":{\"billing_address\":null}}"),
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str html = html_of(a, cases[i]);

		has(html, 1, "<h1>Invoice</h1>");
		has(html, 1, "<tr class=\"grand\"><td>Total</td><td class=\"n\"></td></tr>");
		has(html, 0, "<thead>");
		has(html, 0, "null");
		has(html, 0, "<h2>Notes</h2>");
	}
}

static void test_credit_note(struct arena *a)
{
	struct str html = html_of(
		a, STR("{\"kind\":\"credit_note\",\"number\":\"CN2627-00003\",\"credits\":\"INV2627-00001\",\"credits_"
		       "issued_at\":\"2026-11-29\",\"reason\":"
		       "\"Broken\","
		       "\"currency\":\"KWD\",\"prices_include_tax\":true,\"seller\":{\"name\":\"متجر\",\"tax_number\":"
		       "\"7\"},"
		       "\"lines\":[],\"discount_total\":\"0.000\",\"tax_total\":\"0.500\",\"rounding\":\"-0.005\","
		       "\"total\":\"10.500\"}"));

	has(html, 1, "<h1>Credit note</h1>");
	has(html, 1, "<dt>For invoice</dt><dd>INV2627-00001</dd>");
	has(html, 1, "<dt>Invoice date</dt><dd>2026-11-29</dd>");
	has(html, 1, "Reason: <bdi>Broken</bdi>");
	has(html, 1, "<p class=\"name\" dir=\"auto\">متجر</p>");
	has(html, 1,
	    "<tr><td>Rounding</td><td class=\"n\">−0.005</td></tr>\n"
	    "<tr class=\"grand\"><td>Total credited</td><td class=\"n\">KWD\u00a010.500</td></tr>\n"
	    "<tr><td>Tax included</td><td class=\"n\">0.500</td></tr>");
	has(html, 0, "Discount");
	has(html, 0, "<thead>");
}

/* Columns that no line has anything for are left out, and an address is said once. */
static void test_plain(struct arena *a)
{
	struct str html = html_of(
		a, STR("{\"kind\":\"invoice\",\"number\":\"1\",\"currency\":\"EUR\",\"seller\":{\"address\":{\"city\":"
		       "\"Köln\","
		       "\"postal_code\":\"50667\",\"country\":\"DE\"}},\"buyer\":{\"name\":\"J\","
		       "\"billing_address\":{\"line1\":\"Weg 1\"},\"shipping_address\":{\"line1\":\"Weg 1\"}},"
		       "\"lines\":[{\"position\":1,\"name\":\"Buch\",\"discount_amount\":\"0.00\",\"tax_rate\":\"0\","
		       "\"tax_amount\":\"0.00\",\"line_total\":\"9.00\"}],\"total\":\"9.00\"}"));

	has(html, 1, "<h1>Invoice</h1>");
	has(html, 1, "50667 Köln, DE");
	has(html, 2, " lang=\"de\"");
	has(html, 1, "Weg 1");
	has(html, 0, "Shipped to");
	has(html, 0, ">HSN<");
	has(html, 0, ">Discount<");
	has(html, 0, ">Tax %<");
}

static void test_many_lines(struct arena *a)
{
	struct buf b = buf_new(a, 4096, 1024 * 1024);
	struct str html;

	buf_addz(&b, "{\"kind\":\"invoice\",\"number\":\"1\",\"lines\":[");
	for (unsigned i = 1; i <= 200; i++)
		buf_printf(&b, "%s{\"position\":%u,\"name\":\"Article %03u\",\"line_total\":\"%u.00\"}",
			   i > 1 ? "," : "", i, i, i);
	buf_addz(&b, "]}");
	html = html_of(a, buf_str(&b));
	for (unsigned i = 1; i <= 200; i++)
		has(html, 1, str_fmt(a, ">Article %03u</td>", i).p);
	has(html, 1, "<td class=\"n\">200.00</td></tr>");
	has(html, 1, "<thead>");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_MAX);
	test_invoice(&a);
	test_hostile(&a);
	test_links(&a);
	test_options(&a);
	test_missing(&a);
	test_credit_note(&a);
	test_plain(&a);
	test_many_lines(&a);
	arena_free(&a);
	return test_done();
}
