# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# PROFILE=small of tools/up: the shop as it is on a small server of one's own, started by systemd. It is the Debian
# package of this checkout, and nginx beside it on 127.0.0.1.

readonly SMALL_CONF=/etc/cgishop/nginx.conf SMALL_UNIT=/etc/systemd/system/cgishop-web.service

# Before anything is stopped or built.
need_small() {
	[[ -d /run/systemd/system ]] ||
		die "$EX_UNAVAILABLE" "PROFILE=small needs systemd; without it run tools/up as it is"
	command -v dpkg-query >/dev/null || die "$EX_UNAVAILABLE" "PROFILE=small needs a Debian system"
	(( EUID == 0 )) || die "$EX_NOPERM" "PROFILE=small installs for all of this machine: run it as root"
	(( ${#settings[@]} == 0 )) || die "$EX_USAGE" "with PROFILE=small settings are in /etc/cgishop/env, not arguments"
}

up_small() {
	"$tools/deps" build run pdf nginx
	PATH=$PATH:/usr/sbin:/sbin
	systemctl start postgresql || die "$EX_UNAVAILABLE" "PostgreSQL does not start"
	small_package
	if [[ $demo == on && $(small_stores) == 0 ]]; then command shopctl load-demo || exit "$EX_UNAVAILABLE"; fi
	small_web
	wait_for 20 is_healthy || die "$EX_UNAVAILABLE" "$(health_address) does not answer 200; see journalctl -u 'cgishop-*'"
	cat <<-END
		cgishop runs under systemd, with nginx:
		  the API    http://127.0.0.1:$port/api/
		  processes  systemctl list-units 'cgishop*'
		  settings   /etc/cgishop/env
		  logs       journalctl -u 'cgishop-*'
		Next: shopctl create-admin --email you@example.com
		Away again: systemctl disable --now cgishop-web; rm $SMALL_UNIT $SMALL_CONF; apt-get purge cgishop
	END
}

# A package of the same version is installed again, as the programs may differ.
small_package() {
	local package
	make -s -C "$checkout" -j "$(nproc)" deb >/dev/null || die "$EX_UNAVAILABLE" "the build failed"
	package=$checkout/build/cgishop_$(sed -n 's/^VERSION := //p' "$checkout/Makefile")_$(dpkg --print-architecture).deb
	dpkg --install "$package" || die "$EX_UNAVAILABLE" "the package could not be installed"
	if ! grep -q '^DATABASE_URL=.' /etc/cgishop/env; then die "$EX_UNAVAILABLE" "the shop has no database, for the reason above"; fi
	systemctl enable --quiet --now cgishop.target || die "$EX_UNAVAILABLE" "cgishop.target does not start"
}

small_stores() { cd / && runuser -u postgres -- psql -X -q -A -t -d cgishop -c 'select count(*) from stores'; }

# nginx of the shop's own, as the machine's may serve something else.
small_web() {
	local api=/usr/lib/cgishop/cgi-bin/api
	each=([SETTING]='')
	fill=([PORT]=$port [API]=$api [MEDIA]=/var/lib/cgishop/media [ERRORS]=/usr/share/cgishop/errors
		[HTDOCS]=/var/lib/cgishop/htdocs [PID]=/run/cgishop/nginx.pid [SOCKETS]=/run/cgishop [LOG]=/var/log/nginx
		[WEB_USER]=www-data [WEB_GROUP]=www-data [ROOT]=yes)
	# shellcheck disable=SC2046 # names of groups
	server_words $(printf '%s\n' "$api"/* | sed 's,.*/,,')
	server_file nginx fastcgi "$SMALL_CONF"
	cat >"$SMALL_UNIT" <<-END
		# Made by cgishop tools/up PROFILE=small.
		[Unit]
		Description=cgishop: nginx on 127.0.0.1:$port
		After=network.target

		[Service]
		ExecStart=/usr/sbin/nginx -c $SMALL_CONF -g 'daemon off;'
		ExecReload=/bin/kill -s HUP \$MAINPID

		[Install]
		WantedBy=multi-user.target
	END
	systemctl daemon-reload
	systemctl enable --quiet cgishop-web.service
	systemctl restart cgishop-web.service || die "$EX_UNAVAILABLE" "nginx does not start; see journalctl -u cgishop-web"
}
