#include "core/auth/password_rule.h"
#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/limits.h"
#include "tests/unit/test.h"

static const struct str context[] = { STR("zebulon.quark@teahouse.example"), STR("Ann-Kathrin Oblomov"),
				      STR("https://greentealeaves.example") };

static const char *broken(struct str password)
{
	enum error_code code = password_rule(password, context, ARRAY_LEN(context)).code;

	return code ? error_code_text(code) : "";
}

/* Of the lists of what is taken most often, and made like them. */
static void test_common(void)
{
	static const char *const common[] = {
		"1234567890",           "0123456789",       "0987654321",
		"12345678910",          "123456789a",       "a123456789",
		"1111111111",           "0000000000",       "1234512345",
		"123123123123",         "1212121212",       "9876543210",
		"1q2w3e4r5t",           "q1w2e3r4t5",       "1qaz2wsx3edc",
		"zaq12wsxcde3",         "qazwsxedcrfv",     "qwertyuiop",
		"QWERTYUIOP",           "qwertyuiop123",    "asdfghjkl;",
		"asdfghjkl1",           "zxcvbnm123",       "qwertzuiop",
		"azertyuiop",           "qwerty12345",      "qwe123qwe123",
		"abcdefghij",           "abcd1234567",      "abc123abc123",
		"password12",           "password123",      "Password123!",
		"P@ssw0rd123",          "passw0rd2024",     "passwordpassword",
		"password!password",    "mypassword1",      "iloveyou123",
		"iloveyou2000",         "princess123",      "sunshine2023",
		"football123",          "superman1999",     "liverpool1",
		"manchester",           "basketball",       "christopher",
		"alexander1",           "michelle123",      "charlie2010",
		"welcome123",           "Welcome2024!",     "letmein123",
		"changeme123",          "administrator",    "admin12345",
		"Admin@123456",         "trustno1trustno1", "monkeydragon",
		"dragon123456",         "Summer2024!!",     "Winter_2023",
		"passwort123",          "Hallo123456",      "schatz1234",
		"motdepasse1",          "contrasena1",      "krishna123",
		"india12345",           "jaimatadi123",     "galatasaray",
		"aaaaaaaaaaaaaaaa",     "xk7xk7xk7xk7",     "1029384756",
		"147258369147258",      "qweasdzxc123",     "!@#$%^&*()",
		"linkinpark1",          "harrypotter1",     "spiderman12",
		"pokemon12345",         "blink182blink182", "metallica1",
		"5201314520",           "zaq1@WSXcde3",     "!QAZ2wsx#EDC",
		"1q2w3e4r5t6y7u8i9o0p", "drowssap123",      "qwertyasdf",
		"zebulon123",           "Zebulon.Quark1",   "quark-2024",
		"teahouse2024",         "annkathrin1",      "oblomov1234",
		"greentealeaves",       "Gr33nTeaLeaves1",  "zebulon.quark@teahouse.example",
	};

	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		is_str(str_z(broken(str_z(common[i]))), "too_common", "\"%s\" (%u bits)", common[i],
		       password_bits(str_z(common[i]), context, ARRAY_LEN(context)));
}

static void test_good(void)
{
	static const char *const good[] = {
		"correct horse battery",
		"correct horse battery staple",
		"new horse battery",
		"correct horse",
		"battery staple",
		"tK7#pQ2!mZ",
		"vmqzkrtbpw",
		"83920174653829",
		"ελληνικά12",
		"пароль и ещё слово",
		"密码密碼太簡單了吧嗎",
		"äöüßéèêñçå",
		"3f9a1c77d20b4e8856aa",
		"we walked home in the rain",
	};

	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		is_str(str_z(broken(str_z(good[i]))), "", "\"%s\" (%u bits)", good[i],
		       password_bits(str_z(good[i]), context, ARRAY_LEN(context)));
}

static void test_lengths(struct arena *a)
{
	struct buf longest = buf_new(a, PASSWORD_BYTES_MAX, PASSWORD_BYTES_MAX + 1);

	is_str(str_z(broken(STR("tK7#pQ2!m"))), "min_length", "nine characters");
	is_str(str_z(broken(STR("äöüßéèêñç"))), "min_length", "nine characters of eighteen bytes");
	is_str(str_z(broken(STR(""))), "min_length", "nothing");
	for (size_t i = 0; i < PASSWORD_BYTES_MAX; i++)
		buf_addc(&longest, (char)('a' + i * i % 26));
	is_str(str_z(broken(buf_str(&longest))), "", "as long as they may be");
	buf_addc(&longest, 'x');
	is_str(str_z(broken(buf_str(&longest))), "max_length", "a byte longer");
	is_str(str_z(broken(STR("tK7#pQ2!m\nZ"))), "control_character", "two lines");
	is_str(str_z(broken(STR("tK7#pQ2!m\xff"))), "invalid", "what is not UTF-8");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_common();
	test_good();
	test_lengths(&a);
	arena_free(&a);
	return test_done();
}
