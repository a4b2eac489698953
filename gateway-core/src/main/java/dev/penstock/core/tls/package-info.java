/**
 * TLS towards clients: one prebuilt BoringSSL context for each certificate, and the choice among
 * them by SNI at the moment of the handshake. Certificates change by swapping an immutable table;
 * connections keep the context that they began with.
 */
@NullMarked
package dev.penstock.core.tls;

import org.jspecify.annotations.NullMarked;
