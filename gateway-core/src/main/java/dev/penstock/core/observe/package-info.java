/**
 * What the outside learns about the gateway: meters, access log, and the pages of the admin port.
 * On the request path everything here is owned by one event loop and allocates nothing.
 */
@NullMarked
package dev.penstock.core.observe;

import org.jspecify.annotations.NullMarked;
