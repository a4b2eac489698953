/**
 * HTTP/1.x on the wire: a strict parser of heads and bodies over plain byte arrays, and encoders
 * that write every message anew. Nothing here knows a channel, a route or a clock, and nothing
 * outside this package reads or writes HTTP/1 framing.
 */
@NullMarked
package dev.penstock.core.http1;

import org.jspecify.annotations.NullMarked;
