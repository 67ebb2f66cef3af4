#!/bin/sh
# Makes every password and key of a new installation, once:
#   deploy/secrets.sh         for Compose: deploy/.env
#   deploy/secrets.sh k8s     for k8s/overlays/dev: one file per Secret
# What is there already is left alone: the data belongs to it.
set -eu
umask 077
cd "$(dirname "$0")"

random() { head -c "$1" /dev/urandom; }
key() { random 32 | base64 | tr -d '\n'; }
# Begins with a letter and has no other signs: neither a URL nor the
# configuration of NATS takes it for something else.
password() { printf 'r%s' "$(random 16 | od -An -tx1 | tr -d ' \n')"; }

services='directory contracts tickets dispatch billing'

logins() {
    name=$(printf %s "$1" | tr '[:lower:]' '[:upper:]')
    echo "RELEVO_${name}_DATABASE_URL=postgres://relevo_$1:$(password)@postgres:5432/relevo_$1"
    echo "RELEVO_${name}_NATS_URL=nats://$1:$2@nats:4222"
}

case "${1:-compose}" in
compose)
    out=.env
    one() { cat >>"$out.new"; }
    ;;
k8s)
    out=../k8s/overlays/dev/secrets
    one() { cat >>"$out.new/$1.env"; }
    ;;
*)
    sed -n '2,5s/^# //p' "$(basename "$0")" >&2
    exit 64
    ;;
esac

if [ -e "$out" ]; then
    echo "$out is there already" >&2
    exit 0
fi
rm -rf "$out.new"
[ "$out" = .env ] || mkdir "$out.new"

admin=$(password)
echo "RELEVO_ADMIN_NATS_PASSWORD=$admin" | one nats
echo "RELEVO_ADMIN_NATS_URL=nats://admin:$admin@nats:4222" | one setup
for service in $services; do
    secret=$(password)
    echo "RELEVO_$(printf %s "$service" | tr '[:lower:]' '[:upper:]')_NATS_PASSWORD=$secret" | one nats
    logins "$service" "$secret" | one "$service"
done
admin=$(password)
echo "POSTGRES_PASSWORD=$admin" | one postgres
echo "RELEVO_ADMIN_DATABASE_URL=postgres://postgres:$admin@postgres:5432/postgres" | one setup
secret=$(password)
echo "REDIS_PASSWORD=$secret" | one redis
echo "RELEVO_REDIS_URL=redis://:$secret@redis:6379" | one gateway
echo "RELEVO_INTERNAL_KEY=$(key)" | one internal
echo "RELEVO_DIRECTORY_SEALING_KEY=$(key)" | one directory
# The first administrator's API key.
echo "RELEVO_BOOTSTRAP_KEY=rlv_$(key | tr '+/' '-_' | tr -d '=')" | one directory
[ "$out" != .env ] || echo "GRAFANA_PASSWORD=$(password)" | one grafana

mv "$out.new" "$out"
echo "made $out"
