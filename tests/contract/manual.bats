# The man pages and the completion of shells, which are made of the tables of commands and settings. Needs man, mandoc
# and zsh.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup() { cd "$BATS_TEST_TMPDIR" || return; }

pages() { find "$top/build/man" -name '*.[1-9]' | sort; }

# page NAME : as it is shown, in one line, words with one space between.
page() {
	LC_ALL=C.UTF-8 MANWIDTH=1000 man -l "$top"/build/man/*/"$1".[1-9] | tr -s ' \n' '  '
}

commands() { sed -n 's/^COMMAND("\([a-z-]*\)".*/\1/p' "$top/tools/shopctl/commands.def"; }
options()  { sed -n 's/^OPTION([A-Z_]*, [^"]*"\([a-z-]*\)".*/\1/p' "$top/tools/shopctl/commands.def"; }

# --- man pages

@test "manual: each page is shown without a warning, and so by mandoc" {
	(( $(pages | wc -l) >= 5 ))
	pages | while read -r file; do
		LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$file" 2>&1 >shown | sed "s%^%${file##*/}: %"
		grep -q SYNOPSIS shown || [[ $file == *.7 ]] || echo "${file##*/}: no synopsis"
		mandoc -T lint -W warning "$file" || true
	done | nothing "warnings"
}

@test "manual: each page that one refers to exists" {
	pages | while read -r file; do
		grep -ohE '\\fB[a-z.\\-]+\\fR\([1-9]\)' "$file" | sed 's/\\f[BR]//g; s/\\-/-/g; s/[()]/ /g' |
			while read -r name section; do
				[[ -e $top/build/man/man$section/$name.$section ]] || echo "${file##*/}: $name($section)"
			done
	done | nothing "references to no page"
}

@test "manual: shopctl(1) has each command with its options, and each exit code" {
	page shopctl >text
	(( $(commands | wc -l) >= 6 && $(options | wc -l) >= 10 ))
	for name in $(commands); do
		"$build/bin/shopctl" "$name" --help | head -n 1 >usage
		grep -qF "$(sed 's/^Usage: //' usage)" text || cat usage
	done | nothing "commands"
	for name in $(options); do grep -qe "--$name " text || echo "--$name"; done | nothing "options"
	sed -n 's/^EXIT(\(EX_[A-Z]*\),.*/\1/p' "$top/tools/shopctl/commands.def" | sort >listed
	grep -hoE '\bEX_[A-Z]+\b' "$top"/tools/shopctl/*.c | grep -v EX_INTERRUPTED | sort -u | comm -13 listed - |
		nothing "exit codes without a line in commands.def"
}

@test "manual: cgishop.env(5) has each setting with its description, and each limit" {
	page cgishop.env >text
	# A limit's line in .env.example is its item in the page.
	{
		grep -E '^#? ?[A-Za-z].*' "$top/.env.example" | sed '1,/APP_ENV=/d' | grep '^# ' | sed 's/^# //; s/`//g'
		grep -oE '^#   [a-z-]+=[0-9]+/[0-9]+' "$top/.env.example" | cut -c 5-
		sed -n 's/^SETTING(\([A-Z0-9_]*\),.*/\1/p' "$top/core/config/settings.def"
	} | sed 's/^--- //' >lines
	(( $(wc -l <lines) >= 150 ))
	while read -r line; do grep -qF -e "$line" text || echo "$line"; done <lines | nothing "lines of .env.example"
}

@test "manual: a setting without a place in .env.example, and one that is none, are refused" {
	make_page() {
		awk -v version=1 -v date=2026-01-01 -f "$top/tools/dev/gen/man.awk" -f "$top/tools/dev/gen/settings_page.awk" \
			"$top/core/config/settings.def" "$top/core/config/rate_limits.def" .env.example
	}
	sed '/^#LOG_LEVEL=/d' "$top/.env.example" >.env.example
	run make_page
	[[ $status == 1 && $output == *"LOG_LEVEL is not in .env.example"* ]]
	{ cat "$top/.env.example"; echo "#COLOUR=red"; } >.env.example
	run make_page
	[[ $status == 1 && $output == *"COLOUR is not in settings.def"* ]]
}

@test "manual: cgishop(7) has each program, and fetch(8) and invoice-pdf(8) their exit codes" {
	page cgishop >text
	for name in $(groups); do grep -q " $name [A-Z]" text || echo "$name"; done | nothing "programs"
	page fetch | grep -q 'EXIT STATUS 0 for any response'
	page invoice-pdf | grep -q 'EXIT STATUS 0, 64 '
	page invoice-pdf | grep -q -e '--help print'
	page catalogue-reader | grep -q 'EXIT STATUS 0, 64 '
	page image-sizes | grep -q 'EXIT STATUS 0, 64 '
}

# --- bash

# completes LINE : what bash offers at its end, sorted, in one line.
completes() {
	bash -c '
		. "$1"
		line=$2
		# As readline cuts words: "=" is one of its own.
		read -ra COMP_WORDS <<<"${line//=/ = }"
		if [[ -z $line || $line == *" " || $line == *= ]]; then COMP_WORDS+=(""); fi
		if [[ $line == *= ]]; then unset "COMP_WORDS[-1]"; fi
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_shopctl
		printf "%s\n" "${COMPREPLY[@]}"' bash "$top/build/completion/shopctl.bash" "$1" | sort | xargs
}

@test "manual: bash completes commands, their options, files and words" {
	bash -c '. "$1"; complete -p shopctl' bash "$top/build/completion/shopctl.bash" | grep -q _shopctl
	[[ $(completes 'shopctl ') == "$(commands | sort | xargs)" ]]
	[[ $(completes 'shopctl mig') == migrate ]]
	[[ $(completes 'shopctl --') == '--env --help --version' ]]
	[[ $(completes 'shopctl migrate --') == '--env --help --json --plan' ]]
	[[ $(completes 'shopctl create-admin --st') == --staff ]]
	[[ $(completes 'shopctl outbox --retry ') == all && $(completes 'shopctl outbox --retry=') == all ]]
	[[ -z $(completes 'shopctl create-admin --email ') && -z $(completes 'shopctl nothing ') ]]
	touch 'one.env' 'other file' two
	[[ $(completes 'shopctl --env o') == 'one.env other file' && $(completes 'shopctl --env=tw') == two ]]
	[[ $(completes 'shopctl --env two mig') == migrate && $(completes 'shopctl --env=two mig') == migrate ]]
	[[ $(completes 'shopctl --env two migrate --pl') == --plan ]]
	for name in $(commands); do
		# A long usage goes on in the next line.
		"$build/bin/shopctl" "$name" --help | sed '/^$/q' | grep -oe '--[a-z-]*' | { cat; echo --env; echo --help; } |
			sort | xargs >expected
		diff expected <(completes "shopctl $name --")
	done
}

# --- zsh

# zsh_completes LINE : what zsh makes of the line when the tab key is pressed, in a terminal of its own.
zsh_completes() {
	cat >driver <<-'END'
		zmodload zsh/zpty
		zpty shell 'HOME=$PWD PS1="" TERM=dumb zsh -f -i'
		zpty -w shell 'fpath=('"$1"' $fpath); autoload -U compinit; compinit -u -D; unsetopt beep prompt_sp'
		# What the line is then is shown by a widget of ours, after the completion has run.
		zpty -w shell 'show() { print -r -- "<<$BUFFER>>" }; zle -N show; bindkey "^X" show'
		zpty -w shell 'print re""ady'
		zpty -r shell output '*ready*'
		zpty -n -w shell "$2"$'\t'$'\x18'
		zpty -r shell output '*>>*'
		print -r -- "$output"
		zpty -d shell
	END
	timeout 30 zsh -f driver "$top/build/completion" "$1" | tr -d '\r' | sed -n 's/.*<<\(.*\)>>.*/\1/p' | tail -n 1
}

@test "manual: zsh completes commands, their options, files and words" {
	mkdir zsh && cd zsh
	touch only.env
	zsh -n "$top/build/completion/_shopctl"
	[[ $(zsh_completes 'shopctl mig') == 'shopctl migrate ' ]]
	[[ $(zsh_completes 'shopctl migrate --pl') == 'shopctl migrate --plan ' ]]
	[[ $(zsh_completes 'shopctl create-admin --sta') == 'shopctl create-admin --staff ' ]]
	[[ $(zsh_completes 'shopctl outbox --retry ') == 'shopctl outbox --retry all ' ]]
	[[ $(zsh_completes 'shopctl --env onl') == 'shopctl --env only.env ' ]]
	[[ $(zsh_completes 'shopctl --env only.env doc') == 'shopctl --env only.env doctor ' ]]
	[[ $(zsh_completes 'shopctl --env only.env load-demo --js') == 'shopctl --env only.env load-demo --json ' ]]
}
