# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154 # roasterd and dev
# roasterd in the background. Read with ".", by world.sh, which has the folders
# ${roasterd} and ${dev}, the programs, and the kubeconfig ${account}.
#
# In .dev: roasterd.log its log, roasterd.out its standard output with the
# administrator's first password, roasterd.pid, port, state/.

ready_within_s=120
stop_within_s=30

server_url() {
	echo "http://127.0.0.1:$(cat "$dev/port" 2>/dev/null || echo 0)"
}

server_alive() {
	[ -f "$dev/roasterd.pid" ] && grep -qaF -- "$roasterd" \
		"/proc/$(cat "$dev/roasterd.pid")/cmdline" 2>/dev/null
}

server_ready() {
	server_alive && curl -fs --noproxy '*' --max-time 2 -o /dev/null \
		"$(server_url)/readyz"
}

# server_password: empty if the account was made by somebody else, who knows.
server_password() {
	pattern="randomly generated password for user 'admin': "
	found=$(sed -n "s/.*$pattern\([0-9a-f]\{32\}\).*/\1/p" \
		"$dev/roasterd.out" | tail -n 1)
	echo "${found:-${ROASTER_ADMIN_PASSWORD:-}}"
}

# port_is_free PORT: nothing on this machine listens there (state 0A), whatever
# the address.
port_is_free() {
	! cat /proc/net/tcp /proc/net/tcp6 2>/dev/null |
		grep -q "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$1") [0-9A-F:]* 0A "
}

# choose_port: the one of last time if it is free, so that a URL stays good;
# else any below the range that outgoing connections use.
choose_port() {
	port=$(cat "$dev/port" 2>/dev/null || echo 0)
	until [ "$port" -gt 0 ] && port_is_free "$port"; do
		port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
	done
	echo "$port" >"$dev/port"
}

# server_spawn: variables that only the caller's shell needs stay out of it. It
# returns when the new process carries the name that server_alive() looks for.
server_spawn() {
	choose_port
	log_from=$(($(wc -c <"$dev/roasterd.log") + 1))
	env -u KUBECONFIG -u ROASTER_ADMIN_PASSWORD -u ROASTER_URL -u ROASTER_PG \
		ROASTER_STATE_DIR="$dev/state" ROASTER_BIND=127.0.0.1 \
		ROASTER_PORT="$(cat "$dev/port")" ROASTER_HELM="$HELM" \
		ROASTER_KUBECONFIG="$account" \
		setsid "$roasterd" run \
		</dev/null >>"$dev/roasterd.out" 2>>"$dev/roasterd.log" 9>&- &
	echo "$!" >"$dev/roasterd.pid"
	n=500
	until server_alive || [ "$n" = 0 ]; do
		n=$((n - 1))
		sleep 0.01
	done
}

# server_log: the last lines since the last start.
server_log() {
	tail -c "+$log_from" "$dev/roasterd.log" | tail -n "$1"
}

# server_wait: 0 when it is ready, 1 when it has ended.
server_wait() {
	tenths=0
	until server_ready; do
		sleep 0.1
		tenths=$((tenths + 1))
		server_alive || return 1
		[ $((tenths % 50)) != 0 ] ||
			say "roasterd is starting: $((tenths / 10)) s"
		[ "$tenths" -lt $((ready_within_s * 10)) ] || {
			server_log 15 >&2
			die "roasterd is not ready after $ready_within_s s"
		}
	done
}

# server_start: another try only when the port was snatched away.
server_start() {
	say "starting roasterd"
	# A new world begins with a log of its own.
	[ -e "$dev/state" ] || : >"$dev/roasterd.log"
	touch "$dev/roasterd.log" "$dev/roasterd.out"
	for try in 1 2 3; do
		server_spawn
		! server_wait || return 0
		server_log 50 | grep -qi 'address already in use' || break
		rm -f "$dev/port"
		say "try $try: the port was taken"
	done
	server_log 15 >&2
	die "roasterd ended, see $dev/roasterd.log"
}

# server_stop: it finishes open requests and gives claims back, then SIGKILL.
server_stop() {
	server_alive || return 0
	pid=$(cat "$dev/roasterd.pid")
	kill -TERM "$pid"
	tenths=0
	while server_alive; do
		sleep 0.1
		tenths=$((tenths + 1))
		[ "$tenths" -lt $((stop_within_s * 10)) ] || {
			say "roasterd takes more than $stop_within_s s: killed"
			kill -KILL "$pid" 2>/dev/null || :
			tenths=0
		}
	done
	rm -f "$dev/roasterd.pid"
}
