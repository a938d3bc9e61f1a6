# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# The Debian packages, by purpose.

# What a release names by a version. Those of Ubuntu were not tried.
set_release() {
	local ID='' VERSION_ID=''
	# shellcheck source=/dev/null
	if [[ -r ${OS_RELEASE:=/etc/os-release} ]]; then . "$OS_RELEASE"; fi
	case "$ID $VERSION_ID" in
	'debian 13'*)  pg=17 clang_rt=19 libcurl=libcurl4t64 ;;
	'ubuntu 24.'*) pg=16 clang_rt=18 libcurl=libcurl4t64 ;;
	*)             pg=15 clang_rt=14 libcurl=libcurl4 ;;
	esac
}

packages_for() {
	local pg clang_rt libcurl
	set_release
	case $1 in
	build)
		echo build-essential pkg-config libpq-dev "postgresql-server-dev-$pg" libssl-dev \
			libjson-c-dev libscrypt-dev libsodium-dev libfcgi-dev zlib1g-dev libutf8proc-dev libcurl4-openssl-dev libcsv-dev libexpat1-dev ;;
	run)
		echo "postgresql-$pg" "postgresql-client-$pg" pgbouncer lighttpd lighttpd-modules-lua lighttpd-mod-deflate curl "$libcurl" ca-certificates ;;
	apache)
		echo apache2 libapache2-mod-fcgid curl ;;
	nginx)
		echo nginx spawn-fcgi curl ;;
	caddy)
		echo caddy spawn-fcgi curl ;;
	pdf)
		# Noto draws every script but Han characters, kana and hangul, which the small font of WenQuanYi has;
		# fontconfig keeps the cache without which a start takes long. fonts-noto-cjk (91 MB) is used if
		# installed: its Han characters have the shapes of each country.
		echo libpango1.0-dev libqrencode-dev fontconfig fonts-noto-core fonts-wqy-microhei ;;
	images)
		# Its headers bring those of all that libvips can read.
		echo libvips-dev ;;
	test)
		# Other vendors' Node packages include npm, and conflict with Debian's npm.
		echo bats curl jq gojq wrk libcurl4-openssl-dev clang clang-format "libclang-rt-$clang_rt-dev" pngcheck nodejs \
			webp libavif-bin libjpeg-turbo-progs libimage-exiftool-perl \
			"$(command -v npm >/dev/null || echo npm)" "postgresql-$pg-pgtap" poppler-utils zbar-tools \
			systemd man-db mandoc zsh iproute2 apache2-suexec-custom lighttpd-mod-openssl ;;
	cross)
		# To make the archive for ARM, and to run its programs here.
		if [[ $(uname -m) == aarch64 ]]; then echo gcc-x86-64-linux-gnu qemu-user-static; else echo gcc-aarch64-linux-gnu qemu-user-static; fi ;;
	package)
		echo debootstrap dpkg-dev lintian jq ;;
	*)
		return 1 ;;
	esac
}

# What programs for another machine are linked with: tools/dev/sysroot unpacks it.
packages_to_link() { { packages_for build; packages_for pdf; packages_for images; } | tr ' ' '\n' | grep -e -dev; }

# Print those of the named packages that are not installed.
missing_packages() {
	local name installed
	installed=" $(dpkg-query -W -f '${Package}=${db:Status-Status} ' "$@" 2>/dev/null || true)"
	for name; do
		[[ $installed == *" $name=installed "* ]] || printf '%s\n' "$name"
	done
}

# Debian starts a service as soon as its package is unpacked, unless policy-rc.d
# forbids it. We forbid it during one installation, and only if the machine has
# no policy of its own.
readonly POLICY=/usr/sbin/policy-rc.d

forbid_service_starts() {
	[[ ! -e $POLICY && ! -L $POLICY ]] || return 0
	trap allow_service_starts EXIT
	trap 'exit 130' INT TERM HUP
	policy_is_ours=yes
	printf '#!/bin/sh\n# Made by cgishop tools/deps for one installation.\nexit 101\n' >"$POLICY"
	chmod 0755 "$POLICY"
}

allow_service_starts() {
	if [[ ${policy_is_ours:-} == yes ]]; then rm -f "$POLICY"; fi
}

# Package lists are updated if they lack a package or have only a version that
# the mirror has dropped.
install_packages() {
	local apt=(apt-get -qq -y -o DPkg::Lock::Timeout=120 --no-install-recommends)
	export DEBIAN_FRONTEND=noninteractive
	if ! apt-get -s install "$@" >/dev/null 2>&1; then
		apt-get -qq update || return
	fi
	"${apt[@]}" install "$@" && return
	apt-get -qq update && "${apt[@]}" install "$@"
}
