/**
 * The process's host: Vert.x with its event loops, timers, workers and the admin server, and the
 * sockets that traffic uses on those very loops. The only package that knows Vert.x.
 */
@NullMarked
package dev.penstock.core.host;

import org.jspecify.annotations.NullMarked;
