/**
 * The process's side of the data plane: event loops, transport, timers, workers and the admin
 * server. The only package that knows Vert.x.
 */
@NullMarked
package dev.penstock.core.host;

import org.jspecify.annotations.NullMarked;
