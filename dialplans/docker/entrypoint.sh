#!/bin/sh
# Renders the templates of dialplans/ from the environment and starts Asterisk on them.
#
#   entrypoint.sh run      render, then become Asterisk (the container's main process)
#   entrypoint.sh render   only write the configuration to $BASE/etc
#   entrypoint.sh healthy  exit code 0 when Asterisk takes calls
#
# ROLE=hotline (default) or carrier, the demo's public network. A value that is needed and missing is named.
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

need() {
  for name in "$@"; do
    eval "value=\${$name:-}"
    [ -n "$value" ] || { echo "entrypoint: $name must be set" >&2; exit 1; }
  done
}

# Values of the placeholders, as cti-gateway/launch/pbx-plan.ts has them, for a network of containers.
values() {
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
  export AMI_SECRET AMI_FEED_SECRET AMI_PERMIT ARI_PASSWORD TRUNK_HOST OUTBOUND_LINE OUTBOUND_AREA
  export AMI_BIND="${AMI_BIND:-0.0.0.0}" AMI_PORT="${AMI_PORT:-5038}" AMI_USER="${AMI_USER:-gateway}" AMI_FEED_USER="${AMI_FEED_USER:-gateway-feed}"
  export ARI_USER="${ARI_USER:-gateway}" TRUNK_PORT="${TRUNK_PORT:-5060}" TRUNK_MATCH="${TRUNK_MATCH:-$TRUNK_HOST}"
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
  export MEDIA_OPTIONS="endpoint/media_address = $MEDIA_ADDRESS"
  TRANSPORT_OPTIONS="" RTP_OPTIONS=""
  if [ -n "${LOCAL_NET:-}" ]; then
    TRANSPORT_OPTIONS="local_net = $LOCAL_NET
external_media_address = $MEDIA_ADDRESS
external_signaling_address = $MEDIA_ADDRESS"
  fi
  if [ -n "${OWN_ADDRESS:-}" ]; then
    RTP_OPTIONS="[ice_host_candidates]
$OWN_ADDRESS => $MEDIA_ADDRESS,include_local_address"
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
