/*
 * The texts of messages: templates that are filled in, mail that holds what it should and nothing more, and what
 * providers of text messages are asked.
 */
#include "core/message/message.h"

#include <dirent.h>
#include <sys/stat.h>
#include "core/base/text.h"
#include "tests/unit/test.h"

#define TEMPLATES "core/message/templates"

static struct arena arena;

static struct config settings(const char *text)
{
	struct config_errors errors;
	struct config config;
	struct str all = str_fmt(
		&arena, "DATABASE_URL=postgresql://shop@/shop\nSECRET_KEY=0123456789abcdef0123456789abcdef\n%s", text);

	if (!config_parse(&config, &arena, all, NULL, &errors))
		ok(false, "settings: %s %s", errors.items[0].name, errors.items[0].text);
	return config;
}

static const struct json *parse(const char *text)
{
	const struct json *v = NULL;
	struct error e = { 0 };

	ok(json_parse(&arena, str_z(text), &v, &e) == PROBLEM_NONE, "the test's JSON");
	return v;
}

/* --- filling in */

static struct str fill(const char *template, bool is_mail, const struct str values[MESSAGE_VALUES_N],
		       struct str *subject)
{
	struct message_text text;
	const char *wrong = message_fill(&arena, str_z(template), is_mail, values, &text);

	if (subject)
		*subject = text.subject;
	return wrong ? str_z(wrong) : text.body;
}

static void test_fill(void)
{
	struct str v[MESSAGE_VALUES_N] = {
		[MESSAGE_name] = STR("{code}"), [MESSAGE_number] = STR("7"), [MESSAGE_store] = STR("Tea & Co")
	};
	struct str subject;

	is_str(fill("a {number}\n", false, v, NULL), "a 7", "a value; a text message ends without a line's end");
	is_str(fill("Hi {name}\n", false, v, NULL), "Hi {code}", "a value is not looked at again");
	is_str(fill("{ number } {} {Number} {1} {\n", false, v, NULL), "{ number } {} {Number} {1} {",
	       "what is not a placeholder stays");
	is_str(fill("{number", false, v, NULL), "{number", "one that does not end stays");
	is_str(fill("a\nby {carrier}\nb\n", false, v, NULL), "a\nb", "a line without a value is left out");
	is_str(fill("a\n{carrier} {number}\nb\n", false, v, NULL), "a\n 7\nb", "one with some of its values stays");
	v[MESSAGE_name] = STR("");
	is_str(fill("Hello {name},\nb\n", false, v, NULL), "Hello,\nb", "a greeting without a name");
	is_str(fill("{name} {number}\n", false, v, NULL), " 7", "a name that is missing before another value");
	is_str(fill("a\n{name} {carrier}\nb\n", false, v, NULL), "a\nb", "a line with neither is left out");
	is_str(fill("\n\na\n\n{carrier}\n\nb\n\n", false, v, NULL), "a\n\nb",
	       "empty lines do not add up where one is left out");
	is_str(fill("{nonsense}\n", false, v, NULL), "{nonsense} is unknown", "a name of nothing");
	is_str(fill("Subject: {store}: {number}\n\nHello\n", true, v, &subject), "Hello\n", "mail's body");
	is_str(subject, "Tea & Co: 7", "mail's subject");
	is_str(fill("Hello\n", true, v, NULL), "it does not begin with a line \"Subject: …\"", "mail without one");
	is_str(fill("Subject: {carrier}\nx\n", true, v, NULL), "its subject has no value", "an empty subject");
	is_str(fill("Subject: {wrong}\nx\n", true, v, NULL), "{wrong} is unknown", "a name of nothing in the subject");
}

