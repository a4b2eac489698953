/**
 * Towards the backends: upstreams with their endpoints, the choice among them, and one connection
 * pool per event loop and endpoint. A connection is lent only on the loop that owns it.
 */
@NullMarked
package dev.penstock.core.upstream;

import org.jspecify.annotations.NullMarked;
