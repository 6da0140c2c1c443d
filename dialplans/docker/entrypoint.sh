#!/bin/sh
# Renders the templates of dialplans/ from the environment and starts Asterisk on them.
#
#   entrypoint.sh run      render, then become Asterisk (the container's main process)
#   entrypoint.sh render   only write the configuration to $BASE/etc
#   entrypoint.sh healthy  exit code 0 when Asterisk takes calls
#
# ROLE=hotline (default) or carrier, the demo's public network. Values that are missing or wrong are named, all at once, before
# anything is written.
set -eu
umask 077

DIALPLANS=${DIALPLANS:-$(cd "$(dirname "$0")/.." && pwd)}
ROLE=${ROLE:-hotline}
ASTERISK=${ASTERISK:-/usr/sbin/asterisk}
PHONES=${PHONES:-/var/lib/hotline-phones}
export BASE="${BASE:-/var/lib/hotline}"
export RUN_DIR="${RUN_DIR:-$BASE/run}"
export MODULES="${MODULES:-$(dirname "$(ls -d /usr/lib/*/asterisk/modules/chan_pjsip.so 2>/dev/null || echo /usr/lib/asterisk/modules/x)")}"
DATA=${DATA:-/usr/share/asterisk}
CEL=${CEL:-$BASE/log/cel-custom}

problems=""
wrong() { # NAME WHAT: kept until all have been looked at
  problems="${problems}entrypoint: $1 $2
"
}

value_of() { eval "value=\${$1:-}"; }

wrong_value() { # NAME HINT
  wrong "$1" "must be $2, not \"$(printf '%s' "$value" | LC_ALL=C tr '[:cntrl:]' ' ')\""
}

need() {
  for name in "$@"; do
    value_of "$name"
    [ -n "$value" ] || wrong "$name" "must be set"
  done
}

# Nothing of a value may begin another setting (a line break) or a comment (;).
one_line() { case $1 in *[[:cntrl:]]*|*\;*) return 1 ;; esac; }

like() { # REGULAR EXPRESSION HINT NAME…; a value that is not set is need's affair
  pattern=$1 hint=$2; shift 2
  for name in "$@"; do
    value_of "$name"
    [ -n "$value" ] || continue
    one_line "$value" && printf '%s\n' "$value" | LC_ALL=C grep -Eqx -e "$pattern" || wrong_value "$name" "$hint"
  done
}

whole() { # LEAST MOST NAME…
  least=$1 most=$2; shift 2
  for name in "$@"; do
    value_of "$name"
    case $value in
      ''|*[!0-9]*|???????*) ;;
      *) [ "$value" -lt "$least" ] || [ "$value" -gt "$most" ] || continue ;;
    esac
    wrong_value "$name" "a whole number from $least to $most"
  done
}

# Never repeated.
secret() {
  for name in "$@"; do
    value_of "$name"
    case $value in *[[:space:]]*|*\\*) ;; *) one_line "$value" && continue ;; esac
    wrong "$name" "must not contain spaces, line breaks, ; or \\"
  done
}

folder() {
  for name in "$@"; do
    value_of "$name"
    one_line "$value" || wrong "$name" "must not contain line breaks or ;"
  done
}

address='([A-Za-z0-9._-]+|\[?[0-9A-Fa-f:.]+\]?)'
network='[0-9A-Fa-f:.]+(/[0-9.]+)?'
day='(sun|mon|tue|wed|thu|fri|sat)'
month='(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)'
clock='([01][0-9]|2[0-3]):[0-5][0-9]'
ranges() { echo "(\\*|$1(-$1)?(&$1(-$1)?)*)"; }

check() {
  folder BASE RUN_DIR MODULES CEL
  like '[A-Za-z0-9_-]{1,64}' 'a name of letters, digits, - and _' SYSTEM_NAME ARI_USER
  secret ARI_PASSWORD
  like "$address" 'an address' HTTP_BIND SIP_BIND MEDIA_ADDRESS
  whole 1 65535 HTTP_PORT SIP_PORT RTP_START RTP_END
  if [ "$ROLE" = carrier ]; then
    like "$address" 'an address' HOTLINE_HOST
    like "$network|$address" 'an address or a network' HOTLINE_MATCH
    like 'yes|no' 'yes or no' MEDIA_BIND
    whole 1 65535 HOTLINE_PORT
    whole 1 86400 TALK_SECONDS
  else
    like '[A-Za-z0-9_-]{1,64}' 'a name of letters, digits, - and _' AMI_USER AMI_FEED_USER
    secret AMI_SECRET AMI_FEED_SECRET
    like "$address" 'an address' AMI_BIND TRUNK_HOST OWN_ADDRESS
    like "$network(, *$network)*" 'networks with commas between, e.g. 172.30.77.0/24' AMI_PERMIT
    like "$network" 'a network, e.g. 172.30.77.0/24' LOCAL_NET
    like "($network|$address)(, *($network|$address))*" 'addresses or networks with commas between' TRUNK_MATCH
    whole 1 65535 AMI_PORT TRUNK_PORT
    whole 0 86400 TRUNK_QUALIFY_SECONDS DESK_QUALIFY_SECONDS QUEUE_ANNOUNCE_SECONDS
    whole 1 600 QUEUE_RING_SECONDS TRANSFER_RING_SECONDS OUTBOUND_RING_SECONDS
    whole 1 86400 QUEUE_WAIT_SECONDS PARK_SECONDS
    like 'ringall|leastrecent|fewestcalls|random|rrmemory|rrordered|linear|wrandom' 'a strategy of app_queue' QUEUE_STRATEGY
    like 'yes|no' 'yes or no' VOICEMAIL
    like 'reject|announce' 'reject or announce' BLOCKED_CALLERS
    like "(\\*|$clock-$clock),$(ranges "$day"),$(ranges '([1-9]|[12][0-9]|3[01])'),$(ranges "$month")" 'times,weekdays,days,months, e.g. 09:00-18:00,mon-fri,*,*' OPEN_HOURS
    like '[0-9]{3,20}' 'a number of 3 to 20 digits' OUTBOUND_LINE
    like '10|2[0-9]|[3-9][0-9][0-9]' 'a Chinese area code, e.g. 20 or 755' OUTBOUND_AREA
  fi
  [ -z "$problems" ] || { printf '%s' "$problems" >&2; exit 1; }
  [ "$RTP_START" -lt "$RTP_END" ] || { echo "entrypoint: RTP_START must be less than RTP_END" >&2; exit 1; }
}

# Values of the placeholders, as cti-gateway/launch/pbx-plan.ts has them, for a network of containers.
values() {
  like 'hotline|carrier' 'hotline or carrier' ROLE
  need ARI_PASSWORD
  export SYSTEM_NAME="${SYSTEM_NAME:-$ROLE}" HTTP_BIND="${HTTP_BIND:-0.0.0.0}" HTTP_PORT="${HTTP_PORT:-8088}"
  export SIP_BIND="${SIP_BIND:-0.0.0.0}" SIP_PORT="${SIP_PORT:-5060}" RTP_START="${RTP_START:-10000}" RTP_END="${RTP_END:-10199}"
  if [ "$ROLE" = carrier ]; then
    need MEDIA_ADDRESS HOTLINE_HOST HOTLINE_MATCH
    export ARI_USER="${ARI_USER:-demo}" ARI_PASSWORD MEDIA_ADDRESS HOTLINE_HOST HOTLINE_MATCH RTP_OPTIONS=""
    export MEDIA_BIND="${MEDIA_BIND:-no}" HOTLINE_PORT="${HOTLINE_PORT:-5060}" TALK_SECONDS="${TALK_SECONDS:-60}"
    return
  fi
  need AMI_SECRET AMI_FEED_SECRET AMI_PERMIT TRUNK_HOST OUTBOUND_LINE OUTBOUND_AREA MEDIA_ADDRESS
  # as the services take it: with its 0 or without
  OUTBOUND_AREA="${OUTBOUND_AREA:-}" OUTBOUND_AREA="${OUTBOUND_AREA#0}"
  export AMI_SECRET AMI_FEED_SECRET AMI_PERMIT ARI_PASSWORD TRUNK_HOST OUTBOUND_LINE OUTBOUND_AREA
  export AMI_BIND="${AMI_BIND:-0.0.0.0}" AMI_PORT="${AMI_PORT:-5038}" AMI_USER="${AMI_USER:-gateway}" AMI_FEED_USER="${AMI_FEED_USER:-gateway-feed}"
  export ARI_USER="${ARI_USER:-gateway}" TRUNK_PORT="${TRUNK_PORT:-5060}" TRUNK_MATCH="${TRUNK_MATCH:-${TRUNK_HOST:-}}"
  export TRUNK_QUALIFY_SECONDS="${TRUNK_QUALIFY_SECONDS:-60}" DESK_QUALIFY_SECONDS="${DESK_QUALIFY_SECONDS:-60}"
  export QUEUE_STRATEGY="${QUEUE_STRATEGY:-rrmemory}" QUEUE_RING_SECONDS="${QUEUE_RING_SECONDS:-20}"
  export QUEUE_WAIT_SECONDS="${QUEUE_WAIT_SECONDS:-600}" QUEUE_ANNOUNCE_SECONDS="${QUEUE_ANNOUNCE_SECONDS:-0}"
  export TRANSFER_RING_SECONDS="${TRANSFER_RING_SECONDS:-30}"
  export VOICEMAIL="${VOICEMAIL:-yes}"
  export PARK_SECONDS="${PARK_SECONDS:-120}"
  export BLOCKED_CALLERS="${BLOCKED_CALLERS:-reject}"
  export OPEN_HOURS="${OPEN_HOURS:-*,*,*,*}"
  export OUTBOUND_RING_SECONDS="${OUTBOUND_RING_SECONDS:-45}"
  # Telephones reach this container by the address of its host.
  export MEDIA_OPTIONS="endpoint/media_address = ${MEDIA_ADDRESS:-}"
  TRANSPORT_OPTIONS="" RTP_OPTIONS=""
  if [ -n "${LOCAL_NET:-}" ]; then
    TRANSPORT_OPTIONS="local_net = $LOCAL_NET
external_media_address = ${MEDIA_ADDRESS:-}
external_signaling_address = ${MEDIA_ADDRESS:-}"
  fi
  if [ -n "${OWN_ADDRESS:-}" ]; then
    RTP_OPTIONS="[ice_host_candidates]
$OWN_ADDRESS => ${MEDIA_ADDRESS:-},include_local_address"
  fi
  export TRANSPORT_OPTIONS RTP_OPTIONS
}

# A random password for every telephone that has none yet; browsers' passwords go to the gateway in phones.json.
passwords() {
  mkdir -p "$PHONES"
  touch "$PHONES/passwords"
  for extension in $(sed -n 's/^\[\([0-9]*\)\]([a-z]*-phone).*/\1/p' "$DIALPLANS/agents.conf"); do
    password=$(sed -n "s/^$extension //p" "$PHONES/passwords")
    if [ -z "$password" ]; then
      password=$(head -c 18 /dev/urandom | base64 | tr '+/' '-_')
      echo "$extension $password" >>"$PHONES/passwords"
    fi
    export "PHONE_PASSWORD_$extension=$password"
  done
  for extension in $(sed -n 's/^\[\([0-9]*\)\](browser-phone).*/\1/p' "$DIALPLANS/agents.conf"); do
    sed -n "s/^$extension \(.*\)/  \"$extension\": { \"password\": \"\1\" }/p" "$PHONES/passwords"
  done | sed '$!s/$/,/' | { echo '{'; cat; echo '}'; } >"$PHONES/phones.json.new"
  mv "$PHONES/phones.json.new" "$PHONES/phones.json"
}