static void test_values(void)
{
	struct message m = { .data = parse("{\"id\":\"0190\",\"number\":\"100001\",\"minutes\":5,\"carrier\":null,"
					   "\"store\":\"Tea\",\"code\":\"from data\",\"link\":\"from data\"}"),
			     .code = STR("123456") };
	struct str v[MESSAGE_VALUES_N];
	struct config config = settings("PUBLIC_URL=https://shop.example");

	message_values(&config, &arena, &m, v);
	is_str(v[MESSAGE_link], "https://shop.example/orders/0190", "the link of PUBLIC_URL");
	is_str(v[MESSAGE_minutes], "5", "a number");
	is_str(v[MESSAGE_carrier], "", "null");
	is_str(v[MESSAGE_name], "", "what is missing");
	is_str(v[MESSAGE_code], "123456", "the code is the sealed one");
	m.data = parse("{\"name\":\"Asha Rao\"}");
	message_values(&config, &arena, &m, v);
	is_str(v[MESSAGE_name], "Asha Rao", "a name");
	m.data = parse("{\"name\":\"Win at https://evil.example/\"}");
	message_values(&config, &arena, &m, v);
	is_str(v[MESSAGE_name], "", "a name with an address in it");
	m.data = parse("{\"id\":\"0190\",\"number\":\"100001\"}");
	config = settings("ORDER_LINK=https://my.example/o?n={number}&i={id}");
	message_values(&config, &arena, &m, v);
	is_str(v[MESSAGE_link], "https://my.example/o?n=100001&i=0190", "the link of ORDER_LINK");
	config = settings("");
	message_values(&config, &arena, &m, v);
	is_str(v[MESSAGE_link], "", "no link without an address");
}

/* --- the templates that come with the program */

static void check_template(const char *language, const char *name)
{
	struct str values[MESSAGE_VALUES_N], rest = str_z(name);
	struct config config = settings("");
	struct message m = { .language = str_z(language) };
	struct message_text text;
	const char *wrong;
	struct str template;

	m.template = str_cut(&rest, '.');
	m.channel = rest;
	config.template_dir = TEMPLATES;
	if (!ok(message_template(&config, &arena, &m, &template), "%s/%s is found", language, name))
		return;
	for (enum message_value v = 0; v < MESSAGE_VALUES_N; v++)
		values[v] = str_fmt(&arena, "<%s>", message_value_name(v));
	wrong = message_fill(&arena, template, str_is(m.channel, "mail"), values, &text);
	ok(!wrong, "%s/%s can be filled in%s%s", language, name, wrong ? ": " : "", wrong ? wrong : "");
	ok(wrong || !memchr(text.body.p, '{', text.body.n), "%s/%s: nothing of it stays open", language, name);
	ok(template.n && template.p[template.n - 1] == '\n', "%s/%s ends with a line's end", language, name);
	/* What an order may be without. */
	values[MESSAGE_link] = values[MESSAGE_store_email] = values[MESSAGE_name] = STR("");
	values[MESSAGE_carrier] = values[MESSAGE_tracking_number] = STR("");
	wrong = message_fill(&arena, template, str_is(m.channel, "mail"), values, &text);
	ok(!wrong && !memmem(text.body.p, text.body.n, "\n\n\n", 3), "%s/%s: without what may be missing", language,
	   name);
}

static void test_templates(void)
{
	static const char *const languages[] = { "en", "de", "hi" };
	static const char *const names[] = { "otp",
					     "otp_contact",
					     "otp_order",
					     "order_placed",
					     "order_paid",
					     "order_paid_late",
					     "order_shipped",
					     "order_cancelled",
					     "order_returned",
					     "order_return_approved",
					     "order_return_rejected",
					     "order_return_received",
					     "order_refunded" };
	static const char *const to_store[] = { "payment_attention.mail", "payment_disputed.mail", "store_order.mail",
						"store_payment_failed.mail", "store_return.mail" };

	for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
		const char *directory = str_fmt(&arena, TEMPLATES "/%s", languages[i]).p;
		DIR *d = opendir(directory);
		struct dirent *e;
		unsigned n = 0;

		for (; d && (e = readdir(d));)
			if (e->d_name[0] != '.') {
				n++;
				check_template(languages[i], e->d_name);
			}
		if (d)
			closedir(d);
		is_int(n, 2 * ARRAY_LEN(names) + ARRAY_LEN(to_store), "%s has them all, and no other", languages[i]);
		for (size_t j = 0; j < ARRAY_LEN(names); j++) {
			struct stat st;

			ok(stat(str_fmt(&arena, "%s/%s.mail", directory, names[j]).p, &st) == 0 &&
				   stat(str_fmt(&arena, "%s/%s.sms", directory, names[j]).p, &st) == 0,
			   "%s: %s, both ways", languages[i], names[j]);
		}
		for (size_t j = 0; j < ARRAY_LEN(to_store); j++) {
			struct stat st;

			ok(stat(str_fmt(&arena, "%s/%s", directory, to_store[j]).p, &st) == 0, "%s: %s", languages[i],
			   to_store[j]);
		}
	}
}

