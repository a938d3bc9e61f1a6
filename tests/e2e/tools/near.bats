# What other accounts of a machine put where a program looks for its files: near /tmp, as on any host, and where a name is
# an account's, as in /home.

load ../../support/base

setup() {
	(( EUID == 0 )) || skip "needs accounts: run it as root"
	shared=$(mktemp -d /tmp/near.XXXXXX)
	mkdir -p "$shared/site/bin"
	cp "${BUILD:-$top/build}/bin/shopctl" "$shared/site/bin/"
	chown -R www-data: "$shared/site"
	chmod 1777 "$shared"
}

teardown() { rm -rf "${shared:-/nonexistent}"; }

as() { setpriv --reuid "$1" --regid "$(id -g "$1")" --clear-groups -- "${@:2}"; }

ctl() { as www-data env -i "$shared/site/bin/shopctl" "$@"; }

# plant ACCOUNT DIRECTORY : settings, a helper and data, all of which say so if they are used.
plant() {
	as "$1" sh -c 'umask 022
		mkdir -p "$1/bin" "$1/demo" "$1/templates" "$1/cgi-bin/api"
		printf "APP_ENV=development\nSECRET_KEY=planted\n" >"$1/.env"
		for program in bin/fetch bin/invoice-pdf cgi-bin/api/meta; do
			printf "#!/bin/sh\necho planted >\"%s/ran\"\n" "$1" >"$1/$program"
			chmod 755 "$1/$program"
		done
		echo "{}" >"$1/demo/catalogue.json"' sh "$2"
}

# Nothing that was planted is used.
unused() {
	run ctl doctor
	[[ $output == *'there is none; all settings come from the environment'* ]]
	[[ $output != *"$shared"/[!s]* && ! -e $shared/ran ]]
	run ctl load-demo
	[[ $output != *catalogue.json* && $output != *"$shared"/[!s]* ]]
}

@test "near: what another account has put into /tmp is not used" {
	plant nobody "$shared"
	unused
}

@test "near: nor is its directory of our subdirectory's name, or a link of its own" {
	as nobody mkdir "$shared/cgishop"
	plant nobody "$shared/cgishop"
	unused
	rm -r "$shared/cgishop"
	plant www-data "$shared/site/other"
	chmod 777 "$shared/site/other"
	as nobody ln -s "$shared/site/other" "$shared/cgishop"
	as nobody ln -s "$shared/site/other/.env" "$shared/.env"
	as nobody ln -s "$shared/site/other/bin" "$shared/bin"
	unused
}

@test "near: files that cannot be opened do not stop the shop" {
	as nobody sh -c 'umask 077; echo x >"$1/.env"' sh "$shared"
	unused
	rm "$shared/.env"
	as nobody mkfifo "$shared/.env"
	unused
}

@test "near: what the owner has put there is" {
	plant www-data "$shared"
	run ctl doctor
	[[ $output == *"$shared/.env"* ]]
	run ctl load-demo
	[[ $output == *SECRET_KEY* ]]
}

@test "near: in a directory that everybody may write to, only the owner's files count" {
	mkdir "$shared/cgishop"
	chown www-data: "$shared/cgishop"
	chmod 777 "$shared/cgishop"
	plant nobody "$shared/cgishop"
	unused
	rm -r "$shared"/cgishop/{.env,bin}
	plant www-data "$shared/cgishop" 2>/dev/null || true
	run ctl doctor
	[[ $output == *"$shared/cgishop/.env"* && $output == *"everybody can write to $shared/cgishop, in which .env is"* ]]
}
