/* HTML as text. */
#include "core/base/html.h"

#include "core/base/limits.h"
#include "tests/unit/test.h"

static const struct {
	const char *html, *text;
} cases[] = {
	{ "", "" },
	{ "Plain, 5 < 6 & 7 > 6", "Plain, 5 < 6 & 7 > 6" },
	{ "<p>One</p><p class=\"x\">Two<br/>three</p>", "One Two three" },
	{ "a<b>b</b>c <SPAN>d</SPAN>e", "abc de" },
	{ "<p>One</p>\n<p>Two</p>\n", "One\nTwo" },
	{ "x<!-- > <b> -->y", "xy" },
	{ "x<script>if (a < b) c</script>y<style>p {}</style >z", "x y z" },
	{ "&lt;b&gt; &amp;amp; &quot;&#39;&#x27;&nbsp;&#8364;", "<b> &amp; \"'' \xe2\x82\xac" },
	{ "&unknown; &#xd800; &#xffff;& &", "&unknown; &#xd800; & &" },
	{ "cut <a href=", "cut" },
	{ "<script>cut", "" },
	{ "cut &am", "cut &am" },
	{ "<", "<" },
};

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_str(html_text(&a, str_z(cases[i].html)), cases[i].text, "the text of \"%s\"", cases[i].html);
	arena_free(&a);
	return test_done();
}