static struct str found(const struct config *config, const char *language, const char *name, const char *channel)
{
	struct message m = { .language = str_z(language), .template = str_z(name), .channel = str_z(channel) };
	struct str text;

	return message_template(config, &arena, &m, &text) ? str_sub(text, 0, 24) : STR("none");
}

static void test_languages(void)
{
	struct config config = settings("LANGUAGE=de");
	static const char *const odd[] = { "", "xx", "..", "e", "english", "/e", "e/" };

	config.template_dir = TEMPLATES;
	is_str(found(&config, "en", "order_placed", "sms"), "{store}: thank you for y", "the message's language");
	is_str(found(&config, "EN", "order_placed", "sms"), "{store}: thank you for y", "in capitals");
	for (size_t i = 0; i < ARRAY_LEN(odd); i++)
		is_str(found(&config, odd[i], "order_placed", "sms"), "{store}: Vielen Dank f\xc3\xbc",
		       "LANGUAGE instead of \"%s\"", odd[i]);
	config.language = "fr";
	is_str(found(&config, "xx", "order_placed", "sms"), "{store}: thank you for y", "English at last");
	is_str(found(&config, "en", "nothing", "sms"), "none", "no such template");
	is_str(found(&config, "en", "../en/otp", "sms"), "none", "a name with a path");
	is_str(found(&config, "en", "otp", "sms/../otp.sms"), "none", "a channel with a path");
	is_str(found(&config, "en", "payment_attention", "sms"), "none", "a channel without one");
	config.template_dir = "/nonexistent";
	is_str(found(&config, "en", "otp", "sms"), "none", "no directory");
}

/* --- mail */

static struct str mail(struct str to, struct str subject, struct str body, struct str store, const char **why)
{
	struct config config = settings("MAIL_FROM=orders@shop.example");
	struct message m = { .id = STR("0190d1d2-0000-7000-8000-000000000001"), .recipient = to };
	struct message_text text = { .subject = subject, .body = body };
	struct str out;

	return message_mail(&config, &arena, &m, &text, store, STR("help@shop.example"), 1767225600, &out, why)
		       ? out
		       : STR("none");
}

static size_t longest_line(struct str s)
{
	size_t longest = 0;

	while (s.n) {
		size_t n = str_cut(&s, '\n').n;

		longest = n > longest ? n : longest;
	}
	return longest;
}

static void test_mail(void)
{
	const char *why;

	is_str(mail(STR("asha@example.com"), STR("Your order 7"), STR("Hello\n.\nend \n"), STR("Tea House"), &why),
	       "From: Tea House\n <orders@shop.example>\n"
	       "Reply-To: <help@shop.example>\n"
	       "To: <asha@example.com>\n"
	       "Subject: Your order 7\n"
	       "Date: Thu, 01 Jan 2026 00:00:00 +0000\n"
	       "Message-ID: <0190d1d2-0000-7000-8000-000000000001@shop.example>\n"
	       "Auto-Submitted: auto-generated\n"
	       "MIME-Version: 1.0\n"
	       "Content-Type: text/plain; charset=UTF-8\n"
	       "Content-Transfer-Encoding: quoted-printable\n"
	       "\n"
	       "Hello\n=2E\nend=20\n",
	       "a whole message");
	ok(strstr(mail(STR("a@b.example"), STR("Grüße = ?"), STR("é=\n"), STR("Käse, \"GmbH\""), &why).p,
		  "From: =?UTF-8?Q?K=C3=A4se=2C_=22GmbH=22?=\n <orders@shop.example>\n"),
	   "a store's name with what a phrase cannot have");
	ok(strstr(mail(STR("a@b.example"), STR("Grüße = ?"), STR("é=\n"), STR(""), &why).p,
		  "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe_=3D_=3F?=\n"),
	   "a subject that is not ASCII");
	ok(strstr(mail(STR("a@b.example"), STR("=?x?Q?y?="), STR("é=\n"), STR(""), &why).p,
		  "Subject: =?UTF-8?Q?=3D=3Fx=3FQ=3Fy=3F=3D?=\n"),
	   "a subject that looks encoded");
	ok(strstr(mail(STR("a@b.example"), STR("s"), STR("é=\r\t\n"), STR(""), &why).p, "\n\n=C3=A9=3D=0D=09\n"),
	   "what a body encodes");
}

