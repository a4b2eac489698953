/**
 * The process: the command line, and the constructors of both halves wired together. Nothing is
 * decided here that a request or a manifest could notice.
 */
@NullMarked
package dev.penstock.app;

import org.jspecify.annotations.NullMarked;
