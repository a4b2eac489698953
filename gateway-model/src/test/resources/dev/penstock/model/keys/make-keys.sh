#!/bin/sh
# Makes every file beside this script with OpenSSL 3. They are test keys: public, worthless, and trusted by nobody.
# Run it here after a change; the tests name no serial number and no date but those given below.
set -eu
days=36500
leaf() { # name, key, subject, alternative names or ""
  if [ -n "$4" ]; then set -- "$1" "$2" "$3" "-addext subjectAltName=$4"; fi
  # shellcheck disable=SC2086
  openssl req -x509 -new -key "$2" -subj "$3" -days $days -addext basicConstraints=critical,CA:FALSE $4 -out "$1"
}
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa-pkcs8.key
openssl pkey -in rsa-pkcs8.key -traditional -out rsa-pkcs1.key
openssl pkey -in rsa-pkcs8.key -aes128 -passout pass:test -out encrypted-pkcs8.key
openssl rsa -in rsa-pkcs8.key -traditional -aes128 -passout pass:test -out encrypted-pkcs1.key
leaf rsa.crt rsa-pkcs8.key '/CN=not.counted.test' 'DNS:rsa.test,DNS:*.Wild.test,DNS:dot.test.,IP:127.0.0.1'
for bits in 256 384 521; do
  case $bits in 256) curve=prime256v1 ;; *) curve=secp${bits}r1 ;; esac
  openssl ecparam -name $curve -genkey -out ec$bits-sec1.key # with a block of EC PARAMETERS in front
  openssl pkcs8 -topk8 -nocrypt -in ec$bits-sec1.key -out ec$bits-pkcs8.key
  leaf ec$bits.crt ec$bits-sec1.key "/O=Test/CN=ec$bits.test" "DNS:ec$bits.test"
done
openssl ec -in ec256-sec1.key -no_public -out ec256-nopublic.key
openssl ec -in ec256-sec1.key -param_enc explicit -out ec256-explicit.key
leaf cn-only.crt ec256-sec1.key '/CN=outer.test/CN=CnOnly.test' ''
leaf ip-only.crt ec256-sec1.key '/CN=cnonly.test' 'IP:127.0.0.1'
leaf no-name.crt ec256-sec1.key '/O=Nobody' ''
openssl genpkey -quiet -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa1024.key
leaf rsa1024.crt rsa1024.key '/CN=rsa1024.test' 'DNS:rsa1024.test'
openssl genpkey -quiet -algorithm ED25519 -out ed25519.key
leaf ed25519.crt ed25519.key '/CN=ed25519.test' 'DNS:ed25519.test'
openssl ecparam -name secp256k1 -genkey -noout -out koblitz.key
leaf koblitz.crt koblitz.key '/CN=koblitz.test' 'DNS:koblitz.test'
openssl ecparam -name prime256v1 -genkey -noout -out issuer.key
openssl req -x509 -new -key issuer.key -subj '/CN=Test issuer' -days $days -out issuer.crt
rm issuer.key
{ openssl x509 -in ec256.crt -text; openssl x509 -in issuer.crt -text; } > chain-with-text.crt