static struct str repeated(const char *z, size_t times)
{
	struct str one = str_z(z);
	char *p = arena_alloc(&arena, one.n * times);

	for (size_t i = 0; i < times; i++)
		memcpy(p + i * one.n, one.p, one.n);
	return (struct str){ p, one.n * times };
}

static void test_long_mail(void)
{
	static const char *const units[] = { "a", "😀", "ü ", " ", "=?", "\x7e" };
	const char *why;

	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		struct str all = mail(STR("a@b.example"), repeated(units[i], 5000), repeated(units[i], 5000),
				      repeated(units[i], 5000), &why);

		ok(longest_line(all) <= 78, "five thousand of \"%s\" give no long line", units[i]);
		ok(!memmem(all.p, all.n, "\n\n\n", 3) && memmem(all.p, all.n, "\n\n", 2), "and end the headers once");
		ok(text_is_printable(all, MANY_LINES), "and are plain");
		for (size_t at = 0; at < all.n; at++)
			if ((unsigned char)all.p[at] > 0x7e)
				ok(false, "byte %zu is not ASCII", at);
	}
}

static void test_smuggling(void)
{
	static const struct str bad[] = { { "a\nBcc: x@y.example", 18 },
					  { "a\rBcc: x@y.example", 18 },
					  { "a\r\n\r\nx", 6 },
					  { "a\0b", 3 },
					  { "a\x7f", 2 },
					  { "\xc3(", 2 } };
	const char *why;

	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		is_str(mail(STR("a@b.example"), bad[i], STR("x\n"), STR(""), &why), "none", "subject %zu", i);
		is_str(str_z(why), "The subject is not one line of text.", "why");
		is_str(mail(STR("a@b.example"), STR("s"), STR("x\n"), bad[i], &why), "none", "store %zu", i);
		is_str(str_z(why), "The store's name is not one line of text.", "why");
		is_str(mail(bad[i], STR("s"), STR("x\n"), STR(""), &why), "none", "recipient %zu", i);
		is_str(str_z(why), "The recipient is not an address.", "why");
	}
	is_str(mail(STR("a@b.example, c@d.example"), STR("s"), STR("x\n"), STR(""), &why), "none", "two recipients");
	is_str(mail(STR("a@b.example> <c@d.example"), STR("s"), STR("x\n"), STR(""), &why), "none", "two in brackets");
}

/* --- text messages */

static void test_sms(void)
{
	struct config config = settings("TWILIO_FROM=+15005550006\nMSG91_TEMPLATES=otp:tpl1,order_paid:tpl2");
	struct message m = { .recipient = STR("+919800000001"), .template = STR("order_paid") };
	struct str values[MESSAGE_VALUES_N] = { [MESSAGE_number] = STR("7"), [MESSAGE_name] = STR("A \"B\"\n") };
	struct str out;

	is_str(message_twilio_form(&config, &arena, &m, STR("Tea & Co=ü+\n")),
	       "To=%2B919800000001&From=%2B15005550006&Body=Tea%20%26%20Co%3D%C3%BC%2B%0A", "Twilio's form");
	config.twilio_from = "MG0123";
	is_str(message_twilio_form(&config, &arena, &m, STR("x")),
	       "To=%2B919800000001&MessagingServiceSid=MG0123&Body=x", "a messaging service");
	ok(message_msg91_json(&config, &arena, &m, values, &out), "MSG91 has a template for it");
	is_str(out,
	       "{\"template_id\":\"tpl2\",\"recipients\":[{\"mobiles\":\"919800000001\",\"name\":\"A \\\"B\\\"\\n\","
	       "\"number\":\"7\"}]}",
	       "MSG91's object");
	m.template = STR("order_shipped");
	ok(!message_msg91_json(&config, &arena, &m, values, &out), "MSG91 has none for that");
}

int main(void)
{
	arena_init(&arena, 64 * 1024 * 1024);
	test_fill();
	test_values();
	test_templates();
	test_languages();
	test_mail();
	test_long_mail();
	test_smuggling();
	test_sms();
	arena_free(&arena);
	return test_done();
}
