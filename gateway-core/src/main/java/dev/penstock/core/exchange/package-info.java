/**
 * One request and its answer, for all protocols: routed, checked, sent to an endpoint, streamed
 * both ways, tried again where that is safe, measured and logged.
 */
@NullMarked
package dev.penstock.core.exchange;

import org.jspecify.annotations.NullMarked;