# @NAME@ becomes the value of the environment variable NAME; a template without its value ends the start.
substitute() {
  awk '{
    out = ""; rest = $0
    while (match(rest, /@[A-Z][A-Z0-9_]*@/)) {
      name = substr(rest, RSTART + 1, RLENGTH - 2)
      if (!(name in ENVIRON)) { printf "entrypoint: %s: no value for @%s@\n", FILENAME, name > "/dev/stderr"; exit 1 }
      out = out substr(rest, 1, RSTART - 1) ENVIRON[name]
      rest = substr(rest, RSTART + RLENGTH)
    }
    print out rest
  }' "$1"
}

# The channel event log in a folder that the gateway reads too; what an earlier container wrote goes along.
event_log() {
  mkdir -p "$CEL"
  own="$BASE/log/cel-custom"
  [ "$CEL" != "$own" ] || return 0
  if [ -d "$own" ] && [ ! -L "$own" ]; then
    for file in "$own"/*; do [ ! -e "$file" ] || [ -e "$CEL/${file##*/}" ] || mv "$file" "$CEL/"; done
    rmdir "$own" || mv "$own" "$own.before"
  fi
  ln -sfn "$CEL" "$own"
}

render_folder() { # SOURCE [FILE…]: files below SOURCE, to the same place below etc
  source=$1; shift
  for file in "$@"; do
    mkdir -p "$BASE/etc/$(dirname "$file")"
    substitute "$source/$file" >"$BASE/etc/$file"
  done
}

render() {
  values
  check
  [ "$ROLE" = carrier ] || passwords
  rm -rf "$BASE/etc"
  for folder in etc run lib/agi-bin lib/keys cache bin data/sounds log/cdr-csv spool/monitor spool/tmp spool/recording; do mkdir -p "$BASE/$folder"; done
  event_log
  for name in documentation rest-api static-http; do ln -sfn "$DATA/$name" "$BASE/data/$name"; done
  for sound in "$DATA"/sounds/*; do ln -sfn "$sound" "$BASE/data/sounds/$(basename "$sound")"; done
  [ -e "$BASE/data/sounds/en" ] || ln -sfn "$DATA/sounds/en_US_f_Allison" "$BASE/data/sounds/en"
  ln -sfn "$DIALPLANS/sounds/hotline" "$BASE/data/sounds/hotline"
  ln -sfn "$DIALPLANS/moh" "$BASE/data/moh"
  cd "$DIALPLANS"
  if [ "$ROLE" = carrier ]; then
    # What the carrier does not have of its own comes from the hotline's.
    for file in asterisk.conf logger.conf http.conf rtp.conf indications.conf features.conf musiconhold.conf pjproject.conf ccss.conf acl.conf udptl.conf queuerules.conf websocket_client.conf cdr.conf modules.d/base.conf; do
      render_folder "$DIALPLANS" "$file"
    done
    cd "$DIALPLANS/carrier"
    for file in *.conf; do render_folder "$DIALPLANS/carrier" "$file"; done
  else
    for file in *.conf */*.conf; do case $file in carrier/*) ;; *) render_folder "$DIALPLANS" "$file" ;; esac; done
  fi
}

case ${1:-run} in
  render) render ;;
  run) render; exec "$ASTERISK" -C "$BASE/etc/asterisk.conf" -f -n ;;
  healthy) "$ASTERISK" -C "$BASE/etc/asterisk.conf" -rx 'core waitfullybooted' | grep -q 'fully booted' ;;
  *) echo "entrypoint: unknown command $1" >&2; exit 1 ;;
esac
